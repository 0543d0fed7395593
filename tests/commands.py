"""A way to run `llama-e` in a test's own process and see all that it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

import app


class Result(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output, a JSON object a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def one(self) -> dict[str, Any]:
        """The only line of standard output."""
        [line] = self.lines
        return line

    @property
    def fault(self) -> str:
        """The one line of an error; fails where there is another, or a result beside it."""
        [line] = [line for line in self.err.splitlines() if line.startswith("llama-e: ")]
        assert (self.code, self.out) == (1, "")
        assert "Traceback" not in self.err and "internal error" not in line
        assert self.err.endswith(f"{line}\n")
        return line.removeprefix("llama-e: ")


Run = Callable[..., Result]


def runner(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `llama-e` with its arguments."""

    def run_command(*arguments: object) -> Result:
        capsys.readouterr()
        try:
            code = app.main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Result(code, *capsys.readouterr())

    return run_command
