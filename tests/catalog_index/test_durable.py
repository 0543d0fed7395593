from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from catalog_index.build import BuildReport, Options, build_index
from catalog_index.durable import STALE_SECONDS, exclusive_lock, fsync_path, work_directory
from catalog_index.embedding import Vectors
from catalog_index.errors import CatalogError, IndexLockedError
from catalog_index.generations import Swept
from catalog_index.manifest import CURRENT, GENERATIONS, LOCK, MANIFEST
from tests.fakes import HashEmbedder

HOLD = """
import sys, time
from pathlib import Path
from catalog_index.durable import exclusive_lock
with exclusive_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_build_into_a_directory_fails_at_once_and_harms_nothing(
    tmp_path: Path, shop: list[Path]
) -> None:
    refused: list[str] = []

    class MeanwhileAnother(HashEmbedder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            if not refused:
                with pytest.raises(CatalogError) as caught:
                    build_index(shop, tmp_path / "index", embedder=HashEmbedder())
                refused.append(str(caught.value))
            return super().encode(texts)

    report = build_index(shop, tmp_path / "index", embedder=MeanwhileAnother())
    assert report.counts.indexed == 6
    assert refused[0].startswith(f"Another build is writing to {tmp_path / 'index'} (process ")
    assert "\n" not in refused[0]
    assert len(list((tmp_path / "index" / GENERATIONS).iterdir())) == 1


def test_the_lock_is_held_until_the_old_generations_are_gone(
    built: BuildReport, shop: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import catalog_index.build

    real = catalog_index.build.clean_generations
    refused: list[str] = []

    def clean(out: Path, previous: int) -> Swept:
        with pytest.raises(IndexLockedError) as caught, exclusive_lock(out / LOCK):
            pass
        refused.append(str(caught.value))
        return real(out, previous)

    monkeypatch.setattr("catalog_index.build.clean_generations", clean)
    build_index(shop, built.directory, embedder=HashEmbedder())
    assert f"process {os.getpid()} on" in refused[0]
    with exclusive_lock(built.directory / LOCK):
        pass


def test_a_kill_lets_go_of_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(IndexLockedError), exclusive_lock(lock):
            pass
        holder.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        holder.wait()
    with exclusive_lock(lock):
        pass


def test_a_lock_file_deleted_under_its_taker_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import catalog_index.durable

    lock, real, calls = tmp_path / ".lock", catalog_index.durable._lock, []

    def deleted_first(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 1:
            lock.unlink()
        real(handle)

    monkeypatch.setattr("catalog_index.durable._lock", deleted_first)
    with exclusive_lock(lock), pytest.raises(IndexLockedError), exclusive_lock(lock):
        pass
    assert len(calls) == 3


def swept_meanwhile(left: Path) -> Callable[..., os.stat_result]:
    real = Path.stat

    def stat(self: Path, **options: bool) -> os.stat_result:
        if self == left:
            shutil.rmtree(left, ignore_errors=True)
        return real(self, **options)

    return stat


def test_two_sweeps_of_stale_work_do_not_meet_in_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / ".target-left"
    left.mkdir()
    old = time.time() - STALE_SECONDS - 60
    os.utime(left, (old, old))
    monkeypatch.setattr(Path, "stat", swept_meanwhile(left))
    with work_directory(tmp_path / "target") as work:
        assert work.is_dir()
    assert not left.exists()


def test_the_lock_says_who_holds_it_where_nothing_is_written_at_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pwrite", raising=False)  # Windows has none
    lock = tmp_path / ".lock"
    lock.write_text("x" * 500)
    for _ in range(2):
        with exclusive_lock(lock):
            assert json.loads(lock.read_text())["process"] == os.getpid()


def test_on_windows_a_directory_is_not_flushed_and_a_file_is_opened_for_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import catalog_index.durable

    (tmp_path / "file").write_text("x")
    real, opened = os.open, []

    def noted(path: Path, flags: int) -> int:
        opened.append((path, flags))
        return real(path, flags)

    with monkeypatch.context() as patch:
        patch.setattr(catalog_index.durable.sys, "platform", "win32")
        patch.setattr(os, "open", noted)
        fsync_path(tmp_path)
        fsync_path(tmp_path / "file")
    assert opened == [(tmp_path / "file", os.O_RDWR)]


def test_without_locks_a_build_whose_files_another_deleted_is_not_made_current(
    built: BuildReport, shop: list[Path]
) -> None:
    before = (built.directory / CURRENT).read_text()

    def another(step: str) -> None:
        if step == "vouched":
            for path in (built.directory / GENERATIONS).glob(f"*/{MANIFEST}"):
                if path.parent.name != before:
                    path.unlink()

    with pytest.raises(IndexLockedError, match="one build at a time"):
        build_index(shop, built.directory, embedder=HashEmbedder(), options=Options(step=another))
    assert (built.directory / CURRENT).read_text() == before
