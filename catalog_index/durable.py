"""Files that are either whole or not there: write beside, flush to disk, swap in one step."""

from __future__ import annotations

import errno
import glob
import hashlib
import json
import os
import shutil
import socket
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
_LINKLESS = {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}
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
        what = " ".join(str(getattr(error, "strerror", None) or error).split())
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

    A file system without locks is written to without one. The file says who holds it and since
    when, for the message that another one gets.

    Raises:
        IndexLockedError: another process or thread holds it.
        StorageError: the lock file cannot be made.
    """
    handle = _locked(path)
    try:
        _sign(handle)
        yield
    finally:
        os.close(handle)


def _sign(handle: int) -> None:
    """Write into a held lock who holds it; a disk that refuses does not matter here."""
    owner = {"process": os.getpid(), "host": socket.gethostname(), "since": time.time()}
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, json.dumps(owner).encode())


def _owner(path: Path) -> str:
    """Say who holds a lock and for how long, as far as its file tells."""
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        age = max(0, time.time() - float(owner["since"]))
        return f" (process {int(owner['process'])} on {owner['host']}, for {age:.0f} s)"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


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
                f"Another build is writing to {path.parent}{_owner(path)}; wait for it and run the"
                " command again."
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


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file that is never changed again a second name, or a copy where links cannot be."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _LINKLESS:
            raise
        shutil.copyfile(source, target)


def fsync_path(path: Path) -> None:
    """Flush one file, or one directory's entries, to disk.

    Windows keeps a directory's entries by itself, and flushes only what is open for writing.
    """
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
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


def copy_whole(source: Path, target: Path) -> None:
    """Put a copy of a file in the place of `target` in one step; a crash leaves the old file.

    Raises:
        StorageError: the disk is full or refuses.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    with storage_errors(target):
        try:
            shutil.copyfile(source, beside)
            fsync_path(beside)
            beside.replace(target)
            fsync_path(target.parent)
        finally:
            beside.unlink(missing_ok=True)


def sweep_beside(path: Path) -> None:
    """Remove what a process left that was killed while it put a file in the place of `path`.

    The caller holds the lock that whoever writes `path` holds.
    """
    for left in path.parent.glob(f"{glob.escape(f'.{path.name}.')}*"):
        if left.suffix[1:].isdigit():
            with suppress(OSError):
                left.unlink()


def make_directory(path: Path) -> None:
    """Make a directory and what is missing above it, so that they outlive a loss of power."""
    made = [each for each in (path, *path.parents) if not each.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        for each in made:
            fsync_path(each.parent)
    except OSError:
        for each in made:
            with suppress(OSError):
                each.rmdir()
        raise


def sha256_of(path: Path) -> str:
    """Return the hex digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
