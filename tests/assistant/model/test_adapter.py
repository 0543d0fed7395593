"""The paper's kind of base and adapter: Llama 2's shape, no chat template, r 8 on q, k, v, o."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from assistant.errors import AdapterError, GenerationError, ModelUnavailableError
from assistant.model.engine import Engine
from assistant.model.fused_forward import FusedForward
from assistant.model.hub_forward import HubForward
from assistant.model.values import GenerationSettings
from tests.tiny import save_tiny_adapter, save_tiny_llama

ASK = [{"role": "system", "content": "Write a title."}, {"role": "user", "content": "Acme boot"}]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_llama(tmp_path_factory.mktemp("llama2"), chat=False)


@pytest.fixture(scope="module")
def adapter(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_adapter(base, tmp_path_factory.mktemp("adapter"))


def load(base: Path, adapter: Path | None, fast: bool = False, form: str | None = None) -> Engine:
    name = str(adapter) if adapter else None
    return Engine.load(str(base), name, "cpu", "float32", form, fast=fast)


def logits(engine: Engine, on: bool, keep: int = 4) -> torch.Tensor:
    forward = engine._forward
    ids = engine._encode(ASK)
    with torch.inference_mode(), forward.adapter(on):
        return forward.step(ids, forward.new_cache(len(ids)), keep)


@pytest.mark.parametrize("fast", [False, True], ids=["hub", "fused"])
def test_adapter_has_an_effect_and_switches_off_exactly(
    base: Path, adapter: Path, fast: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, plain = load(base, adapter, fast), load(base, None, fast)
    assert isinstance(engine._forward, FusedForward if fast else HubForward)
    assert not torch.allclose(logits(engine, True), logits(plain, True), atol=0.1)
    assert torch.equal(logits(engine, False), logits(plain, True))
    assert torch.equal(logits(engine, True), logits(engine, True))


def test_folded_adapter_equals_the_unfolded_one(
    base: Path, adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.model.fused_forward.QUANTIZED_ROWS", 0)
    hub, fused = load(base, adapter), load(base, adapter, fast=True)
    for on in (True, False):
        assert torch.allclose(logits(hub, on, 9), logits(fused, on, 9), atol=1e-3)


@pytest.mark.parametrize("fast", [False, True], ids=["hub", "fused"])
def test_adapter_streams_another_answer_than_the_base(
    base: Path, adapter: Path, fast: bool
) -> None:
    engine = load(base, adapter, fast)
    settings = GenerationSettings(max_new_tokens=20)
    texts = ["".join(engine.stream(ASK, settings, adapter=on)) for on in (True, False)]
    assert all(texts)
    assert texts[0] != texts[1]
    assert texts[1] == "".join(load(base, None, fast).stream(ASK, settings))


def test_tokenizer_without_a_template_gets_the_alpaca_format(base: Path, adapter: Path) -> None:
    engine = load(base, adapter)
    info = engine.describe()
    assert info.prompt_format == "alpaca"
    assert info.adapter == adapter.name
    prompt = engine._tokenizer.decode(engine._encode(ASK), skip_special_tokens=True)
    assert prompt.startswith("Below is an instruction that describes a task, paired with an input")
    assert prompt.endswith(
        "### Instruction:\nWrite a title.\n\n### Input:\nAcme boot\n\n### Response:\n"
    )


def test_prompt_format_can_be_overruled(base: Path, tmp_path: Path) -> None:
    chat = save_tiny_llama(tmp_path)
    assert load(chat, None).describe().prompt_format == "chat"
    assert load(chat, None, form="alpaca").describe().prompt_format == "alpaca"
    with pytest.raises(GenerationError, match="no"):
        load(base, None, form="chat")
    with pytest.raises(GenerationError, match="chat, alpaca"):
        load(base, None, form="vicuna")


def test_adapter_of_another_shape_is_refused(adapter: Path, tmp_path: Path) -> None:
    wider = save_tiny_llama(tmp_path, chat=False, hidden=128)
    with pytest.raises(AdapterError, match="does not fit the base model"):
        load(wider, adapter)


def test_adapter_whose_weights_have_no_place_is_refused(
    base: Path, adapter: Path, tmp_path: Path
) -> None:
    shutil.copytree(adapter, tmp_path / "a")
    config = tmp_path / "a" / "adapter_config.json"
    settings = json.loads(config.read_text())
    settings["target_modules"] = ["q_proj"]
    config.write_text(json.dumps(settings))
    with pytest.raises(AdapterError, match="no place"):
        load(base, tmp_path / "a")


def test_untrained_adapter_is_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(AdapterError, match="no effect"):
        load(base, save_tiny_adapter(base, tmp_path, trained=False))


@pytest.mark.parametrize(
    "removed", ["adapter_config.json", "adapter_model.safetensors", "everything"]
)
def test_adapter_that_is_not_whole_is_refused_by_name(
    base: Path, adapter: Path, tmp_path: Path, removed: str
) -> None:
    copy = shutil.copytree(adapter, tmp_path / "copy")
    for path in list(copy.iterdir()):
        if removed in (path.name, "everything"):
            path.unlink()
    wanted = "adapter_config.json" if removed == "everything" else removed
    with pytest.raises(AdapterError, match=wanted):
        load(base, copy)


def test_truncated_adapter_is_refused(base: Path, adapter: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(adapter, tmp_path / "copy")
    weights = copy / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(AdapterError, match="does not fit"):
        load(base, copy)


def test_missing_adapter_is_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(AdapterError, match="no such directory"):
        load(base, tmp_path / "nowhere")
    with pytest.raises(AdapterError, match="cannot be had from the hub"):
        Engine.load(str(base), "nobody/no-adapter", "cpu", "float32")


def test_base_that_cannot_be_had_is_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match=r"no config\.json"):
        Engine.load(str(tmp_path))
    with pytest.raises(ModelUnavailableError, match="neither"):
        Engine.load(str(tmp_path / "nowhere"))
    with pytest.raises(ModelUnavailableError, match="cannot be had from the hub"):
        Engine.load("nobody/no-model")
    copy = shutil.copytree(base, tmp_path / "copy")
    (copy / "model.safetensors").write_bytes((copy / "model.safetensors").read_bytes()[:5000])
    with pytest.raises(ModelUnavailableError, match=r"cannot be loaded|broken"):
        Engine.load(str(copy), device="cpu")
