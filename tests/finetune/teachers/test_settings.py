"""What a teacher needs to be told, and how it asks for what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from finetune.errors import TeacherError
from finetune.teachers.settings import TeacherSettings

NAMES = ("LLAMA_E_TEACHER_URL", "LLAMA_E_TEACHER_MODEL", "LLAMA_E_TEACHER_KEY")


def test_everything_missing_or_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(TeacherError) as told:
        TeacherSettings.from_environment(
            Path("j.jsonl"), concurrency=0, timeout_s=0, temperature=-1, spend_ceiling=5.0
        )
    message = str(told.value)
    for part in (
        "set LLAMA_E_TEACHER_URL",
        "set LLAMA_E_TEACHER_MODEL",
        "concurrency is 0, and must be at least 1",
        "timeout_s is 0, and must be above 0",
        "temperature is -1, and must be 0 or more",
        "spend_ceiling needs price_prompt and price_completion",
    ):
        assert part in message
    assert "\n" not in message


def test_the_environment_gives_server_model_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(NAMES, (" http://localhost:8000/v1 ", "tiny", "sk-1"), strict=True):
        monkeypatch.setenv(name, value)
    settings = TeacherSettings.from_environment(Path("j.jsonl"), max_attempts=2)
    assert (settings.url, settings.model, settings.key) == (
        "http://localhost:8000/v1",
        "tiny",
        "sk-1",
    )
    assert settings.max_attempts == 2
    assert "sk-1" not in repr(settings)


def test_a_local_server_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAMES[0], "http://localhost:8000/v1")
    monkeypatch.setenv(NAMES[1], "tiny")
    monkeypatch.delenv(NAMES[2], raising=False)
    assert TeacherSettings.from_environment(Path("j.jsonl")).key == ""


def test_an_address_without_a_scheme_is_refused() -> None:
    with pytest.raises(TeacherError, match="must start with http"):
        TeacherSettings("localhost:8000/v1", "tiny", Path("j.jsonl"))
