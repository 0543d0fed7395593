"""Writes the lexical directory of a generation: a new one, or a copy of an earlier one changed.

tantivy's segment files are never changed once written, so a copy shares them by hard links; what
a change adds is new files. Its two small JSON files are copied.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from catalog_index.durable import link_or_copy, storage_errors
from catalog_index.lexical.faults import engine_writes
from catalog_index.lexical.fields import RecordFields
from catalog_index.lexical.schema import TEXT_FIELDS, number_term, register_analyzers, schema

_HEAP = 96 << 20
_UNSHARED = {"meta.json", ".managed.json"}
_UNSAID = {"kind", "currency"}
"""Fields whose values are no words of a query."""
_LOCKS = {".tantivy-meta.lock", ".tantivy-writer.lock"}


class LexicalWriter:
    """Adds and removes records; `finish` makes it whole.

    Args:
        directory: a new directory to write into.
        base: the lexical directory of an earlier generation to start from, unchanged by this.

    Raises:
        StorageError: the disk is full or refuses (from any method).
    """

    def __init__(self, directory: Path, base: Path | None = None) -> None:
        import tantivy

        self._directory = directory
        with storage_errors(directory):
            directory.mkdir()
            if base is not None:
                for file in base.iterdir():
                    if file.name in _UNSHARED:
                        shutil.copyfile(file, directory / file.name)
                    elif file.name not in _LOCKS:
                        link_or_copy(file, directory / file.name)
            self._index: Any = tantivy.Index(schema(), path=str(directory), reuse=base is not None)
            register_analyzers(self._index)
            self._writer: Any = self._index.writer(_HEAP, 1)

    def add(self, records: Iterable[tuple[int, RecordFields]]) -> None:
        """Enter records under their keys."""
        with engine_writes(self._directory):
            for key, fields in records:
                self._writer.add_document(_document(key, fields))

    def delete(self, keys: Sequence[int]) -> None:
        """Remove records by key; unknown keys are passed over."""
        import tantivy

        if not keys:
            return
        with engine_writes(self._directory):
            self._writer.delete_documents_by_query(
                tantivy.Query.term_set_query(schema(), "key", list(keys))
            )

    def finish(self) -> None:
        """Write everything and let go of the directory."""
        with engine_writes(self._directory):
            self._writer.commit()
            self._writer.garbage_collect_files()
            self._writer.wait_merging_threads()
        self.close()
        # The other one stays: readers take it, and on a full disk could not make it.
        (self._directory / ".tantivy-writer.lock").unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the directory; without `finish` it is worth nothing."""
        self._writer = self._index = None


def _document(key: int, fields: RecordFields) -> Any:
    import tantivy

    document = tantivy.Document()
    document.add_unsigned("key", key)
    for name in (*TEXT_FIELDS, "spelling"):
        if text := getattr(fields, name):
            document.add_text(name, text)
    for token in fields.measures:
        document.add_text("measures", token)
    for field, value in fields.facts:
        document.add_text("facts", f"{field}={value}")
        if field not in _UNSAID:
            document.add_text("values", f"{value}={field}")
    for field, number in fields.numbers:
        document.add_text("numbers", number_term(field, number))
    if fields.price is not None:
        document.add_float("price", fields.price)
    return document
