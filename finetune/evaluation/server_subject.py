"""A model behind an OpenAI-compatible server as a subject: the task's messages in, text out.

Labels are written and parsed, since such servers tell no likelihood of a given text. Calls that
fail in passing are made again, as the teacher's are.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from assistant.tasks import TASKS
from assistant.writing import task_check
from finetune.errors import EvaluationError
from finetune.evaluation.subjects import Written, judged
from finetune.pair import Pair
from finetune.teachers.openai_client import CallFailed, ChatServer, connect, wait_after
from finetune.teachers.pacing import Clock
from finetune.teachers.replies import BROKEN_BODIES, Reply
from finetune.teachers.settings import KEY, URL, TeacherSettings


class ServerSubject:
    """A served model; see the module's text."""

    def __init__(
        self, name: str, settings: TeacherSettings, clock: Clock | None = None, *, checked: bool
    ) -> None:
        """Take where and how to ask.

        Args:
            name: shown in the report.
            settings: `max_tokens` is set by each task; the journal is not used.
            clock: a test's own.
            checked: judge the output that would be served; False judges the draft.
        """
        self.name = name
        self._settings, self._clock, self._checked = settings, clock or Clock(), checked
        self._stop = threading.Event()

    @classmethod
    def from_environment(cls, name: str, model: str, *, checked: bool = False) -> ServerSubject:
        """Take the server's address and key from where the teacher's stand.

        Raises:
            TeacherError: no server is given.
        """
        url, key = (os.environ.get(variable, "").strip() for variable in (URL, KEY))
        settings = TeacherSettings(url, model, Path("outputs"), key, temperature=0.0)
        return cls(name, settings, checked=checked)

    def answer(self, pairs: Sequence[Pair]) -> Iterator[Written]:
        """Yield the answers as they come, several calls in flight at once.

        Raises:
            TeacherError: the server refuses.
            EvaluationError: it fails again and again.
        """
        pool = ThreadPoolExecutor(self._settings.concurrency)
        try:
            calls = [pool.submit(self._write, pair) for pair in pairs]
            for call in as_completed(calls):
                yield call.result()
        finally:
            self._stop.set()
            pool.shutdown(cancel_futures=True)
            self._stop.clear()

    def log_likelihood(self, pair: Pair) -> None:
        """Return None: a chat server does not tell it."""

    def _write(self, pair: Pair) -> Written:
        task, inputs = TASKS[pair.task], pair.read()
        start = time.perf_counter()
        if (settled := task.settled(inputs)) is not None:
            return judged(pair, settled, settled.text, 0.0)
        settings = replace(self._settings, max_tokens=task.settings.max_new_tokens)
        with connect(settings, self._clock) as server:
            reply = self._ask(server, settings, pair)
        seconds = time.perf_counter() - start
        raw = reply.text if reply.fault in ("", "too long") else ""
        draft = task.parse(raw, inputs)
        if self._checked and raw:
            draft = task_check(task, inputs, draft)[0]
        count = (reply.usage or {}).get("completion_tokens")
        return judged(pair, draft, raw, seconds, count if isinstance(count, int) else None)

    def _ask(self, server: ChatServer, settings: TeacherSettings, pair: Pair) -> Reply:
        chance = random.Random(pair.id)
        reason = ""
        for attempt in range(1, settings.max_attempts + 1):
            try:
                reply = server.ask(pair.prompt().messages())
                if reply.fault not in BROKEN_BODIES:
                    return reply
                raise CallFailed(reply.fault)
            except CallFailed as failure:
                reason = str(failure)
                if attempt < settings.max_attempts and not self._stop.is_set():
                    self._clock.sleep(wait_after(failure, attempt, settings, chance), self._stop)
        raise EvaluationError(
            f"{self.name} did not answer {pair.id} in {settings.max_attempts} tries ({reason}); "
            "run again later: what it answered is kept."
        )
