"""`GrammarTeacher`: a `base.Teacher` that asks nobody.

Titles and answers come with the job, decided by its record; ads are written by `ads`; labels stay
as they are. Half of the pairs keep the task's own instruction, which is what users' turns are
sent with most; the others have the seed's, said anew, or one that names the features of the new
inputs where the seed's is bound to its own product.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from finetune.pair import Pair
from finetune.teachers.base import Job
from finetune.teachers.grammar.ads import write_ad
from finetune.teachers.grammar.briefs import brief
from finetune.teachers.grammar.paraphrase import paraphrase
from finetune.teachers.grammar.transfer import transfers

_FIXED = re.compile(r"\d|[\"“”]")
"""Numbers and quotations, which an instruction may not lose."""


class GrammarTeacher:
    """Expands jobs by rule; the same seed and job give the same pair.

    Args:
        seed: of every choice.
        own_words: share of pairs with an instruction of their own; the others have the task's.
    """

    name = "grammar"

    def __init__(self, seed: int, own_words: float = 0.5) -> None:
        self._seed = seed
        self._own_words = own_words

    def expand(self, jobs: Iterable[Job]) -> Iterator[Pair]:
        """Yield a pair for each job whose product has a name to write of; see `base.Teacher`."""
        for job in jobs:
            chance = random.Random(f"{self._seed} {job.id}")
            output = job.answer or write_ad(job.inputs, chance)
            if output:
                yield self._pair(job, output, chance)

    def _pair(self, job: Job, output: str, chance: random.Random) -> Pair:
        """Return the pair, with the seed's instruction said anew where it is wanted and fits.

        A pair that joins no two of the paper's objects (a product alone) does not name its seed:
        it is no expansion of it, only an example of the task.
        """
        seed = job.seed
        pair = Pair(job.id, seed.task, dict(job.inputs), output, self.name, seed.id)
        if len(pair.objects()) < 2:
            return replace(pair, seed="")
        if chance.random() >= self._own_words or not seed.instruction:
            return pair
        if transfers(seed, job.inputs):
            said = seed.instruction
        elif _FIXED.search(seed.instruction):
            return pair
        else:
            said = brief(seed.task, job.inputs, chance)
        return job.pair(paraphrase(said, chance), output, self.name)
