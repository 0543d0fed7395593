"""`llama-e serve`: the chat page."""

from __future__ import annotations

import argparse

from assistant.cli.options import add_index_options, add_model_options, service_of
from catalog_index.console import Commands

HOST, PORT = "127.0.0.1", 7860


def register(commands: Commands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("serve", help="open the chat page")
    parser.add_argument("--host", default=HOST, help=f"address to listen on (default {HOST})")
    parser.add_argument("--port", type=_port, default=PORT, help=f"port (default {PORT})")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    add_index_options(parser)
    add_model_options(parser)
    parser.set_defaults(run=_serve)


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return int(text)


def _serve(args: argparse.Namespace) -> int:
    from assistant.ui.server import serve

    serve(service_of(args), host=args.host, port=args.port, browser=not args.no_browser)
    return 0
