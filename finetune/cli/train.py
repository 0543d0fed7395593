"""`llama-e finetune train` and `llama-e finetune merge`."""

from __future__ import annotations

import argparse
from pathlib import Path

from catalog_index.console import Commands, log, print_json


def register(actions: Commands) -> None:
    """Add the subcommands of training."""
    train = actions.add_parser(
        "train",
        help="train a recipe's adapter",
        description=(
            "Train the adapter of a recipe, or go on where a run stopped. For several processes:"
            " accelerate launch --module app finetune train RECIPE."
        ),
    )
    train.add_argument("recipe", type=Path, metavar="RECIPE.yaml")
    train.add_argument("--restart", action="store_true", help="forget the run's checkpoints")
    train.add_argument("--json", action="store_true", help="print the outcome as JSON")
    train.set_defaults(run=_train)

    merge = actions.add_parser("merge", help="write base model and adapter as one model")
    merge.add_argument("recipe", type=Path, metavar="RECIPE.yaml")
    merge.add_argument("--adapter", type=Path, metavar="DIR", help="default: the recipe's own")
    merge.add_argument("--out", type=Path, required=True, metavar="DIR")
    merge.set_defaults(run=_merge)


def _train(args: argparse.Namespace) -> int:
    from finetune.recipe import read_recipe
    from finetune.training.run import train

    recipe = read_recipe(args.recipe)
    trained = train(recipe, log, restart=args.restart)
    outcome = trained.outcome
    if args.json:
        print_json(
            {
                "adapter": str(trained.adapter),
                "steps": outcome.steps,
                "tokens": outcome.tokens,
                "seconds": round(outcome.seconds, 1),
                "tokens_per_second": round(outcome.tokens / max(outcome.seconds, 1e-9), 1),
                "loss": outcome.loss,
                "validation_loss": outcome.validation_loss,
            }
        )
    else:
        log(f"The adapter is in {trained.adapter}. Try it: llama-e ask ... --adapter DIR")
    return 0


def _merge(args: argparse.Namespace) -> int:
    from finetune.errors import RecipeError
    from finetune.recipe import read_recipe
    from finetune.training.adapter import merge_adapter

    recipe = read_recipe(args.recipe)
    adapter = args.adapter
    if adapter is None:
        if recipe.training is None:
            raise RecipeError(f"The recipe {args.recipe} has no training part; give --adapter.")
        adapter = recipe.training.out / "adapter"
    log(f"The merged model is in {merge_adapter(recipe.base_model, adapter, args.out)}.")
    return 0
