from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from assistant.errors import AdapterError
from assistant.model.device import DeviceChoice
from assistant.model.loading import load_model
from finetune.errors import DatasetError, TrainingError
from finetune.pair import Pair, write_pairs
from finetune.recipe import Recipe
from finetune.training import checkpoints
from finetune.training import loop as loop_module
from finetune.training.adapter import merge_adapter
from finetune.training.loop import Loop
from finetune.training.run import Trained, spread, train
from finetune.training.runlog import read_log
from tests.finetune.training.conftest import some_pairs
from tests.tiny import save_tiny_llama


def changed(recipe: Recipe, **changes: Any) -> Recipe:
    assert recipe.training is not None
    return recipe.model_copy(update={"training": recipe.training.model_copy(update=changes)})


def run(recipe: Recipe, **options: Any) -> Trained:
    return train(recipe, lambda text: None, **options)


def weights(trained: Trained) -> dict[str, torch.Tensor]:
    return load_file(trained.adapter / "adapter_model.safetensors")


def test_training_lowers_the_loss_and_writes_adapter_log_plot_and_samples(recipe: Recipe) -> None:
    trained = run(recipe)
    records = read_log(recipe.training.out)
    losses = [record["loss"] for record in records if "loss" in record]
    assert len(losses) == 8 and losses[-1] < 0.7 * losses[0]
    assert trained.outcome.steps == 8
    assert trained.outcome.validation_loss == pytest.approx(
        [r["validation_loss"] for r in records if "validation_loss" in r][-1]
    )
    for record in records:
        if "loss" in record:
            assert record["tokens"] > record["computed_tokens"] > 0
            assert record["tokens_per_second"] > 0
            assert 0 < record["mfu"] < 2
    out = recipe.training.out
    assert (out / "log.png").stat().st_size > 1000
    assert "wanted:" in (out / "samples.md").read_text()


