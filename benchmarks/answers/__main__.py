"""How often answers are right, on questions whose right answers are known from the records.

Question sets are made from any index, the same for the same seed; every system answers the same
ones. Run: python -m benchmarks.answers --index DIR [--index DIR2] [--system NAME ...]
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.answers.items import KINDS
from benchmarks.answers.run import Figures, answer_all, figures, groups, write_failures
from benchmarks.answers.sets import make_set
from benchmarks.answers.shelf import read_shelf
from benchmarks.answers.systems import SYSTEMS, SystemNotAvailableError, open_system
from benchmarks.machine import machine, markdown_table, publish

HEADER = (
    "questions",
    "items",
    "right",
    "declined",
    "contradicting",
    "asked back",
    "right product",
    "first token, s",
    "whole p50, s",
    "whole p95, s",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers", description=__doc__)
    parser.add_argument("--index", type=Path, action="append", metavar="DIR", help="an index")
    parser.add_argument("--per-kind", type=int, default=40, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", action="append", choices=KINDS, help="only this kind")
    parser.add_argument("--system", action="append", choices=SYSTEMS, help="default: llama-e")
    parser.add_argument("--failures", type=Path, metavar="FILE", help="what was not right, as JSON")
    parser.add_argument("--work", type=Path, default=Path("runs/answers"), help="peers' vectors")
    parser.add_argument("--publish", action="store_true", help="keep the table in results/")
    args = parser.parse_args()
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    from assistant.service import demo_index_dir

    if args.failures:
        args.failures.write_text("", encoding="utf-8")
    told: list[str] = []
    kept: dict[str, Any] = {"machine": machine(), "seed": args.seed, "indexes": {}}
    for index in args.index or [demo_index_dir()]:
        shelf = read_shelf(index)
        name = f"{_name(index)}, {len(shelf.products):,} products"
        items = make_set(shelf, args.per_kind, args.seed, args.kind or KINDS, _name(index))
        for system in args.system or ["llama-e"]:
            try:
                answers = open_system(system, index, shelf, args.work)
            except SystemNotAvailableError as error:
                print(error, file=sys.stderr)
                continue
            judged = answer_all(answers, items)
            if args.failures:
                write_failures(args.failures, system, judged)
            rows = [(group, figures(part)) for group, part in groups(judged)]
            table = markdown_table(HEADER, [_row(group, one) for group, one in rows])
            told.append(f"### {name}: {system}\n\n{table}")
            print(told[-1] + "\n", flush=True)
            entry = kept["indexes"].setdefault(name, {})
            entry[system] = {group.strip("*"): asdict(one) for group, one in rows}
    if args.publish:
        options = f"--per-kind {args.per_kind} --seed {args.seed}"
        head = f"`python -m benchmarks.answers {options}` on {machine()}."
        name = "answers" if args.system in (None, ["llama-e"]) else "answers_systems"
        publish(name, "\n\n".join((head, *told)), kept)
    return 0


def _name(index: Path) -> str:
    """Return what to call an index: its directory, or the one above where it is called "index"."""
    return index.resolve().parent.name if index.name == "index" else index.name


def _row(group: str, one: Figures) -> tuple[str, ...]:
    shares = (one.right, one.declined, one.contradicting, one.asked_back, one.found)
    times = (one.first_p50, one.total_p50, one.total_p95)
    return (
        group,
        str(one.count),
        *(f"{share:.3f}" for share in shares),
        *(f"{t:.2f}" for t in times),
    )


if __name__ == "__main__":
    sys.exit(main())
