from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import catalog_index.build
import catalog_index.durable
from catalog_index.build import BuildReport, Options, build_index
from catalog_index.embedding import Vectors
from catalog_index.errors import FeedError, StorageError
from catalog_index.index import CatalogIndex
from catalog_index.manifest import (
    CURRENT,
    GENERATIONS,
    LOCK,
    REJECTED,
    current_generation,
    read_manifest,
)
from catalog_index.product import Product
from catalog_index.texts import text_to_embed
from tests.fakes import KETTLE, LAMP, SHOES, HashEmbedder, write_jsonl


def files_of(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and path.name != LOCK
    }


def titles(index: CatalogIndex) -> set[str]:
    return {record.title for records, _ in index.chunks(100) for record in records}


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    rows = [KETTLE, LAMP, {**KETTLE, "title": "Newer kettle"}, {"id": "x"}, {**LAMP, "price": "?"}]
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows) + "broken\n")
    report = build_index([feed], tmp_path / "index", embedder=HashEmbedder())
    counts = report.counts
    assert (counts.read, counts.indexed, counts.rejected, counts.merged) == (6, 2, 3, 1)
    assert titles(CatalogIndex(tmp_path / "index", HashEmbedder())) == {
        "Newer kettle",
        LAMP["title"],
    }
    assert report.rejected_file == tmp_path / "index" / REJECTED
    rejected = [json.loads(line) for line in report.rejected_file.read_text().splitlines()]
    assert [(row["file"], row["line"], row["field"]) for row in rejected] == [
        ("feed.jsonl", 4, "title"),
        ("feed.jsonl", 5, "price"),
        ("feed.jsonl", 6, ""),
    ]
    assert all(row["reason"] for row in rejected)


def test_the_rejected_file_is_of_the_last_build_only(
    tmp_path: Path, shop: list[Path], embedder: HashEmbedder
) -> None:
    bad = write_jsonl(tmp_path / "bad.jsonl", [KETTLE, {"id": "x"}])
    assert build_index([bad], tmp_path / "index", embedder=embedder).rejected_file
    assert build_index(shop, tmp_path / "index", embedder=embedder).rejected_file is None
    assert not (tmp_path / "index" / REJECTED).exists()


def test_products_and_documents_are_found_in_one_index(
    built: BuildReport, embedder: HashEmbedder
) -> None:
    index = CatalogIndex(built.directory, embedder)
    assert (built.counts.products, built.counts.passages) == (3, 3)
    assert len(index) == 6
    product = index.product("KE-1001")
    assert product is not None
    assert product.title == KETTLE["title"]
    assert index.product("returns.md#refunds") is None
    (key, score), *_ = index.dense("Desk lamp with dimmer", 3)
    assert index.records([key])[key].id == "LA-2002"
    assert 0 < score <= 1
    passages = index.dense("Desk lamp with dimmer", 10, "passage")
    assert len(passages) == 3
    assert not any(
        isinstance(record, Product) for record in index.records([k for k, _ in passages]).values()
    )
    products = index.dense("lamp", 10, "product")
    assert len(products) == 3


def test_chunks_give_every_record_with_its_own_vector(
    built: BuildReport, embedder: HashEmbedder
) -> None:
    index = CatalogIndex(built.directory, embedder)
    seen = 0
    for records, vectors in index.chunks(4):
        for record, vector in zip(records, vectors, strict=True):
            expected = embedder.encode([text_to_embed(record)])[0]
            assert vector == pytest.approx(expected, abs=1e-3)
            seen += 1
    assert seen == 6


def test_progress_reaches_the_end_of_both_stages(tmp_path: Path, shop: list[Path]) -> None:
    told: list[tuple[str, int, int | None]] = []
    options = Options(progress=lambda *step: told.append(step))
    build_index(shop, tmp_path / "i", embedder=HashEmbedder(), options=options)
    assert ("read", 6, 6) in told
    assert told[-1] == ("index", 6, 6)


def test_a_rebuild_swaps_the_index_and_open_readers_keep_theirs(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder
) -> None:
    before = CatalogIndex(built.directory, embedder)
    feed = write_jsonl(tmp_path / "new.jsonl", [{**KETTLE, "title": "Copper kettle"}])
    build_index([feed], built.directory, embedder=embedder)
    assert titles(CatalogIndex(built.directory, embedder)) == {"Copper kettle"}
    assert KETTLE["title"] in titles(before)
    assert before.lookup(["LA-2002"])
    assert before.lexical("lamp", 3)
    assert len(list((built.directory / GENERATIONS).iterdir())) == 2  # the one before is kept


