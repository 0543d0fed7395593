"""Product question answering: hetPQA, ePQA and semiPQA (amazon-science/contextual-product-qa).

People's questions, a piece of evidence for each, and the answer that a person wrote from it; or
the label that the evidence does not answer, of which unanswerable pairs are made. The sets are
written in lower case; answers get a sentence's form. Licence: CDLA-Sharing-1.0.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from assistant.tasks.answer import ABSTENTION
from finetune.pair import Pair
from finetune.sources.rows import as_sentence, read_rows, text_of

_NEGATIVE = "0"
_SURE = "2"
_ASKED = (
    "what is the {name}?",
    "{name}?",
    "can you tell me the {name}?",
    "what {name} does it have?",
    "tell me about the {name}",
    "what about the {name}?",
    "do you know the {name}?",
)
_LONGEST_EVIDENCE = 70


def read_hetpqa(folder: Path, split: str = "train") -> Iterator[Pair]:
    """Yield hetPQA's answers: question and evidence of six sources -> a person's sentence."""
    path = folder / f"hetpqa.answers.{split}.jsonl"
    for number, row in enumerate(read_rows(path)):
        answer = as_sentence(text_of(row, "answer", path))
        inputs = {
            "question": text_of(row, "question", path),
            "evidence": [text_of(row, "candidate", path)],
        }
        if answer:
            yield Pair(f"hetpqa-{split}/{number:05}", "answer", inputs, answer, "hetpqa")


def read_epqa(folder: Path, split: str = "train") -> Iterator[Pair]:
    """Yield ePQA's fully answering evidence with its answer, and what answers nothing."""
    path = folder / f"epqa.{split}.jsonl.gz"
    for number, row in enumerate(read_rows(path)):
        candidate = text_of(row, "candidate", path)
        inputs = {"question": text_of(row, "question", path), "evidence": [candidate]}
        label, answer = text_of(row, "label", path), as_sentence(str(row.get("answer") or ""))
        if len(candidate.split()) > _LONGEST_EVIDENCE:
            continue
        if label == _NEGATIVE:
            yield Pair(f"epqa-{split}/{number:05}", "answer", inputs, ABSTENTION, "epqa")
        elif label == _SURE and answer:
            yield Pair(f"epqa-{split}/{number:05}", "answer", inputs, answer, "epqa")


def read_semipqa(folder: Path, split: str = "train") -> Iterator[Pair]:
    """Yield semiPQA's attributes, as nested data, with the sentence that a person made of each.

    The set has no question; one that asks for the attribute by its name is put before it.
    """
    path = folder / f"semipqa.verbalise.{split}.jsonl"
    chance = random.Random(f"semipqa {split}")
    for number, row in enumerate(read_rows(path)):
        data, sentence = text_of(row, "data", path), as_sentence(text_of(row, "text", path))
        name = re.sub(r"[_\W]+", " ", data.partition(":")[0]).strip()
        question = chance.choice(_ASKED).format(name=name)
        inputs = {"question": question, "evidence": [data]}
        if sentence and len(data.split()) <= _LONGEST_EVIDENCE:
            yield Pair(f"semipqa-{split}/{number:05}", "answer", inputs, sentence, "semipqa")


def read_unanswered(folder: Path, split: str = "dev") -> Iterator[Pair]:
    """Yield questions that none of a product's attributes answers (semiPQA's attribute labels).

    Up to five attributes of one question become its evidence.
    """
    path = folder / f"semipqa.attributes.{split}.jsonl.gz"
    groups: dict[str, tuple[list[str], set[str]]] = {}
    for row in read_rows(path):
        held, labels = groups.setdefault(text_of(row, "question", path), ([], set()))
        held.append(text_of(row, "candidate", path))
        labels.add(text_of(row, "label", path))
    chance = random.Random(f"unanswered {split}")
    for number, (question, (held, labels)) in enumerate(groups.items()):
        if labels != {_NEGATIVE}:
            continue
        short = [text for text in held if len(text.split()) <= 15]
        chance.shuffle(short)
        if short:
            inputs = {"question": question, "evidence": short[: chance.randint(1, 5)]}
            identity = f"semipqa-unanswered-{split}/{number:05}"
            yield Pair(identity, "answer", inputs, ABSTENTION, "semipqa")
