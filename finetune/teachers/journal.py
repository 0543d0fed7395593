"""The record of every call that a teacher server was paid for: append-only JSONL, one writer.

A line is written whole and handed to the operating system before its pair is yielded, so a killed
process loses no answer; lines are flushed to the disk itself in small groups. The last line of a
process or machine that died in mid-write is cut off when the file is opened. What a job was asked
is known here as a digest only, and no server is.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any

from catalog_index.durable import exclusive_lock, storage_errors
from catalog_index.errors import IndexLockedError, StorageError
from finetune.errors import TeacherError
from finetune.teachers.prompts import Answer, Question
from finetune.teachers.spending import Spent

_HEADER = json.dumps({"kind": "journal", "version": 1}).encode() + b"\n"
_GROUP = 16
"""Lines between two flushes to the disk; a power cut costs at most as many answers."""


class Journal:
    """Answers by job and digest, what they cost, and the batch that is open; see `open_journal`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.spent = Spent()
        """What the calls of this and earlier runs cost."""
        self.open_batch: dict[str, Any] | None = None
        """The record of the batch that was not read to its end, see `batch_api`."""
        self._answers: dict[tuple[str, str], Answer] = {}
        self._read_from_batch: set[tuple[str, str]] = set()
        self._guard = threading.Lock()
        self._size = _read(path, self)
        self._unflushed = 0
        with storage_errors(path):
            self._file = _positioned(path, self._size)
        if not self._size:
            self._append(_HEADER)

    def answer(self, question: Question) -> Answer | None:
        """Return the answer to a job that was asked in just these words."""
        return self._answers.get((question.job.id, question.digest))

    def add_call(
        self,
        job: str,
        digest: str,
        cost: Spent,
        answer: Answer | None,
        *,
        fault: str = "",
        batch: str = "",
    ) -> None:
        """Keep one call that was paid for.

        Args:
            job: the job's id.
            digest: of what was asked, `Question.digest`.
            cost: of this call.
            answer: what it brought; None where it was no use.
            fault: why it was no use.
            batch: id of the batch that it came in.

        Raises:
            TeacherError: the disk is full or refuses.
        """
        record: dict[str, Any] = {"kind": "call", "job": job, "digest": digest}
        if answer is not None:
            record |= {"instruction": answer.instruction, "response": answer.response}
        record |= {"fault": fault} if fault else {}
        record |= {"batch": batch} if batch else {}
        self._keep(record | cost.to_json())

    def add_batch(self, stage: str, **record: Any) -> None:
        """Keep what happened to a batch: "uploaded", "created", then "done" or "lost"."""
        self._keep({"kind": "batch", "stage": stage, **record})

    def read_from_batch(self, batch: str, job: str) -> bool:
        """Whether a job's line of a batch's result is in here already."""
        return (batch, job) in self._read_from_batch

    def close(self) -> None:
        """Flush to disk."""
        with self._guard, suppress(OSError):
            os.fsync(self._file.fileno())
        self._file.close()

    def load(self, record: Mapping[str, Any]) -> None:
        """Take in one record, written before or now."""
        if record["kind"] == "call":
            job = record["job"]
            self.spent += Spent.from_json(record)
            if "instruction" in record:
                answer = Answer(record["instruction"], record["response"])
                self._answers[job, record["digest"]] = answer
            if "batch" in record:
                self._read_from_batch.add((record["batch"], job))
        elif record["kind"] == "batch":
            before = {} if record["stage"] == "uploaded" else self.open_batch or {}
            is_over = record["stage"] in ("done", "lost")
            self.open_batch = None if is_over else {**before, **record}

    def _keep(self, record: Mapping[str, Any]) -> None:
        with self._guard:
            self._append(json.dumps(record).encode() + b"\n")
            self.load(record)

    def _append(self, line: bytes) -> None:
        try:
            with storage_errors(self.path):
                try:
                    if self._file.write(line) != len(line):
                        raise OSError(0, "only part of a line could be written")
                    self._unflushed += 1
                    if self._unflushed >= _GROUP:
                        os.fsync(self._file.fileno())
                        self._unflushed = 0
                except OSError:
                    # another thread's line must not be joined to half of this one
                    with suppress(OSError):
                        self._file.truncate(self._size)
                    raise
        except StorageError as error:
            raise TeacherError(str(error)) from error
        self._size += len(line)


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """Open or start the journal at `path` as its only writer.

    Raises:
        TeacherError: another run holds it, it is no journal or a damaged one, or the disk refuses.
    """
    with ExitStack() as held:
        try:
            with storage_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
            held.enter_context(exclusive_lock(path.with_name(f".{path.name}.lock")))
            journal = Journal(path)
        except IndexLockedError as error:
            raise TeacherError(
                f"Another run is writing the journal {path}; wait for it, or give this one another."
            ) from error
        except StorageError as error:
            raise TeacherError(str(error)) from error
        held.callback(journal.close)
        yield journal


def _positioned(path: Path, size: int) -> FileIO:
    """Open a file for appending after its first `size` bytes, the rest cut off.

    Unbuffered, so that a line is one write and belongs to the system once it returns.
    """
    file = path.open("ab", buffering=0)
    file.truncate(size)
    return file


def _read(path: Path, journal: Journal) -> int:
    """Load the whole lines of a journal; return how many bytes they take."""
    size = 0
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if number == 1 and not _HEADER.startswith(line):
                    raise TeacherError(
                        f"{path} is no journal of this program's; give the journal another path."
                    )
                if not line.endswith(b"\n"):
                    break  # only a write that was cut short leaves such a line, and only at the end
                try:
                    journal.load(json.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    raise TeacherError(
                        f"Line {number} of the journal {path} is damaged; remove that line, and "
                        "its job alone is asked again."
                    ) from error
                size += len(line)
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise TeacherError(f"The journal {path} cannot be read: {error}.") from error
    return size
