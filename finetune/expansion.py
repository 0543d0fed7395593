"""Expansion: seeds combined with a shop's records by a teacher, written as pairs.

Knows no teacher's inside: `grammar` needs nothing, `openai` any OpenAI-compatible server.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from catalog_index.product import Product
from catalog_index.readers.base import Parsed
from finetune.errors import DatasetError
from finetune.jobs import make_jobs
from finetune.pair import Pair, write_pairs
from finetune.recipe import Data
from finetune.seed_set import load_seeds
from finetune.shop import Shop
from finetune.teachers.base import Teacher

JOURNAL = "journal.jsonl"


def expand(
    data: Data, teacher: Teacher, progress: Callable[[int], None] = lambda done: None
) -> int:
    """Write the seeds and what the teacher made of them to `data.expanded`; return how many.

    Raises:
        DatasetError: seeds or feeds cannot be used.
        TeacherError: the teacher cannot go on; with a journal, the next run goes on from there.
    """
    seeds = load_seeds(data.seeds)
    shop = Shop.of(read_products(data.feeds, data.demo_shop))
    jobs = make_jobs(seeds, shop, data.count, data.seed)
    made = _counted(teacher.expand(jobs), progress)
    return write_pairs(data.expanded, itertools.chain(seeds, made))


def choose_teacher(data: Data, name: str) -> Teacher:
    """Return the teacher of that name.

    Raises:
        TeacherError: the server's address or model is not in the environment.
    """
    if name == "grammar":
        from finetune.teachers.grammar import GrammarTeacher

        return GrammarTeacher(data.seed)
    from finetune.teachers.batch_api import OpenAIBatchTeacher
    from finetune.teachers.openai_server import OpenAITeacher
    from finetune.teachers.settings import TeacherSettings

    journal = data.expanded.parent / JOURNAL
    journal.parent.mkdir(parents=True, exist_ok=True)
    settings = TeacherSettings.from_environment(journal, **data.server.settings())
    return OpenAIBatchTeacher(settings) if data.server.batch else OpenAITeacher(settings)


def read_products(feeds: Sequence[Path], demo_shop: bool = False) -> list[Product]:
    """Return the products of feeds; the demo shop's where there are none, or beside them.

    Raises:
        DatasetError: no product is in them.
        CatalogError: a feed cannot be read.
    """
    from catalog_index.demo.generator import generate_products
    from catalog_index.readers import choose_reader, feed_files

    if not feeds:
        return list(generate_products())
    products = [
        row.record
        for feed in feed_files(feeds)
        for row in choose_reader(feed).read(feed)
        if isinstance(row, Parsed) and isinstance(row.record, Product)
    ]
    if not products:
        raise DatasetError(f"No product was found in {', '.join(map(str, feeds))}.")
    return [*generate_products(), *products] if demo_shop else products


def _counted(pairs: Iterable[Pair], progress: Callable[[int], None]) -> Iterator[Pair]:
    for done, pair in enumerate(pairs, start=1):
        progress(done)
        yield pair
