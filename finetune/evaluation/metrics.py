"""Scores of texts and labels against references, as values and as sums that can be resampled.

A `Measure` keeps, for each pair, the few numbers whose sums decide the score, so that a corpus
score (BLEU, macro F1, perplexity) is resampled as exactly as a mean. Knows no model and no task.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.tasks.metrics import rouge_l as longest_common

Floats = NDArray[np.float64]
_ORDERS = 4
_ROUGE_BREAK = re.compile(r"[^a-z0-9]+")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")
_SPOKEN = re.compile(r"[A-Za-z0-9]+(?:['’-][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"[^aeiouy]e$|[^aeioutdy]ed$|[^aeioucsxzghy]es$")
_SOUNDING_END = re.compile(r"[^aeiouy]les?$")
_ENTITIES = (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"))
_SPLITS = (
    (re.compile(r"([\{-\~\[-\` -\&\(-\+\:-\@\/])"), r" \1 "),
    (re.compile(r"([^0-9])([\.,])"), r"\1 \2 "),
    (re.compile(r"([\.,])([^0-9])"), r" \1 \2"),
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),
)


class Measure(NamedTuple):
    """A score over pairs: `value` of the sums of `stats`."""

    name: str
    stats: Floats
    """(pairs, S): what each pair adds to the sums."""
    value: Callable[[Floats], Floats]
    """(..., S) sums -> (...) scores; NaN where there is nothing to score."""

    def score(self) -> float:
        """Return the score over all pairs."""
        return float(self.value(self.stats.sum(axis=0)))


def mean(name: str, values: Sequence[float]) -> Measure:
    """Measure the mean of one value a pair."""
    return ratio(name, values, [1.0] * len(values))


def ratio(name: str, parts: Sequence[float], wholes: Sequence[float]) -> Measure:
    """Measure the sum of the parts over the sum of the wholes; NaN where the latter is 0."""
    return Measure(name, _columns(parts, wholes), lambda s: _divide(s[..., 0], s[..., 1]))


def classification(
    references: Sequence[str], labels: Sequence[str | None]
) -> tuple[Measure, Measure, Measure, Measure]:
    """Measure accuracy and macro precision, recall and F1.

    The macro scores are means over the labels that occur in the references; a label that is never
    said has precision 0. A label of None (unparseable) is wrong.
    """
    classes = sorted(set(references))
    wanted = np.array([[one == name for name in classes] for one in references], dtype=float)
    said = np.array([[one == name for name in classes] for one in labels], dtype=float)
    stats = np.concatenate([wanted * said, said, wanted], axis=1)

    def parts(sums: Floats) -> tuple[Floats, Floats, Floats]:
        right, told, held = np.split(sums, 3, axis=-1)
        return right, told, held

    def accuracy(sums: Floats) -> Floats:
        right, _, held = parts(sums)
        return _divide(right.sum(-1), held.sum(-1))

    def precision(sums: Floats) -> Floats:
        right, told, held = parts(sums)
        return _macro(right / np.maximum(told, 1), held)

    def recall(sums: Floats) -> Floats:
        right, _, held = parts(sums)
        return _macro(right / np.maximum(held, 1), held)

    def f1(sums: Floats) -> Floats:
        right, told, held = parts(sums)
        return _macro(2 * right / np.maximum(told + held, 1), held)

    return (
        Measure("accuracy", stats, accuracy),
        Measure("macro_precision", stats, precision),
        Measure("macro_recall", stats, recall),
        Measure("macro_f1", stats, f1),
    )


def bleu(texts: Sequence[str], references: Sequence[str]) -> Measure:
    """Measure corpus BLEU-4 in [0, 1] (Papineni et al. 2002), as sacrebleu computes it.

    Tokens are those of mteval-v13a; an order without a match gets the smoothing "exp" (Chen and
    Cherry 2014, method 3). https://github.com/mjpost/sacrebleu
    """
    stats = np.array([_bleu_counts(*both) for both in zip(texts, references, strict=True)])
    return Measure("bleu", stats.astype(float).reshape(len(texts), 2 * _ORDERS + 2), _bleu)


def bleu_tokens(text: str) -> list[str]:
    """Split a text as mteval-v13a does, case kept."""
    text = text.replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    text = f" {text} "
    for pattern, spaced in _SPLITS:
        text = pattern.sub(spaced, text)
    return text.split()


def rouge_n(text: str, reference: str, size: int) -> float:
    """Return ROUGE-N F1 in [0, 1] (Lin 2004), words as the package rouge-score has them."""
    ours, theirs = (_runs(_rouge_words(one), size) for one in (text, reference))
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()) if common else 0.0


def rouge_l(text: str, reference: str) -> float:
    """Return ROUGE-L F1 in [0, 1], words as in `rouge_n`."""
    return longest_common(" ".join(_rouge_words(text)), " ".join(_rouge_words(reference)))


def perplexity(nats: Sequence[float], tokens: Sequence[int]) -> Measure:
    """Measure exp(mean negative log-likelihood of a token).

    Args:
        nats: each reference's log-likelihood as a whole, at most 0.
        tokens: of each reference, the end token included.
    """
    stats = _columns([-value for value in nats], tokens)
    return Measure("perplexity", stats, lambda s: np.exp(_divide(s[..., 0], s[..., 1])))


def bits_per_byte(nats: Sequence[float], texts: Sequence[str]) -> Measure:
    """Measure the bits that a byte of the references costs: comparable between tokenizers."""
    bits = [-value / math.log(2) for value in nats]
    return ratio("bits_per_byte", bits, [len(text.encode()) for text in texts])


def flesch(text: str) -> float:
    """Return the Flesch reading ease (1948): 206.835 - 1.015 words/sentence - 84.6 syllables/word.

    0 where there is no word. Higher reads easier; plain English is 60 to 70. Syllables are those
    of `syllables`.
    """
    said = _SPOKEN.findall(text)
    if not said:
        return 0.0
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    spoken = sum(map(syllables, said))
    return 206.835 - 1.015 * len(said) / sentences - 84.6 * spoken / len(said)


def syllables(word: str) -> int:
    """Count a word's syllables: its groups of vowels, a silent e, es or ed at the end left out.

    The e of "-le" and "-les" sounds after a consonant (ta-ble), as do "-ed" after t or d (want-ed)
    and "-es" after a hiss (box-es). A number counts one. At least 1.
    """
    folded = re.sub(r"[^a-z]", "", word.lower())
    count = len(_VOWELS.findall(folded))
    is_silent = _SILENT_END.search(folded) and not _SOUNDING_END.search(folded)
    return max(1, count - bool(is_silent))


def refusals(
    refused: Sequence[bool], unanswerable: Sequence[bool]
) -> tuple[Measure, Measure, Measure]:
    """Measure precision, recall and F1 of refusing to answer what has no answer."""
    both = [float(one and other) for one, other in zip(refused, unanswerable, strict=True)]
    said, held = [float(one) for one in refused], [float(one) for one in unanswerable]
    total = [one + other for one, other in zip(said, held, strict=True)]
    return (
        ratio("refusal_precision", both, said),
        ratio("refusal_recall", both, held),
        ratio("refusal_f1", [2 * one for one in both], total),
    )


def _bleu_counts(text: str, reference: str) -> list[int]:
    """Return the matches of each order, their totals, and both lengths."""
    ours, theirs = bleu_tokens(text), bleu_tokens(reference)
    matches, totals = [], []
    for size in range(1, _ORDERS + 1):
        said = _runs(ours, size)
        matches.append((said & _runs(theirs, size)).total())
        totals.append(said.total())
    return [*matches, *totals, len(ours), len(theirs)]


def _bleu(sums: Floats) -> Floats:
    matches, totals = sums[..., :_ORDERS], sums[..., _ORDERS : 2 * _ORDERS]
    ours, theirs = sums[..., -2], sums[..., -1]
    missed = (matches == 0) & (totals > 0)
    halved = np.where(missed, 0.5 ** np.cumsum(missed, axis=-1), matches)
    precisions = np.where(totals > 0, halved / np.maximum(totals, 1), 0.0)
    is_whole = (totals > 0).all(-1) & (matches > 0).any(-1)
    logs = np.log(np.where(precisions > 0, precisions, 1.0)).mean(-1)
    brevity = np.minimum(0.0, 1 - theirs / np.maximum(ours, 1))
    return np.where(is_whole, np.exp(logs + brevity), 0.0)


def _rouge_words(text: str) -> list[str]:
    return _ROUGE_BREAK.sub(" ", text.lower()).split()


def _runs(tokens: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(tokens[start:] for start in range(size)), strict=False))


def _macro(scores: Floats, held: Floats) -> Floats:
    occurs = held > 0
    return _divide((scores * occurs).sum(-1), occurs.sum(-1).astype(float))


def _divide(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)


def _columns(*columns: Sequence[float]) -> Floats:
    return np.array(columns, dtype=float).reshape(len(columns), -1).T
