"""Seeds x records -> the jobs of an expansion, evenly over tasks, seeds and product types.

Deterministic: the same seeds, shop, count and seed give the same jobs in the same order. Knows no
teacher.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from catalog_index.product import Product
from finetune.errors import DatasetError
from finetune.pair import Pair
from finetune.shop import Shop, product_kind
from finetune.situations import ads, answer, classify, intent, title
from finetune.situations.base import Situation
from finetune.teachers.base import Job

Situate = Callable[[Pair, Product, Shop, random.Random], Situation | None]
SITUATIONS: Mapping[str, Situate] = {
    "ads": ads.situate,
    "title": title.situate,
    "classify": classify.situate,
    "intent": intent.situate,
    "answer": answer.situate,
}
_FRUITLESS = 400
"""Records in a row that may serve no seed of a task before the task is given up."""


def make_jobs(
    seeds: Sequence[Pair],
    shop: Shop,
    count: int,
    seed: int,
) -> Iterator[Job]:
    """Yield `count` jobs, or as many as the records serve.

    Args:
        seeds: the pairs to expand.
        shop: the records, drawn evenly over kinds of product.
        count: how many jobs.
        seed: of every choice.

    Raises:
        DatasetError: there is no seed or no record.
    """
    if not seeds or not shop.products:
        raise DatasetError("An expansion needs seeds and product records; one of them is empty.")
    chance = random.Random(seed)
    by_task = {name: [pair for pair in seeds if pair.task == name] for name in SITUATIONS}
    streams = {
        name: _task_jobs(pairs, shop, random.Random(f"{seed} {name}"))
        for name, pairs in by_task.items()
        if pairs
    }
    made = 0
    while streams and made < count:
        names = list(streams)
        name = chance.choice(names)
        job = next(streams[name], None)
        if job is None:
            del streams[name]
            continue
        made += 1
        yield job


def _task_jobs(seeds: Sequence[Pair], shop: Shop, chance: random.Random) -> Iterator[Job]:
    """Yield one task's jobs without end; it ends where the records serve none of its seeds."""
    situate = SITUATIONS[seeds[0].task]
    products = _evenly(shop, chance)
    fruitless = 0
    for number in itertools.count():
        if number % len(seeds) == 0:
            order = chance.sample(list(seeds), len(seeds))
        seed = order[number % len(seeds)]
        situation = situate(seed, next(products), shop, chance)
        if situation is None:
            fruitless += 1
            if fruitless > _FRUITLESS:
                return
            continue
        fruitless = 0
        yield Job(f"{seed.id}/{number:06}", seed, situation.inputs, situation.answer)


def _evenly(shop: Shop, chance: random.Random) -> Iterator[Product]:
    """Yield products for ever, kinds in turn, each kind's products in a random order.

    Records without a kind are one more kind, as large as they are many.
    """
    groups = [list(group) for group in shop.by_kind.values()]
    if untyped := [product for product in shop.products if not product_kind(product)]:
        groups += [untyped[start::20] for start in range(min(20, len(untyped)))]
    for group in groups:
        chance.shuffle(group)
    for turn in itertools.count():
        for group in chance.sample(groups, len(groups)):
            yield group[turn % len(group)]
