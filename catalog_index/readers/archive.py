"""Zip archives: each member is a feed or a document of its own.

Members are unpacked one at a time to a temporary file under a name of this program's choosing, so
that a member's path, whatever it says, leads nowhere.
"""

from __future__ import annotations

import lzma
import re
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from catalog_index.errors import FeedError, RowError
from catalog_index.parsing import clean_path
from catalog_index.readers.base import Limits, Reader, Rejected, Row
from catalog_index.readers.opening import check_unpacked

ZIP_MAGIC = "PK\x03\x04"
_EMPTY_ZIP = "PK\x05\x06"
_CHUNK = 1 << 18
_MOST_MEMBERS = 10_000
_SPREADSHEET = "[Content_Types].xml"
_LONGEST_NAME = 60
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, ValueError, MemoryError),
)
"""What the libraries raise for an archive, or a member, that is damaged."""


def is_zip(head: str) -> bool:
    """Whether a file's first characters are those of a zip archive."""
    return head.startswith((ZIP_MAGIC, _EMPTY_ZIP))


class ZipReader:
    """Reads the feeds in a zip archive, each by its own reader.

    Args:
        choose: gives the reader for a member that was unpacked.
        suffixes: endings of the members that are read; others (pictures, say) are passed over.
        limits: bounds to unpacking.
    """

    name = "zip"

    def __init__(
        self, choose: Callable[[Path], Reader], suffixes: frozenset[str], limits: Limits
    ) -> None:
        self._choose, self._suffixes, self._limits = choose, suffixes, limits

    def matches(self, path: Path, head: str) -> bool:
        """Take zip archives by their signature."""
        return is_zip(head)

    def read(self, path: Path) -> Iterator[Row]:
        """Yield the rows of every member, in order of their names; see `Reader.read`."""
        with (
            _opened(path) as archive,
            tempfile.TemporaryDirectory(prefix="llama-e-feed-") as folder,
        ):
            unpacked = 0
            members = self._members(path, archive)
            names = Counter(_last_name(member.filename) for member in members)
            for member in members:
                name = clean_path(member.filename)
                is_alone = names[_last_name(name)] == 1
                plain = Path(folder) / _harmless(_last_name(name) if is_alone else name)
                unpacked, fault = self._unpack(path, archive, (member, plain, unpacked))
                if fault:
                    yield Rejected(1, fault, name, hides=True)
                    plain.unlink(missing_ok=True)
                    continue
                try:
                    for row in self._choose(plain).read(plain):
                        yield replace(row, member=name)
                except FeedError as error:
                    why = str(error).replace(str(plain), name)
                    yield Rejected(1, RowError("", why), name, hides=True)
                plain.unlink()

    def _members(self, path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
        """Return the members that may be feeds.

        Raises:
            FeedError: there is none, they are too many, or locked by a password.
        """
        members = archive.infolist()
        if any(member.filename == _SPREADSHEET for member in members):
            raise FeedError(f"{path} is a spreadsheet or a document. Save it as CSV or as text.")
        if len(members) > _MOST_MEMBERS:
            raise FeedError(
                f"{path} has {len(members):,} members; at most {_MOST_MEMBERS:,} are read."
            )
        feeds = [
            member
            for member in sorted(members, key=lambda member: member.filename)
            if Path(_last_name(member.filename)).suffix.lower() in self._suffixes
            and not _last_name(member.filename).startswith(".")
        ]
        if not feeds:
            raise FeedError(f"{path} holds no feed file ({', '.join(sorted(self._suffixes))}).")
        if any(member.flag_bits & 1 for member in feeds):
            raise FeedError(f"{path} is locked by a password. Pack it without one.")
        return feeds

    def _unpack(
        self, path: Path, archive: zipfile.ZipFile, state: tuple[zipfile.ZipInfo, Path, int]
    ) -> tuple[int, RowError | None]:
        """Write a member to a file.

        Returns how many bytes the archive has unpacked to so far, and the member's damage if any.
        """
        member, plain, unpacked = state
        packed = path.stat().st_size
        try:
            with archive.open(member) as source, plain.open("wb") as target:
                while data := source.read(_CHUNK):
                    unpacked += len(data)
                    check_unpacked(unpacked, packed, path, self._limits)
                    target.write(data)
        except _DAMAGE as error:
            return unpacked, _member_fault(error)
        except OSError as error:
            if error.errno is None:  # what bzip2 says of damage
                return unpacked, _member_fault(error)
            raise FeedError(f"{path} cannot be unpacked: {error.strerror or error}.") from error
        return unpacked, None


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise FeedError(f"There is no feed at {path}. Check the path.") from error
    except _DAMAGE as error:
        raise _damaged(path, error) from error
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror or error}.") from error
    with archive:
        yield archive


def _damaged(path: Path, error: Exception) -> FeedError:
    return FeedError(f"{path} is a damaged zip archive ({error}). Fetch it again.")


def _member_fault(error: Exception) -> RowError:
    why = " ".join(str(error).split())[:200] or type(error).__name__
    return RowError("", f"damaged in its archive ({why}); fetch the archive again")


def _harmless(name: str) -> str:
    """Return a name, or a path whose last name others share, as the name of a file."""
    return re.sub(r"[/\\:]+", "-", name).lstrip("-.")[-_LONGEST_NAME:] or "member"


def _last_name(name: str) -> str:
    return clean_path(name).replace("\\", "/").rpartition("/")[2]
