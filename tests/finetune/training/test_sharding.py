"""Runs in two processes, with the base whole in each or sharded over both."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from finetune.errors import TrainingError
from finetune.recipe import Recipe
from finetune.training import checkpoints, sharding
from finetune.training.run import train
from finetune.training.runlog import read_log
from tests.tiny import save_tiny_llama

ROOT = Path(__file__).parents[3]
CONFIGS = ROOT / "finetune" / "recipes" / "accelerate"
WATCHED = """
import os, signal, sys
from pathlib import Path
from torch.distributed.tensor import DTensor
from app import main
from finetune.training.loop import Loop

def held(weight):
    return weight.to_local().numel() if isinstance(weight, DTensor) else weight.numel()

def watched(self, number):
    if number == int(os.environ["DIE_AT"]):
        os.kill(os.getpid(), signal.SIGKILL)
    done = step(self, number)
    frozen = [weight for weight in self._model.parameters() if not weight.requires_grad]
    if self._sharded:
        self._model.reshard()
    out = self._settings.out / f"held-{self._rank}"
    out.write_text(str(sum(map(held, frozen))))
    return done

step, Loop._step = Loop._step, watched
sys.exit(main())
"""


def changed(recipe: Recipe, **changes: Any) -> Recipe:
    assert recipe.training is not None
    return recipe.model_copy(update={"training": recipe.training.model_copy(update=changes)})


def environment(**more: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "LLAMA_E_DEVICE": "cpu",
        **more,
    }


def launch(recipe: Recipe, config: str, die_at: int = -1) -> subprocess.CompletedProcess[str]:
    """Train in two processes by one of the shipped configs, which all die before step `die_at`."""
    (out := recipe.training.out).mkdir(exist_ok=True)
    (out / "watched.py").write_text(WATCHED)
    command = [
        *(sys.executable, "-m", "accelerate.commands.launch"),
        *("--config_file", str(CONFIGS / config), "--num_processes", "2"),
        *("--main_process_port", "0", str(out / "watched.py")),
        *("finetune", "train", str(written(recipe))),
    ]
    given = environment(DIE_AT=str(die_at))
    return subprocess.run(
        command, cwd=ROOT, env=given, capture_output=True, text=True, check=False, timeout=280
    )


def launch_by_hand(recipe: Recipe, **more: str) -> list[tuple[int, str]]:
    """Train in two processes that nobody watches; returns the exit code and errors of each."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "app", "finetune", "train", str(written(recipe))],
            cwd=ROOT,
            env=environment(
                **{"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2"},
                **{"LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)},
                **more,
            ),
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    try:
        errors = [process.communicate(timeout=250)[1] for process in started]
    finally:
        for process in started:
            process.kill()
    return [(process.returncode, text) for process, text in zip(started, errors, strict=True)]


def written(recipe: Recipe) -> Path:
    (out := recipe.training.out).mkdir(exist_ok=True)
    (out / "recipe.yaml").write_text(json.dumps(recipe.model_dump(mode="json")))
    return out / "recipe.yaml"


def state(recipe: Recipe) -> dict[str, torch.Tensor]:
    """Return everything that a run's last checkpoint holds."""
    return load_file(checkpoints.latest(recipe.training.out / "checkpoints") / "state.safetensors")


def adapter(recipe: Recipe) -> dict[str, torch.Tensor]:
    return load_file(recipe.training.out / "adapter" / "adapter_model.safetensors")


def is_close(one: dict[str, torch.Tensor], two: dict[str, torch.Tensor]) -> bool:
    return one.keys() == two.keys() and all(
        torch.allclose(weight.float(), two[name].float(), atol=5e-3) for name, weight in one.items()
    )


def is_alike(one: Recipe, two: Recipe) -> bool:
    """Whether every step of two runs had the same loss and the same norm of its gradient."""
    ours, theirs = (
        [record for record in read_log(recipe.training.out) if "loss" in record]
        for recipe in (one, two)
    )
    return all(
        left[name] == pytest.approx(right[name], rel=2e-3)
        for left, right in zip(ours, theirs, strict=True)
        for name in ("loss", "gradient_norm")
    )


def held(recipe: Recipe) -> list[int]:
    """Return how many of the base's weights each process kept."""
    return [int((recipe.training.out / f"held-{rank}").read_text()) for rank in range(2)]


def frozen(recipe: Recipe) -> int:
    """Return how many weights the base has, shared ones once."""
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained(recipe.base_model)
    return sum(weight.numel() for weight in base.parameters())


@pytest.fixture
def plain(recipe: Recipe, tmp_path: Path) -> Recipe:
    """Six steps of two batches a process, without dropout, whose draws differ by process."""
    lora = recipe.training.lora.model_copy(update={"dropout": 0.0})
    batch = recipe.training.batch.model_copy(update={"rows": 4})
    return changed(recipe, lora=lora, batch=batch, epochs=14, steps=6)


@pytest.mark.timeout(600)
def test_two_processes_train_to_the_weights_of_one(plain: Recipe, tmp_path: Path) -> None:
    together = changed(plain, out=tmp_path / "together")
    train(plain, lambda text: None)
    done = launch(together, "many-processes.yaml")
    assert done.returncode == 0, done.stderr[-3000:]
    assert held(together) == [frozen(plain)] * 2
    assert (tmp_path / "together" / "samples.md").is_file()
    assert is_close(adapter(plain), adapter(together)) and is_alike(plain, together)


@pytest.mark.timeout(900)
def test_a_sharded_run_killed_and_resumed_ends_as_one_process_does(
    plain: Recipe, tmp_path: Path
) -> None:
    train(plain, lambda text: None)
    straight, left = (changed(plain, out=tmp_path / name) for name in ("straight", "left"))
    done = launch(straight, "fsdp.yaml")
    assert done.returncode == 0, done.stderr[-3000:]
    assert sum(held(straight)) == frozen(plain) and max(held(straight)) < 0.6 * frozen(plain)
    assert is_close(adapter(plain), adapter(straight)) and is_close(state(plain), state(straight))
    assert is_alike(plain, straight)
    assert launch(left, "fsdp.yaml", die_at=4).returncode != 0
    assert checkpoints.latest(tmp_path / "left" / "checkpoints").name == "step-0000003"
    done = launch(left, "fsdp.yaml")
    assert done.returncode == 0, done.stderr[-3000:]
    one, two = state(straight), state(left)
    assert one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)
    steps = [record["step"] for record in read_log(tmp_path / "left") if "loss" in record]
    assert steps == [1, 2, 3, 4, 5, 6]


