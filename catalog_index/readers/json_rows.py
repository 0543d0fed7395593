"""JSON feeds to rows: JSON lines, one array, or objects written over several lines.

Values are read one at a time: neither an array nor a line is ever held whole beyond the limit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from catalog_index.errors import FeedError, RowError
from catalog_index.readers.base import Limits, RawRow
from catalog_index.readers.opening import lines_of, open_text, text_fault

_CHUNK = 1 << 16
_BETWEEN = re.compile(r"[\s,\x1e]*")
_DECODER = json.JSONDecoder()
_PAST_NUMBERS = json.JSONDecoder(parse_int=str)
"""Finds the end of a value with an integer of too many digits for Python."""


def looks_like_json(head: str) -> bool:
    """Whether a text opens a JSON object, or an array of objects."""
    start = head[:1024].lstrip()
    return start.startswith("{") or re.match(r"\[\s*(?:\{|\]\s*$)", start) is not None


def json_rows(path: Path, limits: Limits) -> Iterator[RawRow]:
    """Yield each object of a JSON feed with the line that it starts on.

    Raises:
        FeedError: an array breaks off or is no JSON from some point on; see also `open_bytes`.
    """
    with open_text(path, limits, quiet=True) as text:
        first = next(
            (line for line in iter(lambda: text.readline(limits.line), "") if line.strip()), ""
        )
    opening = first.strip()
    in_one = opening.startswith("[") or (opening[:1] == "{" and opening[-1] in "{[,")
    with open_text(path, limits) as text:
        if in_one:
            yield from _Values(path, text, limits.line).rows()
            return
        for number, line in lines_of(text, limits.line):
            if isinstance(line, RowError):
                yield number, line
            elif line.strip("\x1e \t\r\n"):
                yield number, _object(line)


def _object(line: str) -> dict[str, Any] | RowError:
    try:
        record = json.loads(line.lstrip("\x1e"))
    except ValueError as error:
        return RowError("", f"not JSON: {getattr(error, 'msg', error)}")
    except RecursionError:
        return RowError("", "nested too deeply")
    return record if isinstance(record, dict) else RowError("", "not a JSON object")


class _Values:
    """The values of an array, or objects that follow each other, read through a buffer."""

    def __init__(self, path: Path, text: TextIO, limit: int) -> None:
        self._path, self._text, self._limit = path, text, limit
        self._buffer, self._line = "", 1
        self._start = self._at = 0

    def rows(self) -> Iterator[RawRow]:
        """Yield each value with its line, as `json_rows` does."""
        array = closed = False
        first = True
        while mark := self._next_mark():
            if first and mark == "[":
                array = True
                self._at += 1
            elif array and mark == "]" and not closed:
                closed = True
                self._at += 1
            elif closed:
                raise self._fault("goes on after its JSON array")
            else:
                value = self._value()
                yield self._line, value
                self._line += self._buffer.count("\n", self._start, self._at)
            first = False
        if array and not closed:
            raise self._fault("breaks off: its JSON array has no end")

    def _next_mark(self) -> str:
        """Go to the next character that is neither space nor comma; "" at the end."""
        while True:
            match = _BETWEEN.match(self._buffer, self._at)
            end = match.end() if match else self._at
            self._line += self._buffer.count("\n", self._at, end)
            self._at = end
            if end < len(self._buffer):
                return self._buffer[end]
            self._buffer, self._at = self._text.read(_CHUNK), 0
            if not self._buffer:
                return ""

    def _value(self) -> dict[str, Any] | RowError:
        """Read one value; the buffer is doubled until it is whole, which takes linear time."""
        while True:
            try:
                value, end = self._decoded()
            except RecursionError as error:
                raise self._fault("is nested too deeply") from error
            except ValueError as error:
                if len(self._buffer) - self._at > self._limit or not self._grow():
                    why = getattr(error, "msg", str(error))
                    raise self._fault(
                        f"is no JSON ({why}) or has a value of over {self._limit:,} characters"
                    ) from error
                continue
            if end == len(self._buffer) and not isinstance(value, dict | list) and self._grow():
                continue
            self._start, self._at = self._at, end
            if isinstance(value, RowError):
                return value
            if isinstance(value, dict):
                return text_fault(self._buffer[self._start : end]) or value
            return RowError("", "not a JSON object")

    def _decoded(self) -> tuple[Any, int]:
        """Return the next value, or its fault, and where it ends.

        Raises:
            ValueError: it is no JSON, or goes on behind the buffer.
        """
        try:
            return _DECODER.raw_decode(self._buffer, self._at)
        except json.JSONDecodeError:
            raise
        except ValueError as error:
            _, end = _PAST_NUMBERS.raw_decode(self._buffer, self._at)
            return RowError("", f"not JSON: {error}"), end

    def _grow(self) -> bool:
        more = self._text.read(max(_CHUNK, len(self._buffer)))
        self._buffer, self._at = self._buffer[self._at :] + more, 0
        return bool(more)

    def _fault(self, what: str) -> FeedError:
        return FeedError(
            f"{self._path} {what}, at line {self._line}. Export it again, best as JSON lines."
        )
