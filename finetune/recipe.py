"""A recipe: one YAML file that says how an adapter is made, from seeds to report.

Every fault of a file is reported together, each with its key. Paths in a recipe are relative to
the recipe's directory unless absolute. Knows no library that trains.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from assistant.tasks import TASKS
from finetune.errors import RecipeError

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lora(_Part):
    """The adapter's shape (arXiv 2106.09685)."""

    rank: Annotated[int, Field(ge=1, le=1024)] = 8
    alpha: Annotated[int, Field(ge=1)] = 16
    """The update is scaled by alpha / rank."""
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    targets: Annotated[tuple[str, ...], Field(min_length=1)] = (
        "q_proj",
        "k_proj",
        "v_proj",
        "o_proj",
    )
    """Names of the linear layers that are adapted; the paper's are the attention's four."""


class Optimizer(_Part):
    """AdamW with a linear warm-up and a cosine decay."""

    learning_rate: Annotated[float, Field(gt=0, le=1)] = 3e-4
    final_share: Share = 0.1
    """The learning rate's last value, as a share of its highest."""
    warmup: Share = 0.03
    """Share of the steps over which the learning rate rises."""
    decay_steps: Count | None = None
    """Steps of the whole schedule, for a run that ends before it; None: the run's own."""
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    clip: Annotated[float, Field(gt=0)] = 1.0
    """Largest norm of the gradient."""


class Batch(_Part):
    """How many tokens go through the model at once."""

    tokens: Count = 4096
    """Most tokens of one packed row: one forward and backward pass."""
    rows: Count = 1
    """Rows of one optimizer step, over all processes together."""
    max_tokens: Count = 1024
    """Longest pair; longer ones are left out and counted."""

    @model_validator(mode="after")
    def _fits(self) -> Batch:
        if self.max_tokens > self.tokens:
            raise ValueError(
                f"max_tokens ({self.max_tokens}) is more than tokens ({self.tokens}): the longest "
                "pair must fit a row"
            )
        return self


class Training(_Part):
    """`llama-e finetune train`."""

    pairs: Path
    """The pairs to train on, JSONL."""
    validation: Path | None = None
    """Pairs whose loss is watched; None keeps `validation_share` of the training pairs."""
    validation_share: Share = 0.02
    out: Path
    """Where run and adapter are kept."""
    adapter: Path | None = None
    """An adapter to go on from, of the same shape; None begins with a fresh one."""
    lora: Lora = Lora()
    optimizer: Optimizer = Optimizer()
    batch: Batch = Batch()
    repeats: dict[str, Annotated[float, Field(ge=0, le=100)]] = Field(default_factory=dict)
    """How often an epoch goes over the pairs of a source ("hetpqa") or of a task's part of it
    ("classify/retail"), the others once; 0.5 takes half of them, drawn by the seed."""
    epochs: Annotated[float, Field(gt=0)] = 1.0
    steps: Count | None = None
    """Stop after so many steps, though the epochs were not done."""
    precision: Literal["auto", "bfloat16", "float32"] = "auto"
    """Format of the frozen weights; the adapter's are fp32."""
    gradient_checkpointing: bool = False
    """Recompute activations instead of keeping them: less memory, a third more time."""
    evaluate_every: Count = 100
    checkpoint_every: Count = 50
    keep_checkpoints: Count = 2
    samples: Annotated[int, Field(ge=0)] = 5
    """How many validation pairs are answered at each evaluation, to be read."""
    seed: int = 0


class Server(_Part):
    """How the `openai` teacher asks; what is not given is `TeacherSettings`' default."""

    batch: bool = False
    """Use the Batch API: half the price at OpenAI, within a day."""
    concurrency: Count | None = None
    requests_per_minute: Positive | None = None
    tokens_per_minute: Positive | None = None
    timeout_s: Positive | None = None
    max_attempts: Count | None = None
    temperature: Annotated[float, Field(ge=0)] | None = None
    max_tokens: Count | None = None
    new_max_tokens: bool | None = None
    json_mode: bool | None = None
    stream: bool | None = None
    price_prompt: Annotated[float, Field(ge=0)] | None = None
    price_completion: Annotated[float, Field(ge=0)] | None = None
    spend_ceiling: Positive | None = None
    token_ceiling: Count | None = None

    def settings(self) -> dict[str, Any]:
        """Return what was given, as arguments of `TeacherSettings`."""
        return self.model_dump(exclude={"batch"}, exclude_none=True)


