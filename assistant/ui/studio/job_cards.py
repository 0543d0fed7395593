"""Batches as HTML cards: state, progress, rate and time left, bad rows, and what can be done.

Strings in, strings out; file names and reasons are others' texts and are escaped.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.store.jobs import Job, RowResult, State
from assistant.ui.markup import text as shown
from assistant.ui.studio.forms import NAMES

MOST_FAILURES = 50
"""Bad rows that a card lists; the results hold them all."""

_STATES: dict[State, str] = {
    "queued": "Waiting",
    "running": "Running",
    "paused": "Paused",
    "done": "Done",
    "failed": "Stopped by a fault",
    "cancelled": "Cancelled",
}
_EMPTY = """
<div class="st-welcome"><h3>No batches yet</h3>
<p>Upload a CSV whose first row names the columns: <b>title</b> and any facts of the product
(brand, price, colour, …), and the inputs of the task such as <b>query</b> or <b>tone</b>. The
template shows them. A batch runs in the background, gives way to people at the desk, and can be
paused; nothing is lost when the server stops.</p></div>
"""


@dataclass(frozen=True, slots=True)
class JobView:
    """A job with what its card tells besides: seconds a row, and its first bad rows."""

    job: Job
    seconds_a_row: float = 0.0
    failures: tuple[RowResult, ...] = ()


def job_list(views: Sequence[JobView]) -> str:
    """Render a user's jobs, the newest first."""
    return "".join(map(job_card, views)) or _EMPTY


def job_card(view: JobView) -> str:
    """Render one job."""
    job = view.job
    share = 100.0 * job.done / max(1, job.total)
    percent = int(share) if job.done < job.total else 100
    name = shown(job.name)
    reason = f'<p class="st-reason">{shown(job.reason)}</p>' if job.reason else ""
    return (
        f'<article class="st-job st-is-{job.state}" data-job="{shown(job.id)}"'
        f' data-state="{job.state}"><header><b>{name}</b>'
        f'<span class="st-tag">{shown(NAMES.get(job.task, job.task))}</span>'
        f'<span class="st-state">{_STATES[job.state]}</span></header>'
        f'<div class="st-progress" role="progressbar" aria-valuemin="0" aria-valuemax="100"'
        f' aria-valuenow="{percent}" aria-label="Progress of {name}">'
        f'<i style="width:{share:.2f}%"></i></div>'
        f'<p class="st-figures">{figures(view)}</p>{reason}{_settings(job)}{_failures(view)}'
        f'<div class="st-acts">{_buttons(job)}</div></article>'
    )


def figures(view: JobView) -> str:
    """Say how far a job is, how fast, and how long it will take."""
    job = view.job
    parts = [f"<b>{job.done:,}</b> of {job.total:,} rows"]
    if job.failed:
        parts.append(f"{job.failed:,} failed")
    if job.is_active and view.seconds_a_row > 0:
        parts.append(_rate(view.seconds_a_row))
        parts.append(f"{duration(view.seconds_a_row * (job.total - job.done))} left")
    elif not job.is_active:
        parts.append(time.strftime("%d %b, %H:%M", time.localtime(job.updated)))
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Write a time as people tell it: "under a minute", "12 min", "3 h 20 min"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"about {minutes} min"
    return f"about {minutes // 60} h {minutes % 60} min"


def _rate(seconds: float) -> str:
    if seconds < 1:
        return f"{1 / seconds:,.0f} rows a second"
    return f"{60 / seconds:,.0f} rows a minute"


def _settings(job: Job) -> str:
    told = "; ".join(
        f"{name.replace('_', ' ')}: {', '.join(value) if isinstance(value, list) else value}"
        for name, value in job.settings.items()
    )
    return f'<p class="st-hint">For rows that say nothing else: {shown(told)}</p>' if told else ""


def _failures(view: JobView) -> str:
    if not view.failures:
        return ""
    rows = "".join(
        f'<tr><th scope="row">Line {one.line:,}</th><td>{shown(one.error)}</td></tr>'
        for one in view.failures
    )
    more = view.job.failed - len(view.failures)
    rest = f"<p class='st-hint'>{more:,} more are in the results.</p>" if more > 0 else ""
    return (
        f'<details class="st-bad" data-keep="bad-{shown(view.job.id)}"><summary>{view.job.failed:,}'
        f" bad row{'s' * (view.job.failed != 1)}</summary><table>{rows}</table>{rest}</details>"
    )


def _buttons(job: Job) -> str:
    buttons = []
    if job.is_active:
        buttons.append(_button(job, "pause", "Pause"))
    if job.state in ("paused", "failed"):
        buttons.append(_button(job, "resume", "Resume", main=True))
    if job.done:
        told = "Download results" if job.state == "done" else "Download what is done"
        buttons.append(_button(job, "download", told, main=job.state == "done"))
    if job.state not in ("done", "cancelled"):
        buttons.append(_button(job, "cancel", "Cancel"))
    else:
        buttons.append(_button(job, "delete", "Delete"))
    return "".join(buttons)


def _button(job: Job, act: str, label: str, *, main: bool = False) -> str:
    kind = "st-button st-main" if main else "st-button"
    named = f"{label}: {shown(job.name)}"
    return (
        f'<button type="button" class="{kind}" data-act="{act}" data-id="{shown(job.id)}"'
        f' aria-label="{named}">{label}</button>'
    )
