from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.machine import DEFAULT_DATA
from finetune.errors import DatasetError
from finetune.sources import icecat, pqa, retail
from finetune.sources.registry import SOURCES, evaluation_pairs, evaluation_sets, read_sources
from finetune.sources.rows import as_sentence, read_rows

needs_data = pytest.mark.skipif(
    not (DEFAULT_DATA / "pqa").is_dir(), reason=f"the public sets are not in {DEFAULT_DATA}"
)


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


def test_an_answer_becomes_a_sentence() -> None:
    assert as_sentence(" yes,  it  is ") == "Yes, it is."
    assert as_sentence("how so?") == "How so?"
    assert as_sentence("") == ""


def test_hetpqa_rows_become_answers_from_one_piece_of_evidence(tmp_path: Path) -> None:
    row = {"question": "is it red?", "candidate": "it is red.", "answer": "yes", "source": "review"}
    write(tmp_path / "hetpqa.answers.train.jsonl", [row])
    [pair] = pqa.read_hetpqa(tmp_path)
    assert pair.inputs == {"question": "is it red?", "evidence": ["it is red."]}
    assert (pair.task, pair.output, pair.source) == ("answer", "Yes.", "hetpqa")


def test_epqa_gives_refusals_for_what_does_not_answer_and_leaves_half_answers_out(
    tmp_path: Path,
) -> None:
    rows = [
        {"question": "q", "candidate": f"c{label}", "label": label, "answer": "a"}
        for label in ("0", "1", "2")
    ]
    write(tmp_path / "epqa.train.jsonl.gz", rows)
    found = {pair.inputs["evidence"][0]: pair for pair in pqa.read_epqa(tmp_path)}
    assert set(found) == {"c0", "c2"}
    assert found["c0"].unanswerable and found["c2"].output == "A."


def test_a_question_counts_as_unanswered_only_where_no_attribute_answers_it(tmp_path: Path) -> None:
    rows = [
        {"qid": "1", "qa_pair_id": "1", "question": "a?", "candidate": "x: 1", "label": "0"},
        {"qid": "1", "qa_pair_id": "1", "question": "a?", "candidate": "y: 2", "label": "2"},
        {"qid": "2", "qa_pair_id": "2", "question": "b?", "candidate": "z: 3", "label": "0"},
    ]
    write(tmp_path / "semipqa.attributes.dev.jsonl.gz", rows)
    assert [pair.inputs["question"] for pair in pqa.read_unanswered(tmp_path)] == ["b?"]


def test_a_semipqa_question_asks_for_the_attribute_by_its_name(tmp_path: Path) -> None:
    row = {"data": 'item_form: { value:"Spray" }', "text": "This is a spray."}
    write(tmp_path / "semipqa.verbalise.train.jsonl", [row])
    [pair] = pqa.read_semipqa(tmp_path)
    assert "item form" in pair.inputs["question"]
    assert pair.output == "This is a spray."


def test_retail_products_held_out_are_in_no_training_pair(tmp_path: Path) -> None:
    rows = [
        {
            "id": f"p{number}",
            "name": f"Item {number}",
            "category": f"c{number % 30}",
            "style": f"s{number % 40}",
            "description": "One fine thing. It is for you, and it is long.",
            "price": 3.5,
        }
        for number in range(200)
    ]
    write(tmp_path / "products.train.jsonl", rows)
    for field in ("category", "style"):
        training = list(retail.read_labels(tmp_path, field))
        kept = list(retail.read_labels(tmp_path, field, "dev"))
        ids = [{pair.inputs["product"]["id"] for pair in part} for part in (training, kept)]
        assert not ids[0] & ids[1] and len(ids[0] | ids[1]) == 200
        assert 5 < len(kept) < 40
        for pair in training:
            assert pair.output in pair.inputs["labels"]
            assert "category" not in pair.inputs["product"]
    few = list(retail.read_labels(tmp_path, "style", full_list=0.0))
    assert all(8 <= len(pair.inputs["labels"]) <= 24 for pair in few)
    [ad, *_] = retail.read_ads(tmp_path)
    assert ad.output in ad.inputs["product"]["description"]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"{]", "line 1"), (b"[1]", "no JSON object"), (b"\xff\xfe", "cannot be read")],
)
def test_a_broken_file_is_one_clear_error(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=message):
        list(read_rows(path))
    with pytest.raises(DatasetError, match="cannot be read"):
        list(read_rows(tmp_path / "none.jsonl.gz"))


def test_a_file_of_another_kind_names_what_its_rows_have(tmp_path: Path) -> None:
    write(tmp_path / "hetpqa.answers.train.jsonl", [{"text": "hello"}])
    with pytest.raises(DatasetError, match=r"no 'answer' \(it has: text\)"):
        list(pqa.read_hetpqa(tmp_path))


def test_an_unknown_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="pqa, retail, icecat"):
        list(read_sources({"imdb": tmp_path}))


@needs_data
@pytest.mark.parametrize("name", sorted(SOURCES))
def test_the_real_sets_are_read_whole_and_their_evaluation_part_is_apart(name: str) -> None:
    place = {name: DEFAULT_DATA / name}
    training = list(read_sources(place))
    for pair in training[:: max(1, len(training) // 200)]:
        assert pair.prompt().material
    assert len({pair.id for pair in training}) == len(training) > 1500
    judged = list(evaluation_pairs(place))
    assert judged and all(evaluation_sets(place).values())
    assert not {pair.id for pair in training} & {pair.id for pair in judged}


@needs_data
def test_no_query_of_the_judgements_is_in_both_parts() -> None:
    parts = [
        {pair.inputs["query"] for pair in icecat.read_intent(DEFAULT_DATA / "icecat", split)}
        for split in ("train", "dev")
    ]
    assert not parts[0] & parts[1] and min(map(len, parts)) >= 8
