"""A sheet as one HTML page: read a pair, mark it, download the marked CSV. Needs no network.

Everything of a pair is escaped; marks are kept in the browser until they are downloaded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from importlib.resources import files

from finetune.audit import ACCEPT, COLUMNS, REJECT, Audit, Row
from finetune.checks import FAULTS

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_OTHER = {"tone": "reads badly, or misses the tone asked for", "other": "see the note"}


def page(audit: Audit | Sequence[Row]) -> str:
    """Return the page of a sheet's rows, with the marks that they have."""
    rows = audit.rows if isinstance(audit, Audit) else tuple(audit)
    identity = hashlib.sha256(_json([[row.id, row.output] for row in rows]).encode()).hexdigest()
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>Audit of {len(rows)} pairs</title>
<style>
{_asset("audit_page.css")}</style>
</head>
<body data-sheet="{identity[:16]}">
<header>
<h1>Audit of {len(rows)} pairs</h1>
<span id="progress" role="status"></span>
<button id="download" type="button">Download CSV</button>
</header>
<main>
<p>Reject a pair that you would not sign: a fact that the material does not hold, a wrong label,
clumsy English, an instruction that is not followed. Keys: <kbd>j</kbd> next, <kbd>k</kbd> back,
<kbd>a</kbd> accept, <kbd>r</kbd> reject, <kbd>Esc</kbd> out of a field.</p>
{"".join(_article(row, number) for number, row in enumerate(rows, start=1))}</main>
<script type="application/json" id="columns">{_json(COLUMNS)}</script>
<script type="application/json" id="rows">{_json([asdict(row) for row in rows])}</script>
<script>
{_asset("audit_page.js")}</script>
</body>
</html>
"""


def _article(row: Row, number: int) -> str:
    named = " · ".join(escape(part) for part in (row.task, row.source, row.id) if part)
    faults = "".join(
        f'<option value="{escape(code)}">{escape(code)}: {escape(meaning)}</option>'
        for code, meaning in {**FAULTS, **_OTHER}.items()
    )
    radios = "".join(
        f'<label><input type="radio" name="verdict-{number}" value="{verdict}"> {verdict}</label>'
        for verdict in (ACCEPT, REJECT)
    )
    return f"""<article tabindex="0" aria-label="Pair {number}">
<h2>{number} · {named}</h2>
<p>{escape(row.instruction)}</p>
<pre>{escape(row.material)}</pre>
<p class="output">{escape(row.output)}</p>
<fieldset><legend>Verdict on pair {number}</legend>{radios}
<select aria-label="Fault of pair {number}">
<option value="">no fault named</option>{faults}</select>
<input type="text" aria-label="Note on pair {number}" placeholder="note">
</fieldset>
</article>
"""


def _json(value: object) -> str:
    """Write JSON that no parser of HTML can take for a tag."""
    text = json.dumps(value, ensure_ascii=False)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


def _asset(name: str) -> str:
    return (files("finetune") / name).read_text(encoding="utf-8")
