"""Scores of one text against another, as the tasks share them.

ROUGE-L is Lin (2004): F1 of the longest common subsequence of words.
"""

from __future__ import annotations

import re
from collections import Counter

_WORD = re.compile(r"[a-z0-9]+(?:[.,]\d+)*")


def words(text: str) -> list[str]:
    """Return a text's words and numbers, lower case."""
    return _WORD.findall(text.lower())


def rouge_l(candidate: str, reference: str) -> float:
    """Return ROUGE-L F1 in [0, 1]; 0 where either side has no word."""
    ours, theirs = words(candidate), words(reference)
    if not ours or not theirs:
        return 0.0
    row = [0] * (len(theirs) + 1)
    for word in ours:
        diagonal = 0
        for column, other in enumerate(theirs, start=1):
            above = row[column]
            row[column] = diagonal + 1 if word == other else max(above, row[column - 1])
            diagonal = above
    common = row[-1]
    if not common:
        return 0.0
    precision, recall = common / len(ours), common / len(theirs)
    return 2 * precision * recall / (precision + recall)


def word_f1(candidate: str, reference: str) -> float:
    """Return the F1 of the two bags of words in [0, 1]."""
    ours, theirs = Counter(words(candidate)), Counter(words(reference))
    common = (ours & theirs).total()
    if not common:
        return 0.0
    precision, recall = common / ours.total(), common / theirs.total()
    return 2 * precision * recall / (precision + recall)


def share(part: int, whole: int) -> float:
    """Return part / whole, 1 where there is nothing to have a share of."""
    return part / whole if whole else 1.0


def holds(text: str, word: str) -> bool:
    """Whether a text holds a word, a plural's s not counted."""
    return singular(word) in {singular(other) for other in words(text)}


def singular(word: str) -> str:
    """Return a word without its plural's s; short words ("bus", "gps") stay."""
    return word.removesuffix("s") if len(word) > 3 else word
