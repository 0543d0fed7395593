from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_index.build import BuildReport, Options, build_index, delete_records, update_index
from catalog_index.durable import exclusive_lock
from catalog_index.errors import (
    FeedError,
    IndexLockedError,
    IndexMismatchError,
    IndexNotFoundError,
    RecordNotFoundError,
)
from catalog_index.generations import collect_garbage
from catalog_index.index import CatalogIndex
from catalog_index.manifest import (
    CURRENT,
    GENERATIONS,
    LOCK,
    MANIFEST,
    SCHEMA_VERSION,
    current_generation,
    read_manifest,
)
from catalog_index.verify import verify_index
from tests.commands import runner
from tests.fakes import KETTLE, LAMP, SHOES, HashEmbedder, write_jsonl

MISSING = Options(delete_missing=True)


def ids(out: Path) -> set[str]:
    with CatalogIndex(out, HashEmbedder()) as index:
        return {record.id for records, _ in index.chunks(100) for record in records}


def assert_whole(out: Path) -> None:
    assert [check.fault for check in verify_index(out) if check.fault] == []


def test_an_update_adds_changes_and_keeps_and_embeds_only_what_is_new(
    tmp_path: Path, built: BuildReport
) -> None:
    feed = write_jsonl(
        tmp_path / "new.jsonl", [{**KETTLE, "title": "Copper kettle"}, LAMP, {**SHOES, "id": "S2"}]
    )
    embedder = HashEmbedder()
    counts = update_index(built.directory, [feed], embedder=embedder).counts
    assert (counts.added, counts.changed, counts.unchanged, counts.deleted) == (1, 1, 1, 0)
    assert (counts.products, counts.passages) == (4, 3)
    assert embedder.encoded == 1  # the second pair of shoes has the words of the first
    assert_whole(built.directory)


def test_an_update_that_changes_nothing_writes_no_generation(
    built: BuildReport, shop: list[Path], embedder: HashEmbedder
) -> None:
    before = (built.directory / CURRENT).read_text()
    report = update_index(built.directory, shop, embedder=embedder, options=MISSING)
    assert not report.has_changed
    assert report.counts.unchanged == 6
    assert (built.directory / CURRENT).read_text() == before
    assert [path.name for path in (built.directory / GENERATIONS).iterdir()] == [before]


def test_the_passages_of_a_document_go_when_it_is_read_anew(
    built: BuildReport, shop: list[Path], embedder: HashEmbedder
) -> None:
    shop[1].write_text("# Returns\n\n## Refunds\n\nNo refunds.\n")
    counts = update_index(built.directory, [shop[1]], embedder=embedder).counts
    assert (counts.products, counts.passages) == (3, 1)
    with CatalogIndex(built.directory, embedder) as index:
        assert not index.lexical("furniture", 5)
        (hit,) = index.lexical("refunds", 5, "passage")
        assert index.dense("refunds", 5, "passage")[0][0] == hit[0]


def test_records_no_longer_named_go_only_when_asked_and_only_of_kinds_that_were_read(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder
) -> None:
    feed = write_jsonl(tmp_path / "kettle.jsonl", [KETTLE])
    assert not update_index(built.directory, [feed], embedder=embedder).has_changed
    counts = update_index(built.directory, [feed], embedder=embedder, options=MISSING).counts
    assert (counts.products, counts.passages, counts.deleted) == (1, 3, 2)
    assert_whole(built.directory)


def test_a_feed_of_refused_rows_does_not_empty_the_catalog(
    tmp_path: Path, built: BuildReport, shop: list[Path], embedder: HashEmbedder
) -> None:
    bad = write_jsonl(tmp_path / "bad.jsonl", [{"id": "1"}, {**KETTLE, "price": "?"}])
    with pytest.raises(FeedError):
        update_index(built.directory, [bad], embedder=embedder, options=MISSING)
    report = update_index(built.directory, [bad, shop[1]], embedder=embedder, options=MISSING)
    assert (report.counts.products, report.counts.rejected) == (3, 2)
    assert len(ids(built.directory)) == 6


def test_everything_can_be_deleted_and_the_empty_index_filled_again(
    built: BuildReport, shop: list[Path], embedder: HashEmbedder
) -> None:
    report = delete_records(
        built.directory, ["KE-1001", "LA-2002", "SH-3003", "returns.md"], embedder=embedder
    )
    assert (report.counts.indexed, report.counts.deleted) == (0, 6)
    assert_whole(built.directory)
    with CatalogIndex(built.directory, embedder) as index:
        assert len(index) == 0
        assert index.lexical("kettle", 5) == index.dense("kettle", 5) == []
        assert index.dense("kettle", 5, "passage") == index.dense("kettle", 5, "product") == []
        assert index.lookup(["KE-1001"]) == []
    again = HashEmbedder()
    assert update_index(built.directory, shop, embedder=again).counts.added == 6
    assert again.encoded == 0  # the generation before the deletion still has the vectors
    assert_whole(built.directory)


