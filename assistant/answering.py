"""A question about products or the shop: evidence, premises, LLaMA-E's draft, its check.

What is told first is what the record says against the question's own premise; without evidence
the answer is that the catalog does not say. Knows no page and no routing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from assistant import replies
from assistant.comparing import compare
from assistant.dialogue.naming import name_products, without_names
from assistant.evidence_use import bears, fact, fitting
from assistant.grounding import (
    IsValue,
    check_answer,
    denies,
    grounded,
    is_yes_no,
    not_mentioned,
    proper_names,
    quote,
    quote_pages,
    read_premise,
    repair_answer,
    says_yes_or_no,
    stance,
    statement,
    to_quote,
)
from assistant.premise_check import PremiseFault, check_premise
from assistant.tasks import TASKS
from assistant.tasks.answer import ABSTENTION, abstains
from assistant.unknown_codes import unknown_code
from assistant.values import Citation, Claim, Draft, Event, Found
from assistant.work import Work, cite
from assistant.writing import check_reply
from catalog_index.filters import fold
from catalog_index.product import Passage, Product
from retrieval.asked_field import NamedFieldRanker, Ranker
from retrieval.registry import Retriever, search
from retrieval.values import Evidence, Hit, Query

STRONG_SCORE = 0.5
"""From here on a draft that says "the catalog does not say" is overruled by the evidence."""

SURE_SCORE = 0.7
"""From here on a shop page answers a message of which it is not clear what it wants."""

PINNED_PASSAGE_WEIGHT = 0.4
"""What a shop page counts for where the message names a product beyond doubt."""

_RELATIVE_EVIDENCE = 0.72
_MAX_EVIDENCE, _LOOKED_AT = 4, 60
_PASSAGE_HITS = 5
_MAX_CHOICES = 5
_ONCE_MORE = "Answer the question in one short sentence, in the words of the fact."
_NAMED_BONUS = 0.3
"""What a sentence of a page gains that holds a name of the question: "Spain"."""

_SAID_AS_IT_STANDS = ("return window",)
"""Fields whose value a small model turns round: "after 30 days"."""

_JOINED = re.compile(r"\b(?:and|or|both)\b|,", re.I)
_COUNTS = re.compile(r"\b(?:how (?:many|much)|count|number|quantity|left|pieces|units)\b", re.I)


class Answering:
    """Answers questions over one retriever; holds no conversation."""

    def __init__(self, retriever: Retriever, ranker: Ranker) -> None:
        self._retriever = retriever
        self._ranker = NamedFieldRanker(
            ranker, getattr(retriever, "is_field", None), getattr(retriever, "fields_with", None)
        )
        self._is_value: IsValue | None = getattr(retriever, "is_value", None)

    def warm_up(self) -> None:
        """Rank once, so that the first question does not wait for the ranker's models."""
        product = Product("-", "kettle", attributes={"colour": "black", "weight": "1 kg"})
        self._ranker.rank("what colour is it?", [Hit(product, 1.0)], 1)

    def answer(self, work: Work) -> Iterator[Event]:
        """Yield what was found, the draft as it is written, and the finished answer."""
        step = work.step
        yield self._found(work)
        if step.is_comparison:
            yield self._compare(work)
        elif step.missing:
            text = replies.no_such_version(step.missing, step.products[0])
            yield work.done(Draft(text), citations=cite_hit(work.focus), abstained=True)
        elif unknown := unknown_code(work.turn.message, step):
            yield work.done(Draft(replies.no_such_product(unknown)), abstained=True)
        elif len(step.products) > 1:
            yield self._each(work, step.products)
        elif step.choices and not self._is_of_shop(work):
            yield self._choose(work)
        else:
            yield from self._one(work)

    def is_answered_by_pages(self, message: str) -> bool:
        """Whether the shop's pages answer a message whose intent is open."""
        pages = self._pages(message)
        best = self._ranker.rank(message, pages, 1)
        return bool(best) and best[0].score >= SURE_SCORE

    def _found(self, work: Work) -> Found:
        step = work.step
        pages = self._pages(work.turn.message)
        work.focus = step.focus
        shown = {hit.id: hit for hit in (*step.products, *step.choices, *step.found)}
        work.hits = (*list(shown.values())[:6], *pages)
        work.evidence = self._rank(work, step.question, pages)
        work.retrieve_seconds = work.seconds()
        return Found(work.hits, work.evidence, work.focus)

    def _pages(self, message: str) -> list[Hit]:
        """Return the passages that may answer, and those that hold a name of the message."""
        pages = search(self._retriever, Query(message, _PASSAGE_HITS, "passage"))
        for name in proper_names(message)[:2]:
            pages += search(self._retriever, Query(name, 2, "passage"))
        return list({page.id: page for page in pages}.values())

    def _rank(self, work: Work, question: str, pages: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Rank the focus's fields and the pages' sentences against a question."""
        about = [*([work.focus] if work.focus else []), *pages]
        ranked = self._ranker.rank(question, about, _LOOKED_AT)
        if work.focus is not None and work.step.is_certain:
            ranked = [
                item
                if item.kind == "product"
                else replace(item, score=PINNED_PASSAGE_WEIGHT * item.score)
                for item in ranked
            ]
        names = [name.casefold() for name in proper_names(question)]
        ranked = [
            replace(item, score=min(1.0, item.score + _NAMED_BONUS))
            if item.kind == "passage" and any(name in item.text.casefold() for name in names)
            else item
            for item in ranked
        ]
        ranked = sorted(ranked, key=lambda item: -item.score)
        return tuple(_stock_state_first(ranked, work.focus, question))

    def _is_of_shop(self, work: Work) -> bool:
        """Whether a question of a kind of product is answered by the shop's pages."""
        best = work.evidence[0] if work.evidence else None
        return work.step.is_kind and best is not None and best.kind == "passage" and bears(best)

    def _choose(self, work: Work) -> Event:
        """Ask which product is meant, unless all of them have the same answer."""
        choices = work.step.choices[:_MAX_CHOICES]
        best = self._same_answer(work.step.question, work.step.choices)
        same = {(item.field, item.text) for item in best}
        if len(best) == len(work.step.choices) and len(same) == 1:
            text = f"{self._said(best[0], work.step.question)} That holds for all {len(best)}."
            claims = [_supported(best[0])]
            citations = cite(best[:_MAX_CHOICES], work.step.choices)
            work.evidence = tuple(best)
            work.state = work.state.about(hit.id for hit in choices)
            return work.done(Draft(text), citations=citations, claims=claims)
        if not best and not work.step.is_kind:
            nearest = self._ranker.rank(work.step.question, choices[:1], _MAX_EVIDENCE)
            text = replies.abstention(nearest, choices[0])
            citations = tuple(Citation(n, hit, ()) for n, hit in enumerate(choices, start=1))
            work.state = work.state.about(hit.id for hit in choices)
            return work.done(Draft(text), citations=citations, abstained=True)
        text = replies.which_of(choices, len(work.step.choices))
        return work.done(Draft(text), choices=choices, abstained=True)

    def _same_answer(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        """Return each product's answer, as far as they are the same one."""
        answers: list[Evidence] = []
        for hit in hits:
            best = self._ranker.rank(question, [hit], 1)
            if not best or not bears(best[0]):
                break
            answers.append(best[0])
            if (best[0].field, best[0].text) != (answers[0].field, answers[0].text):
                break
        return answers

    def _said(self, item: Evidence, question: str) -> str:
        return repair_answer(item, question, is_value=self._is_value)

    def _compare(self, work: Work) -> Event:
        step = work.step
        named = name_products(step.message, step.products)
        asked = without_names(step.message, named)
        told = compare(step.message, asked, step.products, self._ranker)
        work.evidence = told.used
        used = told.used or tuple(
            Evidence(hit.id, hit.title, "product", "title", hit.title, 1.0) for hit in step.products
        )
        return work.done(
            Draft(told.text),
            citations=cite(used, step.products),
            claims=told.claims,
            table=told.table,
            abstained=told.abstained,
        )

    def _each(self, work: Work, products: Sequence[Hit]) -> Event:
        """Answer for each of several products that a message names, from its record."""
        lines, used = [], []
        for hit in products:
            best = self._ranker.rank(work.step.question, [hit], 1)
            if best and bears(best[0]):
                used.append(best[0])
                said = self._said(best[0], work.step.question)
                lines.append(f"- {hit.title} ({hit.id}): {said}")
            else:
                lines.append(f"- {hit.title} ({hit.id}): {ABSTENTION}")
        work.evidence = tuple(used)
        return work.done(
            Draft("\n".join(lines)),
            citations=cite(used, products),
            claims=[_supported(item) for item in used],
            abstained=not used,
        )

    def _one(self, work: Work) -> Iterator[Event]:
        """Answer a question about one product, or about the shop."""
        premised = read_premise(work.step.question) if work.verify else None
        told = None
        if premised and premised.premise and work.focus is not None:
            told = check_premise(premised.premise, work.focus, self._ranker, self._is_value)
        question = work.step.question
        if premised and premised.premise and premised.question != question:
            question = premised.question
            pages = [hit for hit in work.hits if hit.kind == "passage"]
            work.evidence = self._rank(work, question, pages)
        ranked = work.evidence
        if told is not None:
            yield self._correct(work, told, question)
            return
        if not ranked or not bears(ranked[0]):
            yield self._abstain(work, ranked)
            return
        floor = _RELATIVE_EVIDENCE * ranked[0].score
        used = [item for item in ranked[:_MAX_EVIDENCE] if item.score >= floor and bears(item)]
        work.evidence = tuple(used)
        if quoted := self._asked_at_once(question, ranked) or to_quote(used, question):
            yield self._quoted(work, question, quoted)
            return
        if is_yes_no(question) and used[0].kind == "product" and denies(question, used[0]):
            # A yes to a denial says nothing for sure: the fact does.
            claims = [_supported(used[0])]
            yield work.done(
                Draft(statement(used[0])), citations=cite(used[:1], work.hits), claims=claims
            )
            return
        yield from self._written(work, question, used, ranked)

    def _asked_at_once(self, question: str, ranked: Sequence[Evidence]) -> list[Evidence]:
        """Return the fields that one question names, where it names several."""
        if not _JOINED.search(question):
            return []
        words = set(fold(question).split())
        named = [item for item in ranked if item.kind == "product" and item.field != "description"]
        named = [item for item in named if set(fold(item.field).split()) <= words]
        whole = [
            item
            for item in named
            if not any(set(item.field.split()) < set(other.field.split()) for other in named)
        ]
        return whole if len(whole) > 1 else []

    def _quoted(self, work: Work, question: str, quoted: Sequence[Evidence]) -> Event:
        """Quote: shop rules hold under conditions, and a small model inverts or mixes them."""
        if quoted[0].kind == "product":
            text = quote(quoted, question, name_source=not work.step.is_certain)
        else:
            texts = {
                hit.id: hit.record.text for hit in work.hits if isinstance(hit.record, Passage)
            }
            text = quote_pages(quoted, texts)
            if missing := not_mentioned(question, quoted, texts):
                text = f"{replies.pages_silent(missing)}\n\n{text}"
            shown = list(dict.fromkeys(item.source_id for item in quoted))[:2]
            quoted = [item for item in quoted if item.source_id in shown]
        claims = [_supported(item) for item in quoted]
        return work.done(Draft(text), citations=cite(quoted, work.hits), claims=claims)

    def _written(
        self, work: Work, question: str, used: Sequence[Evidence], ranked: Sequence[Evidence]
    ) -> Iterator[Event]:
        """Let the model answer from the evidence, and check what it says."""
        task = TASKS["answer"]
        is_own = question == work.step.question and not work.step.is_rewritten
        asked = work.turn.message if is_own else question

        def inputs_of(facts: Sequence[str]) -> Any:
            return task.read({"question": asked, "evidence": list(facts)})

        def count(facts: Sequence[str]) -> int:
            return work.engine.count_tokens(task.prompt(inputs_of(facts)).messages())

        used = fitting(used, count)
        if not used:
            yield self._abstain(work, ranked)
            return
        inputs = inputs_of([fact(item) for item in used])
        draft = yield from work.write(task, inputs)
        claims: list[Claim] = []
        notes: list[str] = []
        if not work.stop.is_set() and work.verify:
            if abstains(draft.text) and used[0].score < STRONG_SCORE:
                yield self._abstain(work, ranked)
                return
            draft, claims, notes = self._checked(work, draft, question, used)
        cited = cite(used if not notes else used[:1], work.hits)
        yield work.done(draft, citations=cited, claims=claims, notes=notes)

    def _checked(
        self, work: Work, draft: Draft, question: str, used: Sequence[Evidence]
    ) -> tuple[Draft, list[Claim], list[str]]:
        """Check a draft; one that fails is written once more, from the deciding fact alone.

        Where that fails too, the record's own words stand in its place.
        """
        claims = check_answer(draft.text, used, question, self._is_value)
        if grounded(claims):
            return self._decisive(draft, question, used[0]), claims, []
        task, best = TASKS["answer"], used[:1]
        line = {"question": question, "evidence": [fact(best[0])], "instruction": _ONCE_MORE}
        again = work.rewrite(task, task.read(line))
        failed = ", ".join(claim.text for claim in claims if claim.verdict != "supported")
        if not work.stop.is_set() and not abstains(again.text):
            anew = check_answer(again.text, best, question, self._is_value)
            if anew and grounded(anew):
                note = (
                    f"A first draft failed the check ({failed}); this one is from {best[0].field}."
                )
                return self._decisive(again, question, best[0]), anew, [note]
        name_source = not work.step.is_certain
        return check_reply(draft, used, question, is_value=self._is_value, name_source=name_source)

    def _decisive(self, draft: Draft, question: str, best: Evidence) -> Draft:
        """Open with the yes or no that the record decides, where the draft leaves it open."""
        if not is_yes_no(question) or says_yes_or_no(draft.text):
            return draft
        decided = stance(question, best, self._is_value)
        opening = {"supported": "Yes. ", "contradicted": "No. ", "open": ""}[decided]
        return replace(draft, text=opening + draft.text)

    def _correct(self, work: Work, told: PremiseFault, question: str) -> Event:
        """Say first what is wrong with the premise, then what the record says to the question."""
        used, ranked = list(told.used), work.evidence
        text = told.text
        known = {(item.source_id, item.field) for item in used}
        best = next((item for item in ranked if bears(item)), None)
        is_open = best is not None and is_yes_no(question) and stance(question, best) == "open"
        if best is not None and not is_open and (best.source_id, best.field) not in known:
            text = f"{text} {self._said(best, question)}"
            used.append(best)
        work.evidence = tuple(used)
        citations = cite(used, work.hits) or cite_hit(work.focus)
        claims = [_supported(item) for item in used]
        return work.done(Draft(text), citations=citations, claims=claims, abstained=told.is_absent)

    def _abstain(self, work: Work, nearest: Sequence[Evidence]) -> Event:
        text = replies.abstention(nearest, work.focus)
        return work.done(Draft(text), citations=cite_hit(work.focus), abstained=True)


def _stock_state_first(
    ranked: Sequence[Evidence], focus: Hit | None, question: str
) -> Sequence[Evidence]:
    """Put the availability before the stock count, which says nothing of a preorder."""
    if not ranked or ranked[0].field != "stock" or _COUNTS.search(question):
        return ranked
    record = focus.record if focus else None
    if not isinstance(record, Product) or not (told := dict(record.fields()).get("availability")):
        return ranked
    first = replace(ranked[0], field="availability", text=told)
    return [first, *(item for item in ranked[1:] if item.field != "availability")]


def cite_hit(hit: Hit | None) -> tuple[Citation, ...]:
    """Cite a record as a whole."""
    return (Citation(1, hit, ()),) if hit else ()


def _supported(item: Evidence) -> Claim:
    return Claim(item.text, "supported", item.source_id, item.field, "value")
