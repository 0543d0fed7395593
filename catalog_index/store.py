"""Records and their words in one SQLite file: by key, by id, by any identifier, by BM25.

Every record has an integer key, which is also its row in the vectors. Lexical search is FTS5's
BM25 over weighted fields with English stemming. Knows neither vectors nor manifests.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from catalog_index.errors import IndexCorruptError
from catalog_index.product import Passage, Product

Record = Product | Passage
Kind = Literal["product", "passage"]

FIELDS = ("title", "brand", "product_type", "identifiers", "attributes", "body")
FIELD_WEIGHTS = (3.0, 1.0, 1.0, 1.0, 0.6, 1.0)
"""BM25 weight of each of FIELDS."""

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
    title, brand, product_type, identifiers, attributes, body,
    content='', tokenize='porter unicode61 remove_diacritics 2'
);
"""
_TOKEN = re.compile(r"\w+", re.UNICODE)
_FUNCTION_WORDS = """
    a about an and any are as at be but by can could do does for from had has have how i if in is
    it its me my no not of on or our please should so some that the their them then there these
    they this those to was we were what when where which who why will with would you your
"""
_STOPWORDS = frozenset(_FUNCTION_WORDS.split())
_MAX_QUERY_TOKENS = 64


def normalise_code(code: str) -> str:
    """Fold an identifier for comparison: case, punctuation and a GTIN's leading zeros go."""
    folded = re.sub(r"[^a-z0-9]", "", code.casefold())
    return folded.lstrip("0") if folded.isdigit() and len(folded) >= 8 else folded


def query_tokens(text: str) -> list[str]:
    """Return the distinct words of a query that carry meaning, at most 64, in order."""
    tokens = [token.casefold() for token in _TOKEN.findall(text)]
    content = [token for token in tokens if token not in _STOPWORDS] or tokens
    return list(dict.fromkeys(content))[:_MAX_QUERY_TOKENS]


class StoreWriter:
    """Fills a new record file; `close` makes it whole. A later row replaces one of the same id.

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
                f"INSERT INTO words (rowid, {', '.join(FIELDS)}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key, *_words(record)),
            )
            if isinstance(record, Product):
                codes = {normalise_code(code) for code in record.identifiers()}
                self._connection.executemany(
                    "INSERT INTO identifier VALUES (?, ?)", [(code, key) for code in codes if code]
                )

    def close(self) -> None:
        """Build the look-up index, compact the words and finish the file."""
        self._connection.execute("CREATE INDEX identifier_code ON identifier (code)")
        self._connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._connection.commit()
        self._connection.close()

    def abort(self) -> None:
        """Give the file up, half-written as it is."""
        self._connection.close()


class RecordStore:
    """Reads a finished record file; safe to share between threads.

    Raises:
        IndexCorruptError: the file is not a record file (from any method).
    """

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._path = path
        self._local = threading.local()
        self._query("SELECT key FROM record LIMIT 1", ())

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
        restrict = "" if kind is None else "AND rowid IN (SELECT key FROM record WHERE kind = ?)"
        weights = ", ".join(str(weight) for weight in FIELD_WEIGHTS)
        rows = self._query(
            f"SELECT rowid, bm25(words, {weights}) AS score FROM words"
            f" WHERE words MATCH ? {restrict} ORDER BY score, rowid LIMIT ?",
            (match, *(() if kind is None else (kind,)), k),
        )
        return [(key, -score) for key, score in rows]

    def _query(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        try:
            if not hasattr(self._local, "connection"):
                self._local.connection = sqlite3.connect(self._uri, uri=True)
            return list(self._local.connection.execute(sql, values).fetchall())
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
    """The texts of FIELDS, in their order."""
    if isinstance(record, Passage):
        return (record.title, "", "", "", "", record.text)
    attributes = "; ".join(
        f"{name} {value}" for name, value in record.fields() if name in record.attributes
    )
    codes = " ".join(record.identifiers())
    return (
        record.title,
        record.brand,
        record.product_type,
        codes,
        attributes,
        record.description,
    )
