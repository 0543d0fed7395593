"""The entry point `milvus`: a Milvus collection behind LangChain's `VectorStore` interface.

Without options it runs Milvus Lite on a file in a temporary folder; with `uri` on a file that
stays, or a server. The catalog index's records and vectors are put there by `store_loading`. The
fields of a record are

    pk, stamp      its key in the index, and what `store_loading` compares
    kind, record   see `documents`; the record as JSON text, deflated where that is too long
    codes          folded identifiers, as "|ke1001|4006381333931|"
    facts          for filters, as "|kind=product|brand=acme|cordless=yes|"
    price          what a shopper pays, with `currency`
    vector         compared by cosine

Texts that are searched within are one VARCHAR each, since Milvus Lite reads arrays and JSON a
hundred times slower. Needs the extra `llama-e[milvus]`.
"""

from __future__ import annotations

import base64
import json
import logging
import math
import re
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from langchain_core.documents import Document
from langchain_milvus import Milvus
from pydantic import Field
from pymilvus import DataType, MilvusClient
from pymilvus.exceptions import ConnectionConfigException, MilvusException

from catalog_index.embedding import Embedder
from catalog_index.filters import Filter
from catalog_index.product import Product
from catalog_index.records import dump, normalise_code
from retrieval.documents import from_document
from retrieval.errors import RetrieverOptionError, RetrieverUnavailableError
from retrieval.options import RetrieverOptions, read_options
from retrieval.record_filters import currency, fact, is_fact, is_price, record_facts
from retrieval.store_loading import Entry, open_store
from retrieval.values import Hit
from retrieval.vector_store import (
    CatalogEmbeddings,
    Translated,
    VectorStoreRetriever,
    make_retriever,
)

_LOOKED_UP = 100
"""How many products one look-up of codes may find."""

_PAGE = 5_000
_SECONDS = 60
"""How long a server may take for one request."""

_LONGEST = 65_535
"""Bytes that a VARCHAR holds."""

_DEFLATED = "deflated:"
_ROUNDING = 1e-6
"""By how much a span of prices is widened for Milvus; the record found is tested exactly."""

_UNQUOTED = re.compile(r"(?:[^\W_]|[ =])+")
"""Facts that need no escape in a filter; a folded text is always so."""

_FIELDS = ["pk", "kind", "record"]

# Milvus Lite keeps no time, which would be told at each reading of a collection.
logging.getLogger("pymilvus.client.iterator.query_iterator").setLevel(logging.ERROR)


class MilvusOptions(RetrieverOptions):
    """Where the collection is: `uri` is a file's path (NAME.db) or a server's address.

    `token` is for a server, as "user:password". `collection` is the collection's name if not the
    default.
    """

    uri: str | None = None
    token: str = ""
    collection: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,200}$")


def open_retriever(
    index_dir: Path, embedder: Embedder, options: Mapping[str, Any]
) -> VectorStoreRetriever:
    """Open the collection, brought in step with the index first.

    Args:
        index_dir: the catalog index; need not be there where `collection` names a collection that
            was filled before.
        embedder: the index's embedder; embeds the queries.
        options: those of `MilvusOptions`, and `k`.

    Raises:
        RetrieverOptionError: an option is unknown or its value wrong.
        RetrieverUnavailableError: Milvus fails, another process has the file open, or the
            collection cannot be used.
        CatalogError: the index cannot be opened.
    """
    chosen = read_options(MilvusOptions, "milvus", options)
    folder = tempfile.TemporaryDirectory(prefix="llama-e-") if chosen.uri is None else None
    uri = chosen.uri or str(Path(folder.name if folder else "", "catalog.db"))
    client = _client(uri, chosen.token)
    with _typed_failures():
        collection, reading = open_store(
            partial(MilvusCollection, client), chosen.collection, index_dir, embedder
        )
        client.load_collection(collection.name)
        store = Milvus(
            CatalogEmbeddings(embedder),
            collection_name=collection.name,
            connection_args={"uri": uri, "token": chosen.token},
            primary_field="pk",
            text_field="record",
        )
    return make_retriever(
        reading,
        store=store,
        k=chosen.k,
        lookup=collection.lookup,
        translate=translate,
        filter_argument="expr",
        read=read_hit,
        guard=_typed_failures,
        held=folder,
    )


