"""Files that are either whole or not there: write beside, flush to disk, swap in one step."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog_index.errors import StorageError

STALE_SECONDS = 86_400
_FULL = {errno.ENOSPC, errno.EDQUOT}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn a failing disk into `StorageError`, which says what to do about `path`."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        number = getattr(error, "errno", None)
        code = getattr(error, "sqlite_errorcode", None)
        if number in _FULL or code == sqlite3.SQLITE_FULL:
            remedy = "The disk is full. Free some space and run the command again."
        elif number in _REFUSED:
            remedy = "Choose a directory that may be written to."
        else:
            remedy = "Check the disk and run the command again."
        what = getattr(error, "strerror", None) or error
        raise StorageError(f"Cannot write {path}: {what}. {remedy}") from error


@contextmanager
def work_directory(target: Path) -> Iterator[Path]:
    """Give a directory beside `target` to work in, gone afterwards, whatever happens.

    One that a killed process left behind a day ago or more is removed too.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{target.name}-"
    for left in target.parent.glob(f"{prefix}*"):
        if time.time() - left.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def fsync_path(path: Path) -> None:
    """Flush one file, or one directory's entries, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` in the place of `path` in one step; a crash leaves the old file.

    Raises:
        StorageError: the disk is full or refuses.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with storage_errors(path):
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            fsync_path(path.parent)
        finally:
            beside.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Return the hex digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
