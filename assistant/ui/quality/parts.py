"""The quality room's parts as HTML; every text of a user is escaped."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from assistant.intents import Intent
from assistant.store.feedback import REASONS, Feedback
from assistant.store.quality import OpenQuestions, Overruled, Overview
from assistant.ui.markup import text

_SHOWN_MESSAGES = 6
_LABELS = {intent.value: intent.label for intent in Intent}


def overview_html(overview: Overview, days: int) -> str:
    """Render the figures of a span of days."""
    if not overview.turns:
        return (
            "<div class='le-empty'><h3>Nothing yet</h3><p>Once people ask at the Desk, this page"
            " shows what was answered, what the catalog did not say, how fast it was, and what"
            " staff corrected.</p></div>"
        )
    share = overview.answered / overview.turns
    cells = (
        (f"{overview.turns:,}", f"messages in {days} days, of {_people(overview.users)}"),
        (f"{share:.0%}", "answered"),
        (f"{overview.refused:,}", "not in the catalog, or handed over"),
        (f"{overview.failed:,}", "failed or stopped"),
        (f"{overview.median:.2f} s", "median time of a whole answer"),
        (f"{overview.p95:.2f} s", "95th percentile"),
    )
    inside = "".join(f"<div><b>{value}</b><span>{label}</span></div>" for value, label in cells)
    return f"<div class='le-figures'>{inside}</div>"


def days_html(days: Sequence[tuple[str, int, int]]) -> str:
    """Render messages a day as bars, the refused part of each marked."""
    most = max((turns for _, turns, _ in days), default=0)
    if not most:
        return ""
    width, height = 100 / len(days), 70
    bars = []
    for place, (day, turns, refused) in enumerate(days):
        told = f"{day}: {turns} messages, {refused} not answered"
        tall, part = height * turns / most, height * refused / most
        left = f"{place * width + width * 0.15:.2f}"
        wide = f"{width * 0.7:.2f}"
        bars.append(
            f"<g><title>{told}</title><rect class='le-day-all' x='{left}' y='{height - tall:.1f}'"
            f" width='{wide}' height='{tall:.1f}'></rect><rect class='le-day-part' x='{left}'"
            f" y='{height - part:.1f}' width='{wide}' height='{part:.1f}'></rect></g>"
        )
    total = sum(turns for _, turns, _ in days)
    return (
        f"<figure class='le-days'><svg viewBox='0 0 100 {height}' preserveAspectRatio='none'"
        f" role='img' aria-label='{total} messages in {len(days)} days'>{''.join(bars)}</svg>"
        f"<figcaption><span>{days[0][0]}</span><span>messages a day; the darker part was not"
        f" answered</span><span>{days[-1][0]}</span></figcaption></figure>"
    )


def open_questions_html(
    groups: Sequence[tuple[OpenQuestions, tuple[str, int, int] | None]],
) -> str:
    """Render what people asked and the catalog did not say, and how many records lack it."""
    if not groups:
        return "<p class='le-hint'>No question about a product was left open.</p>"
    parts = []
    for group, lacking in groups:
        times = "once" if group.asked == 1 else f"{group.asked:,} times"
        told = f"Asked {times} by {_people(group.people)}"
        if lacking is not None and lacking[1]:
            field, number, total = lacking
            told += f"; {number:,} of {total:,} such records lack “{text(field)}”"
        messages = "".join(f"<li>{text(one)}</li>" for one in group.messages[:_SHOWN_MESSAGES])
        parts.append(
            f"<details class='le-open-question'><summary><b>{text(group.example)}</b>"
            f"<span>{told}</span></summary><ul>{messages}</ul></details>"
        )
    return "".join(parts)


def feedback_html(counts: Mapping[str, int], latest: Sequence[Feedback]) -> str:
    """Render the thumbs, their reasons and the corrections."""
    if not latest:
        return (
            "<p class='le-hint'>No thumbs yet. They stand under each answer at the Desk; after a"
            " thumb down, staff can type what it should have said.</p>"
        )
    reasons = " · ".join(f"{name} {counts[name]}" for name in REASONS if counts.get(name))
    head = (
        f"<p class='le-hint'>{counts['liked']:,} good · {counts['disliked']:,} bad ·"
        f" {counts['corrected']:,} corrected{' · ' if reasons else ''}{reasons}</p>"
    )
    return head + "".join(map(_one, latest))


def router_html(intents: Sequence[tuple[str, int, int]], overruled: Sequence[Overruled]) -> str:
    """Render what was asked for, and where users put another intent in place of the router's."""
    if not intents:
        return "<p class='le-hint'>Nothing was routed yet.</p>"
    rows = "".join(
        f"<tr><th scope='row'>{_label(name)}</th><td>{turns:,}</td><td>{refused:,}</td></tr>"
        for name, turns, refused in intents
    )
    table = (
        "<table class='le-table'><thead><tr><th scope='col'>Intent</th><th scope='col'>Messages"
        f"</th><th scope='col'>Not answered</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    if not overruled:
        return f"{table}<p class='le-hint'>Nobody put another intent in place of the router's.</p>"
    rows = "".join(
        f"<tr><th scope='row'>{_label(one.routed)}</th><td>{_label(one.chosen)}</td>"
        f"<td>{one.count:,}</td></tr>"
        for one in overruled
    )
    return (
        f"{table}<h3 class='le-h3'>Overruled by users</h3><table class='le-table'><thead><tr>"
        "<th scope='col'>Router said</th><th scope='col'>User chose</th><th scope='col'>Times</th>"
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _one(said: Feedback) -> str:
    thumb = "Good" if said.liked else "Bad"
    reasons = f"<span>{text(', '.join(said.reasons))}</span>" if said.reasons else ""
    correction = (
        f"<p class='le-correction'><b>Corrected:</b> {text(said.correction)}</p>"
        if said.correction
        else ""
    )
    day = time.strftime("%Y-%m-%d %H:%M", time.gmtime(said.created))
    return (
        f"<div class='le-change'><span class='le-thumb le-{thumb.lower()}-thumb'>{thumb}</span>"
        f" <b>{text(said.message)}</b> <span class='le-id'>{text(said.user)}, {day}</span>{reasons}"
        f"<p>{text(said.text[:400])}</p>{correction}</div>"
    )


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def _label(name: str) -> str:
    return text(_LABELS.get(name, name))
