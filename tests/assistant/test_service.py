"""The service opens each part when it is first needed, once, and no other."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from assistant import service as service_module
from assistant.model.engine import Engine
from assistant.router import IntentRouter
from assistant.service import Service, Settings
from catalog_index.errors import CatalogError
from tests.fakes import FixedRouter, HashEmbedder, ScriptedEngine


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was loaded as the model, in order; the parts are stand-ins."""
    loaded: list[dict[str, Any]] = []

    def load(**chosen: Any) -> ScriptedEngine:
        loaded.append(chosen)
        time.sleep(0.05)
        return ScriptedEngine()

    monkeypatch.setattr(Engine, "load", load)
    monkeypatch.setattr(service_module, "MiniLMEmbedder", HashEmbedder)
    monkeypatch.setattr(IntentRouter, "load_default", lambda *_: FixedRouter("chitchat"))
    return loaded


def opened(service: Service) -> set[str]:
    return set(vars(service)) & {"embedder", "router", "retriever", "engine", "assistant"}


def test_a_search_loads_no_model_and_no_router(loads: list[Any], index_dir: Path) -> None:
    service = Service(Settings(index=index_dir))
    assert service.retriever.invoke("kettle")
    assert opened(service) == {"embedder", "retriever"}
    assert loads == []


def test_routing_opens_no_index_and_no_model(loads: list[Any]) -> None:
    service = Service(Settings(index=Path("nowhere")))
    assert service.router.route("hi").intent == "chitchat"
    assert opened(service) == {"embedder", "router"}
    assert loads == []


def test_authoring_opens_no_index(loads: list[Any]) -> None:
    service = Service(Settings(index=Path("nowhere")))
    assert service.engine is service.engine
    assert opened(service) == {"engine"}
    assert len(loads) == 1


def test_the_assistant_has_all_parts_once(loads: list[Any], index_dir: Path) -> None:
    service = Service(Settings(index=index_dir))
    assert service.assistant.engine is service.engine
    assert service.assistant.retriever is service.retriever
    assert service.assistant is service.assistant
    assert len(loads) == 1


def test_threads_that_ask_at_once_get_one_model(loads: list[Any], index_dir: Path) -> None:
    service = Service(Settings(index=index_dir))
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(service.engine)) for _ in range(4)]
    threads += [threading.Thread(target=lambda: found.append(service.assistant.engine))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
    assert len({id(engine) for engine in found}) == 1
    assert len(found) == 5


def test_a_part_that_failed_is_tried_again(loads: list[Any]) -> None:
    service = Service(Settings(index=Path("nowhere")))
    for _ in range(2):
        with pytest.raises(CatalogError, match="nowhere"):
            _ = service.retriever
    assert opened(service) == {"embedder"}


@pytest.mark.parametrize("base_only", [False, True])
def test_the_settings_reach_the_model(
    loads: list[dict[str, Any]], index_dir: Path, base_only: bool
) -> None:
    model = {"base_model": "b", "device": "cpu", "dtype": "d"}
    service = Service(Settings(index=index_dir, adapter="dir/a", base_only=base_only, **model))
    _ = service.assistant
    assert loads == [
        {
            "base_model": "b",
            "adapter": None if base_only else "dir/a",
            "device": "cpu",
            "dtype": "d",
            "prompt_format": None,
        }
    ]


def test_without_an_index_the_demo_shop_is_built_once(
    loads: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from catalog_index import build, demo

    monkeypatch.setenv("LLAMA_E_CACHE", str(tmp_path))
    said: list[str] = []
    builds: list[Path] = []
    real = build.build_index

    def small(directory: Path) -> Any:
        (directory / "policies").mkdir(parents=True)
        (directory / "policies" / "p.md").write_text("# Pay\n\nBy card.\n", encoding="utf-8")
        feed = directory / "feed.jsonl"
        feed.write_text('{"id": "A-1", "title": "Mug"}\n', encoding="utf-8")
        return type("Files", (), {"feed": feed, "directory": directory})

    def counted(feeds: list[Path], out: Path, **options: Any) -> Any:
        builds.append(out)
        return real(feeds, out, **{**options, "embedder": HashEmbedder()})

    monkeypatch.setattr(demo, "write_demo", small)
    monkeypatch.setattr(build, "build_index", counted)
    for _ in range(2):
        service = Service(Settings(), said.append)
        assert [hit.id for hit in service.retriever.invoke("mug", k=1, kind="product")] == ["A-1"]
    assert builds == [tmp_path / "demo" / "index"]
    assert said == ["Building the demo shop's index (once) ..."]
    (tmp_path / "demo" / "VERSION").write_text("of another program")
    monkeypatch.setattr(demo, "write_demo", lambda directory: small(directory / "again"))
    _ = Service(Settings(), said.append).retriever
    assert len(builds) == 2, "another version's demo is built anew"
