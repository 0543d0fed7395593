"""`llama-e finetune evaluate` and `llama-e finetune preferences`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog_index.console import Commands, log, print_json
from finetune.errors import EvaluationError

if TYPE_CHECKING:
    from finetune.evaluation.run import Progress
    from finetune.pair import Pair
    from finetune.recipe import Recipe

_SUBJECTS = "base, llama-e, adapter:DIR, hub:ID_OR_DIR, seq2seq:ID_OR_DIR or server:MODEL"


def register(actions: Commands) -> None:
    """Add the subcommands."""
    evaluate = actions.add_parser(
        "evaluate",
        help="judge models on sets of pairs and write a report",
        description=(
            "Let every subject answer every set, and write report.md, report.html and figures.json."
            " A run that was stopped goes on where it was."
        ),
    )
    evaluate.add_argument("recipe", type=Path, metavar="RECIPE.yaml")
    evaluate.add_argument(
        "--subject",
        action="append",
        metavar="SUBJECT",
        help=f"{_SUBJECTS}; may be repeated, the others are compared with the first"
        " (default: base, llama-e)",
    )
    evaluate.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="pairs to judge on (default: the recipe's sets and its sources' evaluation sets)",
    )
    evaluate.add_argument("--only", action="append", metavar="NAME", help="judge on this set alone")
    evaluate.add_argument("--most", type=int, metavar="N", help="at most N pairs of each set")
    evaluate.add_argument("--free", action="store_true", help="let labels be written, not chosen")
    evaluate.add_argument(
        "--checked", action="store_true", help="judge what is served, not the model's draft"
    )
    evaluate.add_argument(
        "--exact", action="store_true", help="without the 8-bit decoding that serving uses"
    )
    evaluate.add_argument("--no-perplexity", action="store_true", help="faster")
    evaluate.add_argument(
        "--zero-shot", action="store_true", help="also judge on tasks that training never saw"
    )
    evaluate.add_argument("--out", type=Path, required=True, metavar="DIR")
    evaluate.add_argument("--json", action="store_true", help="print each figure as a JSON line")
    evaluate.set_defaults(run=_evaluate)

    preferences = actions.add_parser("preferences", help="let people compare two subjects' outputs")
    steps = preferences.add_subparsers(dest="step", metavar="STEP", required=True)
    write = steps.add_parser("write", help="write a blind sheet from two files of outputs")
    write.add_argument("left", type=Path, metavar="LEFT.jsonl", help='lines {"id", "text"}')
    write.add_argument("right", type=Path, metavar="RIGHT.jsonl")
    write.add_argument("--pairs", type=Path, metavar="FILE", help="pairs, to show what was asked")
    write.add_argument("--out", type=Path, required=True, metavar="SHEET.csv")
    write.add_argument("--key", type=Path, required=True, metavar="KEY.json")
    write.add_argument("--seed", type=int, default=0, help="of the order of each row")
    write.add_argument(
        "--overwrite",
        action="store_true",
        help="replace a sheet or key that is there, marks and all",
    )
    write.add_argument("--json", action="store_true")
    write.set_defaults(run=_write_sheet)
    read = steps.add_parser("read", help="say what marked sheets say, a sheet for each judge")
    read.add_argument("sheets", type=Path, nargs="+", metavar="SHEET.csv")
    read.add_argument("--key", type=Path, required=True, metavar="KEY.json")
    read.add_argument("--json", action="store_true", help="print the numbers as JSON")
    read.set_defaults(run=_read_sheets)


def _evaluate(args: argparse.Namespace) -> int:
    from finetune.evaluation.candidates import candidates
    from finetune.evaluation.report import rounded, write_report
    from finetune.evaluation.run import Settings, evaluate
    from finetune.recipe import read_recipe

    if args.most is not None and args.most < 1:
        raise EvaluationError(f"--most is {args.most}, and must be at least 1.")
    recipe = read_recipe(args.recipe)
    part = recipe.evaluation
    chosen = candidates(
        args.subject or ["base", "llama-e"],
        base_model=recipe.base_model,
        prompt_format=recipe.prompt_format,
        fast=False if args.exact else None,
        checked=args.checked,
        free=args.free,
    )
    most = part.most if args.most is None else args.most
    settings = Settings(most, part.resamples, part.seed, not args.no_perplexity)
    sets = _sets(recipe, args.set, zero_shot=args.zero_shot, only=args.only)
    progress, close = _bars()
    try:
        report = evaluate(chosen, sets, settings, args.out, progress)
    finally:
        close()
    write_report(recipe.name, report, args.out)
    if args.json:
        for figure in report.figures:
            print_json(rounded(asdict(figure)))
    log(f"The report is in {args.out / 'report.html'}.")
    return 0


def _sets(
    recipe: Recipe, given: Sequence[str], *, zero_shot: bool, only: Sequence[str] | None
) -> dict[str, list[Pair]]:
    from finetune.evaluation.zero_shot import zero_shot_sets
    from finetune.pair import read_pairs
    from finetune.sources.registry import evaluation_sets

    sets: dict[str, list[Pair]] = {}
    for text in given:
        name, separator, file = text.partition("=")
        if not separator or not name or not file:
            raise EvaluationError(f"--set {text!r} is not NAME=FILE.")
        if name in sets:
            raise EvaluationError(f"--set {name} is given twice; give each set its own name.")
        sets[name] = list(read_pairs(Path(file)))
    if not given:
        sets = {name: list(read_pairs(path)) for name, path in recipe.evaluation.sets.items()}
        if recipe.data is not None:
            sets |= evaluation_sets(recipe.data.sources)
    if zero_shot:
        sets |= zero_shot_sets()
    if strangers := sorted(set(only or ()) - set(sets)):
        known = ", ".join(sets) or "none"
        raise EvaluationError(f"--only {strangers[0]}: there is no such set; sets: {known}.")
    return {name: pairs for name, pairs in sets.items() if only is None or name in only}


def _bars() -> tuple[Progress, Callable[[], None]]:
    """Return what shows the progress, and what ends it."""
    from tqdm import tqdm

    bars: dict[tuple[str, str], Any] = {}

    def show(subject: str, name: str, done: int, total: int) -> None:
        if (subject, name) not in bars:
            close()
            bars[subject, name] = tqdm(
                desc=f"{subject}, {name}", total=total, unit=" pairs", file=sys.stderr
            )
        bar = bars[subject, name]
        bar.update(done - bar.n)

    def close() -> None:
        for bar in bars.values():
            bar.close()

    return show, close


def _write_sheet(args: argparse.Namespace) -> int:
    from finetune.pair import read_pairs
    from finetune.preferences import read_outputs, write_sheet

    left, right = read_outputs(args.left), read_outputs(args.right)
    pairs = list(read_pairs(args.pairs)) if args.pairs else []
    names = (args.left.name, args.right.name)
    count = write_sheet(
        left,
        right,
        pairs,
        args.out,
        args.key,
        seed=args.seed,
        names=names,
        overwrite=args.overwrite,
    )
    if args.json:
        print_json({"sheet": str(args.out), "key": str(args.key), "rows": count})
    log(f"{count} rows are in {args.out}. Keep {args.key} from the judges.")
    return 0


def _read_sheets(args: argparse.Namespace) -> int:
    from finetune.preferences import read_sheets

    verdict = read_sheets(args.sheets, args.key)
    if args.json:
        print_json(verdict.to_json())
    else:
        for line in verdict.lines():
            print(line)
    return 0
