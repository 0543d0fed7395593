"""From feeds and labelled questions to the evidence's three files, and how good they are.

Writes `evidence_reader.safetensors`, `evidence_matcher.safetensors` and `evidence_blend.json`, as
`retrieval/data` ships them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from catalog_index.embedding import MiniLMEmbedder
from catalog_index.product import Product
from finetune.errors import DatasetError
from finetune.evidence.calibration import (
    Measured,
    blend_json,
    choose_threshold,
    features_of,
    fit_blend,
    halves,
    measure,
    scores_of,
)
from finetune.evidence.catalog import Questioner
from finetune.evidence.examples import Example, split
from finetune.evidence.labelled import read_labelled
from finetune.evidence.matching import train_matcher
from finetune.evidence.policies import policy_examples
from finetune.evidence.training import Schedule, train
from finetune.expansion import read_products
from finetune.shop import Shop
from retrieval.evidence import EvidenceRanker
from retrieval.evidence_reader import EvidenceReader
from retrieval.evidence_vectors import matcher
from retrieval.evidence_weights import MATCHER_FILE, READER_FILE

BLEND_FILE = "evidence_blend.json"
WEIGHTS = {"catalog": 4.0, "policy": 1.0, "semipqa": 1.0, "hetpqa": 0.5, "epqa": 0.5}
"""What the questions of a source count for in fitting the blend, all together."""

_FEWEST_PRODUCTS = 20
_VALIDATED = 450
_MOST_WRONG = 5
_ALL_FIELDS = 1_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What a reader is made from.

    Args:
        feeds: catalogs that questions are made on.
        labelled: the directory of semiPQA, hetPQA and ePQA; None to do without.
        out: the directory that the files go to.
        questions: how many questions are made on each feed.
        start: a directory of such files to go on from.
        schedule: of the reader's training.
        matching: of the matcher's.
    """

    feeds: tuple[Path, ...]
    labelled: Path | None
    out: Path
    questions: int = 5_500
    start: Path | None = None
    schedule: Schedule = field(default_factory=Schedule)
    matching: Schedule = field(default_factory=lambda: Schedule(learning_rate=8e-4, seed=21))


def make_reader(settings: Settings, log: Callable[[str], None]) -> Mapping[str, Measured]:
    """Train a reader, fit its blend, write both; return what it does on questions held out.

    Raises:
        DatasetError: a feed has too few products, or a labelled file is missing.
        CatalogError: a feed cannot be read.
    """
    settings.out.mkdir(parents=True, exist_ok=True)
    start = settings.start
    learned = _learned(settings, random.Random(settings.schedule.seed), near=3, far=1)
    path = settings.out / READER_FILE
    train(learned, settings.schedule, path, log, start=start and start / READER_FILE)
    learned = _learned(settings, random.Random(settings.matching.seed), near=4, far=3)
    path = settings.out / MATCHER_FILE
    train_matcher(learned, settings.matching, path, log, start=start and start / MATCHER_FILE)
    return _fit(settings, held_out(settings), log)


def _learned(settings: Settings, rng: random.Random, *, near: int, far: int) -> list[Example]:
    made = [
        example
        for feed in settings.feeds
        for example in _questions(_products(feed), settings.questions, rng, near=near, far=far)
    ]
    examples = [*made, *policy_examples(rng, 3), *_labelled(settings)]
    return [_thinned(one, rng) for one in split(examples)[0]]


def held_out(settings: Settings) -> dict[str, list[Example]]:
    """Return the questions that nothing is learned from, by where they come from.

    They hold every field of their record whose label is sure.
    """
    rng = random.Random(f"held out {settings.schedule.seed}")
    found = {}
    for feed in settings.feeds:
        made = _questions(_products(feed), settings.questions, rng, near=_ALL_FIELDS)
        found[f"{feed.parent.name}/{feed.name}"] = split(made)[1]
    found["policies"] = split(list(policy_examples(rng, 4)))[1]
    for example in split(_labelled(settings))[1]:
        found.setdefault(example.source, []).append(example)
    return {name: examples[:_VALIDATED] for name, examples in found.items()}


def _fit(
    settings: Settings, questions: Mapping[str, Sequence[Example]], log: Callable[[str], None]
) -> dict[str, Measured]:
    ranker = EvidenceRanker(
        MiniLMEmbedder(),
        EvidenceReader(changes=settings.out / READER_FILE),
        matcher(settings.out / MATCHER_FILE),
    )
    parts = {name: halves(examples) for name, examples in questions.items()}
    fitted = [example for fit, _ in parts.values() for example in fit]
    features = [features_of(ranker, example) for example in fitted]
    blend = fit_blend(fitted, features, WEIGHTS)
    threshold = choose_threshold(fitted, scores_of(blend, fitted, features))
    log(f"A piece answers from {threshold:.2f} on.")
    path = settings.out / BLEND_FILE
    path.write_text(json.dumps(blend_json(blend), indent=2) + "\n", encoding="utf-8")
    found = {}
    for name, (_, examples) in parts.items():
        if examples:
            scores = scores_of(blend, examples, [features_of(ranker, one) for one in examples])
            found[name] = measure(examples, scores, threshold)
    return found


def _labelled(settings: Settings) -> list[Example]:
    return [] if settings.labelled is None else list(read_labelled(settings.labelled))


def _products(feed: Path) -> list[Product]:
    products = read_products([feed])
    if len(products) < _FEWEST_PRODUCTS:
        raise DatasetError(
            f"{feed} has {len(products)} products; questions on fewer than {_FEWEST_PRODUCTS} teach"
            " no more than their names. Give a larger feed."
        )
    return products


def _questions(
    products: Sequence[Product], count: int, rng: random.Random, **kept: int
) -> list[Example]:
    """Make questions; `kept` says which pieces go with them, see `Questioner`."""
    chosen = rng.sample(list(products), min(count, len(products)))
    questioner = Questioner(Shop.of(products), rng, **kept)
    return list(questioner.examples(chosen, max(1, count // len(chosen))))[:count]


def _thinned(example: Example, rng: random.Random) -> Example:
    """Keep a few of the attributes that do not answer: one product's are much alike."""
    if example.source != "semipqa":
        return example
    wrong = [one for one in example.pieces if one.label < 0.5]
    right = [one for one in example.pieces if one.label >= 0.5]
    kept = rng.sample(wrong, min(_MOST_WRONG, len(wrong)))
    return replace(example, pieces=(*right, *kept))
