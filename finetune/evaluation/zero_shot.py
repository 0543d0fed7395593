"""Pairs of tasks and of product types that training never saw, written for this project.

Unseen tasks put on the format of one of the five: review sentiment, bullet points, question
writing, summing up an FAQ, polite replies, attribute extraction. Unseen types: the five tasks on
accordions, cellos, looms and the like, which neither the demo shop nor the seeds hold.
"""

from __future__ import annotations

from importlib.resources import as_file, files

from finetune.pair import Pair, read_pairs

SOURCE = "zero-shot"
"""`source` of every such pair; `seed` names its unseen task."""
_TYPES = "unseen-types"


def zero_shot_sets() -> dict[str, list[Pair]]:
    """Return the two sets by name: unseen tasks, and the five tasks on unseen product types."""
    with as_file(files("finetune.evaluation") / "zero_shot.jsonl") as path:
        pairs = list(read_pairs(path))
    return {
        "zero-shot-tasks": [pair for pair in pairs if not pair.seed.startswith(_TYPES)],
        "zero-shot-types": [pair for pair in pairs if pair.seed.startswith(_TYPES)],
    }
