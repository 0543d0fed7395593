"""The index that a long-running program reads: always the newest whole generation.

Looks at CURRENT before each search (one `stat`) and opens a new generation when it was swapped.
A search that runs goes on in the generation that it began with, which is let go of once nothing
holds it. A new generation that cannot be opened is told once, and the old one goes on serving; it
is tried again now and then, since a full disk or too many open files pass.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from catalog_index.embedding import Embedder
from catalog_index.errors import CatalogError
from catalog_index.index import CatalogIndex
from catalog_index.manifest import CURRENT

RETRY_SECONDS = 5.0
"""How long after a new generation could not be opened it is tried again."""

_Stamp = tuple[int, int, int]


class LiveIndex:
    """Gives the current `CatalogIndex`; safe to share between threads.

    Args:
        directory: the index directory.
        embedder: embeds queries.
        tell: told, as a sentence, why a new generation is not used.

    Raises:
        IndexNotFoundError, IndexCorruptError, IndexMismatchError: the index cannot be opened now.
    """

    def __init__(
        self,
        directory: Path,
        embedder: Embedder,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._directory = directory
        self._embedder = embedder
        self._tell = tell
        self._opening = threading.Lock()
        self._stamp = _stamp(directory)
        self._failed_at: float | None = None
        self._index = CatalogIndex(directory, embedder)

    def current(self) -> CatalogIndex:
        """Return the newest generation that can be opened."""
        stamp = _stamp(self._directory)
        if stamp is not None and self._is_due(stamp) and self._opening.acquire(blocking=False):
            try:
                self._follow(stamp)
            finally:
                self._opening.release()
        return self._index

    def _is_due(self, stamp: _Stamp) -> bool:
        if stamp != self._stamp:
            return True
        failed_at = self._failed_at
        return failed_at is not None and time.monotonic() - failed_at > RETRY_SECONDS

    def _follow(self, stamp: _Stamp) -> None:
        is_new = stamp != self._stamp
        self._stamp = stamp
        try:
            self._index = CatalogIndex(self._directory, self._embedder)
            self._failed_at = None
        except CatalogError as error:
            self._failed_at = time.monotonic()
            if is_new:
                self._tell(f"The new index is not used, the one before goes on serving: {error}")

    def close(self) -> None:
        """Let go of the current generation."""
        self._index.close()


def _stamp(directory: Path) -> _Stamp | None:
    """Return what changes whenever CURRENT is replaced, or None where it is not there."""
    with suppress(OSError):
        found = (directory / CURRENT).stat()
        return found.st_ino, found.st_mtime_ns, found.st_size
    return None
