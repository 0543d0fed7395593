"""Records and their words in one SQLite file: by key, by id, by any identifier, by BM25.

Every record has an integer key, which is also its row in the vectors. Lexical search is FTS5's
BM25 with English stemming, over what a record says of itself and, apart, over its attributes:
long tables of attributes would else make a record too long to rank. Knows neither vectors nor
manifests.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import LifoQueue
from typing import Any, Literal, Self

from catalog_index.errors import IndexCorruptError
from catalog_index.product import Passage, Product, render_value

Record = Product | Passage
Kind = Literal["product", "passage"]

ATTRIBUTE_WEIGHT = 0.1
"""What the BM25 score of a record's attributes adds to that of its other words."""

_SCHEMA = """
CREATE TABLE record (
    key INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE TABLE identifier (code TEXT NOT NULL, key INTEGER NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(
    title, brand, product_type, identifiers, body,
    content='', tokenize='porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE attribute_words USING fts5(
    attributes, content='', tokenize='porter unicode61 remove_diacritics 2'
);
"""
_LEXICAL = f"""
SELECT rowid, SUM(score) AS score FROM (
    SELECT rowid, -bm25(words) AS score FROM words WHERE words MATCH :match
    UNION ALL
    SELECT rowid, {ATTRIBUTE_WEIGHT} * -bm25(attribute_words) FROM attribute_words
    WHERE attribute_words MATCH :match
)
WHERE :passage IS NULL
    OR (rowid IN (SELECT key FROM record WHERE kind = 'passage')) = :passage
GROUP BY rowid ORDER BY score DESC, rowid LIMIT :k
"""
_TOKEN = re.compile(r"\w+", re.UNICODE)
_FUNCTION_WORDS = """
    a about an and any are as at be but by can could do does for from had has have how i if in is
    it its me my no not of on or our please should so some that the their them then there these
    they this those to was we were what when where which who why will with would you your
"""
_STOPWORDS = frozenset(_FUNCTION_WORDS.split())
_MAX_QUERY_TOKENS = 64
_CONNECTIONS = 4
"""How many queries of one store may run at once."""


def normalise_code(code: str) -> str:
    """Fold an identifier for comparison: case, punctuation and a GTIN's leading zeros go."""
    folded = re.sub(r"[\W_]", "", code.casefold())
    return folded.lstrip("0") if folded.isdigit() and len(folded) >= 8 else folded


def query_tokens(text: str) -> list[str]:
    """Return the distinct words of a query that carry meaning, at most 64, in order."""
    tokens = [token.lower() for token in _TOKEN.findall(unicodedata.normalize("NFC", text))]
    content = [token for token in tokens if token not in _STOPWORDS] or tokens
    return list(dict.fromkeys(content))[:_MAX_QUERY_TOKENS]


