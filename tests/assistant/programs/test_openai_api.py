"""/v1 as the openai package sees it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from assistant.access.gate import Gate
from assistant.access.limits import RateLimit
from assistant.store.database import Database
from tests.assistant.programs.serving import Running, open_service, running
from tests.fakes import ScriptedEngine

QUESTION = "what is the capacity of KE-1001?"


@pytest.fixture
def client(server: Running) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0)


def ask(client: openai.OpenAI, text: Any = QUESTION, **more: Any) -> Any:
    messages = [{"role": "user", "content": text}]
    return client.chat.completions.create(**{"model": "llama-e", "messages": messages, **more})


def test_the_model_is_listed_and_found(client: openai.OpenAI):
    assert [model.id for model in client.models.list()] == ["llama-e"]
    assert client.models.retrieve("llama-e").owned_by == "llama-e"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-4")


def test_an_answer_comes_with_citations_verdicts_and_counts(client: openai.OpenAI, server: Running):
    server.engine.enqueue("The capacity is 1.7 l.")
    reply = ask(client)
    assert "1.7 l" in reply.choices[0].message.content
    assert reply.choices[0].finish_reason == "stop"
    assert reply.llama_e["citations"][0]["id"] == "KE-1001"
    assert "capacity" in reply.llama_e["citations"][0]["fields"]
    assert reply.llama_e["grounded"] is True
    assert reply.llama_e["abstained"] is False
    assert reply.llama_e["state"]["products"] == ["KE-1001"]
    # The stand-in counts words.
    assert reply.usage.prompt_tokens == len(QUESTION.split())
    assert reply.usage.completion_tokens == len(reply.choices[0].message.content.split())
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


def test_a_stream_never_holds_text_that_fails_the_check(client: openai.OpenAI, server: Running):
    server.engine.enqueue("The capacity is 9.9 l.")
    whole = ask(client).choices[0].message.content
    assert "9.9" not in whole, "the check changed the draft"
    server.engine.enqueue("The capacity is 9.9 l.")
    chunks = list(ask(client, stream=True))
    said = [chunk.choices[0].delta.content or "" for chunk in chunks]
    assert "".join(said) == whole
    assert len(said) > 3, "it comes in pieces"
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert chunks[-1].llama_e["claims"]


def test_the_counts_come_as_the_last_chunk_where_wanted(client: openai.OpenAI, server: Running):
    server.engine.enqueue("The capacity is 1.7 l.")
    *before, last = ask(client, stream=True, stream_options={"include_usage": True})
    assert last.choices == []
    assert last.usage.total_tokens > last.usage.completion_tokens > 0
    assert all(chunk.usage is None for chunk in before)


def test_the_conversation_so_far_is_read(client: openai.OpenAI, server: Running):
    server.engine.enqueue("The weight is 240 g.")
    messages = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "is SH-3003 waterproof?"},
        {"role": "assistant", "content": "No, it is not waterproof."},
        {"role": "user", "content": [{"type": "text", "text": "how heavy is it?"}]},
    ]
    reply = ask(client, messages=messages, temperature=0.9)
    assert "240 g" in reply.choices[0].message.content
    assert reply.llama_e["ignored"] == ["system message", "temperature"]


def test_the_extension_pins_a_product(client: openai.OpenAI, server: Running):
    server.engine.enqueue("The power is 9 W.")
    reply = ask(client, "what is the power?", extra_body={"llama_e": {"product_id": "LA-2002"}})
    assert "9 W" in reply.choices[0].message.content
    with pytest.raises(openai.BadRequestError, match=r"llama_e\.product"):
        ask(client, extra_body={"llama_e": {"product": "LA-2002"}})


def test_a_limit_of_tokens_and_a_stop_word_cut_the_answer(client: openai.OpenAI, server: Running):
    server.engine.enqueue("The capacity is 1.7 l.")
    whole = ask(client).choices[0].message.content
    server.engine.enqueue("The capacity is 1.7 l.")
    cut = ask(client, max_tokens=2)
    assert cut.choices[0].finish_reason == "length"
    assert cut.choices[0].message.content.split() == whole.split()[:2]
    assert cut.usage.completion_tokens == 2
    server.engine.enqueue("The capacity is 1.7 l.")
    assert ask(client, stop="1.7").choices[0].message.content == whole.split("1.7")[0]


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"n": 2}, "n"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"logprobs": True}, "logprobs"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "1"}]}, "messages"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
            "messages",
        ),
        ({"max_tokens": 0}, "max_tokens"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(
    client: openai.OpenAI, more: dict[str, Any], param: str
):
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, **more)
    assert caught.value.param == param
    assert caught.value.type == "invalid_request_error"


def test_an_unknown_model_is_not_found(client: openai.OpenAI):
    with pytest.raises(openai.NotFoundError) as caught:
        ask(client, model="gpt-4")
    assert caught.value.code == "model_not_found"


def test_a_fault_of_the_turn_is_said_in_a_stream_too(client: openai.OpenAI):
    with pytest.raises(openai.BadRequestError, match="8,000"):
        ask(client, "x" * 9000)
    with pytest.raises(openai.APIError, match="8,000"):
        list(ask(client, "x" * 9000, stream=True))


def test_a_fault_that_nobody_foresaw_is_told_without_its_insides(
    client: openai.OpenAI, server: Running, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("a secret path")

    monkeypatch.setattr(server.engine, "stream", fail)
    with pytest.raises(openai.InternalServerError, match="ZeroDivisionError") as caught:
        ask(client)
    assert "secret path" not in str(caught.value)
    with pytest.raises(openai.APIError, match="ZeroDivisionError"):
        list(ask(client, stream=True))


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_request_is_refused_in_the_same_shape(server: Running, body: bytes):
    kind = {"content-type": "application/json"}
    reply = httpx.post(f"{server.url}/v1/chat/completions", content=body, headers=kind)
    assert reply.status_code == 400
    assert set(reply.json()["error"]) == {"message", "type", "param", "code"}


def test_a_form_of_another_site_is_no_request(server: Running):
    reply = httpx.post(
        f"{server.url}/v1/chat/completions",
        content=json.dumps({"model": "llama-e", "messages": []}),
        headers={"content-type": "text/plain"},
    )
    assert reply.status_code == 415


class SlowEngine(ScriptedEngine):
    """Writes a word every few milliseconds, for as long as nobody stops it."""

    def _write(self, text: str, stop: threading.Event | None) -> Iterator[str]:
        for piece in super()._write(text, stop):
            time.sleep(0.02)
            yield piece


def waits_for(happened: Callable[[], object], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(happened())


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_ends_the_compute(index_dir: Path, tmp_path: Path, stream: bool):
    engine = SlowEngine()
    engine.enqueue("The capacity is 1.7 l. " * 400)
    service = open_service(index_dir, engine)
    with running(service, Database(tmp_path / "page.sqlite3")) as server:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
        messages = [{"role": "user", "content": QUESTION}]
        body = json.dumps({"model": "llama-e", "messages": messages, "stream": stream})
        kind = {"content-type": "application/json"}
        connection.request("POST", "/v1/chat/completions", body, kind)
        assert waits_for(lambda: engine.written > 3)
        assert not engine.closed
        connection.close()
        assert waits_for(lambda: engine.closed)
        assert engine.written < 1000


def test_one_request_too_many_is_told_when_to_try_again(index_dir: Path, tmp_path: Path):
    engine = ScriptedEngine()
    engine.enqueue("The capacity is 1.7 l.")
    gate = Gate(limit=RateLimit(1))
    service = open_service(index_dir, engine)
    with running(service, Database(tmp_path / "page.sqlite3"), gate) as server:
        client = openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0)
        ask(client)
        with pytest.raises(openai.RateLimitError, match="Try again in") as caught:
            ask(client)
        assert 0 < int(caught.value.response.headers["retry-after"]) <= 60
        asked = {"data": ["is KE-1001 cordless?", None, None]}
        other = httpx.post(f"{server.url}/gradio_api/run/ask_catalog", json=asked)
        assert other.status_code == 429
        assert 0 < int(other.headers["retry-after"]) <= 60
        found = httpx.post(f"{server.url}/gradio_api/run/get_product", json={"data": ["KE-1001"]})
        assert found.status_code == 200, "what needs no model is not counted"
