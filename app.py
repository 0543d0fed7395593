"""The composition root: gathers each package's subcommands into `llama-e`; starts the page.

`python app.py` is `llama-e serve`. Turns every known fault into one line and exit code 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version

DEBUG_VARIABLE = "LLAMA_E_DEBUG"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    import assistant.cli
    import catalog_index.cli
    import finetune.cli

    parser = argparse.ArgumentParser(
        prog="llama-e", description="A shop assistant that answers and writes from your catalog."
    )
    parser.add_argument("--version", action="version", version=f"llama-e {version('llama-e')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for package in (assistant.cli, catalog_index.cli, finetune.cli):
        package.register(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    args = build_parser().parse_args(arguments)
    from assistant.errors import KNOWN_ERRORS
    from finetune.errors import FinetuneError

    try:
        code: int = args.run(args)
        return code
    except (*KNOWN_ERRORS, FinetuneError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except MemoryError:
        return _fail("There is too little memory. Close other programs and try again.")
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            traceback.print_exc()
        kind = type(error).__name__
        return _fail(f"internal error ({kind}: {error}). Set {DEBUG_VARIABLE}=1 to see where.")


def _fail(reason: str) -> int:
    print(f"llama-e: {' '.join(reason.split())}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(["serve", *given] if not given or given[0].startswith("-") else given))
