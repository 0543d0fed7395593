"""What is judged: a subject answers pairs, and what it wrote is kept with what can be said of it.

`EngineSubject` goes the way of the serving path: task, engine, parse, check. Any causal language
model of transformers is one too, by the engine's plain forward (`Engine.load` by name). Knows no
reference output but to say how likely a model finds it, and no metric.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from assistant.errors import PromptTooLongError
from assistant.grounding import check_ad, check_title
from assistant.model.engine import Engine
from assistant.model.prompt import disarm
from assistant.tasks import TASKS
from assistant.tasks.answer import abstains
from assistant.tasks.base import Task
from assistant.tasks.title import TitleInputs
from assistant.values import Claim, Draft
from assistant.writing import finish, task_check, write
from finetune.pair import Pair
from finetune.training.examples import encode_pair


@dataclass(frozen=True, slots=True)
class Written:
    """What a subject wrote for a pair."""

    id: str
    text: str
    """The output as its task parses it, or as served where the subject is checked."""
    label: str | None = None
    parseable: bool = True
    """Whether the model's text names a label; where text is wanted, whether it wrote any."""
    claims: int = 0
    """Checkable statements of the text."""
    failed: tuple[str, ...] = ()
    """Those that the pair's inputs do not support."""
    seconds: float = 0.0
    tokens: int | None = None
    """Of the output; None where they were not counted."""
    nats: float | None = None
    """Log-likelihood of the reference output; None where it was not asked for."""
    scored: int | None = None
    """Tokens that `nats` is the sum over."""

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object; see `from_json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Written:
        """Read what `to_json` wrote; other keys are left out."""
        known = {name: record[name] for name in cls.__slots__ if name in record}
        return cls(**known | {"failed": tuple(record.get("failed", ()))})


class Subject(Protocol):
    """A model, or a model and a way to use it."""

    name: str

    def answer(self, pairs: Sequence[Pair]) -> Iterator[Written]:
        """Yield what is written for each pair, in any order, each as soon as it is there."""
        ...

    def log_likelihood(self, pair: Pair) -> tuple[float, int] | None:
        """Return the reference output's log-likelihood in nats and its tokens; None: cannot."""
        ...


class EngineSubject:
    """A model in the assistant's engine, used as the assistant uses it."""

    def __init__(
        self,
        name: str,
        engine: Engine,
        tokenizer: Any = None,
        *,
        adapter: bool = True,
        checked: bool = False,
        free: bool = False,
    ) -> None:
        """Take a loaded model.

        Args:
            name: shown in the report.
            engine: the model.
            tokenizer: the engine's; without one there are no likelihoods.
            adapter: False leaves the adapter out.
            checked: judge the output that is served, mended where the draft failed the check;
                False judges the draft.
            free: let labels be written and parsed; False chooses the likeliest, as served.
        """
        self.name = name
        self._engine, self._tokenizer, self._adapter = engine, tokenizer, adapter
        self._checked, self._free = checked, free

    @classmethod
    def load(
        cls,
        name: str,
        base_model: str | None = None,
        adapter: str | None = None,
        *,
        prompt_format: str | None = None,
        fast: bool | None = None,
        **options: bool,
    ) -> EngineSubject:
        """Load a model.

        Args:
            name: shown in the report.
            base_model: as `Engine.load` takes it, as are `adapter` and `prompt_format`.
            adapter: its directory.
            prompt_format: "chat" or "alpaca".
            fast: False for exact arithmetic; None as served.
            **options: `checked` and `free`.

        Raises:
            AssistantError: the model cannot be had.
        """
        from transformers import AutoTokenizer

        from assistant.model.base_model import resolve_base

        engine = Engine.load(base_model, adapter, prompt_format=prompt_format, fast=fast)
        tokenizer = AutoTokenizer.from_pretrained(str(resolve_base(base_model)))
        return cls(name, engine, tokenizer, **options)

    def answer(self, pairs: Sequence[Pair]) -> Iterator[Written]:
        """Yield what the model writes, pair by pair."""
        for pair in pairs:
            yield self._write(pair)

    def log_likelihood(self, pair: Pair) -> tuple[float, int] | None:
        """Score the reference output, its end included, as the model's whole answer."""
        if self._tokenizer is None:
            return None
        messages = pair.prompt().messages()
        output = disarm(self._tokenizer, pair.output)
        try:
            nats = self._engine.score_labels(messages, [output], adapter=self._adapter)[0]
        except PromptTooLongError:
            return None
        form = self._engine.describe().prompt_format
        return nats, len(encode_pair(self._tokenizer, pair, form).completion)

    def _write(self, pair: Pair) -> Written:
        task, inputs = TASKS[pair.task], pair.read()
        start, tokens = time.perf_counter(), None
        try:
            if self._free and task.labels(inputs):
                stream = self._engine.stream(
                    task.prompt(inputs).messages(), task.settings, adapter=self._adapter
                )
                raw = "".join(stream)
                tokens = stream.stats.new_tokens if stream.stats else None
                draft = task.parse(raw, inputs)
            else:
                raw, draft = self._served(task, inputs)
        except PromptTooLongError:
            raw, draft = "", Draft("")
        if self._checked and raw:
            draft = task_check(task, inputs, draft)[0]
        return judged(pair, draft, raw, time.perf_counter() - start, tokens)

    def _served(self, task: Task[Any], inputs: Any) -> tuple[str, Draft]:
        """Return the text that the model wrote and what the task made of it."""
        return finish(write(self._engine, task, inputs, adapter=self._adapter))


def judged(
    pair: Pair, draft: Draft, raw: str, seconds: float, tokens: int | None = None
) -> Written:
    """Return a draft with its claims checked.

    Args:
        pair: what it answers.
        draft: what the task parsed, or what is served.
        raw: the model's own text; a draft may stand in for an empty one.
        seconds: that it took.
        tokens: of the output, where known.
    """
    task, inputs = TASKS[pair.task], pair.read()
    is_label = bool(task.labels(inputs))
    claims = claims_of(task, inputs, draft.text)
    return Written(
        id=pair.id,
        text=draft.text,
        label=draft.label,
        parseable=draft.label is not None if is_label else bool(raw.strip()),
        claims=len(claims),
        failed=tuple(claim.text for claim in claims if claim.verdict != "supported"),
        seconds=round(seconds, 4),
        tokens=tokens,
    )


def parsed(pair: Pair, raw: str, seconds: float, tokens: int | None = None) -> Written:
    """Return what a model's own text comes to."""
    draft = TASKS[pair.task].parse(raw, pair.read())
    return judged(pair, draft, raw, seconds, tokens)


def claims_of(task: Task[Any], inputs: Any, text: str) -> list[Claim]:
    """Return the claims of a text as it stands; a label has none, nor has a refusal to answer."""
    if task.labels(inputs) or not text:
        return []
    if task.name == "answer":
        return [] if abstains(text) else task_check(task, inputs, Draft(text))[1]
    record = inputs.product.record
    sources = [(record.id, field, held) for field, held in task.source(inputs)]
    return (
        check_title(text, sources) if isinstance(inputs, TitleInputs) else check_ad(text, sources)
    )
