"""`llama-e finetune ...`: seeds, expand, clean, stats, audit, train, merge, evaluate and more."""

from __future__ import annotations

from catalog_index.console import Commands
from finetune.cli import ablate, data, evaluate, evidence, expand, train


def register(commands: Commands) -> None:
    """Add `finetune` with its subcommands."""
    parser = commands.add_parser("finetune", help="make an adapter: from seeds to a report")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for module in (data, expand, train, evaluate, ablate, evidence):
        module.register(actions)
