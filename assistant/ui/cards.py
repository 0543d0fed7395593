"""Records, claims and badges as HTML. Every text of a record or a user is escaped here.

Knows no gradio: strings in, strings out.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Sequence
from pathlib import Path

from assistant.dialogue.state import DialogueState
from assistant.intents import Intent
from assistant.model.values import ModelInfo
from assistant.ui.escaping import DIRECTION
from assistant.ui.escaping import text as escaped
from assistant.values import Answer, Routed, Table
from catalog_index.product import Passage, Product
from retrieval.values import Hit

_MAX_PICTURE_BYTES = 200_000
_PICTURE_TYPES = {"image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/gif"}
_SHOWN_MATCHES = 5
_EARLIER_TURNS = 12
_MARKUP = re.compile(r"[\\`\[\]*_~$#|]|(?<=:)//|(?<=www)\.|@", re.I)

_LINKS = (
    '<nav class="le-links" aria-label="Page"><button type="button" data-le="side">Conversations'
    '</button><button type="button" data-le="tour">Tour</button>'
    '<button type="button" data-le="keys" aria-keyshortcuts="?">Keys</button></nav>'
)
KEYS = """
<dialog id="le-keys" class="le-dialog" aria-label="Keys"><h2>Keys</h2><table>
<tr><td><kbd>Enter</kbd></td><td>send the message (<kbd>Shift Enter</kbd>: new line)</td></tr>
<tr><td><kbd>Esc</kbd></td><td>stop the answer</td></tr>
<tr><td><kbd>Alt N</kbd></td><td>new conversation</td></tr>
<tr><td><kbd>Alt K</kbd></td><td>search conversations</td></tr>
<tr><td><kbd>Alt J</kbd></td><td>jump to the sources</td></tr>
<tr><td><kbd>/</kbd></td><td>to the message box</td></tr>
<tr><td><kbd>?</kbd></td><td>this list</td></tr>
</table><form method="dialog"><button>Close</button></form></dialog>
"""

EMPTY_PANEL = """
<div class="le-empty">
  <h3>Records</h3>
  <p>Ask about an item or a shop policy. The records that an answer stands on appear here, with the
  fields that were used. Click a number such as <b>[1]</b> in an answer to open its record.</p>
