"""Charts as HTML with SVG bars: text that flows, bars that stretch, a table for who cannot see.

Colours are classes of the stylesheet, so that light, dark and projector need no second drawing.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.stage.charts import Bar, Chart, Missing
from assistant.ui.markup import text


def figures(found: Sequence[Chart | Missing]) -> str:
    """Render charts, and beside them what could not be drawn."""
    return f'<div class="le-charts">{"".join(map(_one, found))}</div>'


def _one(of: Chart | Missing) -> str:
    if isinstance(of, Missing):
        return (
            f'<figure class="le-chart le-chart-missing"><figcaption><h3>{text(of.title)}</h3>'
            f"<p>{text(of.source)} {text(of.reason)}. From a checkout of the project, this makes"
            f" it:</p><code>{text(of.command)}</code></figcaption></figure>"
        )
    groups = "".join(
        f'<div class="le-group"><h4>{text(group.label)}</h4>'
        f"{''.join(_bar(bar, of) for bar in group.bars)}</div>"
        for group in of.groups
    )
    return (
        f'<figure class="le-chart"><figcaption><h3>{text(of.title)}</h3><p>{text(of.note)}</p>'
        f"</figcaption><div aria-hidden='true'>{groups}</div>{_table(of)}"
        f"<p class='le-source'>{text(of.source)} · <code>{text(of.command)}</code>"
        f"{f' · {text(of.machine)}' if of.machine else ''}</p></figure>"
    )


def _bar(bar: Bar, chart: Chart) -> str:
    """Draw one bar in percent of the scale, with its interval as a whisker."""
    end = _share(bar.value, chart)
    whisker = ""
    if bar.low is not None and bar.high is not None:
        low, high = _share(bar.low, chart), _share(bar.high, chart)
        whisker = (
            f'<line class="le-whisker" x1="{low}%" x2="{high}%" y1="50%" y2="50%"/>'
            f'<line class="le-whisker" x1="{low}%" x2="{low}%" y1="30%" y2="70%"/>'
            f'<line class="le-whisker" x1="{high}%" x2="{high}%" y1="30%" y2="70%"/>'
        )
    return (
        f'<div class="le-bar le-is-{bar.kind}"><span>{text(bar.label)}</span>'
        f'<svg width="100%" height="100%" preserveAspectRatio="none">'
        f'<rect class="le-track" width="100%" height="100%" rx="3"/>'
        f'<rect class="le-fill" width="{end}%" height="100%" rx="3"/>{whisker}</svg>'
        f"<b>{text(_told(bar.value, chart.unit))}</b></div>"
    )


def _share(value: float, chart: Chart) -> float:
    return round(100 * max(0.0, min(1.0, value / chart.top)), 2)


def _told(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value:.1f}%"
    return f"{value:.2f} {unit}" if value < 10 else f"{value:,.0f} {unit}"


def _table(chart: Chart) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{text(group.label)}</th><td>{text(bar.label)}</td>"
        f"<td>{text(_told(bar.value, chart.unit))}</td><td>{_interval(bar, chart.unit)}</td></tr>"
        for group in chart.groups
        for bar in group.bars
    )
    head = "".join(f"<th scope='col'>{name}</th>" for name in ("What", "Of", "Figure", "95%"))
    return (
        f"<details class='le-more'><summary>As a table: {text(chart.title)}</summary>"
        f"<div class='le-plain-table' tabindex='0' role='region' aria-label='{text(chart.title)}'>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _interval(bar: Bar, unit: str) -> str:
    if bar.low is None or bar.high is None:
        return "–"
    return f"{text(_told(bar.low, unit))} to {text(_told(bar.high, unit))}"
