"""Proves the index as databases are proven: killed writers, damaged files, full and failing disks.

Run as `python -m benchmarks.crash` (about a quarter of an hour; Linux with a C compiler);
`--brief` for a tenth of it. Exits 1 where anything was lost, torn or raised without a type. What
is done and judged is told in `benchmarks.durability`; `tests/catalog_index` runs a short form.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.durability import damage, disks, kills
from benchmarks.durability.flushes import unflushed
from benchmarks.durability.history import VERBS, change
from benchmarks.durability.reader import Readers
from benchmarks.durability.worker import Order, Worker, compile_failing_disk
from benchmarks.machine import machine, markdown_table, publish

SEED = 4
ROUNDS = 75
"""Rounds of kills of an index that is served meanwhile: three kills each."""

FIRST_BUILD_CALLS = 40
DAMAGED_PLACES = 24
FAILING_CALLS = 20
LAST_STATE = 4000


def trial_kills(worker: Worker, directory: Path, part: float, told: Any) -> dict[str, Any]:
    """Kill first builds, then every kind of change while readers search."""
    tally = kills.Tally()
    directory.mkdir()
    kills.kill_first_builds(worker, directory, tally, round(FIRST_BUILD_CALLS * part), told)
    victim = kills.Victim(worker, directory, tally)
    victim.advance()
    with Readers(victim.out, LAST_STATE) as readers:
        dice = random.Random(SEED)
        kills.kill_changes(victim, round(ROUNDS * part), dice, told, calls=True)
        seen = readers.finish(victim.at)
    return {
        "kills": dict(sorted(tally.kills.items())),
        "total": tally.total,
        "changes": victim.at,
        "lost": tally.lost,
        "untyped": tally.untyped + len(seen["untyped"]),
        "readers": {
            **seen,
            "typed": len(seen["typed"]),
            "untyped": len(seen["untyped"]),
            "told": len(seen["told"]),
        },
        "faults": tally.faults
        + [f"a reader: {error}" for error in seen["untyped"]]
        + ([f"{seen['torn']} torn answers"] if seen["torn"] else [])
        + ([] if seen["is_newest"] else ["the readers do not serve the newest state"]),
    }


def trial_damage(directory: Path, part: float, told: Any) -> dict[str, Any]:
    """Damage every file, of an index that is hashed when it is opened and of one that is not."""
    result: dict[str, Any] = {"faults": []}
    for is_hashed in (True, False):
        tally = damage.run_trials(
            directory,
            is_hashed=is_hashed,
            offsets=max(3, round(DAMAGED_PLACES * part)),
            told=told,
        )
        result["hashed" if is_hashed else "unhashed"] = {
            "trials": tally.trials,
            "outcomes": dict(tally.outcomes),
            "unseen_at_opening": dict(tally.unseen_at_opening),
        }
        result["faults"] += tally.faults
    return result


def trial_disks(worker: Worker, directory: Path, part: float, told: Any) -> dict[str, Any]:
    """Let the disk fail at calls spread over every change."""
    tally = disks.Tally()
    directory.mkdir()
    calls = max(3, round(FAILING_CALLS * part))
    disks.fail_disks(worker, directory, tally, calls, told=told)
    return {
        "trials": dict(tally.trials),
        "endings": dict(tally.endings),
        "faults": tally.faults,
    }


def trial_flushes(worker: Worker, directory: Path) -> dict[str, Any]:
    """List the calls of each kind of change and prove that all was flushed before the swap."""
    directory.mkdir()
    out, work, calls = directory / "all" / "index", directory / "feeds", directory / "calls"
    faults: list[str] = []
    proven = 0
    for number in range(1 + len(VERBS)):
        (directory / "all").mkdir(exist_ok=True)
        order = Order(
            str(out), str(work), number, disk="count", below=str(out.parent), calls=str(calls)
        )
        worker.run(order)
        if change(number).verb != "collect":
            with calls.open(encoding="utf-8") as lines:
                faults += unflushed(lines, out)
            proven += 1
    return {"changes": proven, "faults": faults}


def report(figures: dict[str, Any]) -> str:
    """Return the benchmark's page."""
    killed, damaged, failed = figures["kills"], figures["damage"], figures["disks"]
    seen = killed["readers"]
    faults = sum(len(figures[name]["faults"]) for name in ("kills", "damage", "disks", "flushes"))
    rows = [(f"kills {where}", f"{count:,}") for where, count in killed["kills"].items()]
    rows += [
        ("**kills in all**", f"{killed['total']:,}"),
        ("changes made between them, none lost", f"{killed['changes']:,}"),
        ("answers given meanwhile by readers", f"{seen['answers']:,}"),
        ("generations that the readers followed", f"{seen['generations']:,}"),
        ("damages, index hashed when opened", f"{damaged['hashed']['trials']:,}"),
        ("damages, index too large for that", f"{damaged['unhashed']['trials']:,}"),
    ]
    rows += [(f"disk faults: {what}", f"{count:,}") for what, count in failed["trials"].items()]
    rows += [
        ("changes whose flushes were proven in order", f"{figures['flushes']['changes']:,}"),
        ("**lost acknowledged changes**", f"{killed['lost']}"),
        ("**torn answers**", f"{seen['torn']}"),
        ("**untyped errors**", f"{_untyped(figures)}"),
        ("**faults of any kind**", f"{faults}"),
        ("time", f"{figures['seconds'] / 60:.0f} min"),
    ]
    outcomes = [
        (said, *(f"{damaged[name]['outcomes'].get(what, 0):,}" for what in _OUTCOMES))
        for said, name in (("hashed when opened", "hashed"), ("too large for that", "unhashed"))
    ]
    found = [
        fault for part in figures.values() if isinstance(part, dict) for fault in part["faults"]
    ]
    return "\n".join(
        [
            "# Crashes, damage and failing disks",
            "",
            figures["machine"],
            "",
            markdown_table(("what", "count"), rows),
            "",
            "What a damaged index answered. One that is too large to be hashed whole when it is"
            " opened can answer wrongly until `llama-e index verify` is run, which found every"
            " damage that changed an answer.",
            "",
            markdown_table(("index", "right answers", "a typed error", *_OUTCOMES[2:]), outcomes),
            *([""] if found else []),
            *(f"- {fault}" for fault in found),
        ]
    )


