from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import catalog_index.demo
from catalog_index.readers.markdown import MAX_WORDS, MarkdownReader

Read = Callable[..., Any]
POLICIES = sorted((Path(catalog_index.demo.__file__).parent / "policies").glob("*.md"))


def test_each_heading_gives_a_passage_with_its_path(read: Read) -> None:
    content = (
        "# Returns\nIntro.\n## Refunds\nMoney.\n### Cards ###\nFive days.\n## Parcels\nBoxes.\n"
    )
    passages = read("returns-policy.md", content).records
    assert [(p.document, p.heading, p.text) for p in passages] == [
        ("Returns", "", "Intro."),
        ("Returns", "Refunds", "Money."),
        ("Returns", "Refunds > Cards", "Five days."),
        ("Returns", "Parcels", "Boxes."),
    ]
    assert [p.id.partition("#")[2] for p in passages] == [
        "returns",
        "refunds",
        "refunds-cards",
        "parcels",
    ]


def test_without_a_first_heading_the_file_names_the_document(read: Read) -> None:
    (passage,) = read("opening-hours.md", "We open at nine.").records
    assert (passage.document, passage.heading) == ("Opening hours", "")


def test_anchors_are_unique_even_when_a_heading_looks_like_a_numbered_one(read: Read) -> None:
    content = "# D\n## Size\na\n## Size\nb\n## Size 2\nc\n## Größe\nd\n## 尺寸\ne\n## !\nf\n"
    ids = [passage.id for passage in read("d.md", content).records]
    assert len(set(ids)) == 6
    assert ids[0] == "d.md#size"
    assert "d.md#größe" in ids


def test_table_rows_stand_by_themselves_under_their_column_names(read: Read) -> None:
    content = (
        "# T\nBefore.\n\n| Size | Chest | Note |\n|:---|---:|---|\n"
        "| S | **83** cm | a \\| b |\n| M | | [see](x) |\n\nAfter.\n"
    )
    (passage,) = read("t.md", content).records
    assert passage.text.splitlines() == [
        "Before.",
        "Size: S; Chest: 83 cm; Note: a | b",
        "Size: M; Note: see",
        "After.",
    ]


def test_tables_without_outer_pipes_or_with_ragged_rows_are_read(read: Read) -> None:
    (passage,) = read("t.md", "# T\nSize | Chest\n--- | ---\nS | 83\nM | 89 | extra\nL\n").records
    assert passage.text.splitlines() == ["Size: S; Chest: 83", "Size: M; Chest: 89; extra", "L"]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_table_row_of_the_demo_policies_is_a_line_of_named_cells(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    text = "\n".join(row.record.text for row in MarkdownReader().read(path))
    assert "|" not in text
    header: list[str] = []
    for at, line in enumerate(lines):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if at + 1 < len(lines) and set(lines[at + 1]) <= set("|- "):
            header = cells
        elif not set(line) <= set("|- "):
            row = "; ".join(f"{name}: {cell}" for name, cell in zip(header, cells, strict=True))
            assert row in text.splitlines()


def test_the_shipping_table_reads_as_sentences() -> None:
    path = next(path for path in POLICIES if path.stem == "shipping")
    text = "\n".join(row.record.text for row in MarkdownReader().read(path))
    assert (
        "Destination: Germany, France, Austria; Delivery time: 2 to 4 working days;"
        " Standard shipping: 4.95 EUR; Free from: 60 EUR"
    ) in text.splitlines()


def test_long_text_is_split_between_blocks_then_lines_then_words(read: Read) -> None:
    blocks = [f"block{n} " + "word " * 99 for n in range(5)]
    items = [f"- item{n} " + "word " * 30 for n in range(20)]
    content = "\n\n".join(["# D", *blocks, "\n".join(items), "long " * 500])
    passages = read("d.md", content).records
    assert all(len(passage.text.split()) <= MAX_WORDS for passage in passages)
    assert len({passage.id for passage in passages}) == len(passages)
    together = " ".join(passage.text for passage in passages).split()
    assert together == content.removeprefix("# D").split()


def test_a_hash_inside_a_code_fence_is_no_heading(read: Read) -> None:
    (passage,) = read("d.md", "# D\n```\n# comment\n```\nText.\n").records
    assert "# comment" in passage.text


def test_a_line_that_is_not_utf8_is_rejected_alone(read: Read) -> None:
    rows = read("d.md", "# D\nGöod.\n".encode() + b"caf\xe9\nAlso good.\n")
    assert rows.faults == [(3, "")]
    assert rows.records[0].text == "Göod.\nAlso good."


def test_a_pathological_line_of_a_megabyte_is_read_at_once(read: Read) -> None:
    rows = read("d.md", "# D\n# " + " " * 500_000 + "x" + "#" * 500_000 + "\n" + "[" * 500_000)
    assert rows.records
