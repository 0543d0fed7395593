"""The expert seeds: reads a directory of them, and checks each and the set as a whole.

A seed is a pair that an expert wrote, with an instruction of its own that joins features of at
least two of the paper's objects (arXiv 2308.04913, section 3). Knows no expansion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import as_file, files
from itertools import combinations
from pathlib import Path

from assistant.tasks import TASKS
from assistant.tasks.metrics import rouge_l, words
from finetune.checks import FAULTS, faults
from finetune.errors import DatasetError
from finetune.pair import Pair, read_pairs

PER_TASK = 60
"""How many seeds a task has."""
MOST_ALIKE = 0.7
"""ROUGE-L above which two instructions count as one (Self-Instruct, arXiv 2212.10560)."""
LEAST_UNANSWERABLE = 20
"""Seeds whose question the evidence does not answer."""


def load_seeds(directory: Path | None = None) -> list[Pair]:
    """Read every seed file of a directory, in the order of their names.

    Args:
        directory: holds *.jsonl; None for the shipped seeds.

    Raises:
        DatasetError: there is no seed file, or a line of one is no pair.
    """
    if directory is None:
        with as_file(files("finetune") / "seeds") as shipped:
            return load_seeds(shipped)
    paths = sorted(directory.glob("*.jsonl"))
    if not paths:
        raise DatasetError(
            f"{directory} holds no seed files (*.jsonl); data.seeds must name the directory of"
            " some, or be left out for the shipped ones."
        )
    read = (pair for path in paths for pair in read_pairs(path))
    return [replace(pair, source=pair.source or "expert") for pair in read]


def check_seeds(pairs: Sequence[Pair]) -> list[str]:
    """Return what is wrong with a set of seeds, a line a fault; none: []."""
    return [*_single(pairs), *_counts(pairs), *_alike(pairs)]


def _single(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs:
        for code in faults(pair, interleaved=True):
            yield f"{pair.id}: {code}: {FAULTS[code]}"
        if not pair.instruction:
            yield f"{pair.id}: has no instruction of its own"


def _counts(pairs: Sequence[Pair]) -> Iterator[str]:
    for identity, count in Counter(pair.id for pair in pairs).items():
        if count > 1:
            yield f"{identity}: the id stands {count} times"
    held = Counter(pair.task for pair in pairs)
    for task in TASKS:
        if held[task] != PER_TASK:
            yield f"{task}: {held[task]} seeds, not {PER_TASK}"
    silent = sum(pair.unanswerable for pair in pairs)
    if silent < LEAST_UNANSWERABLE:
        yield f"answer: {silent} unanswerable seeds, fewer than {LEAST_UNANSWERABLE}"


def _alike(pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield the pairs of instructions that say the same in nearly the same words."""
    bags = [Counter(words(pair.instruction)) for pair in pairs]
    for (one, ours), (other, theirs) in combinations(zip(pairs, bags, strict=True), 2):
        # ROUGE-L is at most the F1 of the bags, which is far quicker to say.
        total = ours.total() + theirs.total()
        if not total or 2 * (ours & theirs).total() / total <= MOST_ALIKE:
            continue
        alike = rouge_l(one.instruction, other.instruction)
        if alike > MOST_ALIKE:
            yield f"{one.id}, {other.id}: their instructions are alike (ROUGE-L {alike:.2f})"
