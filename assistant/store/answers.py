"""A finished answer as JSON and back, with the records it stood on as they were then.

A catalog changes; what an answer was checked against must not change with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assistant.dialogue.state import DialogueState
from assistant.values import Answer, Citation, Claim, Constraint, Routed, Table, Timing
from catalog_index.product import Passage, Product
from retrieval.values import Evidence, Hit


def to_stored(answer: Answer, routed: Routed | None = None, chosen: str = "") -> dict[str, Any]:
    """Return an answer as plain JSON values.

    Args:
        answer: a finished turn.
        routed: how its intent was found.
        chosen: the intent that the router chose before the user overruled it.
    """
    way = routed or Routed(answer.intent, answer.confidence, False, ())
    return {
        **answer.to_json(),
        "routed": chosen or answer.intent,
        "router": {
            "unsure": way.unsure,
            "overruled": way.overruled,
            "choices": [list(choice) for choice in way.choices],
        },
        "sources": [
            {"number": one.number, "fields": list(one.fields), **_record(one.hit)}
            for one in answer.citations
        ],
        "evidence": [asdict(item) for item in answer.evidence],
        "focused": _record(answer.focus) if answer.focus else None,
        "offered": [_record(hit) for hit in answer.choices],
    }


def from_stored(stored: Mapping[str, Any]) -> Answer:
    """Make the answer again that `to_stored` wrote; what was found but not cited is gone."""
    citations = tuple(
        Citation(one["number"], _hit(one), tuple(one["fields"])) for one in stored["sources"]
    )
    table = stored.get("table")
    return Answer(
        message=stored["message"],
        intent=stored["intent"],
        confidence=stored["confidence"],
        text=stored["answer"],
        label=stored["label"],
        focus=_hit(stored["focused"]) if stored["focused"] else None,
        citations=citations,
        hits=tuple(citation.hit for citation in citations),
        evidence=tuple(Evidence(**item) for item in stored["evidence"]),
        claims=tuple(
            Claim(one["text"], one["verdict"], one["source"], one["field"], one["kind"])
            for one in stored["claims"]
        ),
        grounded=stored["grounded"],
        abstained=stored["abstained"],
        stopped=stored["stopped"],
        model=stored["model"],
        notes=tuple(stored["notes"]),
        choices=tuple(map(_hit, stored["offered"])),
        table=_table(table) if table else None,
        parameters=stored.get("parameters", {}),
        variants=tuple(stored.get("variants", ())),
        constraints=tuple(Constraint(**one) for one in stored.get("constraints", ())),
        state=DialogueState.from_json(stored["state"]),
        timing=Timing(**stored["timing"]),
    )


def routed_of(stored: Mapping[str, Any]) -> Routed:
    """Return how the intent of a stored answer was found."""
    way = stored["router"]
    choices = tuple((name, chance) for name, chance in way["choices"])
    return Routed(stored["intent"], stored["confidence"], way["unsure"], choices, way["overruled"])


def _record(hit: Hit) -> dict[str, Any]:
    record = hit.record
    held = record.to_json() if isinstance(record, Product) else asdict(record)
    return {"kind": hit.kind, "exact": hit.exact, "similarity": hit.similarity, "record": held}


def _hit(stored: Mapping[str, Any]) -> Hit:
    held = stored["record"]
    record = Product.from_json(held) if stored["kind"] == "product" else Passage(**held)
    return Hit(record, 0.0, stored["similarity"], stored["exact"])


def _table(stored: Mapping[str, Any]) -> Table:
    rows = tuple((name, tuple(values)) for name, values in stored["rows"].items())
    return Table(tuple(stored["columns"]), rows)
