"""`llama-e finetune seeds`, `clean`, `stats` and `audit`: the pairs that an adapter learns from."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from catalog_index.console import Commands, log, print_json

if TYPE_CHECKING:
    from finetune.cleaning import Cleaned
    from finetune.pruning import Pruned
    from finetune.recipe import Data

REJECTS = ".rejects.json"
"""Suffix of the report that `clean` writes beside the cleaned pairs."""


def register(actions: Commands) -> None:
    """Add the subcommands."""
    seeds = actions.add_parser("seeds", help="check the expert seeds")
    seeds.add_argument("--dir", type=Path, metavar="DIR", help="default: the shipped seeds")
    seeds.add_argument("--json", action="store_true", help="print the counts as JSON")
    seeds.set_defaults(run=_seeds)

    clean = actions.add_parser(
        "clean",
        help="reject faulty pairs and prune to the recipe's budget",
        description=(
            "Read the recipe's expansion and public sets, reject what is at fault, repeats, drifted"
            " or overlaps with the evaluation sets, and keep a balanced part of the rest."
        ),
    )
    clean.add_argument("recipe", type=Path, metavar="RECIPE.yaml")
    clean.add_argument(
        "--no-embedder", action="store_true", help="do not look for drifted instructions: faster"
    )
    clean.add_argument("--json", action="store_true", help="print the counts as JSON")
    clean.set_defaults(run=_clean)

    stats = actions.add_parser("stats", help="say what a set of pairs is made of")
    stats.add_argument("pairs", type=Path, metavar="FILE", help="pairs (JSONL), or a recipe")
    stats.add_argument("--out", type=Path, metavar="DIR", help="write stats.md and charts there")
    stats.add_argument("--json", action="store_true", help="print the numbers as JSON")
    stats.set_defaults(run=_stats)

    audit = actions.add_parser(
        "audit",
        help="draw a sample for people to judge, or read their verdicts",
        description=(
            "With --out, write a sample as a sheet and beside it as a page to mark in a browser;"
            " with --read, report what a marked sheet says."
        ),
    )
    audit.add_argument("pairs", type=Path, nargs="?", metavar="FILE", help="pairs, JSONL")
    chosen = audit.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--out", type=Path, metavar="SHEET.csv", help="where the sheet is written")
    chosen.add_argument("--read", type=Path, metavar="SHEET.csv", help="a marked sheet")
    audit.add_argument("--count", type=int, default=200, help="pairs in the sample (default 200)")
    audit.add_argument("--seed", type=int, default=0, help="of the draw")
    audit.add_argument("--json", action="store_true", help="print the numbers as JSON")
    audit.set_defaults(run=_audit)


def _seeds(args: argparse.Namespace) -> int:
    from finetune.seed_set import check_seeds, load_seeds
    from finetune.stats import describe

    pairs = load_seeds(args.dir)
    found = check_seeds(pairs)
    stats = describe(pairs)
    if args.json:
        print_json({**stats.to_json(), "faults": found})
    else:
        print(stats.markdown())
        for fault in found:
            print(f"- {fault}")
        log(f"{len(pairs)} seeds, {len(found)} faults.")
    return 1 if found else 0


def _clean(args: argparse.Namespace) -> int:
    from catalog_index.durable import replace_file, storage_errors
    from finetune.pair import write_pairs
    from finetune.pruning import prune

    data = _data_of(args.recipe)
    cleaned = _cleaned(data, embed=not args.no_embedder)
    pruned = prune(
        cleaned.kept,
        data.budget,
        shares=data.shares,
        unanswerable=data.unanswerable,
        seed=data.seed,
    )
    report = data.cleaned.with_name(data.cleaned.stem + REJECTS)
    counts = cleaned.to_json() | {"written": len(pruned.kept), "notes": list(pruned.notes)}
    with storage_errors(data.cleaned):
        write_pairs(data.cleaned, pruned.kept)
        text = json.dumps(counts, ensure_ascii=False, indent=1)
        replace_file(report, f"{text}\n".encode())
    if args.json:
        del counts["examples"], counts["meaning"]
        print_json(counts | {"file": str(data.cleaned), "report": str(report)})
    else:
        _print_counts(cleaned, pruned)
        log(f"{len(pruned.kept):,} pairs are in {data.cleaned}, what was rejected in {report}.")
    return 0


def _data_of(path: Path) -> Data:
    from finetune.errors import RecipeError
    from finetune.recipe import read_recipe

    recipe = read_recipe(path)
    if recipe.data is None:
        raise RecipeError(
            f"The recipe {path} has no data part; add data.expanded and data.cleaned."
        )
    return recipe.data


def _cleaned(data: Data, *, embed: bool) -> Cleaned:
    from itertools import chain

    from tqdm import tqdm

    from catalog_index.embedding import MiniLMEmbedder
    from finetune.cleaning import clean
    from finetune.pair import read_pairs
    from finetune.seed_set import load_seeds
    from finetune.sources.registry import evaluation_pairs, read_sources

    with tqdm(desc="Cleaning", unit=" pairs", file=sys.stderr) as bar:
        return clean(
            chain(read_pairs(data.expanded), read_sources(data.sources)),
            seeds=load_seeds(data.seeds),
            evaluation=evaluation_pairs(data.sources),
            embedder=MiniLMEmbedder() if embed else None,
            progress=lambda done: bar.update(done) and None,
        )


def _print_counts(cleaned: Cleaned, pruned: Pruned) -> None:
    from finetune.cleaning import REASONS
    from finetune.stats import table

    written: dict[tuple[str, str], int] = {}
    for pair in pruned.kept:
        written[pair.task, pair.source] = written.get((pair.task, pair.source), 0) + 1
    places = sorted(cleaned.read)
    print(
        _lines(
            ("task", "source", "read", "rejected", "kept", "after pruning"),
            {
                place: (
                    cleaned.read[place],
                    cleaned.rejected[place],
                    cleaned.read[place] - cleaned.rejected[place],
                    written.get(place, 0),
                )
                for place in places
            },
        )
    )
    found = [name for name in REASONS if name in cleaned.examples]
    if found:
        rows = [
            (name, f"{sum(n for (_, _, why), n in cleaned.reasons.items() if why == name):,}")
            for name in found
        ]
        print("\n" + "\n".join(table(("reason", "pairs"), rows)))
    for note in pruned.notes:
        print(f"\n{note}")


def _lines(head: tuple[str, ...], counts: Mapping[tuple[str, str], tuple[int, ...]]) -> str:
    from finetune.stats import table

    rows = [(*place, *(f"{count:,}" for count in row)) for place, row in counts.items()]
    total = [sum(column) for column in zip(*counts.values(), strict=True)]
    rows.append(("all", "", *(f"{count:,}" for count in total)))
    return "\n".join(table(head, rows, names=2))


def _stats(args: argparse.Namespace) -> int:
    from catalog_index.durable import replace_file, storage_errors
    from finetune.charts import draw
    from finetune.pair import read_pairs
    from finetune.stats import describe

    is_recipe = args.pairs.suffix in (".yaml", ".yml")
    path = _data_of(args.pairs).cleaned if is_recipe else args.pairs
    stats = describe(read_pairs(path))
    if args.json:
        print_json({"file": str(path), **stats.to_json()})
    else:
        print(stats.markdown())
    if args.out:
        with storage_errors(args.out):
            charts = draw(stats, args.out)
            shown = "\n".join(f"![{chart.stem}]({chart.name})\n" for chart in charts)
            replace_file(args.out / "stats.md", f"{stats.markdown()}\n{shown}".encode())
        log(f"The tables and charts are in {args.out}.")
    return 0


def _audit(args: argparse.Namespace) -> int:
    from finetune.audit import read_sheet

    if args.out:
        return _write_sheet(args)
    audit = read_sheet(args.read)
    if args.json:
        print_json({"sheet": str(args.read), **audit.to_json()})
    else:
        for line in audit.lines():
            print(line)
    return 0


def _write_sheet(args: argparse.Namespace) -> int:
    from catalog_index.durable import replace_file
    from finetune.audit import automatic, write_sheet
    from finetune.audit_page import page
    from finetune.errors import DatasetError
    from finetune.pair import read_pairs

    shown = args.out.with_suffix(".html")
    if args.pairs is None or args.count < 1 or shown == args.out:
        raise DatasetError(
            "A sheet needs pairs: llama-e finetune audit FILE --out SHEET.csv --count 200."
        )
    if args.out.exists():
        raise DatasetError(f"{args.out} exists and may be marked; name another file.")
    pairs = list(read_pairs(args.pairs))
    rows = write_sheet(pairs, args.out, args.count, args.seed)
    replace_file(shown, page(rows).encode())
    rate, found = automatic(pairs)
    if args.json:
        print_json(
            {
                "sheet": str(args.out),
                "page": str(shown),
                "pairs": len(rows),
                "automatic": {**rate.to_json(), "faults": dict(found.most_common())},
            }
        )
    else:
        print(f"Automatic checks of all {len(pairs):,} pairs: {rate}.")
        log(f"{len(rows)} pairs to judge are in {args.out}; mark them there or in {shown}.")
    return 0
