"""Feed files opened as bytes or text: unpacked within bounds, decoded, cut into lines.

Compression is told by a file's first bytes, not its name. Knows no feed format.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import logging
import lzma
import re
import shutil
import string
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, TextIO, cast

from catalog_index.errors import FeedError, RowError
from catalog_index.readers.base import DEFAULT_LIMITS, Limits, optional_module

_LOG = logging.getLogger(__name__)
_SAMPLE = 1 << 18
"""Bytes at a file's start by which its encoding is judged."""
_PASS_ON = 1 << 16
_BZ2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH, _LETTERS = bytes(range(128, 256)), string.ascii_letters.encode()
_UNDEFINED = re.compile(rb"[\x00-\x08\x0e-\x1a\x81\x8d\x8f\x90\x9d]")
_GUESSES = {"cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_CP1252_SHARE = 0.2
"""Largest share of letters beyond ASCII in a Western text; Greek or Russian have far more."""
_UTF16_SHARE = 0.4
"""Share of zero bytes from which a text without a mark counts as UTF-16."""
_ZSTD_WINDOW = 1 << 27
_ZSTD_CHUNK = 1 << 8
"""Packed bytes unpacked at a time: 4 of them may make a block of 128 KiB."""


class _Bounded(io.RawIOBase):
    """The unpacked bytes of a file, refused where they are out of all proportion."""

    def __init__(self, unpacked: IO[bytes], packed: IO[bytes], path: Path, limits: Limits) -> None:
        self._unpacked, self._packed, self._path, self._limits = unpacked, packed, path, limits
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        filled = 0
        while filled < len(view) and (data := self._unpacked.read(len(view) - filled)):
            view[filled : filled + len(data)] = data
            filled += len(data)
        self._count += filled
        check_unpacked(self._count, self._packed.tell(), self._path, self._limits)
        return filled


def check_unpacked(unpacked: int, packed: int, path: Path, limits: Limits) -> None:
    """Refuse an archive that unpacks to too much.

    Raises:
        FeedError: it passed the total, or the ratio, that `limits` allow.
    """
    if unpacked > limits.unpacked:
        raise FeedError(
            f"{path} unpacks to more than {limits.unpacked >> 20:,} MiB. Split the feed, or unpack"
            " it yourself."
        )
    if unpacked > limits.ratio_from and unpacked > max(packed, 1) * limits.ratio:
        raise FeedError(
            f"{path} unpacks to more than {limits.ratio} times its size, as archives made to fill"
            " a disk do. If you trust it, unpack it yourself."
        )


@contextmanager
def open_bytes(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[io.BufferedReader[Any]]:
    """Open a plain or compressed (gzip, bzip2, xz, Zstandard) feed as plain bytes.

    Raises:
        FeedError: the file is missing, unreadable or a damaged archive, or unpacks to too much.
    """
    kind = ""
    try:
        with ExitStack() as stack:
            raw = stack.enter_context(io.BufferedReader(path.open("rb", buffering=0), _SAMPLE))
            kind = compression(raw.peek(16))
            if kind:
                unpacked = stack.enter_context(_decompressor(kind, raw, path))
                bounded = _Bounded(unpacked, raw, path, limits)
                yield stack.enter_context(io.BufferedReader(bounded, _SAMPLE))
            else:
                yield raw
    except FileNotFoundError as error:
        raise FeedError(f"There is no feed at {path}. Check the path.") from error
    except IsADirectoryError as error:
        raise FeedError(f"{path} is a directory, not a feed file.") from error
    except PermissionError as error:
        raise FeedError(f"{path} may not be read. Check its permissions.") from error
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise FeedError(f"{path} is a damaged {kind} archive ({error}). Fetch it again.") from error
    except OSError as error:
        if kind == "bzip2" and error.errno is None:
            message = f"{path} is a damaged {kind} archive ({error}). Fetch it again."
            raise FeedError(message) from error
        raise FeedError(f"{path} cannot be read: {error.strerror or error}.") from error
    except Exception as error:
        if type(error).__name__ != "ZstdError":
            raise
        raise FeedError(f"{path} is a damaged {kind} archive ({error}). Fetch it again.") from error


def compression(head: bytes) -> str:
    """Name the compression of which a file's first bytes tell, "" where it is plain."""
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"\xfd7zXZ\x00"):
        return "xz"
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return "zstd"
    return "bzip2" if _BZ2.match(head) else ""


def _decompressor(kind: str, raw: BinaryIO, path: Path) -> IO[bytes]:
    if kind == "gzip":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    if kind == "xz":
        return lzma.LZMAFile(raw)
    if kind == "bzip2":
        return bz2.BZ2File(raw)
    zstandard = optional_module("zstandard", "zstd", path)
    return cast("IO[bytes]", _ZstdFile(raw, zstandard))


class _ZstdFile(io.RawIOBase):
    """The frames of a Zstandard file; unlike the library's own reader it notices a cut."""

    def __init__(self, raw: BinaryIO, zstandard: Any) -> None:
        self._raw = raw
        self._frames = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._frame: Any = None
        self._packed = self._plain = b""

    def read(self, size: int = -1) -> bytes:
        """Return some of the next bytes, at most `size`; none at the end.

        Raises:
            EOFError: the file ends within a frame.
        """
        while not self._plain:
            self._packed = self._packed or self._raw.read(_ZSTD_CHUNK)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError("it is cut short")
                return b""
            self._frame = self._frame or self._frames.decompressobj()
            self._plain = self._frame.decompress(self._packed)
            self._packed = self._frame.unused_data
            if self._frame.eof:
                self._frame = None
        taken, self._plain = self._plain[:size], self._plain[size:]
        return taken


@contextmanager
def open_text(
    path: Path, limits: Limits = DEFAULT_LIMITS, *, quiet: bool = False
) -> Iterator[TextIO]:
    """Open a feed as text: UTF-8, or what `encoding_of` finds; a byte-order mark is dropped.

    Bytes that are not UTF-8 in a file that else is come through as lone surrogates, so that
    `check_text` can reject the one row they stand in.

    Args:
        path: the file, plain or compressed.
        limits: bounds to unpacking.
        quiet: whether to spare the notice that another encoding than UTF-8 was found.

    Raises:
        FeedError: see `open_bytes`.
    """
    with open_bytes(path, limits) as binary:
        encoding = encoding_of(binary.peek(_SAMPLE))
        if not quiet and (guess := _GUESSES.get(encoding)):
            _LOG.warning("%s is not UTF-8: read as %s. Check its accents.", path, guess)
        errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
        with io.TextIOWrapper(binary, encoding, errors=errors, newline="") as text:
            yield text


def encoding_of(sample: bytes) -> str:
    """Name the encoding of a text by its first bytes.

    A byte-order mark decides. UTF-16 without one is known by its zero bytes. What is not UTF-8
    at all (no valid sequence of several bytes, but single ones) and has few letters beyond ASCII is
    Windows-1252, as Western spreadsheets save it. All else is UTF-8, its bad rows to be rejected.
    """
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    if sample.isascii() and b"\0" not in sample:
        return "utf-8"
    pairs = len(sample) // 2
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = sample[start::2].count(0)
        others = sample[1 - start :: 2].count(0)
        if pairs > 4 and zeros > _UTF16_SHARE * pairs and others < zeros / 4:
            return name
    if sample.isascii() or _MULTIBYTE.search(sample):
        return "utf-8"
    high = len(sample) - len(sample.translate(None, _HIGH))
    letters = len(sample) - len(sample.translate(None, _LETTERS))
    western = high <= _CP1252_SHARE * (high + letters) and not _UNDEFINED.search(sample)
    return "cp1252" if western else "utf-8"


def lines_of(text: TextIO, limit: int) -> Iterator[tuple[int, str | RowError]]:
    """Yield each line with its number; one longer than `limit` characters is read past, not held.

    The line's fault is given in its place, as it is for one that does not decode.
    """
    number = 0
    while line := text.readline(limit + 1):
        number += 1
        if len(line) > limit:
            while line and line[-1] not in "\r\n":
                line = text.readline(_PASS_ON)
            yield number, RowError("", f"longer than {limit:,} characters")
            continue
        fault = None if line.isascii() else text_fault(line)
        yield number, fault or line


def text_fault(line: str) -> RowError | None:
    """Return the fault of a line that was not UTF-8, None where it was."""
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return RowError("", "not UTF-8 text; save the feed as UTF-8")
    return None


def read_head(path: Path, limits: Limits, size: int) -> str:
    """Return a file's first `size` characters, unpacked and decoded.

    Raises:
        FeedError: see `open_bytes`.
    """
    with open_text(path, limits, quiet=True) as text:
        return text.read(size)


@contextmanager
def plain_file(path: Path, limits: Limits) -> Iterator[Path]:
    """Give a file's plain form, for formats that are read by jumping about in them.

    A compressed file is unpacked to a temporary one, which bears its name without the ending.

    Raises:
        FeedError: see `open_bytes`.
    """
    with open_bytes(path, limits) as binary:
        if isinstance(binary.raw, io.FileIO):
            yield path
            return
        with tempfile.TemporaryDirectory(prefix="llama-e-feed-") as folder:
            plain = Path(folder) / path.stem
            with plain.open("wb") as out:
                shutil.copyfileobj(binary, out, _SAMPLE)
            yield plain
