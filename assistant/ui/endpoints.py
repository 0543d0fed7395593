"""The functions of `assistant.programs.tools` as named endpoints and MCP tools of the page.

They are the only public endpoints. Knows the line before the model and the user's role; what the
functions do is theirs.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, get_type_hints

import anyio.to_thread
import gradio as gr
from pydantic import ConfigDict, ValidationError, validate_call

from assistant.access.door import OUTCOME, USER
from assistant.access.gate import LogInError
from assistant.access.limits import LimitError
from assistant.access.values import Room, User
from assistant.programs.faults import KNOWN_FAULTS, ForbiddenError, ToolInputError, status_of
from assistant.programs.tools import Tools
from assistant.ui.context import Context

Tool = Callable[..., dict[str, Any]]

_THREADS = 16
"""Calls of programs under way, most of them waiting in the line; the page has its own threads."""


def register(context: Context) -> None:
    """Add the endpoints to the page that is being built."""
    tools = Tools(context.service)
    calls = _Calls(context)
    rooms: tuple[tuple[Room, tuple[Tool, ...]], ...] = (
        ("catalog", (tools.search_catalog, tools.get_product)),
        ("desk", (tools.ask_catalog, tools.answer_from_evidence)),
        (
            "studio",
            (
                tools.write_ad,
                tools.rewrite_title,
                tools.classify_product,
                tools.judge_purchase_intent,
            ),
        ),
    )
    for room, functions in rooms:
        for tool in functions:
            # Not queued: a queued tool is called by MCP through a connection of the server to
            # itself, which has no session. The line before the model is the queue.
            gr.api(calls.endpoint(tool, room), api_description=_description(tool), queue=False)


class _Calls:
    """Turns functions into endpoints that know who calls, and that wait for the model."""

    def __init__(self, context: Context) -> None:
        self._context = context
        # Apart, so that a search does not wait behind calls that wait for the model.
        self._limiters = {needs: anyio.CapacityLimiter(_THREADS) for needs in (True, False)}

    def endpoint(self, tool: Tool, room: Room) -> Callable[..., Any]:
        """Return an async function with the tool's own parameters, and the request."""
        checked = validate_call(config=ConfigDict(coerce_numbers_to_str=True))(tool)
        signature = inspect.signature(tool)
        names = list(signature.parameters)
        empty = inspect.Parameter.empty
        needed = {name for name, part in signature.parameters.items() if part.default is empty}

        async def call(*values: Any) -> Any:
            *given, request = values
            arguments = {
                name: value
                for name, value in zip(names, given, strict=True)
                if value is not None or name in needed
            }
            needs_model = room != "catalog"
            work = partial(self._answer, checked, arguments, needs_model=needs_model)
            try:
                user = _user_of(request)
                if not user.may_open(room):
                    raise ForbiddenError(f"Your role ({user.role}) may not call {tool.__name__}.")
                if needs_model:
                    self._context.gate.admit(user)
                reply = await anyio.to_thread.run_sync(work, limiter=self._limiters[needs_model])
            except KNOWN_FAULTS as error:
                _note(request, error)
                if _is_mcp(request):
                    raise
                raise gr.Error(str(error), title="Not done", print_exception=False) from error
            # An MCP client is given text: JSON rather than Python's notation.
            return json.dumps(reply, ensure_ascii=False) if _is_mcp(request) else reply

        parameters = list(signature.parameters.values())
        asked_by = inspect.Parameter(
            "request",
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=None,
            annotation=gr.Request,
        )
        call.__name__ = call.__qualname__ = tool.__name__
        call.__doc__ = tool.__doc__
        call.__annotations__ = {**get_type_hints(tool), "request": gr.Request}
        call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                *(
                    part.replace(
                        kind=inspect.Parameter.POSITIONAL_OR_KEYWORD,
                        annotation=call.__annotations__[part.name],
                    )
                    for part in parameters
                ),
                asked_by,
            ],
            return_annotation=dict,
        )
        return call

    def _answer(
        self, tool: Tool, arguments: Mapping[str, Any], *, needs_model: bool
    ) -> dict[str, Any]:
        try:
            if not needs_model:
                return tool(**arguments)
            with self._context.line.join() as place:
                while not place.wait(1.0):
                    pass
                return tool(**arguments)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].lower()}"
                for fault in error.errors(include_url=False)
            )
            raise ToolInputError(f"The input does not fit: {faults}.") from error


def _description(tool: Tool) -> str:
    """Return a tool's docstring as one text, without its arguments, which stand by themselves."""
    text = inspect.getdoc(tool) or ""
    said, _, rest = text.partition("\nArgs:\n")
    returns = rest.partition("\nReturns:\n")[2]
    return " ".join(f"{said} Returns: {returns}".split())


def _scope(request: Any) -> Mapping[str, Any]:
    """Return the scope of a request as the page's queue, its routes and MCP each hand it over."""
    inner = request.request if isinstance(request, gr.Request) else request
    scope: Mapping[str, Any] = getattr(inner, "scope", None) or {}
    return scope


def _user_of(request: Any) -> User:
    user: User | None = _scope(request).get(USER)
    if user is None:
        raise LogInError("The request says of no user that it is theirs.")
    return user


def _is_mcp(request: Any) -> bool:
    return not isinstance(request, gr.Request)


def _note(request: Any, error: Exception) -> None:
    """Let the answer to a plain HTTP request say of which kind the fault is."""
    outcome = _scope(request).get(OUTCOME)
    if outcome is not None:
        outcome["status"] = status_of(error)
        if isinstance(error, LimitError):
            outcome["retry_after"] = error.retry_after
