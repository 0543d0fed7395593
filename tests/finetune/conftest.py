from __future__ import annotations

import pytest

from tests.commands import Run, runner


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `llama-e`."""
    return runner(capsys)
