"""The journal: what it keeps, what it survives, what it refuses."""

from __future__ import annotations

import errno
import io
import json
from pathlib import Path

import pytest

from finetune.errors import TeacherError
from finetune.teachers.journal import open_journal
from finetune.teachers.prompts import Answer, Question
from finetune.teachers.spending import Spent
from tests.finetune.teachers.jobs import title_job

COST = Spent(100, 20, 0.0003)


def question(number: int, model: str = "tiny") -> Question:
    return Question.of(title_job(number), model)


def fill(path: Path, count: int) -> None:
    with open_journal(path) as journal:
        for number in range(count):
            asked = question(number)
            journal.add_call(asked.job.id, asked.digest, COST, Answer(f"I{number}", "é"))


def test_answers_and_spend_come_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "journal.jsonl"
    fill(path, 3)
    with open_journal(path) as journal:
        assert journal.answer(question(2)) == Answer("I2", "é")
        assert journal.spent == COST + COST + COST
        assert journal.answer(question(3)) is None
        assert journal.answer(question(2, "large")) is None


def test_a_call_without_an_answer_counts_but_answers_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with open_journal(path) as journal:
        journal.add_call("t0", question(0).digest, COST, None, fault="no JSON answer")
    with open_journal(path) as journal:
        assert journal.answer(question(0)) is None
        assert journal.spent == COST


@pytest.mark.parametrize("end", ["done", "lost"])
def test_a_batch_is_open_until_it_is_done_or_lost(tmp_path: Path, end: str) -> None:
    path = tmp_path / "journal.jsonl"
    with open_journal(path) as journal:
        journal.add_batch("uploaded", file="f", jobs={"t0": "digest"})
        journal.add_batch("created", batch="b")
    with open_journal(path) as journal:
        assert journal.open_batch and journal.open_batch["batch"] == "b"
        journal.add_batch(end, file="f")
        assert journal.open_batch is None
    with open_journal(path) as journal:
        assert journal.open_batch is None


def test_a_line_is_in_the_file_when_add_returns(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with open_journal(path) as journal:
        journal.add_call("t0", "digest", COST, Answer("I", "R"))
        assert json.loads(path.read_bytes().splitlines()[-1])["job"] == "t0"


@pytest.mark.parametrize("left", [1, 20, 1000])
def test_a_torn_last_line_is_cut_off(tmp_path: Path, left: int) -> None:
    path = tmp_path / "journal.jsonl"
    fill(path, 3)
    whole = path.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    path.write_bytes(whole[: len(whole) - len(last)] + last[: min(left, len(last) - 1)])
    fill_again = question(3)
    with open_journal(path) as journal:
        assert journal.answer(question(2)) is None
        journal.add_call(fill_again.job.id, fill_again.digest, COST, Answer("I3", "R"))
    with open_journal(path) as journal:
        assert journal.answer(question(1)) == Answer("I1", "é")
        assert journal.answer(fill_again) == Answer("I3", "R")


def test_a_header_torn_by_a_kill_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'{"kind": "jour')
    fill(path, 1)
    with open_journal(path) as journal:
        assert journal.answer(question(0))


@pytest.mark.parametrize("content", ['{"id": "ads-01"}\n', "{}", '{"kind": "call"}\n'])
def test_another_file_is_refused_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "seeds.jsonl"
    path.write_text(content)
    with pytest.raises(TeacherError, match="is no journal"), open_journal(path):
        pass
    assert path.read_text() == content


def test_damage_in_the_middle_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    fill(path, 3)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b"\0\0\0\n", *lines[2:]]))
    with pytest.raises(TeacherError, match="Line 3 of the journal"), open_journal(path):
        pass


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with (
        open_journal(path),
        pytest.raises(TeacherError, match="Another run is writing the journal"),
        open_journal(path),
    ):
        pass
    with open_journal(path):
        pass


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.jsonl"

    class Full(io.FileIO):
        full = False

        def write(self, line: bytes) -> int:  # type: ignore[override]
            if not Full.full:
                return super().write(line)
            super().write(line[:10])
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", opener(Full))
    with open_journal(path) as journal:
        journal.add_call("t0", question(0).digest, COST, Answer("I0", "R"))
        Full.full = True
        with pytest.raises(TeacherError, match="disk is full"):
            journal.add_call("t1", question(1).digest, COST, Answer("I1", "R"))
        Full.full = False
        journal.add_call("t2", question(2).digest, COST, Answer("I2", "R"))
    with open_journal(path) as journal:
        assert journal.answer(question(0))
        assert journal.answer(question(1)) is None
        assert journal.answer(question(2))


def opener(kind: type[io.FileIO]):
    """`Path.open` with another class of file for unbuffered ones."""
    real = Path.open

    def open_path(self: Path, mode: str = "r", buffering: int = -1, **others: object):
        if buffering == 0:
            return kind(self, mode.replace("b", ""))
        return real(self, mode, buffering, **others)

    return open_path


def test_no_directory_to_write_in_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(TeacherError, match="Choose a directory"),
        open_journal(tmp_path / "file" / "journal.jsonl"),
    ):
        pass
