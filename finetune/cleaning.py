"""Cleaning: one pass over an expansion that keeps the sound pairs and counts why others go.

A pair goes for a fault of its own (`finetune.checks`), because its seed is not known or its
instruction drifted from its task's seeds, because it repeats a pair before it, or because it shares
what it is about with an evaluation pair. Of two that are alike the first is kept. Knows no files
and no budget.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.tasks.metrics import rouge_l
from catalog_index.embedding import Embedder
from finetune.checks import FAULTS, faults
from finetune.minhash import NearIndex, shingles, signature
from finetune.pair import Pair, batches
from finetune.teachers.base import FIXED_ANSWER

REASONS: Mapping[str, str] = {
    **FAULTS,
    "seed": "the seed that it was expanded from is not among the seeds",
    "drift": "its instruction is like no seed's of its task",
    "overlap": "it shares product, question or query and output with an evaluation pair",
    "duplicate": "it says nearly the same as a pair before it",
}
"""Reason code -> what it means."""

LEAST_COSINE = 0.35
"""Similarity of an instruction to the nearest seed instruction of its task, below which it drifted.

Measured with all-MiniLM-L6-v2 and the 300 seeds: 0.2% of 1,500 sound instructions of the grammar
teacher lie below it, 3% of 33 rewritings by hand, and 88% of ten refusals, remarks and strange
requests. Its own seed alone is no measure: a seed may be about tea, its rewriting about towels.
"""
MOST_ALIKE = 0.7
"""Jaccard similarity of the word 3-grams and ROUGE-L of question and output, at which a pair
repeats another; Self-Instruct (arXiv 2212.10560) takes ROUGE-L > 0.7 of the instructions alone."""
EXAMPLES = 3
"""How many rejected pairs are shown for each reason."""
_BATCH = 2048
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A pair that goes: why, and what helps to see it."""

    pair: Pair
    reasons: tuple[str, ...]
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return what a report shows of it."""
        shown = {"note": self.note} if self.note else {}
        return {**self.pair.to_json(), "reasons": list(self.reasons), **shown}


@dataclass(slots=True)
class Cleaned:
    """What a pass kept, and how many pairs went for which reason."""

    kept: list[Pair] = field(default_factory=list)
    read: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Pairs by (task, source)."""
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Pairs by (task, source); one pair may have several reasons."""
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Pairs by (task, source, reason)."""
    examples: dict[str, list[Rejected]] = field(default_factory=dict)
    """The first rejected pairs of each reason."""

    def reject(self, found: Rejected) -> None:
        """Count a pair that goes."""
        pair = found.pair
        self.rejected[pair.task, pair.source] += 1
        for reason in found.reasons:
            self.reasons[pair.task, pair.source, reason] += 1
            shown = self.examples.setdefault(reason, [])
            if len(shown) < EXAMPLES:
                shown.append(found)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {
            "read": self.read.total(),
            "kept": len(self.kept),
            "rejected": self.rejected.total(),
            "reasons": [
                {"task": task, "source": source, "reason": reason, "pairs": count}
                for (task, source, reason), count in sorted(self.reasons.items())
            ],
            "meaning": {name: REASONS[name] for name in self.examples},
            "examples": {
                name: [found.to_json() for found in shown] for name, shown in self.examples.items()
            },
        }


def clean(
    pairs: Iterable[Pair],
    *,
    seeds: Sequence[Pair],
    evaluation: Iterable[Pair] = (),
    embedder: Embedder | None = None,
    least_cosine: float = LEAST_COSINE,
    progress: Callable[[int], None] = lambda _: None,
) -> Cleaned:
    """Sort pairs into those to train on and those that go.

    Args:
        pairs: read once, in order.
        seeds: what the pairs with a `seed` were expanded from.
        evaluation: pairs of evaluation sets, of which none may be trained on.
        embedder: tells whether an instruction drifted; None skips that.
        least_cosine: similarity below which it did, in [-1, 1]; see `LEAST_COSINE`.
        progress: called with the number of pairs that were done.
    """
    cleaned = Cleaned()
    known = {seed.id: seed for seed in seeds}
    held_out = {key for pair in evaluation for key in _identities(pair)}
    drift = None if embedder is None else _Drift(embedder, seeds)
    repeats = _Repeats()
    for batch in batches(pairs, _BATCH):
        cleaned.read.update((pair.task, pair.source) for pair in batch)
        sound = list(_sound(batch, known, held_out, cleaned))
        cosines = [1.0] * len(sound) if drift is None else drift.cosines(sound)
        for pair, cosine in zip(sound, cosines, strict=True):
            if cosine < least_cosine:
                cleaned.reject(Rejected(pair, ("drift",), f"cosine {cosine:.2f}"))
            elif (twin := repeats.twin(pair)) is not None:
                cleaned.reject(Rejected(pair, ("duplicate",), f"of {twin.id}"))
            else:
                cleaned.kept.append(pair)
        progress(len(batch))
    return cleaned