def test_ids_are_deleted_together_or_not_at_all(built: BuildReport, embedder: HashEmbedder) -> None:
    before = (built.directory / CURRENT).read_text()
    with pytest.raises(RecordNotFoundError, match=r"'absent'.*nothing was deleted"):
        delete_records(built.directory, ["KE-1001", "absent"], embedder=embedder)
    assert (built.directory / CURRENT).read_text() == before
    assert len(ids(built.directory)) == 6


PATH_LIKE = [
    "../../etc/passwd",
    "a/b",
    "..",
    ".",
    "/",
    "a\\b",
    "C:\\x",
    "%00",
    "-rf",
    "*",
    "🫖",
    "é" * 9,
]


def test_ids_that_look_like_paths_are_only_ids(tmp_path: Path, embedder: HashEmbedder) -> None:
    out = tmp_path / "shop" / "index"
    rows = [{**KETTLE, "id": name, "title": f"Kettle {n}"} for n, name in enumerate(PATH_LIKE)]
    counts = build_index([write_jsonl(tmp_path / "f.jsonl", rows)], out, embedder=embedder).counts
    assert counts.products == len(PATH_LIKE)
    for name in PATH_LIKE[::2]:
        delete_records(out, [name], embedder=embedder)
    with CatalogIndex(out, embedder) as index:
        found = [index.product(name) for name in PATH_LIKE]
    assert [product and product.id for product in found[1::2]] == PATH_LIKE[1::2]
    assert found[::2] == [None] * len(PATH_LIKE[::2])
    assert_whole(out)
    assert {path.name for path in tmp_path.iterdir()} == {"shop", "f.jsonl"}


@pytest.mark.parametrize("name", ["a\x00b", "a\nb", "x" * 10_000, "\ud800"])
def test_a_strange_id_is_a_record_or_a_refused_row(
    tmp_path: Path, embedder: HashEmbedder, name: str
) -> None:
    feed = tmp_path / "f.jsonl"
    feed.write_text("".join(json.dumps(row) + "\n" for row in [{**KETTLE, "id": name}, LAMP]))
    counts = build_index([feed], tmp_path / "index", embedder=embedder).counts
    assert counts.products + counts.rejected == 2
    assert_whole(tmp_path / "index")
    held = ids(tmp_path / "index") - {LAMP["id"]}
    assert len(held) == counts.products - 1
    for kept in held:
        assert delete_records(tmp_path / "index", [kept], embedder=embedder).counts.products == 1