def test_an_index_replaced_while_it_is_opened_is_opened_anew(
    tmp_path: Path,
    built: BuildReport,
    embedder: HashEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed = write_jsonl(tmp_path / "new.jsonl", [SHOES])
    real = catalog_index.index.current_generation
    pending = [True]

    def replaced_meanwhile(directory: Path) -> Path:
        generation = real(directory)
        if pending:
            pending.clear()
            for _ in range(2):
                build_index([feed], directory, embedder=embedder)
        return generation

    monkeypatch.setattr("catalog_index.index.current_generation", replaced_meanwhile)
    assert titles(CatalogIndex(built.directory, embedder)) == {SHOES["title"]}


class FailingEmbedder(HashEmbedder):
    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self.encoded:
            raise self._error
        return super().encode(texts)


def fail_in(target: str, error: BaseException) -> Callable[[pytest.MonkeyPatch], None]:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return lambda monkeypatch: monkeypatch.setattr(target, fail)


def full_disk() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


ENGINE_FULL = ValueError("IoError: No space left on device (os error 28)")
NO_SPACE = OSError(errno.ENOSPC, "No space left on device")
FAILURES = {
    "embedder": (fail_in("tests.fakes.HashEmbedder.encode", RuntimeError("gone")), RuntimeError),
    "memory": (fail_in("tests.fakes.HashEmbedder.encode", MemoryError()), MemoryError),
    "records": (fail_in("catalog_index.records.RecordWriter.put", full_disk()), StorageError),
    "codes": (fail_in("catalog_index.records.RecordWriter.enter_codes", full_disk()), StorageError),
    "finish": (fail_in("catalog_index.records.RecordWriter.finish", full_disk()), StorageError),
    "words": (fail_in("catalog_index.lexical.writer._document", ENGINE_FULL), StorageError),
    "vectors": (fail_in("catalog_index.vectors.VectorWriter.add", NO_SPACE), StorageError),
    "dead keys": (fail_in("pathlib.Path.write_bytes", NO_SPACE), StorageError),
    "fsync": (fail_in("os.fsync", NO_SPACE), StorageError),
    "manifest": (fail_in("catalog_index.commit.write_manifest", NO_SPACE), StorageError),
    "swap": (fail_in("pathlib.Path.replace", NO_SPACE), StorageError),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_rebuild_leaves_the_earlier_index_serving_and_nothing_behind(
    tmp_path: Path,
    built: BuildReport,
    shop: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    shop.append(write_jsonl(tmp_path / "new.jsonl", [{**KETTLE, "id": "new", "title": "New"}]))
    before = files_of(built.directory)
    break_it, raised = FAILURES[name]
    with monkeypatch.context() as patch:
        break_it(patch)
        with pytest.raises(raised) as caught:
            build_index(shop, built.directory, embedder=HashEmbedder())
    if raised is StorageError:
        assert "The disk is full" in str(caught.value)
        assert "\n" not in str(caught.value)
    assert files_of(built.directory) == before
    assert len(list((built.directory / GENERATIONS).iterdir())) == 1
    assert len(titles(CatalogIndex(built.directory, HashEmbedder()))) == 6


@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_first_build_leaves_no_trace(
    tmp_path: Path, shop: list[Path], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    break_it, raised = FAILURES[name]
    with monkeypatch.context() as patch:
        break_it(patch)
        with pytest.raises(raised):
            build_index(shop, tmp_path / "index", embedder=HashEmbedder())
    assert not (tmp_path / "index").exists()


def test_an_embedder_that_fails_midway_leaves_the_earlier_index(
    tmp_path: Path, built: BuildReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_index.commit.CHUNK", 2)
    before = files_of(built.directory)
    rows = [{**KETTLE, "id": f"K{number}", "title": f"Kettle {number}"} for number in range(9)]
    feed = write_jsonl(tmp_path / "big.jsonl", rows)
    with pytest.raises(RuntimeError, match="lost"):
        build_index([feed], built.directory, embedder=FailingEmbedder(RuntimeError("lost")))
    assert files_of(built.directory) == before


def test_a_failure_after_the_swap_keeps_the_new_index(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = catalog_index.durable.fsync_path

    def fail_on_the_index_directory(path: Path) -> None:
        if path == built.directory:
            raise OSError(errno.EIO, "Input/output error")
        real(path)

    feed = write_jsonl(tmp_path / "new.jsonl", [SHOES])
    with monkeypatch.context() as patch:
        patch.setattr("catalog_index.durable.fsync_path", fail_on_the_index_directory)
        with pytest.raises(StorageError):
            build_index([feed], built.directory, embedder=embedder)
    assert titles(CatalogIndex(built.directory, embedder)) == {SHOES["title"]}


def test_what_a_killed_build_left_is_removed_by_the_next(
    built: BuildReport, shop: list[Path], embedder: HashEmbedder
) -> None:
    left = built.directory / GENERATIONS / "000000-killed"
    left.mkdir()
    (left / "records-0001.sqlite").touch()
    before = (built.directory / CURRENT).read_text()
    build_index(shop, built.directory, embedder=embedder)
    left_over = {path.name for path in (built.directory / GENERATIONS).iterdir()}
    assert left_over == {before, (built.directory / CURRENT).read_text()}


def test_an_interrupted_build_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_index.commit.CHUNK", 2)
    rows = [{**KETTLE, "id": f"K{number}", "title": f"Kettle {number}"} for number in range(9)]
    feed = write_jsonl(tmp_path / "big.jsonl", rows)
    interrupted = FailingEmbedder(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        build_index([feed], tmp_path / "index", embedder=interrupted)
    assert interrupted.encoded == 2
    again = HashEmbedder()
    assert build_index([feed], tmp_path / "index", embedder=again).counts.products == 9
    assert again.encoded == 7
    assert len(list((tmp_path / "index" / GENERATIONS).iterdir())) == 1
    index = CatalogIndex(tmp_path / "index", HashEmbedder())
    for records, vectors in index.chunks(9):
        expected = HashEmbedder().encode([text_to_embed(record) for record in records])
        assert vectors == pytest.approx(expected, abs=1e-3)


def test_a_rebuild_embeds_only_texts_that_are_new(
    tmp_path: Path, built: BuildReport, shop: list[Path]
) -> None:
    new = write_jsonl(tmp_path / "more.jsonl", [{**KETTLE, "id": "K2", "title": "Blue kettle"}])
    embedder = HashEmbedder()
    assert build_index([*shop, new], built.directory, embedder=embedder).counts.products == 4
    assert embedder.encoded == 1


def test_strict_stops_at_the_first_bad_row(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder
) -> None:
    feed = write_jsonl(tmp_path / "bad.jsonl", [KETTLE, {"id": "x"}, LAMP])
    before = files_of(built.directory)
    with pytest.raises(FeedError, match=r"--strict.*\"line\": 2.*title"):
        build_index([feed], built.directory, embedder=embedder, options=Options(is_strict=True))
    assert files_of(built.directory) == before


def test_a_feed_without_one_good_row_is_refused_with_the_first_reason(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder
) -> None:
    feed = write_jsonl(tmp_path / "bad.jsonl", [{"id": "1"}, {"title": "b"}])
    before = files_of(built.directory)
    with pytest.raises(FeedError, match=r"None of the feed's 2 rows.*title"):
        build_index([feed], built.directory, embedder=embedder)
    assert files_of(built.directory) == before


@pytest.mark.parametrize("has_index", [False, True])
def test_all_rows_of_a_feed_without_one_good_row_are_listed_beside_the_index(
    tmp_path: Path, shop: list[Path], embedder: HashEmbedder, has_index: bool
) -> None:
    out, beside = tmp_path / "out" / "index", tmp_path / "out" / f"index.{REJECTED}"
    if has_index:
        build_index(shop, out, embedder=embedder)
    feed = write_jsonl(tmp_path / "bad.jsonl", [{"id": "1"}, {"title": "b"}])
    with pytest.raises(FeedError) as caught:
        build_index([feed], out, embedder=embedder)
    assert str(caught.value).endswith(f" All of them: {beside}")
    rejected = [json.loads(line) for line in beside.read_text().splitlines()]
    assert [(row["line"], row["field"]) for row in rejected] == [(1, "title"), (2, "id")]
    assert out.exists() == has_index
    build_index(shop, out, embedder=embedder)
    assert not beside.exists()


def test_pictures_are_sought_beside_the_first_feed_with_a_product(
    tmp_path: Path, shop: list[Path], embedder: HashEmbedder
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    bad = write_jsonl(other / "bad.jsonl", [{"id": "x"}])
    products, document = shop
    moved = document.rename(other / document.name)
    for feeds, root in (([bad, moved, products], products.parent), ([moved], None)):
        build_index(feeds, tmp_path / "index", embedder=embedder)
        manifest = read_manifest(current_generation(tmp_path / "index"))
        assert manifest.media_root == (str(root) if root else "")


def test_a_feed_with_a_header_and_no_rows_is_refused(tmp_path: Path) -> None:
    feed = tmp_path / "feed.csv"
    feed.write_text("id,title\n")
    with pytest.raises(FeedError, match="0 rows"):
        build_index([feed], tmp_path / "index", embedder=HashEmbedder())


@pytest.mark.parametrize("out", ["taken", "taken/below"])
def test_a_file_in_the_place_of_the_directory_is_a_storage_error(
    tmp_path: Path, shop: list[Path], out: str
) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StorageError, match="Choose a directory"):
        build_index(shop, tmp_path / out, embedder=HashEmbedder())
    assert (tmp_path / "taken").read_text() == "a file"


def test_a_directory_that_may_not_be_written_is_a_storage_error(
    tmp_path: Path, shop: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_in("pathlib.Path.mkdir", PermissionError(errno.EACCES, "Permission denied"))(monkeypatch)
    with pytest.raises(StorageError, match=r"Permission denied.*Choose a directory"):
        build_index(shop, tmp_path / "index", embedder=HashEmbedder())


def test_a_feed_whose_name_is_not_utf8_is_indexed(tmp_path: Path) -> None:
    feed = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl"))
    write_jsonl(feed, [KETTLE, {"id": "x"}])
    report = build_index([feed], tmp_path / "index", embedder=HashEmbedder())
    assert report.counts.rejected == 1