@pytest.mark.timeout(600)
def test_a_sharded_base_in_bf16_with_a_head_of_its_own_and_layers_computed_anew(
    plain: Recipe, tmp_path: Path
) -> None:
    base = save_tiny_llama(tmp_path / "untied", chat=False)
    alone = changed(
        plain.model_copy(update={"base_model": str(base), "prompt_format": "alpaca"}),
        precision="bfloat16",
        gradient_checkpointing=True,
        samples=0,
    )
    together = changed(alone, out=tmp_path / "together")
    train(alone, lambda text: None)
    done = launch(together, "fsdp.yaml")
    assert done.returncode == 0, done.stderr[-3000:]
    assert sum(held(together)) == frozen(alone)
    assert is_close(adapter(alone), adapter(together))


@pytest.mark.timeout(600)
def test_where_the_main_process_cannot_save_every_process_ends_with_its_error(
    plain: Recipe,
) -> None:
    (plain.training.out).mkdir()
    (plain.training.out / "checkpoints").write_text("in the way")
    for code, errors in launch_by_hand(plain, ACCELERATE_USE_FSDP="true", FSDP_VERSION="2"):
        assert code == 1, errors
        assert "llama-e: The checkpoint of step 3: Cannot write" in errors


def test_sharding_is_asked_for_by_the_launch_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not sharding.asked_for()
    monkeypatch.setenv("ACCELERATE_USE_FSDP", "true")
    monkeypatch.setenv("FSDP_VERSION", "2")
    assert sharding.asked_for()


def test_what_sharding_cannot_do_is_one_error_that_names_all_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ACCELERATE_USE_FSDP", "true")
    monkeypatch.setenv("FSDP_OFFLOAD_PARAMS", "true")
    monkeypatch.setenv("ACCELERATE_MIXED_PRECISION", "bf16")
    wanted = r"fsdp_version is 1, make it 2; fsdp_offload_params is true.*mixed_precision is bf16"
    with pytest.raises(TrainingError, match=wanted):
        sharding.asked_for()


def test_deepspeed_is_refused_and_the_other_way_named(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCELERATE_USE_DEEPSPEED", "true")
    with pytest.raises(TrainingError, match=r"DeepSpeed is not supported.*accelerate/fsdp.yaml"):
        train(recipe, lambda text: None)
