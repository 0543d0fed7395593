"""The short form of `benchmarks.crash`: killed writers, and disks that fill up or fail."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.durability import disks, kills
from benchmarks.durability.flushes import unflushed
from benchmarks.durability.history import WordsEmbedder, change, disagreement, state
from benchmarks.durability.reader import Readers
from benchmarks.durability.worker import Order, Worker, compile_failing_disk
from catalog_index.commit import STEPS
from catalog_index.index import CatalogIndex
from catalog_index.manifest import CURRENT, GENERATIONS, MANIFEST, REJECTED

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="forks, kills and preloads as Linux does"
)

KILLED, DOCUMENT = 9, 3


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    return compile_failing_disk(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def worker(library: Path | None) -> Iterator[Worker]:
    with Worker(library) as worker:
        yield worker


@pytest.fixture
def failing_disk(library: Path | None) -> None:
    if library is None:
        pytest.skip("needs a C compiler (cc) to make disks fail")


def test_a_first_build_killed_anywhere_leaves_no_index_or_a_whole_one(
    worker: Worker, tmp_path: Path, library: Path | None
) -> None:
    tally = kills.Tally()
    kills.kill_first_builds(worker, tmp_path, tally, 3 if library else 0, lambda _: None)
    assert not tally.faults
    assert {f"after step {step}" for step in STEPS} <= set(tally.kills)


def test_changes_killed_anywhere_lose_nothing_and_readers_see_whole_states(
    worker: Worker, tmp_path: Path, library: Path | None
) -> None:
    tally = kills.Tally()
    victim = kills.Victim(worker, tmp_path, tally)
    victim.advance()
    with Readers(victim.out, 100) as readers:
        dice = random.Random(7)
        kills.kill_changes(victim, 3, dice, lambda _: None, calls=library is not None)
        seen = readers.finish(victim.at)
    assert not tally.faults
    assert tally.total >= 5
    assert seen["answers"] > 50
    assert (seen["torn"], seen["typed"], seen["untyped"], seen["told"]) == (0, [], [], [])
    assert seen["generations"] > 1
    assert seen["is_newest"]


def test_what_a_kill_between_the_manifest_and_the_swap_leaves_is_never_kept(
    worker: Worker, tmp_path: Path
) -> None:
    out = tmp_path / "index"
    worker.run(Order(str(out), str(tmp_path / "feeds")))
    first = (out / CURRENT).read_text()
    killed = worker.run(Order(str(out), str(tmp_path / "feeds"), first=1, step="vouched"))
    assert killed.signal == KILLED
    (left,) = {path.name for path in (out / GENERATIONS).iterdir()} - {first}
    assert (out / GENERATIONS / left / MANIFEST).is_file()
    assert worker.run(Order(str(out), str(tmp_path / "feeds"), first=1)).done == 2
    now = (out / CURRENT).read_text()
    assert {path.name for path in (out / GENERATIONS).iterdir()} == {first, now}


@pytest.mark.parametrize("step", ["indexed", "linked", "flushed", "vouched"])
def test_a_killed_build_embeds_nothing_twice(worker: Worker, tmp_path: Path, step: str) -> None:
    from benchmarks.durability.history import write_feeds
    from catalog_index.build import build_index

    class Counting(WordsEmbedder):
        encoded = 0

        def encode(self, texts):  # type: ignore[no-untyped-def]
            self.encoded += len(texts)
            return super().encode(texts)

    out = tmp_path / "index"
    assert worker.run(Order(str(out), str(tmp_path / "feeds"), step=step)).signal == KILLED
    embedder = Counting()
    feeds = write_feeds(change(0), tmp_path / "again")
    build_index(feeds, out, embedder=embedder)
    assert embedder.encoded == 0
    with CatalogIndex(out, WordsEmbedder()) as index:
        assert not disagreement(index, state(1))


def test_what_a_kill_within_a_swap_leaves_beside_is_swept(worker: Worker, tmp_path: Path) -> None:
    out = tmp_path / "index"
    worker.run(Order(str(out), str(tmp_path / "feeds")))
    left = [out / f".{CURRENT}.4711", out / f".{REJECTED}.4711", tmp_path / f".index.{REJECTED}.1"]
    kept = [out / f".{CURRENT}.mine", tmp_path / f".index.{REJECTED}.x"]
    for path in (*left, *kept):
        path.write_text("half")
    assert worker.run(Order(str(out), str(tmp_path / "feeds"), first=1)).done == 2
    assert [path.exists() for path in (*left, *kept)] == [False] * 3 + [True] * 2


@pytest.mark.usefixtures("failing_disk")
def test_a_full_or_failing_disk_is_told_in_one_line_and_harms_nothing(
    worker: Worker, tmp_path: Path
) -> None:
    tally = disks.Tally()
    disks.fail_disks(worker, tmp_path, tally, 1, scenes=["build", "document"])
    assert not tally.faults
    assert tally.endings["refused"] > 5


@pytest.mark.usefixtures("failing_disk")
@pytest.mark.parametrize("number", [0, 1, DOCUMENT])
def test_all_is_flushed_before_the_swap(worker: Worker, tmp_path: Path, number: int) -> None:
    out, calls = tmp_path / "all" / "index", tmp_path / "calls"
    out.parent.mkdir()
    for earlier in range(number):
        worker.run(Order(str(out), str(tmp_path / "feeds"), first=earlier))
    below = str(out.parent)
    worker.run(
        Order(
            str(out), str(tmp_path / "feeds"), number, disk="count", below=below, calls=str(calls)
        )
    )
    lines = calls.read_text().splitlines()
    assert not unflushed(lines, out)
    flushes = [
        n for n, line in enumerate(lines) if line.startswith("flush") and ".lock" not in line
    ]
    needed = [
        n for n in flushes if ".tmp" not in lines[n] and unflushed(lines[:n] + lines[n + 1 :], out)
    ]
    assert len(needed) > 5  # the proof does notice a flush that is left out
