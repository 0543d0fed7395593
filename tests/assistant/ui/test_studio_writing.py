"""Versions, labels and answers as the studio has them written, with a scripted model."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from assistant.errors import GenerationError
from assistant.tasks import TASKS
from assistant.tasks.answer import ABSTENTION
from assistant.ui.studio.writing import Answered, answer_about, label_shares, write_versions
from assistant.ui.switches import Switches
from catalog_index.parsing import parse_product
from retrieval.values import Evidence
from tests.fakes import KETTLE, ScriptedEngine

AD = "The Aldmere steel kettle holds 1.7 l."


def ads(**more: Any) -> Any:
    return TASKS["ads"].read({"product": KETTLE, "variants": 3, **more})


def test_three_versions_come_with_their_checks(engine: ScriptedEngine) -> None:
    engine.enqueue(AD, "A cordless kettle from Aldmere.", "It boils 9 l in gold.")
    *before, last = write_versions(engine, TASKS["ads"], ads(), threading.Event())
    assert last.is_done and not any(progress.is_done for progress in before)
    assert len({proof.text for proof in last.proofs}) == len(last.proofs) >= 2
    assert all(proof.is_grounded for proof in last.proofs), "what fails is mended or left out"
    assert "gold" not in " ".join(proof.text for proof in last.proofs)


class SlowEngine(ScriptedEngine):
    """Writes a word each time it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Semaphore(0)

    def stream(self, *args: Any, **named: Any):
        for piece in super().stream(*args, **named):
            self.go.acquire(timeout=10)
            yield piece


def test_drafts_are_told_while_they_are_written_and_stop_ends_the_model() -> None:
    engine, stop = SlowEngine(), threading.Event()
    engine.enqueue(AD)
    engine.go.release(3)
    progress = write_versions(engine, TASKS["ads"], ads(), stop)
    seen = ""
    while seen.count(" ") < 2:
        seen = next(progress).drafts[0] if engine.written else next(progress) and ""
    assert AD.startswith(seen) and seen != AD
    stop.set()
    engine.go.release(50)
    assert not any(one.is_done for one in progress), "a stopped version is not shown as finished"
    assert engine.written < len(AD.split())


def test_leaving_in_the_middle_stops_the_model() -> None:
    engine, stop = SlowEngine(), threading.Event()
    engine.enqueue(AD)
    progress = write_versions(engine, TASKS["ads"], ads(), stop)
    next(progress)
    engine.go.release(50)
    progress.close()
    assert stop.is_set()
    assert not any(thread.name == "studio" for thread in threading.enumerate())


def test_a_fault_of_the_model_reaches_who_asked(engine: ScriptedEngine) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise GenerationError("The model failed.")

    engine.stream = broken  # type: ignore[method-assign]
    with pytest.raises(GenerationError, match="failed"):
        list(write_versions(engine, TASKS["ads"], ads(), threading.Event()))


def test_labels_share_the_models_belief(engine: ScriptedEngine) -> None:
    engine.likelihoods = {"Kettles": -1.0, "Lamps": -2.0}
    task = TASKS["classify"]
    inputs = task.read({"product": KETTLE, "labels": ["Lamps", "Kettles", "Shoes", "Kettles"]})
    shares = label_shares(engine, task, inputs, threading.Event())
    assert [label for label, _ in shares] == ["Kettles", "Lamps", "Shoes"]
    assert sum(share for _, share in shares) == pytest.approx(1.0)
    assert shares[0][1] / shares[1][1] == pytest.approx(2.718, abs=0.01)


class FixedRanker:
    """Finds one field, with a score."""

    def __init__(self, score: float) -> None:
        self.found = [Evidence("KE-1001", "Kettle", "product", "capacity", "1.7 l", score)]

    def rank(self, question: str, hits: Any, limit: int) -> list[Evidence]:
        return self.found


def answered(engine: ScriptedEngine, score: float) -> Answered:
    product = parse_product(KETTLE)
    asked = answer_about(
        engine, FixedRanker(score), product, "How much does it hold?", threading.Event()
    )
    last = list(asked)[-1]
    assert isinstance(last, Answered)
    return last


def test_an_answer_stands_on_the_fields_that_bear_on_the_question(engine: ScriptedEngine) -> None:
    engine.enqueue("It holds 1.7 l.")
    answer = answered(engine, 0.9)
    assert answer.proof.text == "It holds 1.7 l." and answer.proof.is_grounded
    assert [item.field for item in answer.used] == ["capacity"]
    assert "capacity: 1.7 l" in engine.prompts[-1]


def test_a_wrong_answer_gives_way_to_the_records_own_words(engine: ScriptedEngine) -> None:
    engine.enqueue("It holds 9 l.")
    answer = answered(engine, 0.9)
    assert "9 l" not in answer.proof.text and "1.7 l" in answer.proof.text
    assert answer.proof.notes


def test_without_evidence_the_model_is_not_asked(engine: ScriptedEngine) -> None:
    assert answered(engine, 0.1).proof.text == ABSTENTION
    assert engine.prompts == []


def test_a_newer_request_of_a_session_ends_the_older_and_no_other() -> None:
    switches = Switches()
    first, other = switches.begin("a"), switches.begin("b")
    second = switches.begin("a")
    assert first.is_set() and not second.is_set() and not other.is_set()
    assert switches.owns("a", second) and not switches.owns("a", first)
    switches.end("a", first)
    assert switches.owns("a", second), "an older one that ends leaves the newer alone"
    switches.stop("a")
    assert second.is_set() and switches.owns("a", second), "what is stopped may still say so"
    switches.discard("a")
    assert not switches.owns("a", second)
    switches.stop("nobody")
