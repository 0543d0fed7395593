"""How batches are shown: figures, buttons, bad rows; and what a row's turn at the model is."""

from __future__ import annotations

import dataclasses
import re
import threading
import time
from pathlib import Path

import pytest

from assistant.store.database import Database
from assistant.store.jobs import Job, RowResult, State
from assistant.ui.context import Context
from assistant.ui.studio.feed import FeedPanel
from assistant.ui.studio.job_cards import JobView, duration, figures, job_card, job_list

JOB = Job("j1", "mia", "title", "feed.csv", 200, state="running", done=50, failed=2)


def acts(job: Job) -> list[str]:
    return re.findall(r'data-act="(\w+)"', job_card(JobView(job)))


def test_figures_tell_progress_rate_and_time_left() -> None:
    told = figures(JobView(JOB, seconds_a_row=2.0))
    assert "<b>50</b> of 200 rows · 2 failed · 30 rows a minute · about 5 min left" in told
    assert "20 rows a second" in figures(JobView(JOB, seconds_a_row=0.05))
    assert "left" not in figures(JobView(JOB)), "no estimate before there is a rate"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(20, "under a minute"), (90, "about 2 min"), (12_000, "about 3 h 20 min")],
)
def test_durations_are_told_as_people_do(seconds: float, told: str) -> None:
    assert duration(seconds) == told


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("queued", ["pause", "download", "cancel"]),
        ("running", ["pause", "download", "cancel"]),
        ("paused", ["resume", "download", "cancel"]),
        ("failed", ["resume", "download", "cancel"]),
        ("done", ["download", "delete"]),
        ("cancelled", ["download", "delete"]),
    ],
)
def test_each_state_offers_what_can_be_done(state: State, expected: list[str]) -> None:
    assert acts(dataclasses.replace(JOB, state=state)) == expected


def test_nothing_to_download_before_a_row_is_done() -> None:
    assert "download" not in acts(dataclasses.replace(JOB, done=0, failed=0))


def test_names_reasons_and_bad_rows_are_escaped() -> None:
    bad = "<script>alert(1)</script>"
    job = dataclasses.replace(JOB, name=bad, reason=bad, settings={"tone": bad})
    html = job_card(JobView(job, failures=(RowResult(7, error=bad),)))
    assert "<script" not in html and html.count("&lt;script") >= 4
    assert "Line 7" in html
    assert "No batches yet" in job_list([])


def test_a_row_waits_for_people_in_the_line(tmp_path: Path) -> None:
    context = Context(service=object(), database=Database(tmp_path / "db"))  # type: ignore[arg-type]
    panel = FeedPanel(context)
    begun = threading.Event()

    def row() -> None:
        with panel._turn():
            begun.set()

    with context.line.join(), context.line.join():
        threading.Thread(target=row, daemon=True).start()
        time.sleep(0.1)
        assert not begun.is_set(), "two people are at work"
    assert begun.wait(5)
