"""`llama-e finetune train`: a recipe -> encoded pairs -> the loop -> an adapter on disk.

Reads the base model through the assistant's own loading, and answers its samples through the
assistant's own engine and tasks, so that what is read during training is what users will get.
"""

from __future__ import annotations

import hashlib
import math
import os
import random
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from assistant.model.device import DeviceChoice, choose_device
from assistant.model.engine import Engine
from assistant.model.loading import LoadedModel, load_model
from assistant.model.prompt import choose_format
from assistant.tasks import TASKS
from assistant.writing import finish, write
from catalog_index.durable import replace_file, sha256_of
from finetune.errors import RecipeError, TrainingError
from finetune.pair import Pair, read_pairs
from finetune.recipe import Recipe, Training
from finetune.training import attention, sharding
from finetune.training.adapter import WEIGHTS, load_into, save_adapter
from finetune.training.examples import encode_pairs
from finetune.training.loop import Loop, Outcome
from finetune.training.model import CompletionLoss, attach_lora
from finetune.training.runlog import plot_log

_MOST_VALIDATION = 400
_COPIES_TRAINED, _COPIES_READ = 3.0, 1.2
"""How many times its own size the base takes: with activations and gradients, or only read."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished run: where its adapter lies, and what it came to."""

    adapter: Path
    outcome: Outcome


def train(recipe: Recipe, say: Callable[[str], None], *, restart: bool = False) -> Trained:
    """Train a recipe's adapter; goes on from the newest checkpoint.

    Raises:
        RecipeError, DatasetError, TrainingError: see their own words.
        AssistantError: the base model cannot be had.
    """
    settings = recipe.training
    if settings is None:
        raise RecipeError(f"The recipe {recipe.name} has no training part; add training.pairs.")
    torch.manual_seed(settings.seed)
    pairs, validation = split_pairs(settings)
    sharded = sharding.asked_for()
    choice = _choice(settings, sharded)
    beside = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    copies = _COPIES_READ * beside if sharded else _COPIES_TRAINED
    loaded = load_model(recipe.base_model, None, choice, copies)
    tokenizer = loaded.tokenizer
    form = choose_format(tokenizer, recipe.prompt_format)
    longest = min(settings.batch.max_tokens, loaded.model.config.max_position_embeddings)
    encoded = encode_pairs(tokenizer, pairs, form, longest)
    judged = encode_pairs(tokenizer, validation, form, longest).examples if validation else []
    rounds = spread(encoded.pairs, settings)
    say(
        f"{len(encoded.examples):,} pairs, {encoded.tokens:,} tokens; "
        f"{len(encoded.too_long)} longer than {longest} tokens are left out."
    )
    lora = settings.lora
    if settings.gradient_checkpointing:
        loaded.model.gradient_checkpointing_enable({"use_reentrant": False})
    tuned = attach_lora(
        loaded.model,
        lora.targets,
        rank=lora.rank,
        alpha=lora.alpha,
        dropout=lora.dropout,
        seed=settings.seed,
    )
    if settings.adapter is not None:
        load_into(tuned, settings.adapter)
    model = CompletionLoss(tuned)
    begun = "" if settings.adapter is None else sha256_of(settings.adapter / WEIGHTS)
    digest = _digest(pairs, validation, loaded.base_name, form, begun)
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
    loop = Loop(
        model,
        encoded.examples,
        judged,
        rounds=rounds,
        settings=settings,
        pad=pad,
        digest=digest,
        say=say,
    )
    watched = random.Random(settings.seed).sample(
        validation, min(settings.samples, len(validation))
    )

    def sample(step: int) -> None:
        if watched:
            engine_of = LoadedModel(tuned, tokenizer, loaded.base_name, "in training")
            with attention.answering(tuned.get_base_model()):
                text = show_samples(Engine(engine_of, choice, form), watched, step)
            keep_samples(settings.out / "samples.md", text, step)
        plot_log(settings.out)

    outcome = loop.run(sample, restart)
    adapter = settings.out / "adapter"
    if loop.is_main:
        save_adapter(tuned, adapter, recipe.base_model)
        plot_log(settings.out)
    loop.leave()
    return Trained(adapter, outcome)


