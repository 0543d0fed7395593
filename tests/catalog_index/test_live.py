from __future__ import annotations

import gc
import threading
from pathlib import Path

import pytest

from catalog_index.build import BuildReport, build_index, delete_records, update_index
from catalog_index.errors import IndexCorruptError, IndexNotFoundError
from catalog_index.filters import Filter
from catalog_index.generations import collect_garbage
from catalog_index.index import CatalogIndex
from catalog_index.live import LiveIndex
from catalog_index.manifest import CURRENT, MANIFEST, current_generation
from tests.fakes import KETTLE, HashEmbedder, write_jsonl


@pytest.fixture
def more(tmp_path: Path) -> Path:
    return write_jsonl(tmp_path / "more.jsonl", [{**KETTLE, "id": "new", "title": "New kettle"}])


def test_a_new_generation_is_picked_up_without_a_restart(
    built: BuildReport, more: Path, embedder: HashEmbedder
) -> None:
    live = LiveIndex(built.directory, embedder)
    first = live.current()
    assert live.current() is first
    update_index(built.directory, [more], embedder=embedder)
    second = live.current()
    assert second is not first
    assert second.product("new") is not None
    delete_records(built.directory, ["new"], embedder=embedder)
    assert live.current().product("new") is None


def test_a_search_goes_on_in_the_generation_that_it_began_with(
    built: BuildReport, more: Path, embedder: HashEmbedder
) -> None:
    live = LiveIndex(built.directory, embedder)
    begun = live.current()
    before = begun.lexical("kettle", 9), begun.dense("kettle", 9)
    update_index(built.directory, [more], embedder=embedder)
    live.current()
    collect_garbage(built.directory)
    assert not begun.generation.exists()
    assert (begun.lexical("kettle", 9), begun.dense("kettle", 9)) == before
    assert begun.product("KE-1001") is not None
    assert begun.product("new") is None


def test_a_damaged_new_generation_is_told_once_and_the_old_one_serves(
    built: BuildReport, more: Path, embedder: HashEmbedder
) -> None:
    told: list[str] = []
    live = LiveIndex(built.directory, embedder, told.append)
    first = live.current()
    update_index(built.directory, [more], embedder=embedder)
    path = current_generation(built.directory) / MANIFEST
    path.write_bytes(path.read_bytes()[:-20])
    assert live.current() is first
    assert live.current() is first
    (said,) = told
    assert str(path) in said and "\n" not in said
    build_index([more], built.directory, embedder=embedder)
    assert live.current().product("new") is not None


def test_what_kept_a_new_generation_from_opening_may_pass(
    built: BuildReport, more: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    live = LiveIndex(built.directory, embedder, told.append)
    update_index(built.directory, [more], embedder=embedder)
    path = current_generation(built.directory) / MANIFEST
    away = path.rename(path.with_name("away"))
    assert live.current().product("new") is None
    away.rename(path)
    assert live.current().product("new") is None  # not at every search
    monkeypatch.setattr("catalog_index.live.RETRY_SECONDS", 0.0)
    assert live.current().product("new") is not None
    assert len(told) == 1


@pytest.mark.parametrize("is_pointer_gone", [True, False])
def test_an_index_that_goes_away_is_served_on(
    built: BuildReport, embedder: HashEmbedder, is_pointer_gone: bool
) -> None:
    live = LiveIndex(built.directory, embedder)
    if is_pointer_gone:
        (built.directory / CURRENT).unlink()
    else:
        (built.directory / CURRENT).write_text("?")
    assert live.current().product("KE-1001") is not None


def test_what_cannot_be_opened_at_first_is_a_typed_error(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder
) -> None:
    with pytest.raises(IndexNotFoundError):
        LiveIndex(tmp_path / "absent", embedder)
    (built.directory / CURRENT).write_text("?")
    with pytest.raises(IndexCorruptError):
        LiveIndex(built.directory, embedder)


def test_many_threads_open_a_new_generation_once(
    built: BuildReport, more: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import catalog_index.live

    live = LiveIndex(built.directory, embedder)
    update_index(built.directory, [more], embedder=embedder)
    real, opened = catalog_index.live.CatalogIndex, []

    def counting(*arguments: object) -> object:
        opened.append(arguments)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("catalog_index.live.CatalogIndex", counting)
    threads = [threading.Thread(target=live.current) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1
    assert live.current().product("new") is not None


def use(index: CatalogIndex) -> None:
    """Fill every cache that an index has."""
    index.lexical("kettle", 3, filters=[Filter("brand", "is", "aldmere")])
    index.dense("kettle", 3, "product", [Filter("brand", "is", "aldmere")])
    index.lookup(["KE-1001"])
    index.vocabulary.fields_with("aldmere")
    index.vocabulary.has_number("power")
    index.vocabulary.frequency("kettle")
    index.vocabulary.nearest("kettel")


def held(directory: Path) -> int:
    """How many files below a directory this process has open or mapped."""
    opened = 0
    for path in Path("/proc/self/fd").iterdir():
        try:
            opened += str(path.readlink()).startswith(str(directory))
        except FileNotFoundError:
            continue
    mapped = Path("/proc/self/maps").read_text().count(f"{directory}/")
    return opened + mapped


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="Linux tells open files")
def test_a_generation_is_let_go_of_as_soon_as_nobody_has_it(
    built: BuildReport, more: Path, embedder: HashEmbedder
) -> None:
    gc.collect()
    gc.disable()
    try:
        index = CatalogIndex(built.directory, embedder)
        use(index)
        assert held(built.directory) > 4
        del index
        assert held(built.directory) == 0
        live = LiveIndex(built.directory, embedder)
        use(live.current())
        for feed in (more, *(more.parent / "shop").glob("*.jsonl")):
            before = live.current().generation
            build_index([feed], built.directory, embedder=embedder)
            use(live.current())
            assert live.current().generation != before
            assert held(before) == 0
    finally:
        gc.enable()
