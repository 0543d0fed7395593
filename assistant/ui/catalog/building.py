"""A build or update of the catalog under way: one at a time, watched by whoever looks.

Knows `catalog_index` and no page.
"""

from __future__ import annotations

import json
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from catalog_index.build import BuildReport, Options, build_index, update_index
from catalog_index.embedding import Embedder
from catalog_index.errors import CatalogError
from catalog_index.manifest import REJECTED

_SHOWN_REJECTS = 200


class BuildBusyError(AssistantError):
    """Another build is under way."""


class _Cancelled(Exception):  # noqa: N818  (asked for, no fault)
    pass


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to build.

    `feeds` are read where they are, `uploads` are copied first to where they stay. `is_update`
    adds to the index at `out`, else a new generation takes the place of all it held;
    `delete_missing` drops, in an update, what the feeds no longer name.
    """

    out: Path
    feeds: tuple[Path, ...] = ()
    uploads: tuple[Path, ...] = ()
    is_update: bool = True
    format_name: str = "auto"
    delete_missing: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is. `stage` is "read" or "index"; `total` None where it is not known."""

    wanted: Wanted
    stage: str = ""
    done: int = 0
    total: int | None = None
    seconds: float = 0.0
    report: BuildReport | None = None
    fault: str = ""
    cancelled: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more comes."""
        return self.report is not None or bool(self.fault) or self.cancelled


@dataclass(slots=True)
class Builder:
    """Runs builds, one at a time, in a thread; `progress` is that of the last one."""

    embedder: Callable[[], Embedder]
    progress: Progress | None = None
    _cancel: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_running(self) -> bool:
        """Whether a build is under way."""
        return self.progress is not None and not self.progress.ended

    def start(self, wanted: Wanted, kept: Path) -> None:
        """Begin a build.

        Args:
            wanted: what.
            kept: the directory below which uploads are copied, for each build its own.

        Raises:
            BuildBusyError: one is under way.
        """
        with self._lock:
            if self.is_running:
                raise BuildBusyError("A build is under way. Wait for its end, or cancel it.")
            self._cancel = threading.Event()
            self.progress = Progress(wanted)
        threading.Thread(target=self._work, args=(wanted, kept), daemon=True).start()

    def cancel(self) -> None:
        """End the build under way; the catalog stays as it was."""
        self._cancel.set()

    def _work(self, wanted: Wanted, kept: Path) -> None:
        begun = time.monotonic()
        cancel = self._cancel

        def advance(stage: str, done: int, total: int | None) -> None:
            if cancel.is_set():
                raise _Cancelled
            assert self.progress is not None
            self.progress = replace(
                self.progress,
                stage=stage,
                done=done,
                total=total,
                seconds=time.monotonic() - begun,
            )

        last = Progress(wanted)
        own = kept / f"{time.strftime('%Y%m%dT%H%M%S')}-{secrets.token_hex(3)}"
        try:
            feeds = [*wanted.feeds, *_copied(wanted.uploads, own)]
            options = Options(
                wanted.format_name, delete_missing=wanted.delete_missing, progress=advance
            )
            embedder = self.embedder()
            if wanted.is_update:
                report = update_index(wanted.out, feeds, embedder=embedder, options=options)
            else:
                report = build_index(feeds, wanted.out, embedder=embedder, options=options)
            last = replace(last, report=report)
        except _Cancelled:
            last = replace(last, cancelled=True)
        except (CatalogError, AssistantError, OSError) as error:
            last = replace(last, fault=str(error))
        except Exception as error:
            last = replace(last, fault=f"The build failed inside ({type(error).__name__}).")
        if last.report is None:
            shutil.rmtree(own, ignore_errors=True)
        self.progress = replace(last, seconds=time.monotonic() - begun)


def rejects(out: Path, most: int = _SHOWN_REJECTS) -> list[dict[str, Any]]:
    """Return the rows that the last build or update refused, the first so many."""
    for path in (out / REJECTED, Path(f"{out}.{REJECTED}")):
        try:
            with path.open(encoding="utf-8") as lines:
                return [json.loads(line) for line in islice(lines, most)]
        except (OSError, ValueError):
            continue
    return []


def _copied(uploads: Sequence[Path], own: Path) -> list[Path]:
    """Copy uploads to a directory of this build; two of one name stay two."""
    feeds = []
    for number, upload in enumerate(uploads, start=1):
        copied = own / str(number) / upload.name
        copied.parent.mkdir(parents=True)
        shutil.copyfile(upload, copied)
        feeds.append(copied)
    return feeds