def test_samples_are_answered_where_the_general_forward_runs(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a GPU, where the fused forward of processors is not used."""
    monkeypatch.setattr("assistant.model.engine.can_fuse", lambda model: False)
    run(recipe)
    assert (recipe.training.out / "samples.md").read_text().count("written:") == 2


def test_samples_of_a_run_that_was_left_give_way(recipe: Recipe) -> None:
    run(recipe)
    run(recipe, restart=True)
    kept = (recipe.training.out / "samples.md").read_text()
    assert (kept.count("## Step 4"), kept.count("## Step 8")) == (1, 1)


def test_the_adapter_has_an_effect_and_names_no_directory(recipe: Recipe, base: Path) -> None:
    trained = run(recipe)
    loaded = load_model(str(base), str(trained.adapter), DeviceChoice("cpu", "float32", ""), 1.0)
    ids = torch.tensor([[5, 6, 7, 8]])
    with torch.inference_mode():
        tuned = loaded.model(ids).logits
        with loaded.model.disable_adapter():
            plain = loaded.model(ids).logits
    assert (tuned - plain).abs().max() > 0.05
    config = json.loads((trained.adapter / "adapter_config.json").read_text())
    assert config["r"] == 4 and config["lora_alpha"] == 8


def test_merged_and_unmerged_logits_agree(recipe: Recipe, base: Path, tmp_path: Path) -> None:
    trained = run(recipe)
    choice = DeviceChoice("cpu", "float32", "")
    apart = load_model(str(base), str(trained.adapter), choice, 1.0)
    merge_adapter(str(base), trained.adapter, tmp_path / "merged")
    merged = load_model(str(tmp_path / "merged"), None, choice, 1.0)
    ids = torch.tensor([[5, 6, 7, 8, 9, 10]])
    with torch.inference_mode():
        difference = (apart.model(ids).logits - merged.model(ids).logits).abs().max()
        scale = apart.model(ids).logits.abs().max()
    assert difference < 0.02 * scale
    with pytest.raises(TrainingError, match="exists already"):
        merge_adapter(str(base), trained.adapter, tmp_path / "merged")


def test_a_run_stopped_and_resumed_ends_with_the_same_weights(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = weights(run(changed(recipe, out=tmp_path / "straight")))
    step = Loop._step

    def dying(self: Loop, number: int) -> Any:
        if number == 5:
            raise KeyboardInterrupt
        return step(self, number)

    monkeypatch.setattr(Loop, "_step", dying)
    with pytest.raises(KeyboardInterrupt):
        run(recipe)
    assert checkpoints.latest(recipe.training.out / "checkpoints").name == "step-0000003"
    monkeypatch.setattr(Loop, "_step", step)
    resumed = weights(run(recipe))
    assert all(torch.equal(straight[name], resumed[name]) for name in straight)
    steps = [record["step"] for record in read_log(recipe.training.out) if "loss" in record]
    assert steps == list(range(1, 9))


def test_pairs_are_repeated_by_their_source_and_a_part_of_it(recipe: Recipe) -> None:
    pairs = [replace(pair, source="shop") for pair in some_pairs(300)]
    settings = changed(recipe, repeats={"shop": 2.5, "ads/shop": 0.0}).training
    rounds = spread(pairs, settings)
    assert all(len(set(chosen)) == len(chosen) for chosen in rounds) and len(rounds) == 3
    often = Counter(number for chosen in rounds for number in chosen)
    assert {often[number] for number, pair in enumerate(pairs) if pair.task == "ads"} == {0}
    assert {often[number] for number, pair in enumerate(pairs) if pair.task != "ads"} == {2, 3}
    assert 480 < often.total() < 520
    assert all(len(chosen) > 120 for chosen in rounds)
    assert rounds == spread(pairs, settings)


def test_repeated_pairs_are_trained_on_as_often(recipe: Recipe) -> None:
    once = run(changed(recipe, steps=None, epochs=1, samples=0)).outcome.tokens
    source = some_pairs()[0].source
    twice = changed(recipe, steps=None, epochs=1, samples=0, repeats={source: 2.0})
    assert run(twice, restart=True).outcome.tokens > 1.6 * once


def test_repeats_of_what_is_not_there_or_of_nothing_are_one_clear_error(recipe: Recipe) -> None:
    shop = [replace(pair, source="shop") for pair in some_pairs()]
    with pytest.raises(TrainingError, match=r"repeats names nowhere, .* its parts are: ads/shop"):
        spread(shop, changed(recipe, repeats={"nowhere": 2.0}).training)
    with pytest.raises(TrainingError, match="leaves no pair"):
        spread(shop, changed(recipe, repeats={"shop": 0.0}).training)


def test_a_finished_run_does_no_step_more(recipe: Recipe) -> None:
    done = run(recipe)
    first = weights(done)
    again = run(recipe)
    assert again.outcome.steps == 8
    assert again.outcome.loss == pytest.approx(done.outcome.loss)
    second = weights(again)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_checkpoint_of_other_data_is_refused_and_restart_forgets_it(recipe: Recipe) -> None:
    run(recipe)
    write_pairs(recipe.training.pairs, some_pairs(30))
    with pytest.raises(TrainingError, match="of another run"):
        run(recipe)
    assert run(recipe, restart=True).outcome.steps == 8


def test_a_broken_checkpoint_is_named(recipe: Recipe) -> None:
    run(recipe)
    newest = checkpoints.latest(recipe.training.out / "checkpoints")
    (newest / "state.safetensors").write_bytes(b"broken")
    with pytest.raises(TrainingError, match=f"{newest.name} is broken"):
        run(recipe)


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_checkpoint(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Loop._step

    def spoiled(self: Loop, number: int) -> Any:
        done = step(self, number)
        return replace(done, loss=float("nan")) if number == 4 else done

    monkeypatch.setattr(Loop, "_step", spoiled)
    with pytest.raises(TrainingError, match=r"step 5 is nan; the checkpoint step-0000003"):
        run(recipe)
    assert checkpoints.latest(recipe.training.out / "checkpoints").name == "step-0000003"


def test_a_gradient_that_is_no_number_stops_the_run_before_it_is_kept(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Loop._step

    def spoiled(self: Loop, number: int) -> Any:
        done = step(self, number)
        return replace(done, norm=float("inf")) if number == 2 else done

    monkeypatch.setattr(Loop, "_step", spoiled)
    with pytest.raises(TrainingError, match="The gradient of step 3 has the norm inf"):
        run(recipe)
    assert checkpoints.latest(recipe.training.out / "checkpoints") is None


def test_another_starting_adapter_is_another_run(recipe: Recipe, tmp_path: Path) -> None:
    first = run(changed(recipe, out=tmp_path / "first", steps=2)).adapter
    second = changed(recipe, out=tmp_path / "second", adapter=first, samples=0)
    run(second)
    run(changed(recipe, out=tmp_path / "first", steps=3), restart=True)
    with pytest.raises(TrainingError, match="of another run"):
        run(second)


def test_a_step_with_a_loss_that_is_no_number_changes_no_weight(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, torch.Tensor]] = []
    step = Loop._step

    def spoiled(self: Loop, number: int) -> Any:
        if number == 1:
            seen.append({n: p.detach().clone() for n, p in self._named.items()})
            with torch.no_grad():
                first = next(iter(self._named.values()))
                first.fill_(float("nan"))
            seen[0].pop(next(iter(self._named)))
        outcome = step(self, number)
        if number == 1:
            rest = {n: p for n, p in self._named.items() if n in seen[0]}
            assert all(torch.equal(seen[0][n], p) for n, p in rest.items())
        return outcome

    monkeypatch.setattr(Loop, "_step", spoiled)
    with pytest.raises(TrainingError, match="is nan"):
        run(recipe)
    assert seen


def test_a_full_disk_at_a_checkpoint_leaves_the_one_before_intact(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = checkpoints.fsync_path

    def full(path: Path) -> None:
        if "step-0000006" in str(path):
            raise OSError(28, "No space left on device")
        written(path)

    monkeypatch.setattr(checkpoints, "fsync_path", full)
    with pytest.raises(TrainingError, match=r"disk is full.*last whole checkpoint is step-0000003"):
        run(recipe)
    monkeypatch.setattr(checkpoints, "fsync_path", written)
    assert run(recipe).outcome.steps == 8


def test_only_the_newest_checkpoints_are_kept(recipe: Recipe) -> None:
    run(changed(recipe, checkpoint_every=1, keep_checkpoints=2))
    names = sorted(path.name for path in (recipe.training.out / "checkpoints").iterdir())
    assert names == ["step-0000007", "step-0000008"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lora": {"targets": ("query",)}}, "no such layer; it has: down_proj"),
        ({"batch": {"tokens": 512, "rows": 400, "max_tokens": 400}}, "lower batch.rows"),
        ({"batch": {"tokens": 64, "rows": 1, "max_tokens": 10}}, "longer than 10 tokens"),
    ],
)
def test_settings_that_cannot_work_are_one_clear_error(
    recipe: Recipe, changes: dict[str, Any], message: str
) -> None:
    part = recipe.training.model_dump() | changes
    broken = recipe.model_copy(update={"training": type(recipe.training).model_validate(part)})
    with pytest.raises((TrainingError, DatasetError), match=message):
        run(broken)


def test_pairs_longer_than_allowed_are_left_out_and_counted(recipe: Recipe) -> None:
    long = Pair("long", "answer", {"question": "Why?", "evidence": ["word " * 500]}, "Yes.")
    write_pairs(recipe.training.pairs, [*some_pairs(), long])
    said: list[str] = []
    train(changed(recipe, validation_share=0.0, steps=1), said.append)
    assert any("1 longer than 400 tokens are left out" in text for text in said)


def test_training_goes_on_from_an_adapter_and_refuses_one_of_another_shape(
    recipe: Recipe, tmp_path: Path
) -> None:
    first = run(recipe)
    shutil.copytree(first.adapter, tmp_path / "kept")
    further = changed(recipe, adapter=tmp_path / "kept", out=tmp_path / "further")
    run(further)
    started = next(r["loss"] for r in read_log(tmp_path / "further") if "loss" in r)
    fresh = next(r["loss"] for r in read_log(recipe.training.out) if "loss" in r)
    assert started < 0.8 * fresh
    lora = recipe.training.lora.model_copy(update={"rank": 2})
    with pytest.raises(TrainingError, match="another shape"):
        run(changed(further, lora=lora, out=tmp_path / "other"))


def test_an_adapter_for_another_base_is_refused_when_it_is_loaded(
    recipe: Recipe, tmp_path: Path
) -> None:
    trained = run(recipe)
    other = save_tiny_llama(tmp_path / "other", hidden=32)
    with pytest.raises(AdapterError, match="does not fit the base model"):
        load_model(str(other), str(trained.adapter), DeviceChoice("cpu", "float32", ""), 1.0)


def test_a_run_that_ends_before_its_schedule_has_the_rates_of_the_whole(recipe: Recipe) -> None:
    settings = recipe.training.optimizer
    longer = settings.model_copy(update={"decay_steps": 100})
    rate = loop_module.learning_rate
    assert [rate(n, 40, longer) for n in range(40)] == [rate(n, 100, settings) for n in range(40)]


def test_the_learning_rate_rises_then_falls_to_its_share(recipe: Recipe) -> None:
    settings = recipe.training.optimizer.model_copy(update={"warmup": 0.1, "final_share": 0.2})
    rates = [loop_module.learning_rate(step, 100, settings) for step in range(100)]
    top = settings.learning_rate
    assert max(rates) == pytest.approx(top) and rates.index(max(rates)) in (9, 10)
    assert rates[:10] == sorted(rates[:10]) and rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0.2 * top, rel=0.01)
