"""OpenAI's chat completions over the assistant: /v1/chat/completions and /v1/models.

A stream carries checked text only: the draft is held back until its check is done, since a word
that was sent cannot be taken back. Knows no page.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from assistant.access.door import USER
from assistant.access.gate import Gate
from assistant.access.limits import LimitError
from assistant.errors import GenerationStopped
from assistant.programs.faults import KNOWN_FAULTS, ForbiddenError, status_of
from assistant.programs.openai_values import (
    MODEL,
    ChatRequest,
    RequestError,
    extension,
    read_request,
)
from assistant.programs.tools import Tools
from assistant.service import Service
from assistant.values import Answer

logger = logging.getLogger(__name__)

_MAX_BODY = 4_000_000
_THREADS = 16
_SECONDS_BETWEEN_SIGNS = 5.0
_LOOK_AGAIN = 0.25
_PIECE = re.compile(r"\s*\S+")


class Place(Protocol):
    """A place in the line before the model."""

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it is this one's turn."""
        ...


class ModelLine(Protocol):
    """The line before the model, which the page's users stand in too."""

    def join(self) -> AbstractContextManager[Place]:
        """Stand in the line; leaving the context lets the next one in."""
        ...


def openai_routes(service: Service, gate: Gate, line: ModelLine) -> APIRouter:
    """Return the routes under /v1."""
    chat = _Chat(Tools(service), service, line)
    started = int(time.time())
    known = {"id": MODEL, "object": "model", "created": started, "owned_by": "llama-e"}
    routes = APIRouter(prefix="/v1")

    @routes.get("/models")
    async def models() -> Response:
        return JSONResponse({"object": "list", "data": [known]})

    @routes.get("/models/{name:path}")
    async def model(name: str) -> Response:
        if name == MODEL:
            return JSONResponse(known)
        told = f"The model {name!r} does not exist. This server has {MODEL!r}."
        return _fault(RequestError(told, "model", 404, "model_not_found"))

    @routes.post("/chat/completions")
    async def completions(request: Request) -> Response:
        try:
            asked = read_request(await _body(request))
            user = request.scope[USER]
            if not user.may_open("desk"):
                raise ForbiddenError(f"Your role ({user.role}) may not ask the assistant.")
            work = _Work(asked)
            gate.admit(user)
            if asked.stream:
                return StreamingResponse(
                    chat.stream(work, request),
                    media_type="text/event-stream",
                    headers={"cache-control": "no-store", "x-accel-buffering": "no"},
                )
            return JSONResponse(await chat.whole(work, request))
        except KNOWN_FAULTS as error:
            return _fault(error)

    @routes.api_route("/{path:path}", methods=["GET", "POST"])
    async def other(path: str) -> Response:
        told = f"There is no /v1/{path}. Served are /v1/chat/completions and /v1/models."
        return _fault(RequestError(told, None, 404))

    return routes


@dataclass(slots=True)
class _Work:
    """One request under way; `stop` ends its compute."""

    asked: ChatRequest
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.asked.turn()  # raises before a stream has begun


@dataclass(frozen=True, slots=True)
class _Reply:
    """A finished answer as it is sent."""

    answer: Answer
    text: str
    finish_reason: str
    usage: Mapping[str, int]


