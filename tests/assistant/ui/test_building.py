"""A build from the page: watched, cancelled, refused, one at a time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from assistant.ui.catalog import building
from assistant.ui.catalog.building import BuildBusyError, Builder, Wanted, rejects
from catalog_index.build import build_index
from catalog_index.manifest import current_generation
from tests.fakes import HashEmbedder, write_shop


@pytest.fixture
def out(tmp_path: Path) -> Path:
    build_index(write_shop(tmp_path / "shop"), tmp_path / "index", embedder=HashEmbedder())
    return tmp_path / "index"


def upload(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "temporary" / "new.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def finished(builder: Builder) -> building.Progress:
    deadline = time.monotonic() + 30
    while builder.is_running and time.monotonic() < deadline:
        time.sleep(0.02)
    assert builder.progress is not None
    assert builder.progress.ended
    return builder.progress


def test_an_upload_is_kept_and_built_and_its_refused_rows_are_listed(
    out: Path, tmp_path: Path
) -> None:
    builder = Builder(HashEmbedder)
    file = upload(tmp_path, "id,title\nN1,Copper jug\n,No id\n")
    builder.start(Wanted(out, uploads=(file,)), tmp_path / "kept")
    report = finished(builder).report
    assert report is not None
    assert (report.counts.added, report.counts.rejected) == (1, 1)
    [kept] = (tmp_path / "kept").rglob("new.csv")
    assert kept.read_bytes() == file.read_bytes()
    [row] = rejects(out)
    assert row["line"] == 3
    assert json.dumps(row)


def test_two_uploads_of_one_name_are_both_read_and_a_failed_build_keeps_none(
    out: Path, tmp_path: Path
) -> None:
    files = []
    for number in (1, 2):
        file = tmp_path / str(number) / "products.csv"
        file.parent.mkdir()
        file.write_text(f"id,title\nN{number},Jug {number}\n")
        files.append(file)
    builder = Builder(HashEmbedder)
    builder.start(Wanted(out, uploads=tuple(files)), tmp_path / "kept")
    report = finished(builder).report
    assert report is not None
    assert report.counts.added == 2
    files[0].write_bytes(b"")
    builder.start(Wanted(out, uploads=(files[0],)), tmp_path / "kept")
    assert finished(builder).fault
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_a_feed_at_fault_is_a_sentence_and_the_catalog_stays(out: Path, tmp_path: Path) -> None:
    before = current_generation(out)
    builder = Builder(HashEmbedder)
    builder.start(Wanted(out, feeds=(tmp_path / "nowhere.csv",)), tmp_path / "kept")
    assert "nowhere.csv" in finished(builder).fault
    assert current_generation(out) == before


def test_a_build_can_be_cancelled_and_only_one_runs(out: Path, tmp_path: Path) -> None:
    before = current_generation(out)

    class Slow(HashEmbedder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            time.sleep(0.3)
            return super().encode(texts)

    rows = "".join(f"M{number},Thing {number}\n" for number in range(3_000))
    builder = Builder(Slow)
    wanted = Wanted(out, uploads=(upload(tmp_path, f"id,title\n{rows}"),))
    builder.start(wanted, tmp_path / "kept")
    with pytest.raises(BuildBusyError):
        builder.start(wanted, tmp_path / "kept")
    builder.cancel()
    assert finished(builder).cancelled
    assert current_generation(out) == before
    builder.start(Wanted(out, uploads=(upload(tmp_path, "id,title\nN1,Jug\n"),)), tmp_path / "kept")
    assert finished(builder).report is not None