</div>
"""


def picture_source(product: Product, media_root: Path | None) -> str:
    """Return a data URI of the product's picture, "" when it has none on this machine.

    Only files below the feed's own directory are read, and nothing is fetched from elsewhere.
    """
    link = product.image_link
    if not link or media_root is None or "://" in link:
        return ""
    try:
        path = (media_root / link).resolve()
        kind = mimetypes.guess_type(path.name)[0]
        inside = path.is_relative_to(media_root.resolve()) and path.is_file()
        if not inside or kind not in _PICTURE_TYPES or path.stat().st_size > _MAX_PICTURE_BYTES:
            return ""
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
    except (OSError, ValueError, RuntimeError):  # a null byte; a loop of links
        return ""


def record_card(
    hit: Hit,
    *,
    anchor: str = "",
    number: int | None = None,
    used: Sequence[str] = (),
    media_root: Path | None = None,
) -> str:
    """Render one found record; a cited one has a number and marks the fields that were used."""
    badge = f'<span class="le-number">{number}</span>' if number is not None else ""
    identity = f' id="{escaped(anchor)}"' if anchor else ""
    css = "le-card le-cited" if number is not None else "le-card"
    inside = (
        _product(hit.record, hit, used, media_root, badge)
        if isinstance(hit.record, Product)
        else _passage(hit.record, hit, badge)
    )
    return f'<details class="{css}"{identity}>{inside}</details>'


def _product(
    product: Product, hit: Hit, used: Sequence[str], media_root: Path | None, badge: str
) -> str:
    picture = picture_source(product, media_root)
    image = (
        f'<img src="{picture}" alt="" width="64" height="64">'
        if picture
        else '<span class="le-nopicture" aria-hidden="true"></span>'
    )
    availability = escaped(product.availability.replace("_", " "))
    stock = f'<span class="le-stock le-{escaped(product.availability)}">{availability}</span>'
    wanted = list(dict.fromkeys(used)) or list(hit.matched)
    label = "Used" if used else "Matched"
    shown = ", ".join(escaped(name) for name in wanted[:_SHOWN_MATCHES])
    matched = f'<div class="le-matched">{label}: {shown}</div>' if shown else ""
    rows = "".join(
        f'<tr class="{"le-used" if name in used else ""}"><th scope="row">{escaped(name)}</th>'
        f"<td>{escaped(text)}</td></tr>"
        for name, text in product.fields()
        if name != "title"
    )
    return (
        f"<summary>{image}<div class='le-head'><div class='le-title'>{badge}"
        f"{escaped(product.title)}</div>"
        f"<div class='le-facts'>{_price(product)}{stock if availability else ''}"
        f"<span class='le-id'>{escaped(product.id)}</span>{_score(hit)}</div>{matched}</div>"
        f"</summary><table>{rows}</table>"
    )


def _passage(passage: Passage, hit: Hit, badge: str) -> str:
    return (
        "<summary><span class='le-nopicture le-page' aria-hidden='true'></span>"
        f"<div class='le-head'><div class='le-title'>{badge}{escaped(passage.title)}</div>"
        f"<div class='le-facts'><span>Shop policy</span>{_score(hit)}</div></div></summary>"
        f"<p class='le-text'>{escaped(passage.text)}</p>"
    )


def _price(product: Product) -> str:
    if product.price is None:
        return ""
    if product.sale_price is not None:
        return (
            f"<span class='le-price'>{escaped(str(product.sale_price))}</span>"
            f"<s class='le-old'>{escaped(str(product.price))}</s>"
        )
    return f"<span class='le-price'>{escaped(str(product.price))}</span>"


def _score(hit: Hit) -> str:
    if hit.exact:
        return "<span class='le-score' title='found by its code'>exact</span>"
    if hit.similarity is None:
        return ""
    percent = round(max(0.0, hit.similarity) * 100)
    return f"<span class='le-score' title='similarity to the message'>{percent}%</span>"


def panel(answer: Answer, turn: int, media_root: Path | None) -> str:
    """Render the records of a finished turn: verdict, cited records, then the others found."""
    cited = cited_cards(answer, turn, media_root)
    known = {(citation.hit.kind, citation.hit.id) for citation in answer.citations}
    others = [hit for hit in answer.hits if (hit.kind, hit.id) not in known]
    rest = "".join(record_card(hit, media_root=media_root) for hit in others)
    parts = [verdict(answer)]
    if cited:
        parts.append(f"<h3>This answer stands on</h3>{cited}")
    if rest:
        also = f"<summary>Also found ({len(others)})</summary>{rest}"
        parts.append(f'<details class="le-more">{also}</details>')
    return f'<div class="le-panel">{"".join(parts)}</div>' if cited or rest else EMPTY_PANEL


def cited_cards(answer: Answer, turn: int, media_root: Path | None) -> str:
    """Render the records that an answer stands on, each with the anchor its number links to."""
    return "".join(
        record_card(
            citation.hit,
            anchor=source_anchor(turn, citation.number),
            number=citation.number,
            used=citation.fields,
            media_root=media_root,
        )
        for citation in answer.citations
    )


def earlier_panels(turns: Sequence[tuple[str, str]]) -> str:
    """Render the cited records of earlier turns (question, cards), folded, the newest first."""
    kept = [(question, cards) for question, cards in turns if cards][-_EARLIER_TURNS:]
    return "".join(
        f'<details class="le-more"><summary>Earlier: {escaped(question[:80])}</summary>{cards}'
        "</details>"
        for question, cards in reversed(kept)
    )


def found_panel(hits: Sequence[Hit], media_root: Path | None) -> str:
    """Render what a search found, while the answer is still being written."""
    cards = "".join(record_card(hit, media_root=media_root) for hit in hits)
    return f'<div class="le-panel"><h3>Found</h3>{cards}</div>' if cards else EMPTY_PANEL


def verdict(answer: Answer) -> str:
    """Render what the check said of the answer, claim by claim."""
    if answer.stopped:
        return '<div class="le-verdict le-warn">Stopped before the end; not checked.</div>'
    if answer.abstained and answer.intent == Intent.ANSWER:
        return '<div class="le-verdict le-note">The catalog does not hold the answer.</div>'
    if answer.intent not in (Intent.ANSWER, Intent.ADS, Intent.TITLE):
        return ""
    items = "".join(
        f'<li class="le-{claim.verdict}">{escaped(claim.text)}'
        f"<span>{escaped(claim.field or claim.verdict.replace('_', ' '))}</span></li>"
        for claim in answer.claims
    )
    claims = f"<ul>{items}</ul>" if items else ""
    notes = "".join(f"<p>{escaped(note)}</p>" for note in answer.notes)
    if not answer.grounded:
        return f'<div class="le-verdict le-warn">A claim is not in the record.{claims}{notes}</div>'
    text = "Checked against the record." if items else "No number or yes/no to check; read it over."
    css = "le-good" if items and not notes else "le-note"
    return f'<div class="le-verdict {css}">{text}{claims}{notes}</div>'


def source_anchor(turn: int, number: int) -> str:
    """Return the id that a citation's link points to."""
    return f"source-{turn}-{number}"


