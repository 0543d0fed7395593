from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from catalog_index.demo.generator import generate_products
from catalog_index.product import Product
from finetune.errors import DatasetError
from finetune.jobs import make_jobs
from finetune.seed_set import load_seeds
from finetune.shop import Shop, product_kind
from finetune.teachers.base import FIXED_ANSWER, Job


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop.of(list(generate_products())[::4])


@pytest.fixture(scope="module")
def jobs(shop: Shop) -> list[Job]:
    return list(make_jobs(load_seeds(), shop, 1000, 3))


def test_jobs_are_the_same_on_every_run(shop: Shop, jobs: list[Job]) -> None:
    again = list(islice(make_jobs(load_seeds(), shop, 1000, 3), 200))
    assert [(job.id, job.inputs, job.answer) for job in again] == [
        (job.id, job.inputs, job.answer) for job in jobs[:200]
    ]
    other = list(islice(make_jobs(load_seeds(), shop, 1000, 4), 200))
    assert [job.inputs for job in other] != [job.inputs for job in again]


def test_ids_name_the_seed_and_are_unique(jobs: list[Job]) -> None:
    assert len({job.id for job in jobs}) == len(jobs)
    assert all(job.id.startswith(f"{job.seed.id}/") for job in jobs)


def test_tasks_and_seeds_come_up_evenly(jobs: list[Job]) -> None:
    by_task = Counter(job.seed.task for job in jobs)
    assert len(by_task) == 5
    assert min(by_task.values()) > 150
    by_seed = Counter(job.seed.id for job in jobs)
    assert len(by_seed) > 270
    assert max(by_seed.values()) < 12


def test_kinds_of_product_come_up_evenly(shop: Shop, jobs: list[Job]) -> None:
    kind_of = {product.id: product_kind(product) for product in shop.products}
    kinds = Counter(
        kind_of[job.inputs["product"]["id"]]
        for job in jobs
        if job.inputs.get("product", {}).get("id") in kind_of
    )
    assert set(kinds) == set(shop.kinds)
    assert max(kinds.values()) < 4 * min(kinds.values())


def test_the_inputs_hold_no_instruction_and_labels_hold_an_answer(jobs: list[Job]) -> None:
    for job in jobs:
        assert "instruction" not in job.inputs
        assert job.answer or job.seed.task not in FIXED_ANSWER


def test_a_task_without_a_seed_gets_no_job(shop: Shop) -> None:
    seeds = [seed for seed in load_seeds() if seed.task in ("ads", "title")]
    count = Counter(job.seed.task for job in make_jobs(seeds, shop, 40, 1))
    assert set(count) == {"ads", "title"}
    assert count.total() == 40


def test_records_that_serve_no_task_end_the_jobs() -> None:
    nothing = Shop.of([Product(id="1", title="Brantwick", brand="Brantwick")])
    seeds = [seed for seed in load_seeds() if seed.task == "ads"]
    assert list(make_jobs(seeds, nothing, 10, 1)) == []


def test_an_empty_shop_is_named_as_the_fault() -> None:
    with pytest.raises(DatasetError, match="seeds and product records"):
        list(make_jobs(load_seeds(), Shop.of([]), 10, 1))