@pytest.mark.parametrize("name", ["\udcff", "\x00", "", "' OR 1=1 --", "%", "_"])
def test_deleting_an_id_that_no_record_has_is_one_line(
    built: BuildReport, embedder: HashEmbedder, name: str
) -> None:
    with pytest.raises(RecordNotFoundError) as caught:
        delete_records(built.directory, [name], embedder=embedder)
    assert repr(name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_id_may_be_a_products_and_a_passages(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder
) -> None:
    (passage,) = [each for each in ids(built.directory) if each.endswith("#refunds")]
    twin = write_jsonl(
        tmp_path / "twin.jsonl", [{**KETTLE, "id": passage}, {**LAMP, "id": passage}]
    )
    counts = update_index(built.directory, [twin], embedder=embedder).counts
    assert (counts.products, counts.passages, counts.merged) == (4, 3, 1)
    assert_whole(built.directory)
    counts = delete_records(built.directory, [passage], embedder=embedder).counts
    assert (counts.products, counts.passages) == (3, 3)  # the product goes first
    counts = delete_records(built.directory, [passage], embedder=embedder).counts
    assert (counts.products, counts.passages) == (3, 2)


def test_later_feeds_win_over_earlier_ones(tmp_path: Path, embedder: HashEmbedder) -> None:
    first = write_jsonl(tmp_path / "a.jsonl", [KETTLE, LAMP])
    second = write_jsonl(tmp_path / "b.jsonl", [{**KETTLE, "title": "Later"}])
    build_index([first, second], tmp_path / "index", embedder=embedder)
    report = update_index(tmp_path / "index", [second, first], embedder=embedder)
    assert (report.counts.changed, report.counts.merged) == (1, 1)
    with CatalogIndex(tmp_path / "index", embedder) as index:
        product = index.product("KE-1001")
    assert product is not None and product.title == KETTLE["title"]


CHANGES: list[Callable[[Path, list[Path], HashEmbedder], object]] = [
    lambda out, shop, embedder: update_index(out, shop, embedder=embedder),
    lambda out, shop, embedder: delete_records(out, ["KE-1001"], embedder=embedder),
]


@pytest.mark.parametrize("change", CHANGES, ids=["update", "delete"])
def test_a_change_refuses_what_is_no_index_of_this_program_and_embedder(
    tmp_path: Path,
    built: BuildReport,
    shop: list[Path],
    change: Callable[[Path, list[Path], HashEmbedder], object],
) -> None:
    with pytest.raises(IndexNotFoundError):
        change(tmp_path / "absent", shop, HashEmbedder())
    assert not (tmp_path / "absent").exists()
    foreign = HashEmbedder()
    foreign.revision = "2"
    with pytest.raises(IndexMismatchError, match="embedder"):
        change(built.directory, shop, foreign)
    path = current_generation(built.directory) / MANIFEST
    path.write_text(json.dumps({"schema_version": SCHEMA_VERSION + 1}))
    with pytest.raises(IndexMismatchError, match="Update the program"):
        change(built.directory, shop, HashEmbedder())
    assert len(list((built.directory / GENERATIONS).iterdir())) == 1


@pytest.mark.parametrize("action", ["update", "delete", "gc"])
def test_a_second_writer_is_told_who_writes_and_since_when(
    built: BuildReport, shop: list[Path], embedder: HashEmbedder, action: str
) -> None:
    with exclusive_lock(built.directory / LOCK), pytest.raises(IndexLockedError) as caught:
        if action == "update":
            update_index(built.directory, shop, embedder=embedder)
        elif action == "delete":
            delete_records(built.directory, ["KE-1001"], embedder=embedder)
        else:
            collect_garbage(built.directory)
    assert f"(process {os.getpid()} on " in str(caught.value)
    assert "for 0 s)" in str(caught.value)
    assert_whole(built.directory)


@pytest.mark.parametrize("content", ["", '{"process": 1, "host": "x", "since": 0}', "\x00" * 90])
def test_the_lock_file_of_a_dead_process_blocks_nobody(
    built: BuildReport, embedder: HashEmbedder, content: str
) -> None:
    (built.directory / LOCK).write_text(content)
    assert delete_records(built.directory, ["KE-1001"], embedder=embedder).counts.products == 2


def test_without_hard_links_files_are_copied(
    tmp_path: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    out = tmp_path / "index"
    rows = [{**KETTLE, "id": f"K{n}", "title": f"Kettle {n}"} for n in range(20)]
    build_index([write_jsonl(tmp_path / "f.jsonl", rows)], out, embedder=embedder)
    update_index(out, [write_jsonl(tmp_path / "g.jsonl", [LAMP])], embedder=embedder)
    generation = current_generation(out)
    assert len(read_manifest(generation).segments) == 2
    assert all(p.stat().st_nlink == 1 for p in generation.rglob("*") if p.is_file())
    collect_garbage(out)
    assert_whole(out)
    assert len(ids(out)) == 21


def test_gc_keeps_what_it_is_asked_to_and_frees_the_rest(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder
) -> None:
    for name in ("A", "B"):
        feed = write_jsonl(tmp_path / "f.jsonl", [{**KETTLE, "id": name}])
        update_index(built.directory, [feed], embedder=embedder)
    assert collect_garbage(built.directory, 1).removed == ()
    with CatalogIndex(built.directory, embedder) as reader:
        swept = collect_garbage(built.directory)
        assert len(swept.removed) == 1
        assert swept.freed > 0
        assert len(reader.lexical("kettle", 9)) == 3
    assert [p.name for p in (built.directory / GENERATIONS).iterdir()] == [
        (built.directory / CURRENT).read_text()
    ]
    assert_whole(built.directory)


def test_the_command_line_updates_deletes_and_sweeps(
    tmp_path: Path,
    built: BuildReport,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("catalog_index.build.MiniLMEmbedder", HashEmbedder)
    run = runner(capsys)
    feed = write_jsonl(tmp_path / "f.jsonl", [{**KETTLE, "title": "Other"}])
    updated = run("index", "update", built.directory, feed, "--delete-missing", "--json").one
    assert (updated["changed"], updated["deleted"], updated["products"]) == (1, 2, 1)
    assert "deleted" in run("index", "delete", built.directory, "returns.md").out
    assert "'nobody'" in run("index", "delete", built.directory, "nobody").fault
    assert len(run("index", "gc", built.directory, "--json").one["removed"]) == 1
    assert run("index", "verify", built.directory, "--json").one["whole"] is True
    (tmp_path / "bad.jsonl").write_text('{"id": "1"}\n')
    assert run("index", "update", built.directory, tmp_path / "bad.jsonl").fault
    assert "llama-e index build" in run("index", "update", tmp_path / "no", feed).fault


def test_a_product_whose_row_is_refused_is_not_missing(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    build_index(
        [write_jsonl(tmp_path / "a.jsonl", [KETTLE, LAMP])], tmp_path / "i", embedder=embedder
    )
    bad = write_jsonl(tmp_path / "b.jsonl", [SHOES, {**KETTLE, "price": "a lot"}])
    options = Options(delete_missing=True)
    report = update_index(tmp_path / "i", [bad], embedder=embedder, options=options)
    assert (report.counts.deleted, report.counts.rejected) == (1, 1)
    index = CatalogIndex(tmp_path / "i", embedder)
    kettle = index.product("KE-1001")
    assert kettle is not None
    assert str(kettle.price) == KETTLE["price"]
    assert index.product("LA-2002") is None


BROKEN = ['{"id": "LA-20', '["LA-2002"]', '{"title": "A lamp without an id"}']


@pytest.mark.parametrize("line", BROKEN)
def test_nothing_is_missing_where_a_row_may_have_named_anything(
    tmp_path: Path, embedder: HashEmbedder, line: str
) -> None:
    out, feed = tmp_path / "i", tmp_path / "b.jsonl"
    build_index([write_jsonl(tmp_path / "a.jsonl", [KETTLE, LAMP, SHOES])], out, embedder=embedder)
    write_jsonl(feed, [{**KETTLE, "title": "Copper kettle"}])
    with feed.open("a") as file:
        file.write(f"{line}\n")
    report = update_index(out, [feed], embedder=embedder, options=MISSING)
    assert (report.counts.changed, report.counts.deleted) == (1, 0)
    assert (report.kept_missing, report.hiding) == (2, 1)
    assert ids(out) == {"KE-1001", "LA-2002", "SH-3003"}
    write_jsonl(feed, [{**KETTLE, "title": "Copper kettle"}])
    report = update_index(out, [feed], embedder=embedder, options=MISSING)
    assert (report.counts.deleted, report.kept_missing, report.hiding) == (2, 0, 0)
    assert_whole(out)


def test_a_whole_file_of_an_archive_that_cannot_be_read_may_have_named_anything(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    out = tmp_path / "i"
    first, second = (
        write_jsonl(tmp_path / f"{n}.jsonl", [row]) for n, row in enumerate((KETTLE, LAMP))
    )
    build_index([first, second], out, embedder=embedder)
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(first, "0.jsonl")
        packed.writestr("1.jsonl", bytes(range(256)) * 9)
    report = update_index(out, [archive], embedder=embedder, options=MISSING)
    assert (report.counts.deleted, report.kept_missing) == (0, 1)
    assert ids(out) == {"KE-1001", "LA-2002"}


def test_passages_that_a_document_no_longer_has_go_though_rows_are_broken(
    tmp_path: Path, built: BuildReport, shop: list[Path], embedder: HashEmbedder
) -> None:
    shop[1].write_text("# Returns\n\n## Refunds\n\nNo refunds.\n")
    broken = tmp_path / "broken.jsonl"
    broken.write_text(f"{json.dumps(KETTLE)}\n{{broken\n")
    report = update_index(built.directory, [shop[1], broken], embedder=embedder, options=MISSING)
    assert (report.counts.products, report.counts.passages, report.kept_missing) == (3, 1, 2)
    assert_whole(built.directory)


def test_the_last_row_of_an_id_decides_and_the_others_are_merged(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder
) -> None:
    other = {**KETTLE, "title": "Copper kettle"}
    back = write_jsonl(tmp_path / "back.jsonl", [other, KETTLE, LAMP, LAMP])
    counts = update_index(built.directory, [back], embedder=embedder).counts
    assert (counts.added, counts.changed, counts.unchanged, counts.merged) == (0, 0, 2, 2)
    forth = write_jsonl(tmp_path / "forth.jsonl", [KETTLE, other])
    counts = update_index(built.directory, [forth], embedder=embedder).counts
    assert (counts.added, counts.changed, counts.unchanged, counts.merged) == (0, 1, 0, 1)
