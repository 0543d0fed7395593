"""`llama-e finetune evidence`."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from catalog_index.console import Commands, log, print_json


def register(actions: Commands) -> None:
    """Add the subcommand that makes the evidence reader."""
    parser = actions.add_parser(
        "evidence",
        help="make the models that tell which field answers a question",
        description=(
            "Train the evidence's reader and matcher on questions made from your feeds and, where"
            " given, on labelled product questions (semiPQA, hetPQA, ePQA). Writes"
            " evidence_reader.safetensors, evidence_matcher.safetensors and evidence_blend.json;"
            " the shipped ones are in retrieval/data."
        ),
    )
    parser.add_argument("feeds", nargs="+", type=Path, metavar="FEED")
    parser.add_argument("--labelled", type=Path, metavar="DIR", help="contextual-product-qa files")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--questions", type=int, default=5_500, metavar="N", help="on each feed")
    parser.add_argument(
        "--start", type=Path, metavar="DIR", help="files of an earlier run to go on from"
    )
    parser.add_argument("--json", action="store_true", help="print what was measured as JSON")
    parser.set_defaults(run=_evidence)


def _evidence(args: argparse.Namespace) -> int:
    from finetune.evidence.run import Settings, make_reader

    settings = Settings(tuple(args.feeds), args.labelled, args.out, args.questions, args.start)
    for name, found in make_reader(settings, log).items():
        if args.json:
            print_json({"questions_of": name, **asdict(found)})
        else:
            log(
                f"{name}: {found.questions} questions held out, right {found.right:.3f},"
                f" refused {found.refused:.3f}, average precision {found.average_precision:.3f}"
            )
    return 0
