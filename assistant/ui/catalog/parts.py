"""The catalog's parts as HTML: the list, a record, a build's progress, rejects, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.ui.cards import record_card
from assistant.ui.catalog.building import Progress
from assistant.ui.desk.chips import products_html
from assistant.ui.markup import text
from catalog_index.differences import Change, Differences
from catalog_index.manifest import Counts
from retrieval.values import Hit

_STAGES = {"read": "Reading rows", "index": "Making records searchable"}
_LONG = 160
NO_RECORD = (
    "<div class='le-empty'><h3>Record</h3><p>Choose a product on the left to see every field that"
    " answers and copy can stand on.</p></div>"
)


def list_html(hits: Sequence[Hit], media_root: Path | None, first: int, total: int) -> str:
    """Render a page of products.

    Args:
        hits: the products shown.
        media_root: where local pictures are.
        first: the place of the first, from 0.
        total: how many there are.
    """
    if not hits:
        return "<p class='le-hint'>No product is found for that. Try other words, or fewer.</p>"
    last = first + len(hits)
    back = "" if first else " disabled"
    on = "" if last < total else " disabled"
    pages = (
        f"<div class='le-pages'><button type='button' data-act='back' aria-label='Previous page'"
        f"{back}>‹</button><span>{first + 1:,}–{last:,} of {total:,}</span>"
        f"<button type='button' data-act='on' aria-label='Next page'{on}>›</button></div>"
    )
    return pages + products_html(hits, media_root, act="record")


def record_html(hit: Hit | None, media_root: Path | None) -> str:
    """Render a record, opened."""
    if hit is None:
        return NO_RECORD
    return record_card(hit, media_root=media_root).replace("<details", "<details open", 1)


def counts_html(counts: Counts, created: str) -> str:
    """Render what the catalog holds."""
    parts = [
        (counts.products, "products"),
        (counts.passages, "policy passages"),
        (counts.rejected, "rows refused at the last change"),
    ]
    cells = "".join(f"<div><b>{number:,}</b><span>{label}</span></div>" for number, label in parts)
    made = text(created[:16].replace("T", " "))
    return f"<div class='le-figures'>{cells}<div><b>{made}</b><span>last change</span></div></div>"


def progress_html(progress: Progress | None) -> str:
    """Render how far a build is, or how it ended."""
    if progress is None:
        return (
            "<p class='le-hint'>Feeds in JSON lines, CSV, TSV, Parquet, Google Merchant XML and"
            " shop exports are recognised by their content; Markdown, HTML, text and PDF become"
            " policy passages. While a build runs, the page answers from the catalog as it was.</p>"
        )
    if progress.fault:
        return f"<div class='le-verdict le-warn' role='alert'>{text(progress.fault)}</div>"
    if progress.cancelled:
        return "<div class='le-verdict le-note'>Cancelled. The catalog is as it was.</div>"
    if progress.report is not None:
        return _report_html(progress)
    stage = _STAGES.get(progress.stage, "Starting")
    share = progress.done / progress.total if progress.total else 0.0
    told = f"{progress.done:,}" + (f" of {progress.total:,}" if progress.total else " rows")
    value = f" value='{share:.3f}'" if progress.total else ""
    return (
        f"<div class='le-progress' role='status'><span>{stage}: {told}</span>"
        f"<span>{progress.seconds:.0f} s</span>"
        f"<progress max='1'{value} aria-label='{stage}'></progress></div>"
    )


def rejects_html(rows: Sequence[dict[str, Any]], total: int) -> str:
    """Render the rows that were refused, with line and reason."""
    if not rows:
        return "<p class='le-hint'>No row was refused at the last change.</p>"
    lines = "".join(
        f"<tr><td>{text(Path(str(row.get('file', ''))).name)}</td><td>{text(row.get('line', ''))}"
        f"</td><td>{text(row.get('field', ''))}</td><td>{text(row.get('reason', ''))}</td></tr>"
        for row in rows
    )
    more = f"<p class='le-hint'>The first {len(rows):,} of {total:,}.</p>" * (total > len(rows))
    return (
        "<div class='le-scroll' tabindex='0' role='region' aria-label='Refused rows'>"
        "<table class='le-table'><thead><tr><th scope='col'>File</th><th scope='col'>Line</th>"
        "<th scope='col'>Field</th><th scope='col'>Why it was refused</th></tr></thead>"
        f"<tbody>{lines}</tbody></table></div>{more}"
    )


def differences_html(found: Differences | None) -> str:
    """Render what changed from the generation before."""
    if found is None:
        return (
            "<p class='le-hint'>There is one generation only. After the next build or update, what"
            " it added, changed and removed is listed here.</p>"
        )
    counts = " · ".join(f"{number:,} {name}" for name, number in found.counts.items())
    since = text(found.since[:16].replace("T", " "))
    parts = [f"<p class='le-hint'>Since {since}: {counts}</p>"]
    for label, changes in (
        ("Changed", found.changed),
        ("Added", found.added),
        ("Removed", found.removed),
    ):
        if changes:
            inside = "".join(map(_change, changes))
            more = found.counts[label.lower()] - len(changes)
            rest = f"<p class='le-hint'>and {more:,} more</p>" if more else ""
            parts.append(
                f"<details class='le-more'{' open' if label == 'Changed' else ''}>"
                f"<summary>{label} ({found.counts[label.lower()]:,})</summary>{inside}{rest}"
                "</details>"
            )
    return "".join(parts)


def _change(change: Change) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{text(name)}</th><td>{_cut(before)}</td><td>{_cut(after)}</td></tr>"
        for name, before, after in change.fields
    )
    head = "<tr><th scope='col'>field</th><th scope='col'>before</th><th scope='col'>now</th></tr>"
    table = f"<table class='le-table'>{head}{rows}</table>" if rows else ""
    return (
        f"<div class='le-change'><b>{text(change.title)}</b> <span class='le-id'>"
        f"{text(change.id)}</span>{table}</div>"
    )


def _cut(value: str) -> str:
    if not value:
        return "<i>nothing</i>"
    return text(value if len(value) <= _LONG else f"{value[:_LONG]} …")


def _report_html(progress: Progress) -> str:
    report = progress.report
    assert report is not None
    if not report.has_changed:
        told = "Nothing to do: the catalog holds all of it already."
        return f"<div class='le-verdict le-good' role='status'>{told}</div>"
    counts = report.counts
    told = (
        f"Done in {progress.seconds:.0f} s: {counts.added:,} added, {counts.changed:,} changed,"
        f" {counts.unchanged:,} unchanged, {counts.deleted:,} deleted,"
        f" {counts.rejected:,} refused."
    )
    css = "le-note" if counts.rejected else "le-good"
    return f"<div class='le-verdict {css}' role='status'>{told}</div>"
