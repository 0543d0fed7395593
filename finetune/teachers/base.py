"""What a teacher is: jobs in, rewritten pairs out.

The paper's rule: for classification and purchase intent the teacher rewrites the instruction only
and the answer stays the job's; elsewhere it also writes the response.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from finetune.pair import Pair

FIXED_ANSWER = frozenset({"classify", "intent"})
"""Tasks whose answer the teacher may not touch."""


@dataclass(frozen=True, slots=True)
class Job:
    """One pair wanted: a seed's instruction, said anew, over these inputs.

    `inputs` are the new pair's input line without its instruction: the seed's own, or those of a
    catalog record. `answer` is the right answer where the inputs decide it; always given for the
    tasks in `FIXED_ANSWER`.
    """

    id: str
    seed: Pair
    inputs: Mapping[str, Any] = field(hash=False)
    answer: str = ""

    @property
    def writes_response(self) -> bool:
        """Whether the teacher writes the response as well."""
        return self.seed.task not in FIXED_ANSWER

    def pair(self, instruction: str, output: str, source: str) -> Pair:
        """Return the finished pair."""
        inputs = {**self.inputs, "instruction": instruction}
        return Pair(self.id, self.seed.task, inputs, output, source, self.seed.id)


class Teacher(Protocol):
    """Expands jobs to pairs."""

    name: str
    """As the pairs' `source` gives it: "grammar", "openai:MODEL"."""

    def expand(self, jobs: Iterable[Job]) -> Iterator[Pair]:
        """Yield a pair for each job that could be done, in no certain order.

        Raises:
            TeacherError: the teacher cannot go on; what it yielded before stands.
        """
        ...