def split_pairs(settings: Training) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs to train on and those to watch the loss on.

    Raises:
        DatasetError: a file cannot be used.
        TrainingError: nothing is left to train on.
    """
    pairs = list(read_pairs(settings.pairs))
    if settings.validation is not None:
        validation = list(read_pairs(settings.validation))
        held = {pair.id for pair in validation}
        pairs = [pair for pair in pairs if pair.id not in held]
    else:
        # By id and not by seed: what one run holds out, the next run on such pairs does too.
        order = sorted(pairs, key=lambda pair: zlib.crc32(pair.id.encode()))
        validation = order[: round(len(pairs) * settings.validation_share)]
        held = {pair.id for pair in validation}
        pairs = [pair for pair in pairs if pair.id not in held]
    if not pairs:
        raise TrainingError(
            f"No pair of {settings.pairs} is left to train on once validation has its part."
        )
    random.Random(settings.seed).shuffle(validation)
    return pairs, validation[:_MOST_VALIDATION]


def spread(pairs: Sequence[Pair], settings: Training) -> list[list[int]]:
    """Return the rounds of an epoch: numbers of pairs, each as often as the recipe's `repeats` say.

    A pair that is repeated stands in rounds drawn at random, at most once in each.

    Raises:
        TrainingError: `repeats` names what no pair is from, or leaves nothing.
    """
    held = {name for pair in pairs for name in (pair.source, f"{pair.task}/{pair.source}")}
    if strangers := sorted(set(settings.repeats) - held):
        raise TrainingError(
            f"training.repeats names {', '.join(strangers)}, and no pair of {settings.pairs} is"
            f" from there; its parts are: {', '.join(sorted(held))}."
        )
    chance = random.Random(settings.seed)
    most = max(1, math.ceil(max(settings.repeats.values(), default=1.0)))
    rounds: list[list[int]] = [[] for _ in range(most)]
    for number, pair in enumerate(pairs):
        often = settings.repeats.get(pair.source, 1.0)
        often = settings.repeats.get(f"{pair.task}/{pair.source}", often)
        for chosen in chance.sample(rounds, math.floor(often + chance.random())):
            chosen.append(number)
    if not any(rounds):
        raise TrainingError("training.repeats leaves no pair to train on; raise some of them.")
    return [chosen for chosen in rounds if chosen]


def show_samples(engine: Engine, pairs: Sequence[Pair], step: int) -> str:
    """Answer pairs and write outputs beside what was wanted, as Markdown."""
    parts = [f"## Step {step}\n\n"]
    for pair in pairs:
        task, inputs = TASKS[pair.task], pair.read()
        _, draft = finish(write(engine, task, inputs))
        parts.append(f"**{pair.id}**\n\n- wanted: {pair.output}\n- written: {draft.text}\n\n")
    return "".join(parts)


def keep_samples(path: Path, text: str, step: int) -> None:
    """Add a step's samples to a file; those of later steps are of a run that was left, and go."""
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    parts = re.split(r"^(?=## Step \d+$)", old, flags=re.M)
    kept = [part for part in parts if part and int(part.split(maxsplit=3)[2]) < step]
    replace_file(path, ("".join(kept) + text).encode())


def _choice(settings: Training, sharded: bool) -> DeviceChoice:
    """Choose where to load the base: in ordinary memory if it is spread, else on this card."""
    dtype = None if settings.precision == "auto" else settings.precision
    best = choose_device(dtype=dtype)
    if sharded:
        return replace(best, device="cpu", reason="read there, then spread over the processes")
    card = os.environ.get("LOCAL_RANK")
    return replace(best, device=f"cuda:{card}") if best.device == "cuda" and card else best


def _digest(pairs: Sequence[Pair], validation: Sequence[Pair], *rest: str) -> str:
    digest = hashlib.sha256()
    for pair in (*pairs, *validation):
        about = (pair.id, pair.task, pair.source, dict(pair.inputs), pair.output)
        digest.update(repr(about).encode())
    for text in rest:
        digest.update(text.encode())
    return digest.hexdigest()
