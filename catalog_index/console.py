"""Small conventions of the command line: results on standard output, one JSON object a line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any, Protocol


class Commands(Protocol):
    """argparse's object that takes subcommands."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        """Add one subcommand."""
        ...


def print_json(record: Mapping[str, Any]) -> None:
    """Print one result as one line of JSON."""
    print(json.dumps(record, ensure_ascii=False), flush=True)


def log(text: str) -> None:
    """Tell the user something that is no result."""
    print(text, file=sys.stderr, flush=True)
