"""Columns, ballot, count and charts as HTML: what is marked, what stays hidden, nothing alive."""

from __future__ import annotations

import html.parser
import re
from dataclasses import replace

import pytest

from assistant.stage.charts import Bar, Chart, Group, Missing
from assistant.stage.tally import duels
from assistant.stage.values import BASE, TIE, TUNED, Column, System
from assistant.store.votes import Vote
from assistant.ui.stage.ballot import ballot, system_of, tally, thanks
from assistant.ui.stage.bars import figures
from assistant.ui.stage.board import Shown, board
from assistant.values import Answer, Claim

GUESS, WHOLE = System(BASE, "alone"), System(TUNED, "checked")
HOSTILE = "<img src=x onerror=alert(1)> \u202e</section><script>alert(2)</script>"
COLUMN = Column(WHOLE, "done", "It weighs 255 g.", 0.4, 0.1, 11, 70.0)


def name(system: System) -> str:
    return f"{'Base' if system.model == BASE else 'LLaMA-E'} · {system.grounding}"


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


class Tags(html.parser.HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.handlers += [key for key, _ in attrs if key.startswith("on")]


def test_claims_are_marked_where_they_stand_by_verdict() -> None:
    claims = (Claim("255 g", "supported", "HP-1", "weight"), Claim("gold", "not_in_record"))
    column = replace(COLUMN, text="It weighs 255 g and is gold, not golden.", claims=claims)
    page = board([column], Shown(name))
    assert '<mark class="le-claim le-held" title="in the record: weight">255 g</mark>' in page
    assert page.count('<mark class="le-claim le-failed"') == page.count('">gold</mark>') == 1
    assert "gold</mark>, not golden." in page
    assert "<span>in the record: weight</span>" in page


def test_no_text_of_others_is_alive() -> None:
    answer = Answer("x", "answer", 0.9, HOSTILE, notes=(HOSTILE,))
    claims = (Claim(HOSTILE, "not_in_record", "x", HOSTILE),)
    evil = System(f"/tmp/{HOSTILE}", "alone")
    page = board(
        [
            replace(COLUMN, text=HOSTILE, answer=answer, claims=claims),
            replace(COLUMN, system=evil, status="failed", fault=HOSTILE),
        ],
        Shown(lambda system: f"{system.model} · {HOSTILE}"),
    )
    page += thanks(evil.key, [replace(COLUMN, system=evil)], lambda system: system.model)
    page += figures([Chart(HOSTILE, HOSTILE, "%", 1.0, (), HOSTILE, HOSTILE, HOSTILE)])
    page += figures([Missing(HOSTILE, HOSTILE, HOSTILE, HOSTILE)])
    tags = Tags(page)
    assert not {"script", "img"} & set(tags.found)
    assert not tags.handlers
    assert "\u202e" not in page


def test_a_blind_round_tells_nothing_but_the_texts() -> None:
    columns = [
        replace(COLUMN, answer=Answer("x", "answer", 0.9, "x", abstained=True)),
        replace(COLUMN, system=GUESS, claims=(Claim("255 g", "supported"),), judged_after=True),
    ]
    page = board(columns, Shown(name, is_hidden=True))
    assert "255 g" in words(page)
    for secret in ("Base", "LLaMA", "checked", "alone", "Total", "Tokens", "mark", "le-is-base"):
        assert secret not in page, secret
    assert "le-is-tuned" not in page
    revealed = words(board(columns, Shown(name, winner=WHOLE.key)))
    assert "LLaMA-E" in revealed
    assert revealed.count("your choice") == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"claims": (Claim("255 g", "supported"),)}, "Checked: 1 of 1 claim holds."),
        (
            {"claims": (Claim("255 g", "contradicted"),), "judged_after": True},
            "Checked afterwards against the record: 0 of 1 claims hold.",
        ),
        ({"judged_after": True}, "no claim that it could decide"),
        ({}, "Not checked: no column found a record."),
        ({"status": "stopped"}, "Stopped before the end; not checked."),
        (
            {"answer": Answer("x", "answer", 0.9, "It does not say.", abstained=True)},
            "Abstained: the catalog does not hold the answer.",
        ),
    ],
)
def test_the_verdict_says_what_was_checked(changes: dict[str, object], told: str) -> None:
    page = board([replace(COLUMN, **changes)], Shown(name))  # type: ignore[arg-type]
    assert told in words(page)


def test_figures_of_a_column_are_its_own() -> None:
    page = words(board([COLUMN, replace(COLUMN, seconds=0.8)], Shown(name)))
    assert "First token 0.10 s Total 0.40 s Tokens/s 70 Tokens 11" in page
    assert "own compute" in page


def test_a_label_chosen_by_likelihood_has_no_tokens() -> None:
    page = words(board([replace(COLUMN, tokens=0, rate=None, chose=True)], Shown(name)))
    assert "Tokens/s – Tokens label chosen" in page


def test_a_column_that_failed_says_why_and_nothing_of_a_verdict() -> None:
    page = words(board([Column(WHOLE, "failed", fault="It does not fit.")], Shown(name)))
    assert "It does not fit." in page
    assert "checked:" not in page


def test_the_ballot_has_a_key_for_every_choice() -> None:
    two, three = ballot([COLUMN] * 2), ballot([COLUMN] * 3)
    assert re.findall(r'data-key="(\d)"', two) == ["1", "2", "3", "0"]
    assert re.findall(r'data-choice="(\w+)"', two) == ["1", "2", "tie", "bad"]
    assert re.findall(r'data-key="(\d)"', three) == ["1", "2", "3", "4", "0"]
    assert "Both bad" in two
    assert "All bad" in three


def test_the_count_gives_rate_interval_and_doubt() -> None:
    columns = tuple({"system": one.key} for one in (GUESS, WHOLE))
    votes = [Vote("ann", "x", choice, columns, 0.0) for choice in [WHOLE.key] * 8 + [TIE]]
    page = words(tally(duels(votes), name))
    assert "100% of the 8 decided votes for LLaMA-E" in page
    assert "95% interval 68% to 100%" in page
    assert "1 tie" in page
    assert "too few" not in page
    assert "too few" in words(tally(duels(votes[:2]), name))
    assert "No votes yet" in tally([], name)


def test_a_system_is_read_back_from_its_key() -> None:
    for system in (GUESS, WHOLE, System("/models/my adapter", "unchecked")):
        assert system_of(system.key) == system


def test_a_chart_draws_its_share_and_tells_it_in_a_table() -> None:
    bar = Bar("LLaMA-E", 1.0, "tuned", 0.5, 1.5)
    chart = Chart("Speed", "note", "s", 2.0, (Group("Whole", (bar,)),), "f.json", "make it")
    page = figures([chart])
    assert 'class="le-fill" width="50.0%"' in page
    assert 'x1="25.0%" x2="75.0%"' in page
    assert "<td>1.00 s</td><td>0.50 s to 1.50 s</td>" in page
    assert "make it" in page


def test_a_result_that_is_missing_names_its_command() -> None:
    page = words(figures([Missing("Router", "router.json", "python -m benchmarks.router", "gone")]))
    assert "router.json gone" in page
    assert "python -m benchmarks.router" in page
