"""A teacher behind the Batch API: a file of jobs goes up, and within a day its answers come down.

It shares settings, prompts and journal with `openai_server`, so that either goes on where the
other stopped. What was uploaded and created is journalled before anything is waited for: a run
that was killed finds its batch again instead of paying for another. Knows no catalog.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from finetune.errors import TeacherError
from finetune.pair import Pair
from finetune.teachers.base import Job
from finetune.teachers.journal import Journal
from finetune.teachers.openai_client import (
    WORTH_ANOTHER_TRY,
    CallFailed,
    ChatServer,
    refused,
    request_body,
    wait_after,
)
from finetune.teachers.openai_server import OpenAITeacher
from finetune.teachers.pacing import Clock
from finetune.teachers.prompts import Question
from finetune.teachers.replies import read_body
from finetune.teachers.settings import TeacherSettings
from finetune.teachers.spending import Budget, Spent

if TYPE_CHECKING:
    from openai.types import Batch

T = TypeVar("T")
_ENDED = {"completed", "failed", "expired", "cancelled"}


class OpenAIBatchTeacher(OpenAITeacher):
    """Asks by batches of `settings.batch_size` jobs; see `OpenAITeacher`.

    Jobs that a batch left without an answer go into the next, `settings.max_attempts` times.
    """

    def _pairs(self, jobs: Iterable[Job], journal: Journal, server: ChatServer) -> Iterator[Pair]:
        waiting: dict[str, Question] = {}
        for job in jobs:
            question = Question.of(job, self.settings.model)
            if answer := journal.answer(question):
                self._tally.count("resumed")
                yield question.pair(answer, self.name)
            else:
                waiting[job.id] = question
        post = _Post(self.settings, journal, server, self._budget, self._clock, self._chance)
        tries: Counter[str] = Counter()
        while waiting or journal.open_batch:
            if journal.open_batch is None:
                chosen = self._affordable(waiting.values())
                post.upload(chosen)
                self._tally.count("asked", len(chosen))
            for job_id, fault in post.collect(waiting).items():
                question = waiting[job_id]
                tries[job_id] += 1
                if answer := journal.answer(question):
                    self._tally.count("answered")
                    del waiting[job_id]
                    yield question.pair(answer, self.name)
                elif tries[job_id] < self.settings.max_attempts:
                    self._tally.retry(fault)
                else:
                    self._tally.give_up(fault)
                    del waiting[job_id]

    def _affordable(self, questions: Iterable[Question]) -> list[Question]:
        """Return as many questions as one batch and the ceiling hold.

        Raises:
            TeacherError: the ceiling holds none.
        """
        chosen: list[Question] = []
        total = Spent()
        for question in questions:
            total += self._budget.most(question.messages)
            if len(chosen) == self.settings.batch_size or not self._budget.fits(total):
                break
            chosen.append(question)
        if not chosen:
            raise self._budget.exhausted(total)
        return chosen


@dataclass(frozen=True)
class _Post:
    """Sends one batch at a time and takes in what comes back."""

    settings: TeacherSettings
    journal: Journal
    server: ChatServer
    budget: Budget
    clock: Clock
    chance: random.Random

    def upload(self, questions: list[Question]) -> None:
        """Upload a batch's input file; `collect` has it worked on."""
        content = "".join(f"{self._line(question)}\n" for question in questions).encode()
        files = self.server.client.files
        file = self._steadily(
            lambda: files.create(file=("jobs.jsonl", content), purpose="batch").id
        )
        jobs = {question.job.id: question.digest for question in questions}
        self.journal.add_batch("uploaded", file=file, jobs=jobs)

    def collect(self, waiting: Mapping[str, Question]) -> dict[str, str]:
        """Wait for the open batch and take in its result.

        Returns:
            Each job of `waiting` that it asked, and why it brought no answer; "" where it did.

        Raises:
            TeacherError: the server failed, refused or dropped the batch; see the message.
        """
        record = self.journal.open_batch or {}
        if "batch" not in record:
            created = self._steadily(lambda: self._create(record["file"]))
            self.journal.add_batch("created", batch=created)
            record = self.journal.open_batch or {}
        batch = self._wait_for(record["batch"])
        faults = {
            job_id: "no result"
            for job_id, digest in record["jobs"].items()
            if job_id in waiting and waiting[job_id].digest == digest
        }
        refusal: TeacherError | None = None
        for file in (batch.output_file_id, batch.error_file_id):
            for line in self._steadily(partial(self._download, file)) if file else ():
                job_id = line.get("custom_id")
                if job_id not in record["jobs"]:
                    continue
                status, fault = self._take_in(line, batch.id, record["jobs"], waiting)
                if job_id in faults:
                    faults[job_id] = fault
                if 400 <= status < 500 and status not in WORTH_ANOTHER_TRY:
                    refusal = refusal or refused(self.settings, status, fault)
        self.journal.add_batch("done", batch=batch.id)
        if refusal or batch.status in {"failed", "cancelled"}:
            raise refusal or self._dropped(batch)
        return faults

    def _line(self, question: Question) -> str:
        body = request_body(self.settings, question.messages)
        where = {"method": "POST", "url": "/v1/chat/completions"}
        return json.dumps({"custom_id": question.job.id, **where, "body": body})

    def _create(self, file: str) -> str:
        """Create the batch of an uploaded file, or find the one that a lost call created."""
        batches = self.server.client.batches
        for batch in batches.list(limit=100).data:
            if batch.input_file_id == file:
                return batch.id
        return batches.create(
            completion_window="24h", endpoint="/v1/chat/completions", input_file_id=file
        ).id

    def _wait_for(self, batch_id: str) -> Batch:
        """Look at a batch every `poll_s` seconds until it has ended."""
        while True:
            batch = self._steadily(lambda: self._look(batch_id))
            if batch.status in _ENDED:
                return batch
            self.clock.sleep(self.settings.poll_s, threading.Event())

    def _look(self, batch_id: str) -> Batch:
        batch = self.server.client.batches.retrieve(batch_id)
        if not hasattr(batch, "status"):  # a proxy's page comes as text
            raise CallFailed("not JSON", str(batch)[:100])
        return batch

    def _download(self, file: str) -> list[dict[str, Any]]:
        text = self.server.client.files.content(file).text
        return [json.loads(line) for line in text.split("\n") if line.strip()]

    def _take_in(
        self,
        line: Mapping[str, Any],
        batch_id: str,
        jobs: Mapping[str, str],
        waiting: Mapping[str, Question],
    ) -> tuple[int, str]:
        """Keep one line of a result; return its HTTP status and why it is no answer, "" if it is.

        A line that was kept before the process was killed is not counted twice.
        """
        job_id = str(line["custom_id"])
        response = line.get("response") or {}
        status, body = int(response.get("status_code") or 0), response.get("body")
        if status != 200:
            code, said = _error(line.get("error"), body)
            return status, said if 400 <= status < 500 else f"batch: {code or f'HTTP {status}'}"
        question = waiting.get(job_id)
        wanted = question is not None and question.digest == jobs[job_id]
        reply = read_body(body)
        answer, fault = reply.answer(question.job) if question and wanted else (None, "not wanted")
        if not self.journal.read_from_batch(batch_id, job_id):
            cost = self.budget.cost(reply.usage, question.messages if question else [], reply.text)
            digest = jobs[job_id]
            self.journal.add_call(job_id, digest, cost, answer, fault=fault, batch=batch_id)
            self.budget.count(cost)
        return status, fault

    def _dropped(self, batch: Batch) -> TeacherError:
        """Return the error for a batch that the server did not work through."""
        told = (batch.errors and batch.errors.data) or []
        why = "; ".join(f"{error.message} (line {error.line})" for error in told[:3])
        return TeacherError(
            f"The batch {batch.id} at {self.settings.url} {batch.status}: {why or 'no reason'}. "
            "Run again to send another; what it answered is kept."
        )

    def _steadily(self, action: Callable[[], T]) -> T:
        """Do something at the server, again where it fails.

        Raises:
            TeacherError: it failed `settings.max_attempts` times, or would fail again.
        """
        attempt = 1
        while True:
            try:
                return self.server.call(action)
            except CallFailed as failure:
                if attempt == self.settings.max_attempts:
                    raise TeacherError(
                        f"The teacher at {self.settings.url} cannot be reached: {failure}. Run "
                        f"again when it is back; {self.settings.journal} knows the open batch."
                    ) from failure
                seconds = wait_after(failure, attempt, self.settings, self.chance)
                self.clock.sleep(seconds, threading.Event())
                attempt += 1


def _error(*places: object) -> tuple[str, str]:
    """Return the code and the words of the first error object that one of the places holds."""
    for place in places:
        error = place.get("error", place) if isinstance(place, Mapping) else None
        if isinstance(error, Mapping):
            return str(error.get("code") or ""), str(error.get("message") or "")
    return "", ""
