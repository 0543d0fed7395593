"""`llama-e finetune expand`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from catalog_index.console import Commands, log, print_json

if TYPE_CHECKING:
    from finetune.teachers.report import TeacherReport


def register(actions: Commands) -> None:
    """Add the subcommand."""
    expand = actions.add_parser(
        "expand",
        help="expand the seeds on a shop's records, by a teacher",
        description=(
            "Combine seed instructions with product records. The teacher 'grammar' works offline;"
            " 'openai' asks the server of LLAMA_E_TEACHER_URL for LLAMA_E_TEACHER_MODEL with"
            " LLAMA_E_TEACHER_KEY, and goes on where it was stopped."
        ),
    )
    expand.add_argument("recipe", type=Path, metavar="RECIPE.yaml")
    expand.add_argument("--teacher", choices=("grammar", "openai"), help="default: the recipe's")
    expand.add_argument("--json", action="store_true", help="print the count as JSON")
    expand.set_defaults(run=_expand)


def _expand(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from finetune.errors import RecipeError
    from finetune.expansion import choose_teacher, expand
    from finetune.recipe import read_recipe
    from finetune.teachers.openai_server import OpenAITeacher

    recipe = read_recipe(args.recipe)
    if recipe.data is None:
        raise RecipeError(f"The recipe {args.recipe} has no data part; add data.expanded.")
    teacher = choose_teacher(recipe.data, args.teacher or recipe.data.teacher)
    with tqdm(desc="Expanding", total=recipe.data.count, unit=" pairs", file=sys.stderr) as bar:
        count = expand(recipe.data, teacher, lambda done: bar.update(done - bar.n) and None)
    if isinstance(teacher, OpenAITeacher):
        _tell(teacher.report())
    if args.json:
        print_json({"pairs": count, "teacher": teacher.name, "file": str(recipe.data.expanded)})
    else:
        place = recipe.data.expanded
        log(f"{count:,} pairs, expert seeds and those by {teacher.name}, are in {place}.")
    return 0


def _tell(report: TeacherReport) -> None:
    """Say what was asked, what was given up and what it cost."""
    log(
        f"{report.asked:,} calls, {report.answered:,} answered, {report.resumed:,} from the"
        f" journal; {report.spent.tokens:,} tokens, {report.spent.price:.2f} spent in all."
    )
    for reason, count in {**report.given_up}.items():
        log(f"given up: {count:,} ({reason}); run again to ask them again.")