class StoreWriter:
    """Fills a new record file; `finish` makes it whole. A later row replaces one of the same id.

    A failing disk raises `sqlite3.OperationalError`, which `durable.storage_errors` explains.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)

    def add(self, record: Record) -> bool:
        """Store a record; returns False where it replaced an earlier one of its id."""
        kind, content = _kind(record), _dump(record)
        known = self._connection.execute(
            "UPDATE record SET content = ? WHERE kind = ? AND id = ?", (content, kind, record.id)
        )
        if known.rowcount:
            return False
        self._connection.execute(
            "INSERT INTO record (kind, id, content) VALUES (?, ?, ?)", (kind, record.id, content)
        )
        return True

    def records(self, size: int) -> Iterator[list[tuple[int, Record]]]:
        """Yield (key, record) in batches of `size`, by key."""
        last = 0
        while True:
            rows = self._connection.execute(
                "SELECT key, kind, content FROM record WHERE key > ? ORDER BY key LIMIT ?",
                (last, size),
            ).fetchall()
            if not rows:
                return
            last = rows[-1][0]
            yield [(key, _load(kind, content)) for key, kind, content in rows]

    def index_words(self, records: Iterable[tuple[int, Record]]) -> None:
        """Enter records into lexical search and identifier look-up."""
        for key, record in records:
            self._connection.execute(
                "INSERT INTO words (rowid, title, brand, product_type, identifiers, body)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (key, *_words(record)),
            )
            if isinstance(record, Product):
                self._connection.execute(
                    "INSERT INTO attribute_words (rowid, attributes) VALUES (?, ?)",
                    (key, _attribute_words(record)),
                )
                codes = {normalise_code(code) for code in record.identifiers()}
                self._connection.executemany(
                    "INSERT INTO identifier VALUES (?, ?)", [(code, key) for code in codes if code]
                )

    def finish(self) -> None:
        """Build the look-up index, compact the words and finish the file."""
        self._connection.execute("CREATE INDEX identifier_code ON identifier (code)")
        for table in ("words", "attribute_words"):
            self._connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        self._connection.commit()
        self._connection.close()

    def close(self) -> None:
        """Let go of the file; without `finish` it is worth nothing."""
        self._connection.close()


class RecordStore:
    """Reads a finished record file; safe to share between threads.

    The file is opened here and never again, so that a store goes on answering after its
    generation was replaced and deleted.

    Raises:
        IndexCorruptError: the file is not a record file (from any method).
        ValueError: the store was closed (from any method).
    """

    def __init__(self, path: Path) -> None:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._path = path
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._closing = threading.Lock()
        self._is_closed = False
        with self._corruption():
            for _ in range(_CONNECTIONS):
                self._idle.put(sqlite3.connect(uri, uri=True, check_same_thread=False))
        try:
            for _ in range(_CONNECTIONS):
                self._query("SELECT key FROM record LIMIT 1", ())
        except IndexCorruptError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file once running queries are done; harmless when done before."""
        with self._closing:
            self._is_closed = True
            connections = [self._idle.get() for _ in range(_CONNECTIONS)]
            for connection in connections:
                connection.close()
                self._idle.put(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, record_id: str, kind: Kind = "product") -> Record | None:
        """Return the record of exactly this id, or None."""
        rows = self._query(
            "SELECT kind, content FROM record WHERE kind = ? AND id = ?", (kind, record_id)
        )
        return _load(*rows[0]) if rows else None

    def by_keys(self, keys: Sequence[int]) -> dict[int, Record]:
        """Return the records of these keys; unknown keys are left out."""
        marks = ",".join("?" * len(keys))
        rows = self._query(
            f"SELECT key, kind, content FROM record WHERE key IN ({marks})", tuple(keys)
        )
        return {key: _load(kind, content) for key, kind, content in rows}

    def keys_of_kind(self, kind: Kind) -> list[int]:
        """Return every key of one kind, ascending."""
        return [key for (key,) in self._query("SELECT key FROM record WHERE kind = ?", (kind,))]

    def lookup(self, codes: Sequence[str]) -> list[int]:
        """Return the keys of products bearing one of these identifiers, in the codes' order."""
        folded = [normalise_code(code) for code in codes]
        marks = ",".join("?" * len(folded))
        found: dict[str, list[int]] = {}
        for code, key in self._query(
            f"SELECT code, key FROM identifier WHERE code IN ({marks}) ORDER BY key", tuple(folded)
        ):
            found.setdefault(code, []).append(key)
        return list(dict.fromkeys(key for code in folded for key in found.get(code, ())))

    def lexical(self, text: str, k: int, kind: Kind | None = None) -> list[tuple[int, float]]:
        """Return (key, BM25 score) of the k best records, best first; higher is better."""
        tokens = query_tokens(text)
        if not tokens:
            return []
        match = " OR ".join(f'"{token}"' for token in tokens)
        passage = None if kind is None else kind == "passage"
        return self._query(_LEXICAL, {"match": match, "passage": passage, "k": k})

    def _query(self, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        connection = self._idle.get()
        try:
            if self._is_closed:
                raise ValueError(f"The record file {self._path} was closed.")
            with self._corruption():
                return list(connection.execute(sql, values).fetchall())
        finally:
            self._idle.put(connection)

    @contextmanager
    def _corruption(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise IndexCorruptError(
                f"The index is damaged: {self._path} cannot be read ({error})."
                " Build it again with `llama-e index build`."
            ) from error


def _kind(record: Record) -> Kind:
    return "product" if isinstance(record, Product) else "passage"


def _dump(record: Record) -> str:
    if isinstance(record, Product):
        values = record.to_json()
    else:
        values = {name: getattr(record, name) for name in record.__slots__}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _load(kind: str, content: str) -> Record:
    values = json.loads(content)
    return Product.from_json(values) if kind == "product" else Passage(**values)


def _words(record: Record) -> tuple[str, ...]:
    """Title, brand, product type, identifiers and running text of a record."""
    if isinstance(record, Passage):
        return (record.title, "", "", "", record.text)
    codes = " ".join(record.identifiers())
    return (record.title, record.brand, record.product_type, codes, record.description)


def _attribute_words(product: Product) -> str:
    """A product's attributes, without what it is said not to be or have."""
    return "; ".join(
        name if value is True else f"{name} {render_value(value)}"
        for name, value in product.attributes.items()
        if value is not False
    )
