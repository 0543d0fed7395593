"""`llama-e author TASK`: the five tasks outside a chat, one input or a file of them."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.batch.table import ADDED, row_line
from assistant.cli.options import (
    BatchError,
    add_model_options,
    run_batch,
    service_of,
)
from assistant.copywriting import author
from assistant.errors import KNOWN_ERRORS
from assistant.tasks import TASKS
from assistant.tasks.base import TaskInputError
from catalog_index.console import Commands, log, print_json
from catalog_index.spreadsheet import cell

_MOST_NAMED = 20
"""Failed rows whose numbers are printed; the table's head is row 1."""


def register(commands: Commands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "author",
        help="write an ad or title, classify, judge purchase intent, or answer, from input lines",
        description=(
            "Do one of the five authoring tasks. Input lines are JSON objects: ads {product,"
            " audience?, occasion?, tone?, platform?}; title {query, product, platform?}; classify"
            " {product, labels}; intent {query, product}; answer {question, evidence}. Ads and"
            " titles also take min_words, max_words, min_sentences, max_sentences,"
            " max_characters, keep, avoid (lists of words), no_emoji, variants (at most 5). With"
            " --csv, FILE is a table: columns named like the task's keys are its inputs (labels,"
            " evidence, keep and avoid split at |), all others are the product's fields."
        ),
    )
    parser.add_argument("task", choices=tuple(TASKS), metavar="TASK", help=", ".join(TASKS))
    parser.add_argument("input", nargs="?", metavar="INPUT", help="one input line as JSON")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument("--batch", metavar="FILE", help="read input lines from FILE ('-': stdin)")
    parser.add_argument("--csv", metavar="FILE", help="read a CSV table, print a CSV table")
    add_model_options(parser)
    parser.set_defaults(run=_author, parser=parser)


def _author(args: argparse.Namespace) -> int:
    if not args.batch and not args.csv and args.input is None:
        args.parser.error("give INPUT, --batch FILE or --csv FILE")
    if sum(given is not None for given in (args.input, args.batch, args.csv)) > 1:
        args.parser.error("give only one of INPUT, --batch FILE and --csv FILE")
    line = None if args.batch or args.csv else _read_input(args.input)
    engine = service_of(args).engine

    def reply(line: Mapping[str, Any]) -> Mapping[str, Any]:
        return author(engine, args.task, line)

    if args.batch:
        return run_batch(args.batch, reply)
    if line is None:
        return _table(args.csv, args.task, reply)
    result = reply(line)
    if args.json:
        print_json(result)
    else:
        print(result["output"])
        for number, text in enumerate(result.get("variants", ())[1:], start=2):
            print(f"{number}. {text}")
        for note in result.get("notes", ()):
            log(f"note: {note}")
    return 0


def _read_input(text: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TaskInputError(f"INPUT is not JSON: {error}.") from error
    if not isinstance(line, dict):
        raise TaskInputError("INPUT is not a JSON object.")
    return line


def _table(file: str, task: str, reply: Any) -> int:
    """Answer a CSV table: its own columns, then output, label, grounded and error."""
    failed: list[int] = []
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as source:
            rows = csv.DictReader(source)
            columns = [name for name in rows.fieldnames or () if name not in ADDED]
            if not columns:
                raise BatchError(f"The table {file} is empty.")
            writer = csv.DictWriter(sys.stdout, [*columns, *ADDED], extrasaction="ignore")
            writer.writeheader()
            for number, row in enumerate(rows, start=2):
                result: dict[str, Any] = {"error": ""}
                try:
                    result |= reply(row_line(task, row))
                except KNOWN_ERRORS as error:
                    failed.append(number)
                    result["error"] = str(error)
                shown = {name: cell(str(result.get(name, ""))) for name in ADDED}
                writer.writerow({**row, **shown})
    except BrokenPipeError:
        raise
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BatchError(f"The table {file} cannot be read: {error}.") from error
    if failed:
        shown_rows = ", ".join(map(str, failed[:_MOST_NAMED]))
        more = f" and {len(failed) - _MOST_NAMED} more" if len(failed) > _MOST_NAMED else ""
        log(f"llama-e: {len(failed)} rows failed, see their error column: {shown_rows}{more}.")
    return 1 if failed else 0
