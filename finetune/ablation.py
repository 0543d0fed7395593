"""Ablations: what the paper leaves open, answered by small runs that differ in one thing.

Every variant trains from a fresh adapter for the same number of steps of the same size on the
same machine, and is judged on the same validation pairs. The size is part of the result: a small
run tells an order, not a figure. Knows no plotting.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from catalog_index.durable import replace_file
from finetune.errors import FinetuneError, RecipeError
from finetune.pair import Pair, write_pairs
from finetune.recipe import Recipe, Training
from finetune.training.run import split_pairs, train

STUDIES = ("rank", "objects", "expansion")
_RANKS = (8, 16, 32)
_CHARACTERS_A_TOKEN = 8
_OPTIONAL = ("context", "audience", "occasion", "tone", "platform", "max_characters")


@dataclass(frozen=True, slots=True)
class Variant:
    """One run of a study."""

    study: str
    name: str
    pairs: int
    steps: int
    tokens: int
    loss: float
    validation_loss: float


def run_study(
    recipe: Recipe,
    study: str,
    out: Path,
    say: Callable[[str], None],
    *,
    steps: int,
    seeds: Sequence[Pair] = (),
) -> list[Variant]:
    """Run every variant of a study and write `STUDY.json` and `STUDY.md` to `out`.

    Args:
        recipe: gives base model, pairs and settings; `training.pairs` holds the expanded pairs.
        study: "rank" (8, 16, 32), "objects" (interleaved against single-object inputs) or
            "expansion" (seeds alone against seeds and expansion).
        out: where runs and tables are kept; runs that are done are not done again.
        say: tells the user.
        steps: of every variant.
        seeds: the expert pairs, for "expansion".

    Raises:
        RecipeError: the recipe has no training part, or the study is unknown.
        DatasetError, TrainingError: see training.
    """
    settings = recipe.training
    if settings is None:
        raise RecipeError(f"The recipe {recipe.name} has no training part; add training.pairs.")
    if study not in STUDIES:
        raise RecipeError(f"There is no study {study!r}; there are: {', '.join(STUDIES)}.")
    train_on, validation = split_pairs(settings)
    watched = out / "validation.jsonl"
    write_pairs(watched, validation)
    done = []
    for name, chosen, changes in _variants(study, train_on, seeds, settings):
        home = out / f"{study}-{name}-{steps}"
        data = home / "pairs.jsonl"
        write_pairs(data, chosen)
        update: dict[str, Any] = {
            "pairs": data,
            "validation": watched,
            "out": home,
            "steps": steps,
            # Few pairs are seen again and again: as many epochs as the steps take.
            "epochs": _enough_epochs(chosen, settings, steps),
            "evaluate_every": steps,
            "checkpoint_every": max(1, steps // 2),
            "samples": 0,
            # A variant may hold nothing of what the recipe repeats.
            "repeats": {},
            **changes,
        }
        say(f"{study}: {name}, {len(chosen):,} pairs")
        variant = recipe.model_copy(update={"training": settings.model_copy(update=update)})
        outcome = train(variant, say).outcome
        if outcome.validation_loss is None:
            raise FinetuneError("An ablation needs validation pairs; raise validation_share.")
        done.append(
            Variant(
                study,
                name,
                len(chosen),
                outcome.steps,
                outcome.tokens,
                round(outcome.loss, 4),
                round(outcome.validation_loss, 4),
            )
        )
        _write(out, study, done)
    return done


def single_object(pair: Pair) -> Pair:
    """Return a pair without the features of all objects but the one its task cannot do without.

    Optional features go; a query is emptied, so that only the seller's record is left.
    """
    inputs = {key: value for key, value in pair.inputs.items() if key not in _OPTIONAL}
    inputs.pop("instruction", None)
    if "query" in inputs:
        inputs["query"] = ""
    return Pair(pair.id, pair.task, inputs, pair.output, pair.source, pair.seed)


def table(variants: Sequence[Variant]) -> str:
    """Write variants as a Markdown table."""
    lines = ["| study | variant | pairs | steps | tokens | training loss | validation loss |"]
    lines.append("| --- | --- | --- | --- | --- | --- | --- |")
    for one in variants:
        cells = (one.study, one.name, f"{one.pairs:,}", str(one.steps), f"{one.tokens:,}")
        lines.append(f"| {' | '.join(cells)} | {one.loss:.3f} | {one.validation_loss:.3f} |")
    return "\n".join(lines) + "\n"


def _enough_epochs(pairs: Sequence[Pair], settings: Training, steps: int) -> float:
    """Return more epochs than the steps take, by a low guess of the pairs' tokens."""
    wanted = steps * settings.batch.tokens * settings.batch.rows
    characters = sum(len(str(pair.inputs)) + len(pair.output) for pair in pairs)
    return max(settings.epochs, 1 + wanted / max(1, characters // _CHARACTERS_A_TOKEN))


def _variants(
    study: str, pairs: Sequence[Pair], seeds: Sequence[Pair], settings: Training
) -> list[tuple[str, Sequence[Pair], Mapping[str, Any]]]:
    if study == "rank":
        return [
            (
                str(rank),
                pairs,
                {"lora": settings.lora.model_copy(update={"rank": rank, "alpha": 2 * rank})},
            )
            for rank in _RANKS
        ]
    if study == "objects":
        return [
            ("interleaved", pairs, {}),
            ("single-object", [single_object(pair) for pair in pairs], {}),
        ]
    known = {pair.id for pair in pairs}
    both = [*pairs, *(pair for pair in seeds if pair.id not in known)]
    return [("seeds-only", list(seeds), {}), ("expanded", both, {})]


def _write(out: Path, study: str, variants: Sequence[Variant]) -> None:
    figures = json.dumps([asdict(variant) for variant in variants], indent=2, allow_nan=False)
    replace_file(out / f"{study}.json", f"{figures}\n".encode())
    replace_file(out / f"{study}.md", table(variants).encode())
