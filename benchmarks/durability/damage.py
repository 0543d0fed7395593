"""Damages every file of an index in every way, and asks the index all it knows each time.

`python -m benchmarks.durability.damage DIR` makes an index of two segments, one of them with an
approximate index, with dead keys and a generation before; then it damages, asks and mends, and
prints a line of JSON before and after each trial. `run_trials` reads them: a trial without a
second line ended the process. Allowed is a right answer or a typed error of one line.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.durability.history import WordsEmbedder, content
from benchmarks.durability.worker import ROOT
from catalog_index.build import build_index, delete_records, update_index
from catalog_index.errors import CatalogError
from catalog_index.filters import Filter
from catalog_index.index import CatalogIndex
from catalog_index.manifest import CURRENT, GENERATIONS, REJECTED, current_generation
from catalog_index.verify import verify_index

_PRODUCTS = 120
_WORDS = ("kettle", "steel pot for tea", "lamp", "send back")
Damage = Callable[[Path], None]


def make_index(directory: Path) -> Path:
    """Build the index to damage; returns its directory."""
    import catalog_index.ann

    catalog_index.ann.EXACT_LIMIT = 60
    out, embedder = directory / "index", WordsEmbedder()
    feed, document = directory / "feed.jsonl", directory / "returns.md"
    document.write_text(
        "## Refunds\n\nSend back a kettle.\n\n## Costs\n\nA lamp is free to return.\n"
    )
    things = [f"{kind} {n}" for n in range(_PRODUCTS // 3) for kind in ("Kettle", "Pot", "Lamp")]
    _write(feed, [_row(n, f"Steel {thing}") for n, thing in enumerate(things)])
    build_index([feed, document], out, embedder=embedder)
    _write(feed, [_row(n, f"Blue kettle {n}") for n in (3, 50, *range(200, 212))])
    update_index(out, [feed], embedder=embedder)
    delete_records(out, ["P7", "P203"], embedder=embedder)
    return out


def _row(number: int, title: str) -> dict[str, Any]:
    return {
        "id": f"P{number}",
        "title": title,
        "description": f"For tea number {number}.",
        "mpn": f"MPN{number}-A",
        "price": f"{number + 1}.50 EUR",
        "power": f"{number * 10} W",
    }


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def ask(index: CatalogIndex) -> list[Any]:
    """Return all that an index answers to a fixed list of questions."""
    found: list[Any] = [sorted(content(index)), len(index)]
    cheap = [Filter("price", "between", low=0, high=40)]
    for words in _WORDS:
        for kind in (None, "product", "passage"):
            hits = index.lexical(words, 30, kind), index.dense(words, 30, kind)
            found += [*hits, *(sorted(_ids(index, each)) for each in hits)]
        hits = index.lexical(words, 30, None, cheap), index.dense(words, 30, None, cheap)
        found += [*hits, *(sorted(_ids(index, each)) for each in hits)]
    found.append(index.lookup([f"MPN{n}-A" for n in range(0, 212, 7)]))
    found.append([str(index.product(f"P{n}")) for n in (0, 3, 7, 50, 203, 211)])
    found.append([index.vocabulary.nearest(word) for word in ("ketle", "stel")])
    found.append(index.vocabulary.frequency("kettle"))
    return found


def _ids(index: CatalogIndex, hits: Sequence[tuple[int, float]]) -> list[str]:
    return [record.id for record in index.records([key for key, _ in hits]).values()]


def _typed(call: Callable[[], Any]) -> tuple[str, Any]:
    """Return ("", result), or what was raised: "typed", or a fault of the program."""
    try:
        return "", call()
    except CatalogError as error:
        return ("typed" if "\n" not in str(error) else f"of two lines: {error!r}"), None
    except BaseException as error:
        return f"untyped {type(error).__name__}: {error}"[:300], None


def examine(out: Path, wanted: list[Any]) -> dict[str, str]:
    """Ask and verify a damaged index; returns what each came to."""

    def opened() -> list[Any]:
        with CatalogIndex(out, WordsEmbedder()) as index:
            return ask(index)

    said, answer = _typed(opened)
    asked = said or ("right" if answer == wanted else "wrong")
    said, checks = _typed(lambda: verify_index(out))
    verified = said or ("typed" if any(check.fault for check in checks) else "whole")
    return {"asked": asked, "verified": verified}


def extend(out: Path, work: Path) -> str:
    """Update a damaged index; returns "typed", "whole" or what is wrong."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(out, work / "index", copy_function=os.link, symlinks=True)
    feed = work / "feed.jsonl"
    _write(feed, [_row(n, f"Red kettle {n}") for n in (1, 60, 205, 300)])

    def updated() -> str:
        update_index(work / "index", [feed], embedder=WordsEmbedder())
        faults = [check.fault for check in verify_index(work / "index") if check.fault]
        return "typed" if faults else "whole"

    said, result = _typed(updated)
    return said or str(result)