def _client(uri: str, token: str) -> MilvusClient:
    try:
        with _typed_failures():
            return MilvusClient(uri=uri, token=token, timeout=_SECONDS)
    except ValueError as error:
        raise RetrieverOptionError(
            f"The option uri={uri!r} is no address of a Milvus server ({error})."
            " Write it as http://127.0.0.1:19530, or as a file's path that ends in .db."
        ) from error


class MilvusCollection:
    """One collection, as `store_loading` fills it; its marks are aliases of it."""

    def __init__(self, client: MilvusClient, name: str) -> None:
        self.name = name
        self.title = f"Milvus collection {name!r}"
        self._client = client

    def exists(self) -> bool:
        """Whether it is there."""
        return bool(self._client.has_collection(self.name))

    def create(self, dimension: int) -> None:
        """Make it, with an index of its vectors."""
        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("pk", DataType.INT64, is_primary=True)
        schema.add_field("stamp", DataType.INT64)
        for name in ("record", "codes", "facts"):
            schema.add_field(name, DataType.VARCHAR, max_length=_LONGEST)
        for name in ("kind", "currency"):
            schema.add_field(name, DataType.VARCHAR, max_length=100)
        schema.add_field("price", DataType.DOUBLE, nullable=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        indexes = self._client.prepare_index_params()
        indexes.add_index("vector", index_type="AUTOINDEX", metric_type="COSINE")
        try:
            self._client.create_collection(
                self.name, schema=schema, index_params=indexes, consistency_level="Bounded"
            )
        except MilvusException:
            if not self.exists():  # else another program has just made it
                raise

    def count(self) -> int:
        """Return how many records it holds."""
        self._client.load_collection(self.name)
        (row,) = self._client.query(
            self.name, filter="", output_fields=["count(*)"], consistency_level="Strong"
        )
        return int(row["count(*)"])

    def held(self) -> Iterator[tuple[list[int], list[int]]]:
        """Yield keys and stamps of all its records, in parts."""
        names = {field["name"] for field in self._client.describe_collection(self.name)["fields"]}
        if not {"stamp", *_FIELDS} <= names:
            raise RetrieverUnavailableError(
                f"The {self.title} was not made from an index. Name another with the option"
                " collection."
            )
        self._client.load_collection(self.name)
        pages = self._client.query_iterator(
            self.name,
            batch_size=_PAGE,
            filter="pk >= 0",
            output_fields=["pk", "stamp"],
            consistency_level="Strong",
        )
        while rows := pages.next():
            yield [row["pk"] for row in rows], [row["stamp"] for row in rows]
        pages.close()

    def put(self, entries: Sequence[Entry]) -> None:
        """Add records, or replace those of the same key."""
        self._client.upsert(self.name, [_row(entry) for entry in entries])

    def delete(self, keys: Sequence[int]) -> None:
        """Take records away."""
        self._client.delete(self.name, ids=list(keys))

    def marks(self) -> list[str]:
        """Return its marks."""
        prefix = f"{self.name}__"
        aliases = self._client.list_aliases(self.name)["aliases"]
        return [name.removeprefix(prefix) for name in aliases if name.startswith(prefix)]

    def mark(self, mark: str) -> None:
        """Give it a mark, with everything on disk."""
        self._client.flush(self.name)
        self._client.create_alias(self.name, f"{self.name}__{mark}")

    def unmark(self) -> None:
        """Take every mark away."""
        for mark in self.marks():
            self._client.drop_alias(f"{self.name}__{mark}")

    def lookup(self, codes: list[str]) -> list[Document]:
        """Return the products bearing one of these codes, by key."""
        folded = [code for code in map(normalise_code, codes) if _UNQUOTED.fullmatch(code)]
        if not folded:
            return []
        rows = self._client.query(
            self.name,
            filter=" or ".join(_within("codes", code) for code in folded),
            limit=_LOOKED_UP,
            output_fields=_FIELDS,
        )
        return [
            Document(page_content=row["record"], metadata={"kind": row["kind"]})
            for row in sorted(rows, key=lambda row: int(row["pk"]))
        ]


def read_hit(document: Document) -> Hit:
    """Return the hit of a document as Milvus returns it.

    Raises:
        RetrieverContractError: it holds no catalog record.
    """
    text = document.page_content
    try:
        if text.startswith(_DEFLATED):
            text = zlib.decompress(base64.b85decode(text.removeprefix(_DEFLATED))).decode()
        record = json.loads(text)
    except (ValueError, zlib.error):
        record = None
    metadata = {"kind": document.metadata.get("kind"), "record": record}
    return from_document(Document(page_content="", metadata=metadata))


def _row(entry: Entry) -> dict[str, Any]:
    fields = entry.fields
    return {
        "pk": entry.key,
        "stamp": entry.stamp,
        "kind": "product" if isinstance(entry.record, Product) else "passage",
        "record": _text(entry),
        "codes": _joined(entry.codes),
        "facts": _joined(record_facts(fields)),
        "currency": currency(fields)[:20],
        "price": fields.price,
        "vector": entry.vector,
    }


def _text(entry: Entry) -> str:
    text = dump(entry.record)
    if len(text.encode()) > _LONGEST:
        text = _DEFLATED + base64.b85encode(zlib.compress(text.encode(), 9)).decode()
    if len(text) > _LONGEST:
        raise RetrieverUnavailableError(
            f"The record {entry.record.id!r} is too long for Milvus ({len(text):,} bytes deflated;"
            f" {_LONGEST:,} are taken). Shorten it in the feed, or use another retriever."
        )
    return text


def _joined(values: Sequence[str]) -> str:
    """Join values to be searched within; those for which there is no room are left out."""
    text = "|"
    room = _LONGEST - 1
    for value in values:
        room -= len(value.encode()) + 1
        if room >= 0:
            text += f"{value}|"
    return text


def translate(filters: Sequence[Filter]) -> Translated:
    """Return Milvus's filter for these, and those that it does not hold."""
    parts: list[str] = []
    rest = []
    for one in filters:
        if is_fact(one) and _UNQUOTED.fullmatch(fact(one)):
            parts.append(("not " if one.op == "not" else "") + f"({_said(one)})")
        elif is_price(one) and (not one.unit or one.unit.isalpha()):
            parts += _priced(one)
        else:
            rest.append(one)
    return " and ".join(parts) or None, rest


def _said(condition: Filter) -> str:
    if condition.field == "kind":
        return f'kind == "{condition.value}"'
    return _within("facts", fact(condition))


def _within(field: str, value: str) -> str:
    return f'{field} like "%|{value}|%"'


def _priced(condition: Filter) -> list[str]:
    parts = ["price is not null"]
    if not math.isinf(condition.low):
        parts.append(f"price >= {condition.low - _ROUNDING:.7f}")
    if not math.isinf(condition.high):
        parts.append(f"price <= {condition.high + _ROUNDING:.7f}")
    if condition.unit:
        parts.append(f'currency in ["", "{condition.unit.lower()}"]')
    return parts


@contextmanager
def _typed_failures() -> Iterator[None]:
    """Turn a failing server or file into `RetrieverUnavailableError`."""
    try:
        yield
    except ConnectionConfigException as error:
        raise RetrieverUnavailableError(
            f"Milvus cannot be opened ({_reason(error)}). Check that no other program has the file"
            " open, that its folder is there and its name ends in .db, or write the address of a"
            " server in the option uri."
        ) from error
    except (MilvusException, OSError) as error:
        raise RetrieverUnavailableError(
            f"Milvus failed ({_reason(error)}). Check that the server runs, and the options uri,"
            " token and collection."
        ) from error


def _reason(error: Exception) -> str:
    said = getattr(error, "message", "") or str(error) or type(error).__name__
    return " ".join(str(said).split())