class _Chat:
    """Answers requests over one service."""

    def __init__(self, tools: Tools, service: Service, line: ModelLine) -> None:
        self._tools = tools
        self._service = service
        self._line = line
        self._limiter = anyio.CapacityLimiter(_THREADS)

    async def whole(self, work: _Work, request: Request) -> dict[str, Any]:
        """Return the answer as one object."""
        async for reply in self._watched(work, request):
            if reply is not None:
                return {
                    **_head(work, "chat.completion"),
                    "choices": [
                        {
                            "index": 0,
                            "message": {
                                "role": "assistant",
                                "content": reply.text,
                                "refusal": None,
                            },
                            "logprobs": None,
                            "finish_reason": reply.finish_reason,
                        }
                    ],
                    "usage": reply.usage,
                    "llama_e": extension(reply.answer, work.asked.ignored()),
                }
        raise GenerationStopped("The connection was closed before the answer was done.")

    async def stream(self, work: _Work, request: Request) -> AsyncIterator[str]:
        """Yield the answer as server-sent events; signs of life until it has been checked."""
        yield _event(_chunk(work, {"role": "assistant", "content": ""}))
        try:
            signed = time.monotonic()
            async for reply in self._watched(work, request):
                if reply is not None:
                    for event in _events(work, reply):
                        yield event
                elif time.monotonic() - signed > _SECONDS_BETWEEN_SIGNS:
                    signed = time.monotonic()
                    yield ": the answer is being written and checked\n\n"
        except KNOWN_FAULTS as error:
            yield _event(_fault_body(error))
        yield "data: [DONE]\n\n"

    async def _watched(self, work: _Work, request: Request) -> AsyncIterator[_Reply | None]:
        """Yield None a few times a second, then the reply; stops the compute if nobody listens."""
        task = asyncio.create_task(
            anyio.to_thread.run_sync(self._reply, work, limiter=self._limiter)
        )
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=_LOOK_AGAIN)
                if not task.done():
                    if await request.is_disconnected():
                        return
                    yield None
            yield _result(task)
        finally:
            work.stop.set()

    def _reply(self, work: _Work) -> _Reply:
        with self._line.join() as place:
            while not place.wait(_LOOK_AGAIN):
                if work.stop.is_set():
                    raise GenerationStopped("The request was given up while it waited.")
            answer = self._tools.answer_turn(work.asked.turn(), work.stop)
            text, finish_reason = self._cut(answer.text, work.asked)
            # What was sent and what is returned: the assistant's own prompts are its own matter.
            prompt = sum(self._tokens(message.text()) for message in work.asked.messages)
            completion = self._tokens(text)
            usage = {
                "prompt_tokens": prompt,
                "completion_tokens": completion,
                "total_tokens": prompt + completion,
            }
        return _Reply(answer, text, finish_reason, usage)

    def _cut(self, text: str, asked: ChatRequest) -> tuple[str, str]:
        """Cut a checked text where the request ends it; it says so by "length"."""
        found = [at for word in asked.stops if word and (at := text.find(word)) >= 0]
        if found:
            text = text[: min(found)]
        most = asked.most_tokens
        if most is None or self._tokens(text) <= most:
            return text, "stop"
        ends = [piece.end() for piece in _PIECE.finditer(text)]
        low, high = 0, len(ends)
        while low < high:  # the most words that fit
            middle = (low + high + 1) // 2
            low, high = (
                (middle, high)
                if self._tokens(text[: ends[middle - 1]]) <= most
                else (low, middle - 1)
            )
        return text[: ends[low - 1]] if low else "", "length"

    def _tokens(self, text: str) -> int:
        """Return a text's length in the model's tokens."""
        count = self._service.engine.count_tokens
        text = text.encode("utf-8", "ignore").decode()
        empty = count([{"role": "user", "content": ""}])
        return max(0, count([{"role": "user", "content": text}]) - empty) if text else 0


def _result(task: asyncio.Task[_Reply]) -> _Reply:
    """Return what a task came to; a fault that nobody foresaw is told without its insides."""
    try:
        return task.result()
    except KNOWN_FAULTS:
        raise
    except Exception as error:
        logger.debug("a request failed", exc_info=error)
        raise RequestError(
            f"Something went wrong inside the assistant ({type(error).__name__}). Try again; if"
            " it happens again, run `llama-e doctor`.",
            status=500,
        ) from error


async def _body(request: Request) -> Any:
    """Read a request's JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/json":
        raise RequestError("The content type is not application/json.", status=415)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MAX_BODY:
            raise RequestError(f"The body is longer than {_MAX_BODY:,} bytes.", status=413)
    try:
        return await run_in_threadpool(json.loads, body)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"The body is not JSON: {error}.") from error


def _head(work: _Work, kind: str) -> dict[str, Any]:
    return {"id": work.id, "object": kind, "created": work.created, "model": MODEL}


def _chunk(work: _Work, delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    usage = {"usage": None} if work.asked.sends_usage else {}
    return {**_head(work, "chat.completion.chunk"), "choices": [choice], **usage}


def _events(work: _Work, reply: _Reply) -> list[str]:
    """Return the events of a checked answer: its words, its end, and the counts if wanted."""
    words = _PIECE.findall(reply.text)
    words += [reply.text[sum(map(len, words)) :]]  # white space at the end
    chunks = [_chunk(work, {"content": word}) for word in words if word]
    last = _chunk(work, {}, reply.finish_reason)
    last["llama_e"] = extension(reply.answer, work.asked.ignored())
    chunks.append(last)
    if work.asked.sends_usage:
        head = _head(work, "chat.completion.chunk")
        chunks.append({**head, "choices": [], "usage": reply.usage})
    return [_event(chunk) for chunk in chunks]


def _event(data: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def _fault_body(error: Exception) -> dict[str, Any]:
    status = error.status if isinstance(error, RequestError) else status_of(error)
    kinds = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
    kind = kinds.get(status, "invalid_request_error" if status < 500 else "server_error")
    code = error.code if isinstance(error, RequestError) else None
    return {
        "error": {
            "message": str(error),
            "type": kind,
            "param": error.param if isinstance(error, RequestError) else None,
            "code": code or ("rate_limit_exceeded" if status == 429 else None),
        }
    }


def _fault(error: Exception) -> Response:
    status = error.status if isinstance(error, RequestError) else status_of(error)
    headers = {"retry-after": str(error.retry_after)} if isinstance(error, LimitError) else None
    return JSONResponse(_fault_body(error), status, headers)
