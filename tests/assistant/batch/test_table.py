"""Which tables are taken, how a row becomes an input line, and what is said of unfit ones."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from assistant.batch.table import (
    MAX_BYTES,
    TableError,
    check_table,
    job_line,
    read_rows,
    row_line,
    template,
)
from assistant.tasks import TASKS


def test_columns_of_the_task_are_inputs_and_all_others_the_products_fields() -> None:
    row = {
        "Audience": "students",
        "title": "Bag",
        "colour": "red",
        "output": "old",
        "keep": "a | b",
    }
    assert row_line("ads", row) == {
        "audience": "students",
        "keep": ["a", "b"],
        "product": {"title": "Bag", "colour": "red"},
    }


def test_settings_hold_where_the_row_says_nothing() -> None:
    settings = {"tone": "warm", "audience": "all"}
    line = job_line("ads", {"title": "Bag", "audience": "students", "tone": ""}, settings)
    assert (line["tone"], line["audience"]) == ("warm", "students")


def test_a_title_without_a_query_is_written_for_the_products_own_type() -> None:
    line = job_line("title", {"title": "Tote 20 l", "product_type": "Bags > Tote bags"}, {})
    assert "tote bag" in line["query"].lower()


@pytest.mark.parametrize("task", TASKS)
def test_each_template_is_a_table_of_its_task(task: str, tmp_path: Path) -> None:
    file = tmp_path / "template.csv"
    file.write_text(template(task), encoding="utf-8", newline="")
    assert check_table(file, task, {}).rows == 1
    [(line, row)] = read_rows(file)
    assert line == 2
    assert isinstance(row, dict)
    TASKS[task].read({k: v for k, v in job_line(task, row, {}).items() if k != "id"})
    assert len(next(csv.reader(io.StringIO(template(task))))) >= 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"title,query\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0", "not text"),
        (b"PK\x03\x04\x14\0rest of a workbook", "workbook"),
        (b"sku,query\nA,kettle\n", "no column 'title'"),
        (b"title\nKettle\n", "no column 'query'"),
        (b"title,query,query\nKettle,a,b\n", "twice"),
    ],
)
def test_an_unfit_table_gets_one_clear_sentence(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "feed.csv"
    file.write_bytes(content)
    with pytest.raises(TableError, match=said) as fault:
        check_table(file, "intent", {})
    assert str(tmp_path) not in str(fault.value), "where uploads are kept is nobody's matter"


def test_a_table_of_200_mb_is_refused_by_its_size(tmp_path: Path) -> None:
    file = tmp_path / "feed.csv"
    with file.open("wb") as out:
        out.truncate(200 << 20)
    with pytest.raises(TableError, match="200 MB; at most 50 MB") as fault:
        check_table(file, "ads", {})
    assert MAX_BYTES == 50 << 20
    assert "split" in str(fault.value)


def test_a_huge_cell_spoils_its_row_only(tmp_path: Path) -> None:
    file = tmp_path / "feed.csv"
    file.write_text(f"title,query\nA,a\n{'x' * 2_000_000},b\nC,c\n", encoding="utf-8")
    assert check_table(file, "intent", {}).rows == 3
    kinds = [type(row).__name__ for _, row in read_rows(file)]
    assert kinds == ["dict", "RowError", "dict"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_what_spreadsheets_write_is_read(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "feed.csv"
    file.write_bytes("title;query\r\nTasse grün;für Büro\r\n".encode(encoding))
    assert check_table(file, "intent", {}).columns == ("title", "query")
    assert [row for _, row in read_rows(file)] == [{"title": "Tasse grün", "query": "für Büro"}]


def test_what_all_rows_share_need_not_be_a_column(tmp_path: Path) -> None:
    file = tmp_path / "feed.csv"
    file.write_text("title\nKettle\n", encoding="utf-8")
    assert check_table(file, "classify", {"labels": ["a", "b"]}).rows == 1
