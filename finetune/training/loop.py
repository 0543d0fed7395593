"""The training loop: packed rows -> AdamW steps -> checkpoints -> an adapter.

Runs in one process or, under `accelerate launch`, in many: every process makes the same plan and
takes its share of each step's rows (and of the base: see `sharding`). A step depends on its
number, the plan, the adapter and the optimizer alone, which a checkpoint holds, so a resumed run
goes on exactly. Knows nothing of tasks.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import torch

from finetune.errors import TrainingError
from finetune.recipe import Optimizer, Training
from finetune.training import checkpoints, sharding
from finetune.training.checkpoints import Progress
from finetune.training.examples import Example
from finetune.training.model import CompletionLoss, flops_of, trainable
from finetune.training.packing import PackedBatch, pack, plan_epoch
from finetune.training.runlog import RunLog, peak_flops, read_log

_Value = TypeVar("_Value")
Sample = Callable[[int], None]
"""Called with the step when it is time to look at samples."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to."""

    steps: int
    tokens: int
    """Tokens of the pairs trained on, padding not counted."""
    seconds: float
    """Spent in steps."""
    loss: float
    """Mean training loss of the last twentieth of the steps, nats a completion token."""
    validation_loss: float | None


@dataclass(frozen=True, slots=True)
class _Step:
    """What a step did, over all processes."""

    loss: float
    norm: float
    tokens: int
    """Tokens of its pairs."""
    computed: int
    """Tokens of its rows, where what pairs begin with alike stands once."""
    targets: int