class Data(_Part):
    """`llama-e finetune expand` and `clean`."""

    seeds: Path | None = None
    """Directory of seed files; None for the shipped ones."""
    feeds: tuple[Path, ...] = ()
    """Product feeds whose records expand the seeds; none: the demo shop's."""
    demo_shop: bool = False
    """Take the demo shop's records beside those of the feeds."""
    teacher: Literal["grammar", "openai"] = "grammar"
    server: Server = Server()
    """Limits, prices and ceilings of the `openai` teacher."""
    expanded: Path
    """Where the expansion is written."""
    cleaned: Path
    """Where what is left after cleaning and pruning is written."""
    count: Count = 120_000
    """How many pairs are asked of the teacher."""
    budget: Count = 120_000
    """How many pairs are kept at most."""
    unanswerable: Share = 0.25
    """Least share of unanswerable pairs among the answers."""
    sources: dict[str, Path] = Field(default_factory=dict)
    """Public sets that join, name -> directory; see `finetune.sources.registry`."""
    shares: dict[str, Share] = Field(default_factory=dict)
    """Share of each task in the budget; tasks not named share the rest alike."""
    seed: int = 0

    @field_validator("shares")
    @classmethod
    def _known_tasks(cls, shares: dict[str, float]) -> dict[str, float]:
        if strangers := sorted(set(shares) - set(TASKS)):
            raise ValueError(f"{', '.join(strangers)}: no such task; tasks: {', '.join(TASKS)}")
        if sum(shares.values()) > 1 + 1e-9:
            raise ValueError(f"the shares add up to {sum(shares.values()):.3f}, more than 1")
        return shares


class Evaluation(_Part):
    """`llama-e finetune evaluate`."""

    sets: dict[str, Path] = Field(default_factory=dict)
    """Sets of pairs to be judged on, name -> JSONL."""
    most: Count | None = None
    """Judge at most so many pairs of a set, drawn by the seed."""
    resamples: Count = 1000
    """Bootstrap resamples of each confidence interval."""
    seed: int = 0


class Recipe(_Part):
    """The whole file."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    base_model: str | None = None
    """None for the embedded SmolLM2-135M-Instruct, a directory, or a hub id."""
    prompt_format: Literal["chat", "alpaca"] | None = None
    """None: chat where the tokenizer has a template."""
    data: Data | None = None
    training: Training | None = None
    evaluation: Evaluation = Evaluation()


def read_recipe(path: Path) -> Recipe:
    """Read and check a recipe file.

    Raises:
        RecipeError: it cannot be read, or names every faulty key with what would be right.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"The recipe {path} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        raise RecipeError(
            f"The recipe {path} is no YAML: {' '.join(str(error).split())}."
        ) from error
    if not isinstance(content, dict):
        raise RecipeError(f"The recipe {path} must hold keys and values, beginning with name.")
    try:
        recipe = Recipe.model_validate(content)
    except ValidationError as error:
        faults = [_fault(fault) for fault in error.errors()]
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise RecipeError(f"The recipe {path} has {count}: {'; '.join(faults)}.") from error
    return _resolved(recipe, path.parent)


def _fault(fault: Any) -> str:
    key = ".".join(str(part) for part in fault["loc"]) or "recipe"
    if fault["type"] == "extra_forbidden":
        return f"{key}: no such key; known here: {', '.join(_known_keys(fault['loc'][:-1]))}"
    if fault["type"] == "missing":
        return f"{key}: missing, and has no default"
    message = fault["msg"].removeprefix("Value error, ")
    given = "" if isinstance(fault["input"], dict | BaseModel) else f" (is {fault['input']!r})"
    return f"{key}: {message[:1].lower()}{message[1:]}{given}"


def _known_keys(place: tuple[Any, ...]) -> list[str]:
    model: Any = Recipe
    for part in place:
        for option in _options(model.model_fields[str(part)].annotation):
            model = option
    return list(model.model_fields)


def _options(annotation: Any) -> list[Any]:
    options = getattr(annotation, "__args__", (annotation,))
    return [one for one in options if isinstance(one, type) and issubclass(one, BaseModel)]


def _resolved(recipe: Recipe, home: Path) -> Recipe:
    """Make every path of the recipe absolute, from the recipe's own directory."""

    def place(value: Any) -> Any:
        if isinstance(value, Path):
            return home.resolve() / value.expanduser()
        if isinstance(value, dict):
            return {key: place(item) for key, item in value.items()}
        if isinstance(value, tuple):
            return tuple(place(item) for item in value)
        if isinstance(value, _Part):
            changes = {name: place(getattr(value, name)) for name in type(value).model_fields}
            return value.model_copy(update=changes)
        return value

    resolved: Recipe = place(recipe)
    base = recipe.base_model
    if base is not None and (home / base).is_dir():
        resolved = resolved.model_copy(update={"base_model": str(home.resolve() / base)})
    return resolved