def _sound(
    pairs: Sequence[Pair], seeds: Mapping[str, Pair], held_out: set[str], cleaned: Cleaned
) -> Iterator[Pair]:
    """Yield the pairs that have no fault by themselves; the others are counted."""
    for pair in pairs:
        expanded = bool(pair.seed)
        reasons = faults(
            pair,
            seed=seeds.get(pair.seed),
            interleaved=expanded or pair.source == "expert",
        )
        if expanded and pair.seed not in seeds:
            reasons.append("seed")
        if not held_out.isdisjoint(_identities(pair)):
            reasons.append("overlap")
        if reasons:
            cleaned.reject(Rejected(pair, tuple(reasons)))
        else:
            yield pair


def _identities(pair: Pair) -> Iterator[str]:
    """Yield what tells what a pair is about; two pairs that share one are about the same."""
    asked, title = _asked(pair), _title(pair)
    if pair.task == "answer" and _folded(asked):
        yield f"question {_folded(asked)}"
    if _folded(title):
        yield f"product {_folded(title)}"
    yield f"{pair.task} {_folded(asked or title)} = {_folded(pair.output)}"


def _asked(pair: Pair) -> str:
    return str(pair.inputs.get("question") or pair.inputs.get("query") or "")


def _title(pair: Pair) -> str:
    product = pair.inputs.get("product", "")
    if isinstance(product, Mapping):
        return str(product.get("title") or product.get("name") or "")
    return str(product)


def _folded(text: str) -> str:
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


class _Drift:
    """How near a rewritten instruction is to its task's seeds; embeds a distinct text once."""

    def __init__(self, embedder: Embedder, seeds: Iterable[Pair]) -> None:
        self._embedder = embedder
        self._cosines: dict[tuple[str, str], float] = {}
        told: dict[str, list[str]] = {}
        for seed in seeds:
            if seed.instruction:
                told.setdefault(seed.task, []).append(seed.instruction)
        self._seeds = {task: embedder.encode(texts) for task, texts in told.items()}

    def cosines(self, pairs: Sequence[Pair]) -> list[float]:
        """Return a cosine for each pair, 1 where it is no rewriting of a seed."""
        keys = [self._key(pair) for pair in pairs]
        new = [key for key in dict.fromkeys(keys) if key and key not in self._cosines]
        if new:
            vectors = self._embedder.encode([text for _, text in new])
            for key, vector in zip(new, vectors, strict=True):
                self._cosines[key] = float((self._seeds[key[0]] @ vector).max())
        return [self._cosines[key] if key else 1.0 for key in keys]

    def _key(self, pair: Pair) -> tuple[str, str] | None:
        rewritten = pair.seed and pair.instruction and pair.task in self._seeds
        return (pair.task, pair.instruction) if rewritten else None


class _Repeats:
    """The pairs kept so far, and which of them a new one repeats."""

    def __init__(self) -> None:
        self._exact: dict[int, Pair] = {}
        self._near: dict[str, tuple[NearIndex, list[Pair]]] = {}

    def twin(self, pair: Pair) -> Pair | None:
        """Return a kept pair that the new one repeats, or None and keep the new one."""
        texts, items = list(_texts(pair.inputs)), pair.inputs.get("labels", ())
        exact = hash((pair.task, *map(_folded, texts), *items, _folded(pair.output)))
        if exact in self._exact:
            return self._exact[exact]
        index, kept = self._near.setdefault(pair.task, (NearIndex(), []))
        new = signature(shingles([*texts, pair.output], items))
        for number in index.near(new, MOST_ALIKE):
            if _same_point(pair, kept[number]):
                return kept[number]
        self._exact[exact] = pair
        index.add(new)
        kept.append(pair)
        return None


def _same_point(one: Pair, other: Pair) -> bool:
    """Whether two pairs of like material also ask and say the same.

    Two questions about one product, or two ads for it, are not each other's copies.
    """
    if one.task in FIXED_ANSWER and one.output != other.output:
        return False
    if _asked(one) and rouge_l(_asked(one), _asked(other)) <= MOST_ALIKE:
        return False
    said, before = (f"{_title(pair)} {pair.output}" for pair in (one, other))
    return rouge_l(said, before) > MOST_ALIKE


def _texts(value: Any, name: str = "") -> Iterator[str]:
    """Yield the texts of inputs without labels and ids; "name: value" of what is no text."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key not in ("labels", "id"):
                yield from _texts(item, str(key))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, name)
    else:
        yield value if isinstance(value, str) else f"{name}: {value}"
