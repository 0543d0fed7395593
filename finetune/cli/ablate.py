"""`llama-e finetune ablate`."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from catalog_index.console import Commands, log, print_json


def register(actions: Commands) -> None:
    """Add the subcommand."""
    ablate = actions.add_parser(
        "ablate",
        help="compare small runs that differ in one thing",
        description=(
            "Train small adapters that differ in one thing and compare their validation loss:"
            " LoRA rank (rank), interleaved against single-object instructions (objects), seeds"
            " alone against the expansion (expansion)."
        ),
    )
    ablate.add_argument("recipe", type=Path, metavar="RECIPE.yaml")
    ablate.add_argument("study", metavar="STUDY", help="rank, objects or expansion")
    ablate.add_argument("--steps", type=int, default=100, help="of each run (default: 100)")
    ablate.add_argument("--out", type=Path, required=True, metavar="DIR")
    ablate.add_argument("--json", action="store_true", help="print one JSON object a run")
    ablate.set_defaults(run=_ablate, parser=ablate)


def _ablate(args: argparse.Namespace) -> int:
    from finetune.ablation import run_study, table
    from finetune.recipe import read_recipe
    from finetune.seed_set import load_seeds

    if args.steps < 1:
        args.parser.error("--steps must be 1 or more")
    recipe = read_recipe(args.recipe)
    seeds = load_seeds(recipe.data.seeds if recipe.data else None)
    variants = run_study(recipe, args.study, args.out, log, steps=args.steps, seeds=seeds)
    if args.json:
        for variant in variants:
            print_json(asdict(variant))
    else:
        print(table(variants), end="")
    return 0
