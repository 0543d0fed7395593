"""Options that several subcommands share, and batches of input lines."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.errors import KNOWN_ERRORS, AssistantError
from assistant.service import BASE_ONLY, Service, Settings
from catalog_index.console import log, print_json


class OptionError(AssistantError):
    """Options contradict each other."""


class BatchError(AssistantError):
    """A batch file cannot be read."""


def add_index_options(parser: argparse.ArgumentParser) -> None:
    """Add --index, --retriever and --retriever-option."""
    parser.add_argument(
        "--index", type=Path, metavar="DIR", help="the index directory (default: the demo shop)"
    )
    parser.add_argument("--retriever", default="hybrid", help="hybrid (default), qdrant, ...")
    parser.add_argument(
        "--retriever-option",
        action="append",
        default=[],
        type=_key_value,
        metavar="KEY=VALUE",
        help="an option of the retriever; may be repeated",
    )


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add --base-model, --adapter, --model, --prompt-format, --device and --dtype."""
    parser.add_argument(
        "--base-model", metavar="ID_OR_PATH", help="another base than the embedded model"
    )
    parser.add_argument(
        "--adapter", metavar="ID_OR_PATH", help="a PEFT adapter (default: the shipped one)"
    )
    parser.add_argument(
        "--model", choices=(BASE_ONLY,), help="'base' runs the base model without any adapter"
    )
    parser.add_argument("--prompt-format", choices=("chat", "alpaca"), help="default: by tokenizer")
    parser.add_argument("--device", help="cpu, cuda, cuda:1, mps (default: the best there is)")
    parser.add_argument("--dtype", help="bfloat16, float16 or float32 (default: the fastest)")


def add_output_options(parser: argparse.ArgumentParser, lines: str) -> None:
    """Add --json and --batch; `lines` describes a batch line."""
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument(
        "--batch", metavar="FILE", help=f"read {lines} lines from FILE ('-': stdin)"
    )


def service_of(args: argparse.Namespace) -> Service:
    """Make the service that the options ask for."""
    chosen = vars(args)
    if chosen.get("model") and chosen.get("adapter"):
        raise OptionError("--model base leaves the adapter out; give it or --adapter, not both.")
    return Service(
        Settings(
            index=chosen.get("index"),
            base_model=chosen.get("base_model"),
            adapter=chosen.get("adapter"),
            base_only=chosen.get("model") == BASE_ONLY,
            prompt_format=chosen.get("prompt_format"),
            device=chosen.get("device"),
            dtype=chosen.get("dtype"),
            retriever=chosen.get("retriever", "hybrid"),
            retriever_options=dict(chosen.get("retriever_option", [])),
        ),
        log,
    )


def run_batch(
    file: str, answer: Callable[[Mapping[str, Any]], Mapping[str, Any]], required: str = ""
) -> int:
    """Print one JSON line for every line of a batch; a line at fault gives an `error` line.

    Args:
        file: JSON lines; "-" is standard input.
        answer: makes a line's result.
        required: a key whose value must be text, "" for none.

    Returns:
        The exit code: 0 when every line was answered, else 1.
    """
    failed = 0
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip():
            continue
        record: Any = None
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise BatchError("is not a JSON object")
            if required and not isinstance(record.get(required), str):
                raise BatchError(f"has no text under the key {required!r}")
            print_json(answer(record))
        except (*KNOWN_ERRORS, ValueError, RecursionError) as error:
            failed += 1
            named = {"id": record["id"]} if isinstance(record, dict) and "id" in record else {}
            print_json({**named, "line": number, "error": str(error)})
    if failed:
        log(f"llama-e: {failed} lines of the batch failed; their output lines say why.")
    return 1 if failed else 0


def _lines(file: str) -> Iterator[str]:
    try:
        if file == "-":
            yield from sys.stdin
            return
        with Path(file).open(encoding="utf-8-sig") as lines:
            yield from lines
    except (OSError, UnicodeDecodeError) as error:
        raise BatchError(f"The batch file {file} cannot be read: {error}.") from error


def _key_value(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key, value
