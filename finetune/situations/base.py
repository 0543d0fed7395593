"""What situating a seed gives: the inputs of a new pair, and the right answer where they decide it.

A module of this package makes situations for one task; this one knows none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Situation:
    """The inputs of one new pair.

    `inputs` is an input line of the task without its instruction, plain JSON values. `answer` is
    the label for classification and intent, the right text for titles and answers, "" for ads.
    """

    inputs: Mapping[str, Any] = field(hash=False)
    answer: str = ""
