import threading
import time
from pathlib import Path

import pytest
import torch

from assistant.errors import GenerationError, GenerationStopped, PromptTooLongError
from assistant.model.engine import Engine
from assistant.model.values import GenerationSettings
from tests.tiny import save_tiny_adapter, save_tiny_llama

QUESTION = [{"role": "user", "content": "Does the boot come in size 44? The boot of Acme."}]
LONG = GenerationSettings(max_new_tokens=300)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_llama(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def adapter(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_adapter(base, tmp_path_factory.mktemp("adapter"))


def load(base: Path, adapter: Path | None = None, *, fast: bool = False) -> Engine:
    name = str(adapter) if adapter else None
    return Engine.load(str(base), name, device="cpu", dtype="float32", fast=fast)


@pytest.fixture(params=[False, True], ids=["hub", "fused"])
def engine(base: Path, request: pytest.FixtureRequest) -> Engine:
    """An engine that never meets an end token, so that only stop and length end it."""
    made = load(base, fast=request.param)
    made._end_tokens = frozenset()
    return made


class Passes:
    """Counts an engine's forward passes; `before` runs ahead of each."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.before = lambda: None
        real = engine._forward.step

        def step(*args, **kwargs):
            self.count += 1
            self.before()
            return real(*args, **kwargs)

        monkeypatch.setattr(engine._forward, "step", step)


@pytest.fixture
def passes(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Passes:
    made = Passes(engine, monkeypatch)
    made.before = lambda: time.sleep(0.005)
    return made


def test_stream_ends_at_length_and_tells_what_it_took(engine: Engine) -> None:
    stream = engine.stream(QUESTION, GenerationSettings(max_new_tokens=30))
    assert "".join(stream)
    stats = stream.stats
    assert stats is not None
    assert (stats.new_tokens, stats.finish_reason, stats.stopped) == (30, "length", False)
    assert stats.prompt_tokens == engine.count_tokens(QUESTION)
    assert 0 < stats.seconds_to_first_token <= stats.seconds_total


def test_end_token_ends_the_answer_and_is_not_shown(engine: Engine) -> None:
    ids: list[int] = []
    whole = "".join(engine.stream(QUESTION, GenerationSettings(max_new_tokens=12)))
    ids = engine._tokenizer(whole)["input_ids"]
    engine._end_tokens = frozenset(ids[-3:])
    stream = engine.stream(QUESTION, LONG)
    text = "".join(stream)
    assert stream.stats is not None
    assert stream.stats.finish_reason == "stop"
    assert len(text) < len(whole)


def test_stop_event_stops_the_compute(engine: Engine, passes: Passes) -> None:
    stop = threading.Event()
    stream = engine.stream(QUESTION, LONG, stop)
    next(stream)
    stop.set()
    at_stop = passes.count
    list(stream)
    time.sleep(0.1)
    assert passes.count <= at_stop + 1
    assert stream.stats is not None
    assert stream.stats.finish_reason == "stopped"


def test_closing_the_stream_stops_the_compute(engine: Engine, passes: Passes) -> None:
    stream = engine.stream(QUESTION, LONG)
    next(stream)
    stream.close()
    at_close = passes.count
    time.sleep(0.1)
    assert passes.count == at_close < 100
    assert stream.stats is not None
    assert stream.stats.stopped
    assert list(stream) == []


def test_forgetting_the_stream_stops_the_compute(engine: Engine, passes: Passes) -> None:
    def reader():
        yield from engine.stream(QUESTION, LONG)

    made = reader()
    next(made)
    made.close()
    time.sleep(0.05)
    at_close = passes.count
    time.sleep(0.1)
    assert passes.count == at_close < 100


def test_a_long_prompt_can_be_stopped_between_its_chunks(
    engine: Engine, passes: Passes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.model.decoding.PREFILL_CHUNK", 8)
    stop = threading.Event()
    passes.before = stop.set
    stream = engine.stream(QUESTION, LONG, stop)
    assert list(stream) == []
    assert passes.count == 1
    assert not engine._lock.locked()


def test_prefill_in_chunks_gives_the_same_answer(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = GenerationSettings(max_new_tokens=20)
    whole = "".join(engine.stream(QUESTION, settings))
    monkeypatch.setattr("assistant.model.decoding.PREFILL_CHUNK", 7)
    assert "".join(engine.stream(QUESTION, settings)) == whole


def test_concurrent_streams_do_not_mix(base: Path, adapter: Path) -> None:
    engine = load(base, adapter, fast=True)
    asked = [(QUESTION, True), (QUESTION, False), ([{"role": "user", "content": "Acme?"}], True)]
    settings = GenerationSettings(max_new_tokens=60)
    alone = ["".join(engine.stream(m, settings, adapter=on)) for m, on in asked]
    assert len(set(alone)) == 3
    together = ["", "", ""]

    def run(number: int) -> None:
        messages, on = asked[number]
        together[number] = "".join(engine.stream(messages, settings, adapter=on))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_a_waiting_request_can_be_stopped(engine: Engine, passes: Passes) -> None:
    with engine.stream(QUESTION, LONG) as first:
        next(first)
        stop = threading.Event()
        waiting = engine.stream(QUESTION, LONG, stop)
        threading.Timer(0.1, stop.set).start()
        begun = time.perf_counter()
        assert list(waiting) == []
        assert time.perf_counter() - begun < 1
        assert waiting.stats is not None
        assert waiting.stats.stopped


def test_a_reader_that_stalls_does_not_hold_up_others(engine: Engine) -> None:
    stalled = engine.stream(QUESTION, GenerationSettings(max_new_tokens=20))
    next(stalled)
    assert "".join(engine.stream(QUESTION, GenerationSettings(max_new_tokens=20)))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (RuntimeError("matrix shapes"), "GenerationError"),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), "ModelMemory"),
        (torch.OutOfMemoryError("CUDA out of memory"), "ModelMemory"),
        (MemoryError(), "ModelMemory"),
    ],
)
def test_a_fault_of_the_model_reaches_the_reader(
    engine: Engine, passes: Passes, fault: Exception, kind: str
) -> None:
    def fail() -> None:
        raise fault

    passes.before = fail
    begun = time.perf_counter()
    with pytest.raises(Exception, match="model") as caught:
        list(engine.stream(QUESTION))
    assert time.perf_counter() - begun < 1
    assert type(caught.value).__name__.startswith(kind)
    passes.before = lambda: None
    assert "".join(engine.stream(QUESTION, GenerationSettings(max_new_tokens=5)))


def test_a_prompt_beyond_the_context_is_refused_with_both_figures(engine: Engine) -> None:
    messages = [{"role": "user", "content": "boot " * 2000}]
    with pytest.raises(PromptTooLongError, match=rf"{engine.count_tokens(messages)} .* 511;"):
        engine.stream(messages)


def test_the_answer_ends_where_the_context_does(engine: Engine) -> None:
    stream = engine.stream(QUESTION, GenerationSettings(max_new_tokens=5000))
    list(stream)
    assert stream.stats is not None
    assert stream.stats.prompt_tokens + stream.stats.new_tokens == engine.context_length
    assert stream.stats.finish_reason == "length"


def test_no_messages_are_refused(engine: Engine) -> None:
    with pytest.raises(GenerationError, match="no message"):
        engine.stream([])


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"repetition_penalty": 1.3},
        {"temperature": 0.9, "top_p": 0.9, "top_k": 40, "seed": 3},
    ],
)
def test_prompt_lookup_changes_the_steps_and_not_the_text(engine: Engine, settings: dict) -> None:
    texts, steps = [], []
    for lookup in (False, True):
        made = GenerationSettings(max_new_tokens=120, prompt_lookup=lookup, **settings)
        stream = engine.stream(QUESTION, made)
        texts.append("".join(stream))
        assert stream.stats is not None
        steps.append(stream.stats.steps)
    assert texts[0] == texts[1]
    assert steps[0] == 119
    if not settings:
        assert steps[1] < steps[0]


def test_seeds_repeat_and_differ(engine: Engine) -> None:
    texts = [
        "".join(engine.stream(QUESTION, GenerationSettings(20, temperature=1.0, seed=seed)))
        for seed in (1, 1, 2)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_greedy_is_what_transformers_generates(base: Path) -> None:
    engine = load(base)
    prompt = torch.tensor([engine._encode(QUESTION)])
    model = engine._forward._model
    whole = model.generate(prompt, max_new_tokens=40, do_sample=False, use_cache=True)
    expected = engine._tokenizer.decode(whole[0, prompt.shape[1] :], skip_special_tokens=True)
    settings = GenerationSettings(max_new_tokens=40)
    assert "".join(engine.stream(QUESTION, settings)) == expected.rstrip("\ufffd")


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("normalize", [False, True])
def test_label_scores_are_those_of_a_plain_forward(
    base: Path, fast: bool, normalize: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.model.engine._SCORED_ROWS", 12)
    monkeypatch.setattr("assistant.model.fused_forward.QUANTIZED_ROWS", 0)
    engine = load(base, fast=fast)
    labels = ["boot", "leather boot of brand Acme", "size", "b", "likely to buy the boot"]
    model = load(base)._forward._model
    expected = []
    prompt = engine._encode(QUESTION)
    for label in labels:
        ids = engine._tokenizer(label, add_special_tokens=False)["input_ids"]
        ids = [*ids, engine._tokenizer.eos_token_id]
        with torch.inference_mode():
            logits = model(torch.tensor([prompt + ids])).logits[0].log_softmax(-1)
        rows = range(len(prompt) - 1, len(prompt) + len(ids) - 1)
        total = sum(float(logits[row, token]) for row, token in zip(rows, ids, strict=True))
        expected.append(total / len(ids) if normalize else total)
    scores = engine.score_labels(QUESTION, labels, normalize=normalize)
    assert scores == pytest.approx(expected, abs=2e-3)


def test_an_empty_label_is_refused(engine: Engine) -> None:
    with pytest.raises(GenerationError, match="empty"):
        engine.score_labels(QUESTION, ["yes", ""])


def test_scoring_that_waits_for_the_model_can_be_stopped(engine: Engine, passes: Passes) -> None:
    with engine.stream(QUESTION, LONG) as first:
        next(first)
        stop = threading.Event()
        threading.Timer(0.1, stop.set).start()
        begun = time.perf_counter()
        with pytest.raises(GenerationStopped):
            engine.score_labels(QUESTION, ["yes", "no"], stop=stop)
        assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(("last", "labels"), [(1, ["yes", "no"]), (3, ["leather boot"] * 9)])
def test_scoring_is_stopped_between_two_passes(
    engine: Engine,
    passes: Passes,
    monkeypatch: pytest.MonkeyPatch,
    last: int,
    labels: list[str],
) -> None:
    """After the first chunk of the prompt, and after a batch of labels."""
    size = 8 if last == 1 else len(engine._encode(QUESTION)) // 2 + 1
    monkeypatch.setattr("assistant.model.engine.PREFILL_CHUNK", size)
    monkeypatch.setattr("assistant.model.engine._SCORED_ROWS", 12)
    stop = threading.Event()
    passes.before = lambda: stop.set() if passes.count == last else None
    with pytest.raises(GenerationStopped):
        engine.score_labels(QUESTION, labels, stop=stop)
    assert passes.count == last
    assert not engine._lock.locked()
    assert len(engine.score_labels(QUESTION, ["yes", "no"], stop=threading.Event())) == 2


def test_a_fault_between_two_steps_lets_go_of_the_model(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise RuntimeError("no such character")

    with monkeypatch.context() as patch:
        patch.setattr("assistant.model.text_stream.Detokenizer.push", fail)
        with pytest.raises(GenerationError, match="no such character") as caught:
            list(engine.stream(QUESTION))
    assert caught.value is not None  # the fault, kept, must not keep the model
    assert not engine._lock.locked()


@pytest.mark.model
def test_the_embedded_model_answers_and_ends() -> None:
    engine = Engine.load()
    engine.warm_up()
    question = "What is the capital of France? Answer in one English sentence."
    stream = engine.stream([{"role": "user", "content": question}])
    assert "Paris" in "".join(stream)
    assert stream.stats is not None
    assert stream.stats.finish_reason == "stop"
    assert str(engine.describe()) == "SmolLM2-135M-Instruct · base model, no adapter"
    assert engine.describe().parameters == 134_515_008
