"""How long a user waits and how much memory it takes: whole turns on the demo shop.

`python -m benchmarks.turn [--index DIR]` prints a Markdown table and keeps it in
`benchmarks/results/turn.md`. One user, one turn after another; every question names its product
by its code. The first pass warms up and is not counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import psutil

from assistant.intents import Intent
from assistant.service import Service, Settings
from assistant.values import Answer, Turn
from benchmarks.machine import machine, markdown_table, publish
from catalog_index.console import log

QUESTIONS = (
    "how heavy is {id}?",
    "what does {id} cost?",
    "is {id} in stock?",
    "where is {id} made?",
    "how long is the warranty of {id}?",
    "what colour is {id}?",
)
PRODUCTS = ("HP-1001", "HB-1023", "RJ-1011", "KT-1027", "SP-1018")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--products", nargs="*", default=PRODUCTS)
    args = parser.parse_args()
    service = Service(Settings(index=args.index), log)
    started = time.monotonic()
    assistant = service.assistant
    service.assistant.warm_up()
    loading = time.monotonic() - started
    turns = [
        Turn(question.format(id=product), intent=Intent.ANSWER.value)
        for product in args.products
        for question in QUESTIONS
    ]
    answers: list[Answer] = []
    for run in range(2):
        answers = [assistant.ask(turn) for turn in turns]
        if run == 0:
            log("warmed up")
    written = [answer for answer in answers if answer.claims]
    first = statistics.median(answer.timing.first_token for answer in written)
    whole = statistics.median(answer.timing.total for answer in written)
    found = statistics.median(answer.timing.retrieve - answer.timing.route for answer in written)
    memory = psutil.Process().memory_info().rss / 2**20
    rows = {
        "start: model, index and router loaded": f"{loading:.1f} s",
        "route, find and rank evidence (median)": f"{found:.2f} s",
        "first token (median)": f"{first:.2f} s",
        "whole checked answer (median)": f"{whole:.2f} s",
        "resident memory": f"{memory:.0f} MiB",
    }
    report = (
        f"`python -m benchmarks.turn` on {machine()}.\n\n"
        f"{service.engine.describe()}; {len(written)} answered turns of {len(turns)}.\n\n"
        + markdown_table(("what", "measured"), list(rows.items()))
    )
    publish("turn", report, rows)


if __name__ == "__main__":
    main()
