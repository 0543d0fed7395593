"""What the tests of `llama-e finetune` share: a way to run the command and see all that it says."""

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
    def fault(self) -> str:
        """The one line of an error; fails where there is another, or a result beside it."""
        [line] = [line for line in self.err.splitlines() if line.startswith("llama-e: ")]
        assert (self.code, self.out) == (1, "")
        assert "Traceback" not in self.err and "internal error" not in line
        assert self.err.endswith(f"{line}\n")
        return line.removeprefix("llama-e: ")


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `llama-e`."""

    def run_command(*arguments: object) -> Result:
        capsys.readouterr()
        try:
            code = app.main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Result(code, *capsys.readouterr())

    return run_command
