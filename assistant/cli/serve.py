"""`llama-e serve`: the page, and the endpoints for programs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.access.users import UserFile, UsersError
from assistant.cli.options import OptionError, add_index_options, add_model_options, service_of
from catalog_index.console import Commands, log

if TYPE_CHECKING:
    from assistant.access.gate import Gate
    from assistant.store.database import Database

HOST, PORT = "127.0.0.1", 7860
SESSION_HOURS, REQUESTS_PER_MINUTE = 12.0, 120
_TOLD_TWICE = 2


def register(commands: Commands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "serve",
        help="open the page",
        description=(
            "Serve the page and the endpoints for programs. On this machine's own address nobody"
            " is asked to log in; anywhere else a user file is needed, see `llama-e users`."
        ),
    )
    parser.add_argument("--host", default=HOST, help=f"address to listen on (default {HOST})")
    parser.add_argument("--port", type=_port, default=PORT, help=f"port (default {PORT})")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument(
        "--auth",
        type=Path,
        metavar="USERS.json",
        help="ask for a log-in; the users are those of this file",
    )
    parser.add_argument(
        "--session-hours",
        type=_hours,
        metavar="H",
        help=f"how long a log-in lasts (default {SESSION_HOURS:g})",
    )
    parser.add_argument(
        "--requests-per-minute",
        type=_count,
        metavar="N",
        help="how often one user may ask the model; 0 for no limit"
        f" (default {REQUESTS_PER_MINUTE} with --auth, else no limit)",
    )
    parser.add_argument(
        "--without-auth",
        action="count",
        default=0,
        help="given twice: listen on a public address and let everyone in as admin",
    )
    add_index_options(parser)
    add_model_options(parser)
    parser.set_defaults(run=_serve)


def check_access(host: str, auth: Path | None, without_auth: int) -> None:
    """Make sure that a page that others can reach asks who they are, or was told not to twice.

    Raises:
        OptionError: it would let in whoever reaches it.
        UsersError: the user file cannot be read, or holds nobody.
    """
    from assistant.access.door import is_loopback

    if auth is not None:
        if without_auth:
            raise OptionError("--auth asks for a log-in and --without-auth for none: give one.")
        if not UserFile(auth).accounts():
            raise UsersError(
                f"The user file {auth} holds nobody. Add a user with `llama-e users add {auth}"
                " NAME --role admin`."
            )
        return
    if is_loopback(host) or without_auth >= _TOLD_TWICE:
        return
    again = " (give it a second time to mean it)" if without_auth else ""
    raise OptionError(
        f"{host} can be reached from other machines, and without a log-in whoever reaches it is"
        " admin: they read all conversations and may change the catalog. Give --auth USERS.json"
        " (see `llama-e users add --help`), or, if that is what you want, --without-auth twice"
        f"{again}."
    )


def _serve(args: argparse.Namespace) -> int:
    from assistant.ui.server import check_address, serve

    check_address(args.host, args.port)
    check_access(args.host, args.auth, args.without_auth)
    serve(
        service_of(args),
        host=args.host,
        port=args.port,
        browser=not args.no_browser,
        gate=lambda database: _gate(args, database),
    )
    return 0


def _gate(args: argparse.Namespace, database: Database) -> Gate:
    from assistant.access.gate import Gate, LogIn
    from assistant.access.limits import RateLimit
    from assistant.access.sessions import Sessions

    per_minute = args.requests_per_minute
    if per_minute is None:
        per_minute = REQUESTS_PER_MINUTE if args.auth else 0
    limit = RateLimit(per_minute) if per_minute else None
    if args.auth is None:
        return Gate(limit=limit)
    users = UserFile(args.auth)
    if users.is_readable_by_others():
        log(f"llama-e: others on this machine may read {args.auth}; run: chmod 600 {args.auth}")
    hours = args.session_hours or SESSION_HOURS
    return Gate(LogIn(users, Sessions(database, hours * 3600)), limit)


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdigit() or int(text) > 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of requests")
    return int(text)


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0.01 <= hours <= 24 * 365:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of hours, such as 12")
    return hours
