import json
import sys
from pathlib import Path

import pytest

from assistant.errors import ModelUnavailableError
from assistant.model import device
from assistant.model.device import Capabilities, choose_device

CARD = Capabilities("Card", True, False, "Cpu", True)
OLD_CARD = Capabilities("Old card", False, False, "Cpu", True)
APPLE = Capabilities(None, False, True, "Apple", False)
NEW_CPU = Capabilities(None, False, False, "New Cpu", True)
OLD_CPU = Capabilities(None, False, False, "Old Cpu", False)


@pytest.fixture(autouse=True)
def no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LLAMA_E_DEVICE", "LLAMA_E_DTYPE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("machine", "speedup", "asked", "chosen"),
    [
        (CARD, 0, (None, None), ("cuda", "bfloat16")),
        (CARD, 2, ("cpu", None), ("cpu", "bfloat16")),
        (CARD, 0, ("cuda:0", "fp16"), ("cuda:0", "float16")),
        (OLD_CARD, 0, (None, None), ("cuda", "float16")),
        (APPLE, 0, (None, None), ("mps", "float32")),
        (NEW_CPU, 1.8, (None, None), ("cpu", "bfloat16")),
        (NEW_CPU, 0.7, (None, None), ("cpu", "float32")),
        (NEW_CPU, 1.8, (None, "fp32"), ("cpu", "float32")),
        (OLD_CPU, 9, (None, None), ("cpu", "float32")),
        (OLD_CPU, 9, (None, "bf16"), ("cpu", "bfloat16")),
    ],
)
def test_choice(machine: Capabilities, speedup: float, asked: tuple, chosen: tuple) -> None:
    choice = choose_device(*asked, machine, lambda: speedup)
    assert (choice.device, choice.dtype) == chosen
    assert (machine.cuda or machine.cpu) in choice.reason or machine.mps or asked[0] == "cpu"
    assert ("asked for" in choice.reason) == any(asked)


def test_environment_is_heeded_and_the_argument_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_E_DEVICE", "cpu")
    monkeypatch.setenv("LLAMA_E_DTYPE", "float32")
    choice = choose_device(machine=CARD)
    assert (choice.device, choice.dtype) == ("cpu", "float32")
    assert choose_device("cuda", "bf16", CARD).device == "cuda"


@pytest.mark.parametrize("asked", [("cuda", None), ("mps", None), ("tpu", None), (None, "int3")])
def test_what_is_not_there_is_refused(asked: tuple) -> None:
    with pytest.raises(ModelUnavailableError, match="use"):
        choose_device(*asked, OLD_CPU)


def test_measurement_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_E_CACHE", str(tmp_path))
    taken = []
    monkeypatch.setattr(device, "measure_bf16_speedup", lambda: taken.append(1) or 1.5)
    assert [choose_device(machine=NEW_CPU).dtype for _ in range(2)] == ["bfloat16"] * 2
    assert len(taken) == 1
    (tmp_path / "bf16.json").write_text("[broken")
    assert "1.5 times" in choose_device(machine=NEW_CPU).reason
    assert list(json.loads((tmp_path / "bf16.json").read_text()).values()) == [1.5]


def test_measuring_takes_under_two_seconds() -> None:
    import time

    begun = time.perf_counter()
    assert device.measure_bf16_speedup(0.2) > 0
    assert time.perf_counter() - begun < 2


def test_light_modules_load_no_heavy_library() -> None:
    import subprocess

    code = (
        "import assistant.errors, assistant.model.base_model, assistant.model.device, sys;"
        "import assistant.model.values, assistant.model.prompt, catalog_index.cache;"
        "sys.exit(bool({'torch', 'transformers', 'peft', 'langchain_core'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