_OUTCOMES = ("right", "typed", "wrong", "untyped")


def _untyped(figures: dict[str, Any]) -> int:
    others = [*figures["damage"]["faults"], *figures["disks"]["faults"]]
    return int(figures["kills"]["untyped"]) + sum("untyped" in f or "internal" in f for f in others)


def main() -> int:
    """Run every trial and keep the result; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--brief", action="store_true", help="a tenth of the trials, not kept")
    args = parser.parse_args()
    part = 0.1 if args.brief else 1.0
    started = time.monotonic()
    told: Callable[[str], None] = lambda text: print(f"\r{text:100.100}", end="", file=sys.stderr)  # noqa: E731
    figures: dict[str, Any] = {"machine": machine()}
    with tempfile.TemporaryDirectory() as made:
        directory = Path(made)
        library = compile_failing_disk(directory)
        if library is None:
            print("This benchmark needs Linux and a C compiler (cc).", file=sys.stderr)
            return 1
        with Worker(library) as worker:
            figures["flushes"] = trial_flushes(worker, directory / "flushes")
            figures["kills"] = trial_kills(worker, directory / "kills", part, told)
            figures["disks"] = trial_disks(worker, directory / "disks", part, told)
        figures["damage"] = trial_damage(directory / "damage", part, told)
    figures["seconds"] = round(time.monotonic() - started)
    print(file=sys.stderr)
    if args.brief:
        print(report(figures))
    else:
        publish("crash", report(figures), figures)
    return int(any(part["faults"] for part in figures.values() if isinstance(part, dict)))


if __name__ == "__main__":
    sys.exit(main())
