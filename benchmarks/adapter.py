"""The shipped adapter's figures, on what training left out.

Labels and answers: the evaluation parts of the public sets (`finetune.sources.registry`), beside
the untuned base. Titles: products that people found to meet one of Icecat's held-out queries, with
their own titles as the peer. Ads: the products of those queries, and records of the demo shop, of
which the expansion has seen some. Titles are judged as drafted and as served, ads as served.
Outputs are kept in OUT: a run that was stopped goes on.
Run: python -m benchmarks.adapter
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.machine import DEFAULT_DATA, machine, markdown_table, publish
from catalog_index.demo.generator import generate_products
from finetune.evaluation.candidates import candidates
from finetune.evaluation.measures import METRICS, measures
from finetune.evaluation.run import Candidate, Figure, Settings, evaluate
from finetune.evaluation.subjects import Written
from finetune.pair import Pair
from finetune.sources import icecat
from finetune.sources.registry import SOURCES, evaluation_sets
from finetune.sources.rows import read_rows, text_of

SHOWN = {
    "hetpqa": ("rouge_l", "bleu", "refused"),
    "retail-category": ("accuracy", "macro_f1"),
    "retail-style": ("accuracy", "macro_f1"),
    "icecat-intent": ("accuracy", "macro_f1"),
    "icecat-titles": ("query_coverage", "grounded", "length_ok"),
    "ads": ("grounded", "flesch", "distinct_2", "length_ok"),
}


def title_pairs(folder: Path, count: int) -> list[Pair]:
    """Return (query, product) pairs of grade 2 or 3, of the queries that training left out."""
    products = icecat.read_products(folder)
    path = folder / "judgements.dev.jsonl"
    pairs = [
        Pair(
            f"title/{number:05}",
            "title",
            {"query": row["query"], "product": icecat.short_record(products[row["doc_id"]])},
            products[row["doc_id"]].title,
        )
        for number, row in enumerate(read_rows(path))
        if int(text_of(row, "grade", path)) >= 2
        and icecat.is_held_out(row["query"])
        and row["doc_id"] in products
    ]
    return random.Random(0).sample(pairs, min(count, len(pairs)))


def ad_pairs(folder: Path, count: int) -> list[Pair]:
    """Return `count` records: half of the held-out queries' products, the rest the demo shop's."""
    chance = random.Random(0)
    products = icecat.read_products(folder)
    path = folder / "judgements.dev.jsonl"
    held = {
        products[row["doc_id"]].title: products[row["doc_id"]]
        for row in read_rows(path)
        if icecat.is_held_out(row["query"]) and row["doc_id"] in products
    }
    real = chance.sample(sorted(held.values(), key=lambda one: one.id), min(len(held), count // 2))
    shop = sorted(generate_products(), key=lambda one: one.id)
    demo = chance.sample(shop, count - len(real))
    return [
        Pair(f"ad/{one.id}", "ads", {"product": icecat.short_record(one)}, one.description or "-")
        for one in (*demo, *real)
    ]


def named(name: str, subject: str, **options: bool) -> Candidate:
    """Return a subject under another name."""
    [found] = candidates([subject], **{"checked": False, "free": False, **options})
    return replace(found, name=name)


def original_titles(pairs: Sequence[Pair]) -> list[Figure]:
    """Score the products' own titles, as the peer of the rewritten ones."""
    from assistant.grounding import check_title
    from assistant.tasks import TASKS

    written = []
    for pair in pairs:
        sources = [("", field, text) for field, text in TASKS["title"].source(pair.read())]
        claims = check_title(pair.output, sources)
        failed = tuple(claim.text for claim in claims if claim.verdict != "supported")
        written.append(Written(pair.id, pair.output, claims=len(claims), failed=failed))
    none = float("nan")
    return [
        Figure("own title", "icecat-titles", "title", one.name, one.score(), none, none, len(pairs))
        for one in measures("title", pairs, written)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--out", type=Path, default=Path("runs/adapter"))
    parser.add_argument("--most", type=int, help="at most so many pairs of each labelled set")
    parser.add_argument("--base-most", type=int, default=120, help="the same for the base")
    parser.add_argument("--titles", type=int, default=200)
    parser.add_argument("--ads", type=int, default=500)
    parser.add_argument("--adapter", type=Path, help="default: the shipped one")
    args = parser.parse_args()
    if not args.data.is_dir():
        raise SystemExit(f"The public sets are not in {args.data}; name their place with --data.")
    tuned = f"adapter:{args.adapter}" if args.adapter else "llama-e"
    labelled = evaluation_sets({name: args.data / name for name in SOURCES})
    titles = title_pairs(args.data / "icecat", args.titles)
    copy = {"icecat-titles": titles, "ads": ad_pairs(args.data / "icecat", args.ads)}
    drafted, served = named("LLaMA-E", tuned), named("LLaMA-E, served", tuned, checked=True)
    runs = (
        (named("base", "base"), labelled, args.base_most),
        (drafted, labelled, args.most),
        (drafted, {"icecat-titles": titles}, None),
        (served, copy, None),
    )
    figures = original_titles(titles)
    for subject, sets, most in runs:
        settings = Settings(most=most, perplexity=False)
        figures += evaluate([subject], sets, settings, args.out).figures
    rows = []
    for name, metrics in SHOWN.items():
        for metric in metrics:
            for one in figures:
                if (one.set, one.metric) == (name, metric):
                    rows.append(
                        (name, METRICS[metric].title, one.subject, _cell(one), str(one.pairs))
                    )
    head = ("set", "measure", "subject", "score (95% interval)", "pairs")
    text = f"SmolLM2-135M-Instruct and the adapter, decoded as served, on {machine()}."
    text += " `python -m benchmarks.adapter`\n\n" + markdown_table(head, rows)
    shown: dict[str, Any] = {"machine": machine(), "figures": [list(row) for row in rows]}
    publish("adapter", text, shown)


def _cell(figure: Figure) -> str:
    scale, digits = (100, 1) if METRICS[figure.metric].is_share else (1, 1)
    value = f"{figure.value * scale:.{digits}f}"
    if figure.low != figure.low:
        return value
    return f"{value} ({figure.low * scale:.{digits}f}-{figure.high * scale:.{digits}f})"


if __name__ == "__main__":
    main()