class Loop:
    """One run over encoded examples; see the module's text.

    Args:
        model: the model with its adapter, as `CompletionLoss`.
        examples: what to train on.
        rounds: numbers of the examples that each part of an epoch goes over, one after the other.
        validation: what the loss is watched on; may be empty.
        settings: the recipe's training part.
        pad: token id that fills rows.
        digest: of everything else that a step depends on (data, base model).
        say: tells the user.
    """

    def __init__(
        self,
        model: CompletionLoss,
        examples: Sequence[Example],
        validation: Sequence[Example],
        *,
        rounds: Sequence[Sequence[int]],
        settings: Training,
        pad: int,
        digest: str,
        say: Callable[[str], None],
    ) -> None:
        from accelerate import Accelerator

        self._settings, self._pad, self._say = settings, pad, say
        self._examples, self._validation = examples, validation
        self._rounds = rounds
        shard = sharding.asked_for()
        self._accelerator = Accelerator(cpu=not torch.cuda.is_available())
        self._world, self._rank = self._accelerator.num_processes, self._accelerator.process_index
        self._sharded = shard and self._world > 1
        rows = settings.batch.rows
        if rows % self._world:
            raise TrainingError(
                f"batch.rows is {rows} and there are {self._world} processes; make it a multiple "
                "of them, so that every process has rows of each step."
            )
        self._plan = self._whole_plan()
        self.steps = len(self._plan) // rows
        if settings.steps is not None:
            self.steps = min(self.steps, settings.steps)
        if not self.steps:
            raise TrainingError(
                f"The data fill {len(self._plan)} rows of {settings.batch.tokens} tokens, and one "
                f"step takes {rows}: lower batch.rows or batch.tokens, or raise epochs."
            )
        self._digest = _digest(f"{digest} {self._plan}", settings, self._world)
        base = model.tuned.get_base_model()
        self._flops = flops_of(base)
        self._peak = peak_flops(self._accelerator.device, base.dtype)
        if self._sharded:
            sharding.shard(model, self._accelerator.device, self._world)
        optimizer = torch.optim.AdamW(
            trainable(model),
            lr=settings.optimizer.learning_rate,
            weight_decay=settings.optimizer.weight_decay,
            betas=(0.9, 0.98),
        )
        self._named = {n: p for n, p in model.tuned.named_parameters() if p.requires_grad}
        self._model: Any = model
        self._optimizer: Any = optimizer
        if not self._sharded:
            self._model, self._optimizer = self._accelerator.prepare(model, optimizer)

    @property
    def is_main(self) -> bool:
        """Whether this process is the one that writes files."""
        return bool(self._accelerator.is_main_process)

    def run(self, sample: Sample, restart: bool = False) -> Outcome:
        """Train to the last step, from the newest checkpoint unless told to restart.

        Args:
            sample: called on the main process after each evaluation; not where the base is spread
                over processes, since one alone cannot answer then.
            restart: forget the run's checkpoints and log.

        Raises:
            TrainingError: the loss is not finite, a checkpoint is another run's, or the disk
                refuses; earlier checkpoints are intact.
        """
        settings = self._settings
        progress = self._resumed(restart)
        log = self._on_main(partial(RunLog, settings.out, progress.step))
        losses: list[float] = []
        validation_loss = None
        for step in range(progress.step, self.steps):
            start = time.perf_counter()
            done = self._step(step)
            loss, tokens = done.loss, done.tokens
            seconds = time.perf_counter() - start
            if not (math.isfinite(loss) and math.isfinite(done.norm)):
                kept = checkpoints.latest(self._checkpoints)
                where = f"; the checkpoint {kept.name} is from before" if kept else ""
                what = f"loss of step {step + 1} is {loss}"
                if math.isfinite(loss):
                    what = f"gradient of step {step + 1} has the norm {done.norm}"
                raise TrainingError(
                    f"The {what}{where}. Lower "
                    "training.optimizer.learning_rate, or train with precision float32."
                )
            losses.append(loss)
            progress = replace(
                progress,
                step=step + 1,
                tokens=progress.tokens + tokens,
                seconds=progress.seconds + seconds,
            )
            if log is not None:
                log.add(**self._record(progress.step, done, seconds))
            last = progress.step == self.steps
            if last or progress.step % settings.evaluate_every == 0:
                validation_loss = self.validate()
                if log is not None:
                    log.add(step=progress.step, validation_loss=validation_loss)
                    told = "" if validation_loss is None else f", validation {validation_loss:.3f}"
                    mean = sum(losses[-20:]) / len(losses[-20:])
                    rate = progress.tokens / progress.seconds
                    self._say(
                        f"step {progress.step}/{self.steps}: loss {mean:.3f}{told}, "
                        f"{rate:,.0f} tokens/s"
                    )
                if not self._sharded:
                    self._on_main(partial(sample, progress.step))
            if last or progress.step % settings.checkpoint_every == 0:
                self._on_main(partial(self._save, progress))
        recent = [record["loss"] for record in read_log(settings.out) if "loss" in record]
        recent = recent[-max(1, self.steps // 20) :]
        mean = sum(recent) / len(recent)
        if validation_loss is None:
            validation_loss = self.validate()
        return Outcome(progress.step, progress.tokens, progress.seconds, mean, validation_loss)

    def validate(self) -> float | None:
        """Return the mean loss of the validation examples; None where there are none."""
        if not self._validation:
            return None
        rows = plan_epoch(self._validation, self._settings.batch.tokens, 0)
        self._model.eval()
        total, count = 0.0, 0
        with torch.no_grad():  # FSDP2 has failed in inference_mode (pytorch/pytorch#197327)
            for row in rows:
                batch = pack([self._validation[number] for number in row], self._pad)
                total += float(self._model(batch.to(self._accelerator.device)))
                count += batch.completion_tokens
        return total / count

    @property
    def _checkpoints(self) -> Any:
        return self._settings.out / "checkpoints"

    def _whole_plan(self) -> list[list[int]]:
        """Plan every epoch; the last may be a part of one."""
        settings = self._settings
        rows: list[list[int]] = []
        left = settings.epochs
        epoch = 0
        while left > 1e-9:
            planned = self._epoch(settings.seed + epoch)
            rows += planned[: math.ceil(len(planned) * min(1.0, left))]
            left, epoch = left - 1, epoch + 1
        return rows

    def _epoch(self, seed: int) -> list[list[int]]:
        tokens = self._settings.batch.tokens
        return [
            [round_[number] for number in row]
            for round_ in self._rounds
            for row in plan_epoch([self._examples[number] for number in round_], tokens, seed)
        ]

    def _batches(self, step: int) -> tuple[list[PackedBatch], list[Example]]:
        """Return this process's batches of a step, and the whole step's examples."""
        count = self._settings.batch.rows
        rows = self._plan[step * count : (step + 1) * count]
        examples = [self._examples[number] for row in rows for number in row]
        mine = [
            pack([self._examples[number] for number in row], self._pad)
            for row in rows[self._rank :: self._world]
        ]
        return mine, examples

    def _step(self, step: int) -> _Step:
        """Do one optimizer step."""
        batches, examples = self._batches(step)
        targets = sum(len(example.completion) for example in examples)
        # Dropout's draws follow from the step and the process, so that a resumed run repeats them.
        torch.manual_seed((self._settings.seed * 1_000_003 + step) * self._world + self._rank)
        self._model.train()
        rate = learning_rate(step, self.steps, self._settings.optimizer)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        total = torch.zeros(2, device=self._accelerator.device, dtype=torch.float64)
        for number, batch in enumerate(batches):
            with self._unsynced(number + 1 < len(batches)):
                loss = self._model(batch.to(self._accelerator.device))
                # Processes' gradients are averaged, and the mean is over all their tokens.
                self._accelerator.backward(loss * (self._world / targets))
                total += torch.stack([loss.detach().double(), total.new_tensor(batch.tokens)])
        if self._sharded:
            sharding.average_gradients(trainable(self._model))
        norm = self._accelerator.clip_grad_norm_(
            self._model.parameters(), self._settings.optimizer.clip
        )
        summed, computed = self._accelerator.reduce(total, "sum").tolist()
        mean = summed / targets
        norm = float(norm) if norm is not None else 0.0
        if math.isfinite(mean) and math.isfinite(norm):
            self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        return _Step(mean, norm, sum(map(len, examples)), round(computed), targets)

    def _unsynced(self, more: bool) -> AbstractContextManager[Any]:
        """Keep gradients local while more of a step's batches come."""
        if more and self._world > 1 and not self._sharded:
            held: AbstractContextManager[Any] = self._accelerator.no_sync(self._model)
            return held
        return nullcontext()

    def _record(self, step: int, done: _Step, seconds: float) -> dict[str, Any]:
        peak = self._peak and self._peak * self._world * seconds
        return {
            "step": step,
            "loss": round(done.loss, 5),
            "gradient_norm": round(done.norm, 4),
            "learning_rate": learning_rate(step - 1, self.steps, self._settings.optimizer),
            "tokens": done.tokens,
            "tokens_per_second": round(done.tokens / seconds, 1),
            "computed_tokens": done.computed,
            "mfu": round(self._flops(done.computed, done.targets) / peak, 4) if peak else None,
        }

    def _resumed(self, restart: bool) -> Progress:
        fresh = Progress(0, self._digest)
        if restart:
            if self.is_main:
                shutil.rmtree(self._checkpoints, ignore_errors=True)
            self._accelerator.wait_for_everyone()
            return fresh
        found = checkpoints.latest(self._checkpoints)
        if found is None:
            return fresh
        progress = checkpoints.load(found, self._digest, self._named, self._inner_optimizer())
        self._say(f"Going on from step {progress.step}.")
        return progress

    def _save(self, progress: Progress) -> None:
        checkpoints.save(
            self._checkpoints,
            progress,
            self._named,
            self._inner_optimizer(),
            self._settings.keep_checkpoints,
        )

    def _on_main(self, work: Callable[[], _Value]) -> _Value | None:
        """Let the main process work; where it fails, every process ends with its error."""
        from accelerate.utils import broadcast_object_list

        result = fault = None
        if self.is_main:
            try:
                result = work()
            except Exception as error:
                fault = error
        # Without a word the others would wait in the next step for a process that is gone.
        [told] = broadcast_object_list([None if fault is None else str(fault)])
        if told is not None:
            self.leave()
            raise fault or TrainingError(told)
        return result

    def leave(self) -> None:
        """End the processes' group once all have come here; to be the last call of each.

        A process that ends before another has let go of the group takes it down with it.
        """
        self._accelerator.wait_for_everyone()
        self._accelerator.end_training()

    def _inner_optimizer(self) -> torch.optim.Optimizer:
        inner: torch.optim.Optimizer = getattr(self._optimizer, "optimizer", self._optimizer)
        return inner


def learning_rate(step: int, steps: int, settings: Optimizer) -> float:
    """Return the learning rate of a step, counted from 0: linear warm-up, then cosine decay."""
    steps = settings.decay_steps or steps
    warm = max(1, round(settings.warmup * steps))
    if step < warm:
        return settings.learning_rate * (step + 1) / warm
    done = min(1.0, (step - warm) / max(1, steps - warm))
    low = settings.final_share
    return settings.learning_rate * (low + (1 - low) * (1 + math.cos(math.pi * done)) / 2)


def _digest(data: str, settings: Training, world: int) -> str:
    """Return what must agree between a checkpoint and the run that resumes it."""
    kept = settings.model_dump(
        mode="json",
        exclude={
            "out",
            "pairs",
            "adapter",
            "validation",
            "evaluate_every",
            "checkpoint_every",
            "keep_checkpoints",
            "samples",
        },
    )
    text = json.dumps([data, kept, world], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
