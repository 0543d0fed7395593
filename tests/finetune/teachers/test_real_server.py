"""The teacher against a server that runs a model: `transformers serve` and a tiny random LLaMA.

A random model writes no JSON, so what is tested is the other half: calls arrive, are answered and
counted, and what they bring is given up as no answer.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from finetune.teachers.openai_server import OpenAITeacher
from finetune.teachers.settings import TeacherSettings
from tests.finetune.teachers.jobs import classify_job, title_job
from tests.tiny import save_tiny_llama

START_S = 45


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a running `transformers serve` and its model's name."""
    pytest.importorskip("openai", reason="transformers serve needs the package openai")
    folder = tmp_path_factory.mktemp("served")
    model = save_tiny_llama(folder / "model", context=8192)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "from transformers.cli.transformers import main; main()"
    where = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with (folder / "log").open("w") as log:
        child = subprocess.Popen(
            [sys.executable, "-c", program, "serve", str(model), *where],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/health", child, folder / "log")
            yield f"http://127.0.0.1:{port}/v1", str(model)
        finally:
            child.terminate()
            child.wait()


def wait_for(url: str, child: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers; skip where it does not start."""
    ends = time.monotonic() + START_S
    while time.monotonic() < ends and child.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    last = (log.read_text().strip().splitlines() or ["it said nothing"])[-1]
    pytest.skip(f"`transformers serve` does not start here: {last[:200]}")


@pytest.mark.parametrize("stream", [False, True])
def test_a_random_model_is_asked_counted_and_given_up(
    stream: bool, served: tuple[str, str], tmp_path: Path
) -> None:
    url, model = served
    settings = TeacherSettings(
        url,
        model,
        tmp_path / "journal.jsonl",
        concurrency=2,
        max_attempts=2,
        max_tokens=8,
        stream=stream,
    )
    teacher = OpenAITeacher(settings)
    assert list(teacher.expand([title_job(0), classify_job(1)])) == []
    report = teacher.report()
    assert report.asked == 4
    assert sum(report.retried.values()) == sum(report.given_up.values()) == 2
    assert report.given_up.keys() <= {"no JSON answer", "too long", "no text"}
    assert report.spent.prompt_tokens > 4 * 500  # a byte or two to a token
    assert report.spent.completion_tokens <= 4 * 8
    assert report.spent.estimated == 0
