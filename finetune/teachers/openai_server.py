"""A teacher behind any OpenAI-compatible server: calls side by side, each answer kept at once.

What it costs to be cut off is bounded: an answer is in the journal before its pair is yielded, so
a run that was killed, or stopped by its ceiling or its server, goes on from there and asks nothing
twice but the calls that were in flight. Knows no catalog and judges no response.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from finetune.errors import TeacherError
from finetune.pair import Pair
from finetune.teachers.base import Job
from finetune.teachers.journal import Journal, open_journal
from finetune.teachers.openai_client import CallFailed, ChatServer, connect, wait_after
from finetune.teachers.pacing import Clock, Limiter
from finetune.teachers.prompts import Answer, Question
from finetune.teachers.replies import BROKEN_BODIES
from finetune.teachers.report import Tally, TeacherReport
from finetune.teachers.settings import TeacherSettings
from finetune.teachers.spending import Budget, Spent

_FEWEST_LOST = 3
"""Jobs in a row that the server must lose, at least, before it counts as gone."""


class OpenAITeacher:
    """Asks a chat server, `settings.concurrency` calls at a time; see `base.Teacher`.

    Args:
        settings: where, how fast and for how much.
        clock: the time that limits and waits go by.
        chance: of the jitter.
    """

    def __init__(
        self,
        settings: TeacherSettings,
        *,
        clock: Clock | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self.settings = settings
        self.name = f"openai:{settings.model}"
        self._clock = clock or Clock()
        self._chance = chance or random.Random()
        self._tally = Tally()
        self._budget = Budget(settings, Spent())
        self._spent_before = Spent()

    def report(self) -> TeacherReport:
        """Return what was asked and spent up to now."""
        return self._tally.report(self._budget.spent, self._spent_before)

    def expand(self, jobs: Iterable[Job]) -> Iterator[Pair]:
        """Yield a pair for each job that was answered, in this run or an earlier one.

        Where it ends early, calls in flight are waited for and kept.

        Raises:
            TeacherError: a ceiling is reached, the server refuses or is gone, or the journal
                cannot be used.
        """
        settings, clock = self.settings, self._clock
        with open_journal(settings.journal) as journal, connect(settings, clock) as server:
            self._spent_before = journal.spent
            self._budget = Budget(settings, journal.spent)
            yield from self._pairs(jobs, journal, server)

    def _pairs(self, jobs: Iterable[Job], journal: Journal, server: ChatServer) -> Iterator[Pair]:
        settings = self.settings
        yield from _Run(
            source=self.name,
            settings=settings,
            journal=journal,
            server=server,
            budget=self._budget,
            limiter=Limiter(self._clock, settings.requests_per_minute, settings.tokens_per_minute),
            tally=self._tally,
            clock=self._clock,
            chance=self._chance,
        ).pairs(jobs)


class _Unusable(Exception):  # noqa: N818
    """The server did its part, but the model wrote no answer to the job."""


@dataclass
class _Run:
    """One pass over jobs: what its threads share."""

    source: str
    settings: TeacherSettings
    journal: Journal
    server: ChatServer
    budget: Budget
    limiter: Limiter
    tally: Tally
    clock: Clock
    chance: random.Random
    stop: threading.Event = field(default_factory=threading.Event)
    lost_in_a_row: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def pairs(self, jobs: Iterable[Job]) -> Iterator[Pair]:
        """Yield pairs as they are done; see `OpenAITeacher.expand`."""
        todo = self._from_journal_or_asked(jobs)
        failure: TeacherError | None = None
        asked: set[Future[Pair | None]] = set()
        with ThreadPoolExecutor(self.settings.concurrency) as pool:
            try:
                while True:
                    while failure is None and len(asked) < 2 * self.settings.concurrency:
                        known = next(todo, None)
                        if isinstance(known, Pair):
                            yield known
                        elif known is not None:
                            asked.add(pool.submit(self._expand_one, known))
                        else:
                            break
                    if not asked:
                        break
                    done, asked = wait(asked, return_when=FIRST_COMPLETED)
                    for future in done:
                        try:
                            pair = future.result()
                        except TeacherError as error:
                            failure = failure or error
                        else:
                            if pair is not None:
                                yield pair
            finally:
                self.stop.set()
        if failure is not None:
            raise failure

    def _from_journal_or_asked(self, jobs: Iterable[Job]) -> Iterator[Pair | Question]:
        """Yield the pair of each job that the journal answers, the question of each other."""
        for job in jobs:
            question = Question.of(job, self.settings.model)
            answer = self.journal.answer(question)
            if answer is None:
                yield question
            else:
                self.tally.count("resumed")
                yield question.pair(answer, self.source)

    def _expand_one(self, question: Question) -> Pair | None:
        """Ask until there is an answer; None where there is none, or the run is being ended."""
        try:
            return self._ask_until_answered(question)
        except TeacherError:
            self.stop.set()  # here, so that no thread goes on to a next job
            raise

    def _ask_until_answered(self, question: Question) -> Pair | None:
        for attempt in range(1, self.settings.max_attempts + 1):
            last = attempt == self.settings.max_attempts
            try:
                answer = self._ask(question)
            except CallFailed as failure:
                if self.stop.is_set():
                    return None
                if last:
                    self._lose(failure)
                else:
                    self.tally.retry(failure.reason)
                    self._wait(failure, attempt)
            except _Unusable as unusable:
                if self.stop.is_set():
                    return None
                (self.tally.give_up if last else self.tally.retry)(str(unusable))
            else:
                if answer is None:
                    return None
                self.tally.count("answered")
                return question.pair(answer, self.source)
        return None

    def _ask(self, question: Question) -> Answer | None:
        """Make one call, count it and keep what it brought; None where the run is being ended.

        Raises:
            CallFailed: the server failed.
            _Unusable: the model did.
        """
        messages = question.messages
        self.limiter.take(self.budget.lost(messages).tokens, self.stop)
        most = self.budget.most(messages)
        if self.stop.is_set():
            return None
        self.budget.reserve(most)
        cost = Spent()
        try:
            if self.stop.is_set():  # ended while it waited for room
                return None
            self.tally.count("asked")
            try:
                reply = self.server.ask(messages)
            except CallFailed as failure:
                if failure.billed:
                    cost = self.budget.lost(messages)
                    self._keep(question, cost, None, failure.reason)
                raise
            cost = self.budget.cost(reply.usage, messages, reply.text)
            answer, fault = reply.answer(question.job)
            self._keep(question, cost, answer, fault)
        finally:
            self.budget.settle(most, cost)
        if fault in BROKEN_BODIES:
            raise CallFailed(fault, reply.text[:100])
        with self.guard:
            self.lost_in_a_row = 0
        if answer is None:
            raise _Unusable(fault)
        return answer

    def _keep(self, question: Question, cost: Spent, answer: Answer | None, fault: str) -> None:
        self.journal.add_call(question.job.id, question.digest, cost, answer, fault=fault)

    def _lose(self, failure: CallFailed) -> None:
        """Give up a job that the server did not serve.

        Raises:
            TeacherError: so many were lost on end that the server must be gone.
        """
        self.tally.give_up(failure.reason)
        with self.guard:
            self.lost_in_a_row += 1
            lost = self.lost_in_a_row
        if lost >= max(_FEWEST_LOST, self.settings.concurrency):
            raise TeacherError(
                f"The teacher at {self.settings.url} cannot be reached: {lost} jobs "
                f"in a row were given up, the last for: {failure}. Run again when it is back; "
                f"answers in {self.settings.journal} are not asked for twice."
            )

    def _wait(self, failure: CallFailed, attempt: int) -> None:
        """Wait before the next call, all threads where the server asked for it."""
        seconds = wait_after(failure, attempt, self.settings, self.chance)
        if failure.retry_after is not None:
            self.limiter.hold(failure.retry_after)
        self.clock.sleep(seconds, self.stop)
