"""Amazon's product questions as examples: semiPQA, hetPQA and ePQA, labelled by people.

The files are those of amazon-science/contextual-product-qa (CDLA-Sharing-1.0), with labels 0, 1
and 2: does not answer, helps or answers (attributes: answers), answers fully.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from finetune.evidence.examples import Example, Labelled
from finetune.sources.rows import read_rows, text_of
from retrieval.evidence_pieces import Piece

_VALUE = re.compile(r"\b(?:value|unit|string_value|content|name): ?", re.I)
_MARKS = re.compile(r"[{}\[\]\"]+")
_LABELS = {"epqa": {"0": 0.0, "1": 0.6, "2": 1.0}}
_PLAIN_LABELS = {"0": 0.0, "1": 1.0, "2": 1.0}
_FILES = (
    ("semipqa", "semipqa.attributes.dev.jsonl.gz"),
    ("semipqa", "semipqa.attributes.testseen.jsonl.gz"),
    ("hetpqa", "hetpqa.evidence.dev.jsonl"),
    ("epqa", "epqa.train.jsonl.gz"),
)


def read_labelled(folder: Path) -> Iterator[Example]:
    """Yield every question of the folder with all its candidates.

    Raises:
        DatasetError: a file is missing or a line of it cannot be read.
    """
    for source, name in _FILES:
        path = folder / name
        questions: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in read_rows(path):
            questions[text_of(row, "qid", path)].append(row)
        labels = _LABELS.get(source, _PLAIN_LABELS)
        for key, rows in questions.items():
            pieces = tuple(
                _labelled(text_of(row, "candidate", path), labels[str(row["label"])], source, row)
                for row in rows
            )
            yield Example(rows[0]["question"], pieces, source, f"{source} {key}")


def _labelled(candidate: str, label: float, source: str, row: Mapping[str, Any]) -> Labelled:
    if source == "semipqa" or row.get("source") == "attribute":
        name, text = plain_attribute(candidate)
        return Labelled(Piece(name, text), label)
    return Labelled(Piece("description", candidate.partition(" Question: ")[0]), label)


def plain_attribute(candidate: str) -> tuple[str, str]:
    """Return the name and the text of an attribute written as nested data.

    'item_weight:  { value:8.0, unit:"ounces" }' gives ("item weight", "8.0 ounces").
    """
    name, _, data = candidate.partition(":")
    text = _MARKS.sub(" ", _VALUE.sub("", data)).replace("_", " ")
    text = {"true": "yes", "false": "no"}.get(text.strip(), text)
    return name.strip().replace("_", " "), " ".join(text.replace(" ,", ",").split())
