"""A teacher behind the Batch API: a file of jobs goes up, and within a day its answers come down.

It shares settings, prompts and journal with `openai_server`, so that either goes on where the
other stopped. What was uploaded and created is journalled before anything is waited for: a run
that was killed finds its batch again instead of paying for another. A batch or a file of it that
the server no longer has is given up, said so, and what it did not answer is asked again. Knows no
catalog.
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

from catalog_index.console import log
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
_LOST = "batch: lost"


class OpenAIBatchTeacher(OpenAITeacher):
    """Asks by batches of `settings.batch_size` jobs; see `OpenAITeacher`.

    Jobs that a batch left without an answer go into the next; a run asks none of them more than
    `settings.max_attempts` times.
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
                tries.update(question.job.id for question in chosen)
            for job_id, fault in post.collect(waiting).items():
                question = waiting[job_id]
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
        jobs: dict[str, str] = record["jobs"]
        asked = [
            waiting[job_id]
            for job_id, digest in jobs.items()
            if job_id in waiting and waiting[job_id].digest == digest
        ]
        batch_id = record.get("batch") or self._begin(record["file"])
        batch = self._wait_for(batch_id) if batch_id else None
        if batch is None:
            if batch_id:
                self._lose(f"the batch {batch_id}", batch_id, asked)
            self.journal.add_batch("lost", file=record["file"])
            return {question.job.id: _LOST for question in asked}
        faults = {question.job.id: "no result" for question in asked}
        refusal: TeacherError | None = None
        lost = ""
        for file in filter(None, (batch.output_file_id, batch.error_file_id)):
            lines = self._sought(partial(self._download, file))
            lost = lost if lines is not None else f"the file {file} of the batch {batch.id}"
            for line in lines or ():
                job_id = line.get("custom_id")
                if job_id not in jobs:
                    continue
                status, fault = self._take_in(line, batch.id, jobs, waiting)
                if job_id in faults:
                    faults[job_id] = fault
                if 400 <= status < 500 and status not in WORTH_ANOTHER_TRY:
                    refusal = refusal or refused(self.settings, status, fault)
        if lost:
            left = [question for question in asked if faults[question.job.id] == "no result"]
            self._lose(lost, batch.id, left)
            faults |= {question.job.id: _LOST for question in left}
        self.journal.add_batch("done", batch=batch.id)
        if refusal or batch.status in {"failed", "cancelled"}:
            raise refusal or self._dropped(batch)
        return faults

    def _begin(self, file: str) -> str | None:
        """Have an uploaded file worked on; return the batch's id, None where the file is lost."""
        batch_id = self._sought(lambda: self._create(file))
        if batch_id is None:
            self._tell_lost(f"the file {file}")
        else:
            self.journal.add_batch("created", batch=batch_id)
        return batch_id

    def _line(self, question: Question) -> str:
        body = request_body(self.settings, question.messages)
        where = {"method": "POST", "url": "/v1/chat/completions"}
        return json.dumps({"custom_id": question.job.id, **where, "body": body})

    def _create(self, file: str) -> str | None:
        """Create the batch of an uploaded file, or find the one that a lost call created.

        Returns:
            Its id; None where the server no longer has the file.
        """
        from openai import NotFoundError

        for batch in self._newest():
            if batch.input_file_id == file:
                return batch.id
        try:
            return self.server.client.batches.create(
                completion_window="24h", endpoint="/v1/chat/completions", input_file_id=file
            ).id
        except NotFoundError:
            return None

    def _wait_for(self, batch_id: str) -> Batch | None:
        """Look at a batch every `poll_s` seconds until it has ended; None where it is lost."""
        while True:
            batch = self._sought(lambda: self._look(batch_id))
            if batch is None or batch.status in _ENDED:
                return batch
            self.clock.sleep(self.settings.poll_s, threading.Event())

    def _look(self, batch_id: str) -> Batch | None:
        """Return a batch as it is now; None where the server does not know it.

        An address where nothing knows of batches answers 404 too, but lists none either: that is
        no reason to forget a batch that was paid for.
        """
        from openai import NotFoundError

        try:
            batch = self.server.client.batches.retrieve(batch_id)
        except NotFoundError:
            return next((one for one in self._newest() if one.id == batch_id), None)
        if not hasattr(batch, "status"):  # a proxy's page comes as text
            raise CallFailed("not JSON", str(batch)[:100])
        return batch

    def _newest(self) -> list[Batch]:
        """Return the batches that the server made last."""
        page = self.server.client.batches.list(limit=100)
        if not hasattr(page, "data"):
            raise CallFailed("not JSON", str(page)[:100])
        return page.data

    def _download(self, file: str) -> list[dict[str, Any]] | None:
        """Return the lines of a result; None where the server no longer has it."""
        from openai import NotFoundError

        try:
            text = self.server.client.files.content(file).text
        except NotFoundError:
            return None
        return [json.loads(line) for line in text.split("\n") if line.strip()]

    def _sought(self, look: Callable[[], T | None]) -> T | None:
        """Look for something, and `poll_s` seconds later again where it is not there.

        What was made a moment ago is not everywhere at a large server yet.
        """
        found = self._steadily(look)
        if found is None:
            self.clock.sleep(self.settings.poll_s, threading.Event())
            found = self._steadily(look)
        return found

    def _lose(self, what: str, batch_id: str, questions: Iterable[Question]) -> None:
        """Give up what the server no longer has; count what it may have cost, for the ceilings."""
        self._tell_lost(what)
        for question in questions:
            if not self.journal.read_from_batch(batch_id, question.job.id):
                cost = self.budget.lost(question.messages)
                self.journal.add_call(
                    question.job.id, question.digest, cost, None, fault=_LOST, batch=batch_id
                )
                self.budget.count(cost)

    def _tell_lost(self, what: str) -> None:
        log(
            f"The server at {self.settings.url} no longer has {what}, or not for this key; what"
            " was left without an answer is asked again."
        )

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
