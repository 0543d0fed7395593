"""The adapter that ships: it is the default, it has an effect, and it can be left out exactly."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from assistant.model.base_model import resolve_base, shipped_adapter
from assistant.model.device import DeviceChoice
from assistant.model.loading import load_model
from assistant.service import Settings, chosen_adapter

FP32 = DeviceChoice("cpu", "float32", "a test")


def test_the_shipped_adapter_is_the_embedded_models_default() -> None:
    shipped = shipped_adapter()
    assert shipped is not None
    assert chosen_adapter(Settings()) == str(shipped)
    assert chosen_adapter(Settings(base_only=True)) is None
    assert chosen_adapter(Settings(adapter="mine")) == "mine"
    assert chosen_adapter(Settings(base_model="some/model")) is None


def test_the_shipped_adapter_is_small_and_says_where_it_comes_from() -> None:
    folder = shipped_adapter()
    assert folder is not None
    assert sum(file.stat().st_size for file in folder.iterdir()) < 10 << 20
    card = (folder / "README.md").read_text(encoding="utf-8")
    for source in ("contextual-product-qa", "retail-demo-store", "Icecat", "SmolLM2"):
        assert source in card
    for licence in ("CDLA-Sharing-1.0", "MIT-0", "Open Content License", "Apache-2.0"):
        assert licence in card


@pytest.mark.model
def test_it_has_an_effect_merging_keeps_it_and_without_it_the_base_is_exact(
    tmp_path: Path,
) -> None:
    from transformers import AutoModelForCausalLM

    loaded = load_model(None, str(shipped_adapter()), FP32, 1.0)
    ids = torch.tensor(
        [loaded.tokenizer("Facts:\n- weight: 2 kg\nQuestion: How heavy?")["input_ids"]]
    )
    base = AutoModelForCausalLM.from_pretrained(str(resolve_base(None)), dtype=torch.float32).eval()
    with torch.inference_mode():
        tuned = loaded.model(ids).logits
        with loaded.model.disable_adapter():
            off = loaded.model(ids).logits
        assert torch.equal(off, base(ids).logits)
        assert (tuned - off).abs().max() > 1.0
        merged = loaded.model.merge_and_unload()(ids).logits
    assert torch.allclose(merged, tuned, atol=1e-3)