def damages(path: Path, other: Path | None, offsets: int) -> Iterator[tuple[str, Damage]]:
    """Yield (name, damage) for one file; `other` is a file to put in its place."""
    size = path.stat().st_size
    for length in sorted({0, 1, size // 2, size - 1} - {size}):
        yield f"cut to {length}", lambda file, to=length: os.truncate(file, to)
    yield "made longer", lambda file: file.write_bytes(file.read_bytes() + b"\0")
    spread = {size * n // offsets for n in range(offsets)} | {0, size - 1, size - 5, size - 9}
    for at in sorted(at for at in spread if 0 <= at < size):
        bit = 1 << (at * 7 % 8)
        yield f"bit {bit} at {at}", lambda file, at=at, bit=bit: _flip(file, at, bit)
    yield "deleted", lambda file: file.unlink()
    yield "a directory", lambda file: (file.unlink(), file.mkdir())[0]
    if other is not None and other.read_bytes() != path.read_bytes():
        yield "another's", lambda file: shutil.copyfile(other, file) and None


def _flip(path: Path, at: int, bit: int) -> None:
    whole = bytearray(path.read_bytes())
    whole[at] ^= bit
    path.write_bytes(whole)


def trials(out: Path, offsets: int) -> Iterator[tuple[Path, str, Damage]]:
    """Yield (file, name, damage) for every file of an index."""
    generation = current_generation(out)
    others = [path for path in (out / GENERATIONS).iterdir() if path != generation]
    files = [path for path in sorted(generation.rglob("*")) if path.is_file()]
    for path in [out / CURRENT, *files]:
        if path.name == REJECTED or path.name.endswith(".lock"):
            continue
        same = [o / path.relative_to(generation) for o in others if path.name != CURRENT]
        same += [file for file in files if file.suffix == path.suffix and file != path]
        other = next((file for file in same if file.is_file()), None)
        for name, damage in damages(path, other, offsets):
            yield path, name, damage


@dataclass
class Tally:
    """What the trials came to: how many, by damage and outcome, and every fault."""

    trials: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    unseen_at_opening: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def run_trials(
    directory: Path,
    *,
    is_hashed: bool,
    offsets: int,
    every: int = 1,
    told: Callable[[str], None] = lambda _: None,
) -> Tally:
    """Damage a new index in `directory`; see this module.

    Args:
        directory: where to work.
        is_hashed: whether opening the index hashes its files, as it does below a size.
        offsets: at how many places about a bit of each file is turned.
        every: makes only one in so many trials.
        told: told of every trial's file.
    """
    tally, skip = Tally(), 0
    mode = ["--offsets", str(offsets), "--every", str(every), *(["--hashed"] if is_hashed else [])]
    while True:
        last = _run_from(directory, [*mode, "--skip", str(skip)], tally, told)
        if last is None:
            return tally
        tally.faults.append(f"{last[1]}: the process died by {last[2]}")
        skip = last[0] + 1


def _run_from(
    directory: Path, mode: Sequence[str], tally: Tally, told: Callable[[str], None]
) -> tuple[int, str, int] | None:
    """Run the trials; returns number, name and exit code of one that ended the process."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(directory), *mode],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    begun: tuple[int, str] | None = None
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        if "begin" in event:
            begun = (event["begin"], event["name"])
            tally.trials += 1
            told(event["name"])
        else:
            _count(event, begun[1] if begun else "", "--hashed" in mode, tally)
            begun = None
    code = process.wait()
    if begun is None and code:
        raise RuntimeError(f"The trials ended with {code}.")
    return (*begun, code) if begun else None


def _count(event: dict[str, str], name: str, is_hashed: bool, tally: Tally) -> None:
    asked, verified, extended = event["asked"], event["verified"], event["extended"]
    tally.outcomes[asked if asked in ("right", "typed", "wrong") else "untyped"] += 1
    if asked == "wrong" and not is_hashed and verified == "typed":
        tally.unseen_at_opening[name.split(":", maxsplit=1)[0]] += 1
    elif asked not in ("right", "typed"):
        tally.faults.append(f"{name}: asked, it is {asked}")
    if verified != "typed" and not (verified == "whole" and asked == "right"):
        tally.faults.append(f"{name}: verified, it is {verified}")
    if extended not in ("typed", ""):
        is_pure = extended == "whole" and asked == "right"
        if not is_pure:
            tally.faults.append(f"{name}: updated, it is {extended}")


def main() -> None:
    """Run the trials; see this module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--offsets", type=int, default=5)
    parser.add_argument("--hashed", action="store_true")
    args = parser.parse_args()
    import catalog_index.index

    out = make_index(args.directory)
    with CatalogIndex(out, WordsEmbedder()) as index:
        wanted = ask(index)
    if not args.hashed:
        catalog_index.index.HASHED_AT_OPEN = 0
    for number, (path, name, damage) in enumerate(trials(out, args.offsets)):
        if number < args.skip or number % args.every:
            continue
        kept = args.directory / "kept"
        path.rename(kept)
        shutil.copyfile(kept, path)
        damage(path)
        label = f"{_family(path)}: {name}"
        print(json.dumps({"begin": number, "name": label}), flush=True)
        outcome = examine(out, wanted)
        outcome["extended"] = extend(out, args.directory / "copy")
        if path.is_dir():
            path.rmdir()
        kept.rename(path)
        print(json.dumps(outcome), flush=True)


def _family(path: Path) -> str:
    """Return a file's name without what is different each time."""
    return f"lexical {path.suffix or path.name}" if len(path.stem) == 32 else path.name


if __name__ == "__main__":
    main()
