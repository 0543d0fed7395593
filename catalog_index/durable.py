"""Files that are either whole or not there: write beside, flush to disk, swap in one step."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from catalog_index.errors import IndexLockedError, StorageError

STALE_SECONDS = 86_400
_FULL = {errno.ENOSPC, errno.EDQUOT}
_LOCKLESS = {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS}
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
        with suppress(FileNotFoundError):  # another process sweeps too
            if time.time() - left.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Hold the file `path` as the lock of its directory; the end of the process lets go of it.

    A file system without locks is written to without one.

    Raises:
        IndexLockedError: another process or thread holds it.
        StorageError: the lock file cannot be made.
    """
    handle = _locked(path)
    try:
        yield
    finally:
        os.close(handle)


def _locked(path: Path) -> int:
    """Return a locked handle of the file that `path` names, not of one deleted meanwhile."""
    while True:
        with storage_errors(path):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except FileNotFoundError:
            pass
        except (BlockingIOError, PermissionError) as error:
            os.close(handle)
            raise IndexLockedError(
                f"Another build is writing to {path.parent}; wait for it and run the command again."
            ) from error
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _lock(handle: int) -> None:
    """Lock an open file without waiting; refused with `BlockingIOError` or `PermissionError`."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _LOCKLESS:
            raise


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
