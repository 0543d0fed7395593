"""The report as one HTML file: tables, plots and cases, light or dark as the reader has it.

Holds everything itself (pictures as data URIs, no script, no network); every text is escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from finetune.evaluation import cases
from finetune.evaluation import report as parts
from finetune.evaluation.measures import METRICS
from finetune.evaluation.run import Report, tasks_of

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
:root { color-scheme: light dark; --ground: #fbfcfb; --card: #fff; --ink: #1f2a28;
  --quiet: #5d6b68; --line: #dfe7e4; --brand: #0f5c4d; --good: #0f7a5f; --bad: #a8442a;
  --tint: 15 92 77; }
@media (prefers-color-scheme: dark) { :root { --ground: #101615; --card: #161e1c; --ink: #e4ebe9;
  --quiet: #9aaba6; --line: #2a3633; --brand: #7fc4b2; --good: #6fcfae; --bad: #e58f73;
  --tint: 127 196 178; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 48px 24px 96px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.02em; }
h2 { font-size: 19px; margin: 52px 0 4px; letter-spacing: -0.01em; }
h3 { font-size: 14px; margin: 24px 0 6px; color: var(--quiet); font-weight: 600; }
.eyebrow { color: var(--brand); font-weight: 600; margin: 0 0 6px; }
p, li { color: var(--quiet); margin: 4px 0; max-width: 72ch; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; margin: 12px 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px;
  font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 8px 14px; border-top: 1px solid var(--line);
  vertical-align: top; }
thead th { border-top: 0; color: var(--quiet); font-weight: 600; font-size: 13px; }
th:first-child, td:first-child, .text td, .text th { text-align: left; }
th[scope=row] { font-weight: 500; }
small { color: var(--quiet); font-size: 12px; white-space: nowrap; }
.up { color: var(--good); } .down { color: var(--bad); }
.tag { display: inline-block; border: 1px solid var(--brand); color: var(--brand);
  border-radius: 99px; padding: 0 9px; font-size: 12px; font-weight: 600; margin-left: 8px;
  vertical-align: 2px; }
figure { margin: 16px 0; background: #fff; border: 1px solid var(--line); border-radius: 10px;
  padding: 12px; }
img { display: block; width: 100%; height: auto; }
.identity { overflow-wrap: anywhere; }
"""


def page(name: str, report: Report, about: Mapping[str, str], plots: Sequence[Path]) -> str:
    """Return the whole page.

    Args:
        name: of the report.
        report: what was found.
        about: when and where, `report.machine`'s.
        plots: PNG files.
    """
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>Evaluation: {escape(name)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<p class="eyebrow">LLaMA-E</p>
<h1>Evaluation: {escape(name)}</h1>
<p>{escape(" · ".join(about.values()))}</p>
{"".join(_sections(report, plots))}</main>
</body>
</html>"""


def _sections(report: Report, plots: Sequence[Path]) -> Iterator[str]:
    yield "<h2>Subjects</h2>\n"
    whats = {
        one: ", ".join(f"{key} {value}" for key, value in of.items() if value)
        for one, of in report.subjects.items()
    }
    yield _table(
        ("subject", "what it is"), [(escape(one), escape(of)) for one, of in whats.items()]
    )
    yield (
        f"<p>Intervals: 95%, percentile bootstrap, {report.settings.resamples:,} resamples, seed "
        f"{report.settings.seed}. Shares are in percent. ▲ better, ▼ worse than the first subject "
        f"(paired bootstrap, p &lt; {parts.SURE}).</p>\n"
    )
    yield from map(_picture, plots)
    for name, pairs in report.sets.items():
        tag = '<span class="tag">zero-shot</span>' if parts.is_zero_shot(pairs) else ""
        yield f"<h2>{escape(name)}{tag}</h2>\n<p>{len(pairs):,} pairs</p>\n"
        for task in tasks_of(pairs):
            yield _figures(report, name, task)
    yield from _confusions(report)
    yield from _cases(report)


def _figures(report: Report, name: str, task: str) -> str:
    body = []
    for metric, found in parts.rows(report, name, task):
        about = METRICS[metric]
        cells = [f'<span title="{escape(about.meaning)}">{escape(about.title)}</span>']
        for one in found:
            value, _, ends = parts.cell(one).partition(" ")
            sign = parts.sign_of(parts.gap_of(report, one))
            mark = {1: ' <span class="up">▲</span>', -1: ' <span class="down">▼</span>', 0: ""}[
                sign
            ]
            small = f" <small>{ends.strip('()')}</small>" if ends else ""
            cells.append(f"{value}{mark}{small}")
        body.append(cells)
    return _table((task, *report.subjects), body, text=False)


def _confusions(report: Report) -> Iterator[str]:
    found = cases.confusions(report)
    if found:
        yield "<h2>Labels</h2>\n<p>Rows: the right label. Columns: the label said.</p>\n"
    for one in found:
        yield f"<h3>{escape(one.set)} · {escape(one.subject)}</h3>\n"
        body = []
        for right in one.labels:
            total = sum(one.counts.get((right, said), 0) for said in one.said) or 1
            counts = ((said, one.counts.get((right, said), 0)) for said in one.said)
            body.append([escape(right), *(_shade(count, total) for _, count in counts)])
        yield _table(("", *one.said), body, text=False)


def _shade(count: int, total: int) -> str:
    if not count:
        return "<small>0</small>"
    tint = 0.08 + 0.3 * count / total
    style = f"background: rgb(var(--tint) / {tint:.2f}); padding: 2px 8px; border-radius: 6px"
    return f'<span style="{style}">{count:,}</span>'


def _cases(report: Report) -> Iterator[str]:
    worst = cases.worst_cases(report)
    if worst:
        yield f"<h2>Worst cases of {escape(list(report.subjects)[-1])}</h2>\n"
    for case in worst:
        told = escape(cases.shorten(cases.asked(case.pair)))
        yield f"<h3>{escape(case.set)} · {escape(case.pair.id)}</h3>\n<p>{told}</p>\n"
        body = [("reference", escape(cases.shorten(case.pair.output)), "")]
        body += [
            (escape(who), escape(text) or "<small>(nothing)</small>", escape(why))
            for who, (text, why) in case.outputs.items()
        ]
        yield _table(("who", "output", "fault"), body)


def _table(head: Sequence[str], body: Sequence[Sequence[str]], *, text: bool = True) -> str:
    """Return a table; the head's cells are text, those of the body are HTML."""
    top = "".join(f'<th scope="col">{escape(one)}</th>' for one in head)
    rows = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{one}</td>" for one in rest)}</tr>\n'
        for first, *rest in body
    )
    kind = ' class="text"' if text else ""
    return (
        f'<div class="scroll"><table{kind}><thead><tr>{top}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table></div>\n"
    )


def _picture(plot: Path) -> str:
    data = base64.b64encode(plot.read_bytes()).decode()
    alt = f"Plot: {plot.stem}; the tables below hold its figures"
    return f'<figure><img alt="{escape(alt)}" src="data:image/png;base64,{data}"></figure>\n'
