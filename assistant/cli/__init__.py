"""The assistant's subcommands: serve, search, ask, route, author, users, doctor."""

from __future__ import annotations

from assistant.cli import author, doctor, questions, serve, users
from catalog_index.console import Commands


def register(commands: Commands) -> None:
    """Add the subcommands of this package."""
    for module in (serve, questions, author, users, doctor):
        module.register(commands)
