"""The public sets by name: what each gives to training, and what of it is kept for evaluation.

A recipe's `data.sources` names a set and the directory where it lies; none of them is shipped,
and none is needed to run anything.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from finetune.errors import DatasetError
from finetune.pair import Pair
from finetune.sources import icecat, pqa, retail

Read = Callable[[Path], Iterator[Pair]]


@dataclass(frozen=True, slots=True)
class Source:
    """One public set."""

    train: Read
    evaluation: Mapping[str, Read]
    """Evaluation sets by name; no pair of them may be trained on."""
    licence: str
    credit: str


def _pqa_train(folder: Path) -> Iterator[Pair]:
    return itertools.chain(
        pqa.read_hetpqa(folder),
        pqa.read_epqa(folder),
        pqa.read_semipqa(folder),
        pqa.read_unanswered(folder),
    )


def _retail_train(folder: Path) -> Iterator[Pair]:
    return itertools.chain(
        retail.read_labels(folder),
        retail.read_labels(folder, "style", full_list=0.7),
        retail.read_ads(folder),
    )


SOURCES: Mapping[str, Source] = {
    "pqa": Source(
        _pqa_train,
        {"hetpqa": lambda folder: pqa.read_hetpqa(folder, "dev")},
        "CDLA-Sharing-1.0",
        "amazon-science/contextual-product-qa (hetPQA, ePQA, semiPQA)",
    ),
    "retail": Source(
        _retail_train,
        {
            "retail-category": lambda folder: retail.read_labels(folder, "category", "dev"),
            "retail-style": lambda folder: retail.read_labels(folder, "style", "dev"),
        },
        "MIT-0",
        "aws-samples/retail-demo-store",
    ),
    "icecat": Source(
        icecat.read_intent,
        {"icecat-intent": lambda folder: icecat.read_intent(folder, "dev")},
        "Icecat Open Content License; judgements Apache-2.0",
        "Icecat, through o19s/chorus",
    ),
}


def read_sources(sources: Mapping[str, Path]) -> Iterator[Pair]:
    """Yield every pair that the named sets give to training.

    Raises:
        DatasetError: a name is unknown, or a set's files cannot be read.
    """
    for name, folder in sources.items():
        yield from _source(name).train(folder)


def evaluation_sets(sources: Mapping[str, Path]) -> dict[str, list[Pair]]:
    """Return the named sets' evaluation pairs, by evaluation set.

    Raises:
        DatasetError: a name is unknown, or a set's files cannot be read.
    """
    return {
        title: list(read(folder))
        for name, folder in sources.items()
        for title, read in _source(name).evaluation.items()
    }


def evaluation_pairs(sources: Mapping[str, Path]) -> Iterator[Pair]:
    """Yield the pairs of every evaluation set."""
    yield from itertools.chain.from_iterable(evaluation_sets(sources).values())


def _source(name: str) -> Source:
    if name not in SOURCES:
        raise DatasetError(
            f"data.sources names {name!r}; the sets that can be read are: {', '.join(SOURCES)}."
        )
    return SOURCES[name]
