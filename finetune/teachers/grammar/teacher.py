"""`GrammarTeacher`: a `base.Teacher` that asks nobody.

Titles and answers come with the job, decided by its record; ads are written by `ads`; labels stay
as they are. Half of the pairs keep the task's own instruction, which is what users' turns are
sent with most.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from finetune.pair import Pair
from finetune.teachers.base import Job
from finetune.teachers.grammar.ads import write_ad
from finetune.teachers.grammar.paraphrase import paraphrase
from retrieval.stems import stems

_COMMON = stems(
    "id title brand product type price sale availability quantity condition description attributes"
    " review reviews question query size colour material weight stock label category"
)
"""Words that name features of any product."""


@cache
def is_general(seed: Pair) -> bool:
    """Whether a seed's instruction says nothing of its own product, so that it fits any record."""
    told = seed.inputs.get("product") or seed.inputs.get("evidence")
    named = stems(" ".join((_text(told), _text(seed.inputs.get("labels")), _text(_asked(seed)))))
    return bool(seed.instruction) and not (stems(seed.instruction) & named) - _COMMON


def _asked(seed: Pair) -> Any:
    return seed.inputs.get("query") or seed.inputs.get("question")


def _text(value: Any) -> str:
    """Return every word of a JSON value, keys included."""
    if isinstance(value, Mapping):
        return " ".join(f"{key} {_text(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return " ".join(map(_text, value))
    return "" if value is None else str(value)


class GrammarTeacher:
    """Expands jobs by rule; the same seed and job give the same pair.

    Args:
        seed: of every choice.
        own_words: share of pairs whose instruction is the seed's, rewritten; the others have the
            task's own.
    """

    name = "grammar"

    def __init__(self, seed: int, own_words: float = 0.5) -> None:
        self._seed = seed
        self._own_words = own_words

    def expand(self, jobs: Iterable[Job]) -> Iterator[Pair]:
        """Yield one pair a job; see `base.Teacher`."""
        for job in jobs:
            chance = random.Random(f"{self._seed} {job.id}")
            output = job.answer or write_ad(job.inputs, chance)
            if not output:
                continue
            if chance.random() < self._own_words and is_general(job.seed):
                yield job.pair(paraphrase(job.seed.instruction, chance), output, self.name)
            else:
                task = job.seed.task
                yield Pair(job.id, task, dict(job.inputs), output, self.name, job.seed.id)
