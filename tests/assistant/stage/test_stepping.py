"""Two answers of one model, pass by pass in turn: each text is what it is alone."""

from __future__ import annotations

import threading
import time

import pytest

from assistant.errors import GenerationError, PromptTooLongError
from assistant.model.engine import Engine
from assistant.model.values import GenerationSettings
from assistant.stage.stepping import MeteredEngine, SteppedEngine
from assistant.stage.values import Work
from tests.tiny import save_tiny_adapter, save_tiny_llama

QUESTION = [{"role": "user", "content": "Does the boot come in size 44? The boot of Acme."}]
SHORT = GenerationSettings(max_new_tokens=24)


@pytest.fixture(scope="module", params=[False, True], ids=["hub", "fused"])
def engine(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Engine:
    root = tmp_path_factory.mktemp("stepping")
    base = save_tiny_llama(root / "base")
    adapter = save_tiny_adapter(base, root / "adapter")
    made = Engine.load(
        str(base), str(adapter), device="cpu", dtype="float32", fast=bool(request.param)
    )
    made._end_tokens = frozenset()
    return made


def test_two_interleaved_answers_are_those_of_each_alone(engine: Engine) -> None:
    alone = ["".join(engine.stream(QUESTION, SHORT, adapter=adapter)) for adapter in (True, False)]
    assert alone[0] != alone[1], "the adapter matters, so a mix would show"
    streams = [
        MeteredEngine(engine, Work()).stream(QUESTION, SHORT, adapter=adapter)
        for adapter in (True, False)
    ]
    texts = ["", ""]
    running = [0, 1]
    while running:
        for number in list(running):
            delta = next(streams[number], None)
            if delta is None:
                running.remove(number)
            else:
                texts[number] += delta
    assert texts == alone


def test_the_model_is_free_between_two_passes(engine: Engine) -> None:
    stream = MeteredEngine(engine, Work()).stream(QUESTION, SHORT)
    next(stream)
    other = "".join(engine.stream(QUESTION, GenerationSettings(max_new_tokens=3)))
    assert other, "a chat was answered in the middle of a column's text"
    assert "".join(stream), "and the column went on"


def test_a_stop_ends_a_text_and_its_work_is_counted(engine: Engine) -> None:
    stop, work = threading.Event(), Work()
    stream = MeteredEngine(engine, work).stream(QUESTION, SHORT, stop)
    next(stream)
    stop.set()
    assert len("".join(stream)) < 20
    assert 0 < work.tokens < SHORT.max_new_tokens
    assert work.seconds > 0


def test_waiting_for_another_users_answer_is_not_its_time(engine: Engine) -> None:
    work = Work()
    stream = MeteredEngine(engine, work).stream(QUESTION, SHORT)
    next(stream)
    seconds = work.seconds
    with engine._lock:
        reader = threading.Thread(target=lambda: next(stream))
        reader.start()
        time.sleep(0.3)
    reader.join()
    assert work.waited > 0.25
    assert work.seconds - seconds < 0.2


def test_a_prompt_that_does_not_fit_is_refused_as_the_engine_does(engine: Engine) -> None:
    long = [{"role": "user", "content": "boot " * 600}]
    with pytest.raises(PromptTooLongError):
        next(MeteredEngine(engine, Work()).stream(long, SHORT))


def test_a_fault_of_the_model_is_a_sentence_and_the_model_is_free_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("no such weight")

    with monkeypatch.context() as patched:
        patched.setattr(engine._forward, "step", fail)
        with pytest.raises(GenerationError, match="no such weight"):
            next(MeteredEngine(engine, Work()).stream(QUESTION, SHORT))
    assert engine._lock.acquire(timeout=0)
    engine._lock.release()


def test_tokens_and_rate_are_those_of_the_passes(engine: Engine) -> None:
    work = Work()
    "".join(SteppedEngine(engine).steps(QUESTION, SHORT, lambda: False, True, work))
    assert work.tokens == SHORT.max_new_tokens
    assert work.rate is not None


def test_reading_the_prompt_is_left_out_of_the_rate() -> None:
    work = Work()
    work.begin_text()
    work.add_pass(1, 5.0)
    for _ in range(20):
        work.add_pass(1, 0.1)
    assert work.rate == pytest.approx(10.0)


def test_too_few_tokens_have_no_rate() -> None:
    work = Work()
    work.begin_text()
    work.add_pass(1, 0.1)
    work.add_pass(2, 0.1)
    assert work.rate is None
    assert work.tokens == 3
