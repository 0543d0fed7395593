"""`llama-e users`: who may log in to the page that `llama-e serve --auth` serves."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from assistant.access.users import UserFile, UsersError, check_name
from assistant.access.values import ROLES
from catalog_index.console import Commands, log, print_json


def register(commands: Commands) -> None:
    """Add the subcommand and its own five."""
    parser = commands.add_parser(
        "users",
        help="add, list and remove the users of a page with log-in",
        description=(
            "Keep the user file of `llama-e serve --auth FILE`. Roles: agent (desk, stage,"
            " catalog), seller (and the studio), admin (everything). Passwords are asked for, or"
            " read from standard input where it is no terminal; only hashes are stored."
        ),
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = _action(actions, "add", "add a user")
    add.add_argument("--role", choices=ROLES, default="agent", help="default: agent")
    add.set_defaults(run=_add)
    listed = actions.add_parser("list", help="list the users and their roles")
    listed.add_argument("file", type=Path, metavar="FILE", help="the user file")
    listed.add_argument("--json", action="store_true", help="print one JSON object a line")
    listed.set_defaults(run=_list)
    _action(actions, "remove", "remove a user; their sessions and key end").set_defaults(
        run=_remove
    )
    _action(actions, "password", "set a user's password; their sessions end").set_defaults(
        run=_password
    )
    key = _action(actions, "key", "make a key for a user's programs; an earlier one ends")
    key.add_argument("--remove", action="store_true", help="take the key away instead")
    key.set_defaults(run=_key)


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=what)
    parser.add_argument("file", type=Path, metavar="FILE", help="the user file")
    parser.add_argument("name", metavar="NAME", help="the user's name")
    return parser


def _add(args: argparse.Namespace) -> int:
    users = UserFile(args.file)
    check_name(args.name)
    if args.file.exists() and args.name.strip().lower() in users.accounts():
        raise UsersError(f"There is a user {args.name!r} already in {args.file}.")
    account = users.add(args.name, args.role, _new_password(args.name))
    log(f"Added {account.name} ({account.role}) to {args.file}.")
    return 0


def _list(args: argparse.Namespace) -> int:
    for account in UserFile(args.file).accounts().values():
        if args.json:
            print_json({"name": account.name, "role": account.role, "has_key": bool(account.key)})
        else:
            print(f"{account.name}  {account.role}{'  has a key' if account.key else ''}")
    return 0


def _remove(args: argparse.Namespace) -> int:
    UserFile(args.file).remove(args.name)
    log(f"Removed {args.name} from {args.file}. What they kept stays in the database.")
    return 0


def _password(args: argparse.Namespace) -> int:
    users = UserFile(args.file)
    if args.name.strip().lower() not in users.accounts():
        users.remove_key(args.name)  # says that there is no such user
    users.set_password(args.name, _new_password(args.name))
    log(f"The password of {args.name} is set; their sessions have ended.")
    return 0


def _key(args: argparse.Namespace) -> int:
    users = UserFile(args.file)
    if args.remove:
        users.remove_key(args.name)
        log(f"{args.name} has no key any more.")
        return 0
    print(users.new_key(args.name))
    log("This is shown once. Programs send it as `Authorization: Bearer KEY`.")
    return 0


def _new_password(name: str) -> str:
    """Ask for a password twice; read one line where nobody sits at a terminal."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise UsersError("There is no password on standard input.")
        return password
    try:
        password = getpass.getpass(f"New password of {name}: ")
        again = getpass.getpass("Once more: ")
    except EOFError as error:
        raise UsersError("No password was given; nothing is changed.") from error
    if password != again:
        raise UsersError("The two passwords differ; nothing is changed.")
    return password
