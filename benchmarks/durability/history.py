"""A series of changes to a small catalog, and what the catalog holds after each of them.

State 0 is no index. Change n, which leads from state n to n + 1, is always the same, so that a
process that was killed can be asked which states it may have left. Knows no files of an index.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from catalog_index.build import Options, build_index, delete_records, update_index
from catalog_index.embedding import Embedder, Vectors
from catalog_index.generations import collect_garbage
from catalog_index.index import CatalogIndex
from catalog_index.product import Product
from catalog_index.texts import text_to_embed

PRODUCTS = 24
"""How many products a build makes."""

VERBS = ("update", "delete", "document", "missing", "collect", "update", "build")
"""The changes after the first build, in turn."""

_WORD = "kettle"
"""A word that every record holds."""


class WordsEmbedder:
    """A bag of words hashed into 64 dimensions, of length 1."""

    id = "hashed-words-64"
    revision = "1"
    dimension = 64

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                code = zlib.crc32(word.encode())
                vectors[row, code % self.dimension] += 1.0 + (code >> 16) % 7
            vectors[row, 0] += 0.01
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@dataclass(frozen=True, slots=True)
class State:
    """What a catalog holds: title by product id, text by passage id."""

    products: Mapping[str, str]
    passages: Mapping[str, str]

    @property
    def content(self) -> frozenset[tuple[str, str]]:
        """Every (id, title or text)."""
        return frozenset([*self.products.items(), *self.passages.items()])


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what is done, the products written, the document's parts, the ids deleted."""

    verb: str
    products: Mapping[str, str]
    parts: Sequence[str]
    deleted: Sequence[str]


def change(number: int) -> Change:
    """Return the change that leads from state `number` to the next."""
    verb = "build" if number == 0 else VERBS[(number - 1) % len(VERBS)]
    before = state(number)
    ids = sorted(before.products)
    new = {f"K{n:03d}": _title(n, number) for n in range(number % 5, number % 5 + PRODUCTS)}
    parts = [f"Part {n} of state {number}: send the kettle back." for n in range(2 + number % 3)]
    match verb:
        case "build":
            return Change(verb, new, parts, ())
        case "update":
            some = ids[number % 3 :: 7]
            written = {i: _title(i, number) for i in some} | {
                f"N{number}-{n}": _title(n, number) for n in range(2)
            }
            return Change(verb, written, (), ())
        case "missing":
            kept = {i: before.products[i] for i in ids[: PRODUCTS - 4]}
            return Change(verb, kept | {f"M{number}": _title("M", number)}, (), ())
        case "document":
            return Change(verb, {}, parts, ())
        case "delete":
            return Change(verb, {}, (), ids[1::9])
    return Change(verb, {}, (), ())


@cache
def state(number: int) -> State:
    """Return what the catalog holds after `number` changes."""
    if number == 0:
        return State({}, {})
    before, made = state(number - 1), change(number - 1)
    products, passages = dict(before.products), dict(before.passages)
    if made.verb in ("build", "missing"):
        products = {}
    products |= made.products
    for record_id in made.deleted:
        del products[record_id]
    if made.parts:
        passages = {f"returns.md#part-{n}": text for n, text in enumerate(made.parts)}
    return State(products, passages)


def _title(name: object, number: int) -> str:
    return f"Kettle {name} written by change {number}"


def apply(number: int, out: Path, work: Path, options: Options) -> None:
    """Make change `number` to the index at `out`, with feeds written into `work`."""
    made = change(number)
    feeds = write_feeds(made, work)
    embedder: Embedder = WordsEmbedder()
    match made.verb:
        case "build":
            build_index(feeds, out, embedder=embedder, options=options)
        case "delete":
            delete_records(out, made.deleted, embedder=embedder, step=options.step)
        case "collect":
            collect_garbage(out)
        case _:
            options = replace(options, delete_missing=made.verb == "missing")
            update_index(out, feeds, embedder=embedder, options=options)


def write_feeds(made: Change, work: Path) -> list[Path]:
    """Write the feeds of a change into a directory; returns their paths."""
    work.mkdir(exist_ok=True)
    feeds = []
    if made.products:
        feeds.append(work / "products.jsonl")
        feeds[-1].write_text(
            "".join(json.dumps(_row(*item)) + "\n" for item in made.products.items())
        )
    if made.parts:
        feeds.append(work / "returns.md")
        sections = [f"## Part {n}\n\n{text}\n" for n, text in enumerate(made.parts)]
        feeds[-1].write_text("\n".join(sections))
    return feeds


def _row(record_id: str, title: str) -> dict[str, Any]:
    return {
        "id": record_id,
        "title": title,
        "description": f"Boils water. A kettle known as {record_id}.",
        "mpn": f"MPN-{record_id}-X",
        "price": "39.95 EUR",
    }


def content(index: CatalogIndex) -> frozenset[tuple[str, str]]:
    """Return every (id, title or text) that an opened index holds."""
    return frozenset(
        (record.id, _said(record)) for records, _ in index.chunks(500) for record in records
    )


def answers(index: CatalogIndex) -> tuple[frozenset[tuple[str, str]], ...]:
    """Return what an index gives to questions that every record answers: lexical, dense."""
    vector = index.embedder.encode([_WORD])[0]
    both = index.lexical(_WORD, 1000), index.dense(vector, 1000)
    found = [index.records([key for key, _ in hits]) for hits in both]
    return tuple(frozenset((r.id, _said(r)) for r in records.values()) for records in found)


def _said(record: Any) -> str:
    return str(record.title if isinstance(record, Product) else record.text)


def disagreement(index: CatalogIndex, wanted: State) -> str:
    """Say where an index differs from a state: content, words, vectors, codes; "" if nowhere."""
    if content(index) != wanted.content:
        return "it holds other records"
    if any(found != wanted.content for found in answers(index)):
        return "lexical or dense search finds other records"
    embedder = index.embedder
    for records, vectors in index.chunks(500):
        expected = embedder.encode([text_to_embed(record) for record in records])
        if not np.allclose(vectors, expected, atol=1e-3):
            return "a vector is another text's"
        for record, vector in zip(records, expected, strict=True):
            key, _ = index.dense(vector, 1)[0]
            if index.records([key])[key].id != record.id:
                return f"dense search does not find {record.id}"
            if isinstance(record, Product):
                keys = index.lookup([f"MPN-{record.id}-X"])
                if [r.id for r in index.records(keys).values()] != [record.id]:
                    return f"{record.id} is not found by its code"
                if index.product(record.id) != record:
                    return f"{record.id} is not found by its id"
    return ""
