from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

import app
from catalog_index.build import BuildReport, build_index
from catalog_index.cli import FORMATS
from catalog_index.manifest import CURRENT, current_generation, read_manifest
from catalog_index.readers import FORMATS as READERS
from tests.fakes import KETTLE, HashEmbedder, write_jsonl


@pytest.fixture(autouse=True)
def hashed_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_index.build.MiniLMEmbedder", HashEmbedder)


def run(*arguments: str | Path) -> int:
    return app.main(["index", *map(str, arguments)])


def test_build_prints_where_the_rows_went(
    tmp_path: Path, shop: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("build", *shop, "--out", tmp_path / "index") == 0
    printed = capsys.readouterr()
    assert "3 products and 3 passages" in printed.out
    assert "6 rows read = 6 indexed + 0 rejected + 0 merged" in printed.out
    assert "Traceback" not in printed.err


def test_build_prints_one_json_object_and_logs_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = write_jsonl(tmp_path / "feed.jsonl", [KETTLE, KETTLE, {"id": "x"}])
    assert run("build", feed, "--out", tmp_path / "index", "--json") == 0
    (line,) = capsys.readouterr().out.splitlines()
    result = json.loads(line)
    counts = {"read": 3, "products": 1, "passages": 0, "rejected": 1, "merged": 1, "indexed": 1}
    assert {name: result[name] for name in counts} == counts
    assert result["directory"] == str(tmp_path / "index")
    assert Path(result["rejected_file"]).is_file()
    assert result["seconds"] >= 0


def test_build_points_to_the_rejected_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = write_jsonl(tmp_path / "feed.jsonl", [KETTLE, {"id": "x"}])
    assert run("build", feed, "--out", tmp_path / "index") == 0
    assert "rejected.jsonl" in capsys.readouterr().err


def test_info_says_what_an_index_holds(
    built: BuildReport, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("info", built.directory) == 0
    text = capsys.readouterr().out
    assert "Products:" in text
    assert "returns.md" in text
    assert run("info", built.directory, "--json") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["counts"]["products"] == 3
    assert record["embedder"]["id"] == HashEmbedder.id
    assert record["generation"] == current_generation(built.directory).name


def test_info_says_how_an_approximate_index_is_searched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_index.ann.EXACT_LIMIT", 30)
    rows = [{**KETTLE, "id": f"K{n}", "title": f"Kettle {n}"} for n in range(60)]
    out = tmp_path / "index"
    build_index([write_jsonl(tmp_path / "f.jsonl", rows)], out, embedder=HashEmbedder())
    (segment,) = read_manifest(current_generation(out)).segments
    assert run("info", out) == 0
    said = f"60 ({segment.vector_index}, nprobe {segment.nprobe}, recall@10 {segment.recall:.3f})"
    assert said in capsys.readouterr().out


def test_an_update_says_why_missing_records_were_kept(
    tmp_path: Path, built: BuildReport, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(f"{json.dumps(KETTLE)}\n{{broken\n")
    assert run("update", built.directory, feed, "--delete-missing") == 0
    said = capsys.readouterr().err
    assert "2 records that the feeds no longer name were kept, since 1 rows could not be" in said
    assert run("update", built.directory, feed, "--delete-missing", "--json") == 0
    assert json.loads(capsys.readouterr().out)["kept_missing"] == 2


def test_the_formats_of_the_command_line_are_the_readers() -> None:
    assert tuple(READERS) == FORMATS


def test_help_reads_no_reader() -> None:
    script = """
import argparse, sys
from catalog_index.cli import register
register(argparse.ArgumentParser().add_subparsers())
print([name for name in sys.modules if name.startswith("catalog_index.readers")])
"""
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"


BAD_FEEDS = {
    "empty": b"",
    "blank": b"\n \n",
    "garbage": bytes(range(256)) * 9,
    "damaged": gzip.compress(b'{"id": "1", "title": "a"}\n')[:-9],
    "array of numbers": b"[1, 2, 3]",
    "header only": b"id,title\n",
    "no good row": b'{"id": "1"}\n{"id": "2"}\n',
    "nothing but lines": b"\x00" * 5000,
}


@pytest.mark.parametrize("name", BAD_FEEDS)
def test_a_bad_feed_fails_with_one_line_and_no_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    feed = tmp_path / "feed.jsonl" if name == "no good row" else tmp_path / "feed"
    feed.write_bytes(BAD_FEEDS[name])
    assert_fails(capfd, "build", feed, "--out", tmp_path / "index")
    assert not (tmp_path / "index").exists()


def assert_fails(capfd: pytest.CaptureFixture[str], *arguments: str | Path) -> None:
    assert run(*arguments) == 1
    printed = capfd.readouterr()
    said = [line for line in printed.err.splitlines() if line.startswith("llama-e: ")]
    assert len(said) == 1
    assert "internal error" not in said[0]
    assert "Traceback" not in printed.err
    assert printed.out == ""


def test_bad_arguments_fail_with_one_line(
    tmp_path: Path, shop: list[Path], capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "index"
    assert_fails(capfd, "build", tmp_path / "absent.csv", "--out", out)
    assert_fails(capfd, "build", shop[0] / "below", "--out", out)
    assert_fails(capfd, "build", shop[0], "--out", shop[0])
    (tmp_path / "empty").mkdir()
    assert_fails(capfd, "build", tmp_path / "empty", "--out", out)
    assert_fails(capfd, "info", tmp_path / "absent")
    assert not out.exists()


def test_a_damaged_index_fails_with_one_line(
    built: BuildReport, capfd: pytest.CaptureFixture[str]
) -> None:
    (current_generation(built.directory) / "vectors-0001.f16").unlink()
    assert_fails(capfd, "info", built.directory)
    (built.directory / CURRENT).write_text("?")
    assert_fails(capfd, "info", built.directory)


def test_wrong_usage_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run("build")
    assert caught.value.code == 2