def answer_markdown(answer: Answer, turn: int) -> str:
    """Return the answer's text with its citations as links to the records."""
    links = {
        citation.number: f"[[{citation.number}]](#{source_anchor(turn, citation.number)})"
        for citation in answer.citations
    }
    if answer.intent == Intent.SEARCH:
        lines = (
            f"{line} {links[number]}" if (number := _list_number(line)) in links else line
            for line in literal(answer.text).splitlines()
        )
        return "\n".join(lines)
    told = answer.text
    if answer.table is not None:
        told = told.removesuffix("".join(f"\n- {line}" for line in answer.table.lines()))
        return f"{literal(told)} {' '.join(links.values())}\n\n{table_markdown(answer.table)}"
    text = f"{literal(told)} *(stopped)*" if answer.stopped else literal(told)
    return f"{text} {' '.join(links.values())}".strip()


def table_markdown(table: Table) -> str:
    """Write a comparison as a markdown table, a column a product."""
    rows = [("", *table.columns), ("---",) * (len(table.columns) + 1)]
    rows += [(name, *values) for name, values in table.rows]
    lines = []
    for number, row in enumerate(rows):
        cells = row if number == 1 else [_cell(text) for text in row]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return literal(" ".join(text.split())) or " "


def literal(text: str) -> str:
    """Return markdown that shows a text's brackets, tags and addresses instead of obeying them.

    A record or the model that quotes it could else put links and remote pictures on the page.
    Marks that turn the direction of what follows are left out: they would turn our words too.
    """
    plain = _MARKUP.sub(r"\\\g<0>", DIRECTION.sub("", text))
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _list_number(line: str) -> int:
    """Return the number that a list's line begins with, 0 where it begins with none."""
    digits, point, _ = line.partition(". ")
    return int(digits) if point and digits.isdigit() else 0


def route_badge(routed: Routed | None) -> str:
    """Render the routed intent and its confidence."""
    if routed is None:
        return '<div class="le-route" aria-live="polite"></div>'
    label = escaped(Intent(routed.intent).label)
    if routed.overruled:
        text = f"Intent: <b>{label}</b> · chosen by you"
    elif routed.unsure:
        text = f"Intent: <b>unsure</b> · nearest: {label}, {routed.confidence:.0%}"
    else:
        text = f"Intent: <b>{label}</b> · {routed.confidence:.0%}"
    return f'<div class="le-route" aria-live="polite">{text}</div>'


def focus_badge(hit: Hit | None, state: DialogueState | None = None) -> str:
    """Render what the next message may lean on: "it", "the first", the conditions of a search."""
    parts = [f"About: <b>{escaped(hit.title)}</b>"] if hit else []
    if state is not None:
        others = len(state.products) - 1
        parts += [f"and {others} more"] if others > 0 else []
        parts += [f"List of {len(state.listed)}"] if state.listed else []
        parts += [f"Search: {escaped(state.query[:60])}"] if state.query else []
        parts += ["Waiting for your choice"] if state.choices else []
    return f'<div class="le-focus">{" · ".join(parts)}</div>'


def header(
    info: ModelInfo | None,
    products: int,
    passages: int,
    index_name: str,
    *,
    fault: str = "",
    account: str = "",
) -> str:
    """Render the page's head: name, model and adapter (or why there is none), index.

    `account` is HTML: who is logged in.
    """
    model = escaped(fault) or "loading the model ..."
    if info is not None:
        model = f"{escaped(info.base)} · {_adapter(info)}"
    where = "" if info is None else f" · {escaped(info.device)} {escaped(info.dtype)}"
    links = _LINKS.replace("</nav>", f"{account}</nav>")
    return (
        '<header class="le-header"><h1>LLaMA-E</h1>'
        f'<div class="le-badges"><span class="le-badge" id="le-model">{model}{where}</span>'
        f'<span class="le-badge">{escaped(index_name)}: {products:,} products,'
        f" {passages:,} policy passages</span></div>{links}</header>"
    )


def _adapter(info: ModelInfo) -> str:
    return f"adapter {escaped(info.adapter)}" if info.adapter else "base model, no adapter"
