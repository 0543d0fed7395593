"""One call at an OpenAI-compatible server, and what can go wrong with it.

The `openai` package is met here and in `batch_api` only. A call brings a reply, or fails in a way
that is worth another try (`CallFailed`), or in one that is not (`TeacherError`). Knows no job.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from finetune.errors import TeacherError
from finetune.teachers.pacing import Clock, backoff, retry_after
from finetune.teachers.prompts import Messages
from finetune.teachers.replies import Reply, read_body, read_text
from finetune.teachers.settings import KEY, MODEL, URL, TeacherSettings

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

T = TypeVar("T")
WORTH_ANOTHER_TRY = {408, 409, 425, 429}
_NO_SENSE_IN_WAITING = {"insufficient_quota", "billing_hard_limit_reached"}
_NEVER_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout"}
_NOT_TAKEN = "it does not take a setting of ours, such as json_mode, max_tokens or temperature"
_REMEDIES = {
    400: _NOT_TAKEN,
    401: f"set {KEY} to a key that is valid there",
    402: "its account needs credit",
    403: f"the key in {KEY} may not use this model",
    404: f"check {URL}, which mostly ends in /v1, and {MODEL}",
    422: _NOT_TAKEN,
    429: "its account has no quota left",
}


class CallFailed(Exception):  # noqa: N818
    """A call that brought no answer and may be made again."""

    def __init__(
        self,
        reason: str,
        detail: str = "",
        *,
        retry_after: float | None = None,
        billed: bool = False,
    ) -> None:
        """Take what happened.

        Args:
            reason: a short name to count by: "HTTP 429", "timeout", "connection", "cut stream".
            detail: the server's own words.
            retry_after: seconds that the server asks to wait.
            billed: whether the server may have worked on it.
        """
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.retry_after = retry_after
        self.billed = billed


class ChatServer:
    """A server at its address; safe for threads. Made by `connect`."""

    def __init__(self, settings: TeacherSettings, client: OpenAI, clock: Clock) -> None:
        self.client = client
        self._settings = settings
        self._clock = clock

    def ask(self, messages: Messages) -> Reply:
        """Make one chat call.

        Raises:
            CallFailed: it brought nothing, and may be made again.
            TeacherError: the server refuses; it would do so again.
        """
        body = request_body(self._settings, messages)
        if self._settings.stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
            return self.call(lambda: self._streamed(body))
        return self.call(lambda: self._whole(body))

    def call(self, action: Callable[[], T]) -> T:
        """Do something with `client`, its errors turned into this package's.

        Raises:
            CallFailed: it may be done again.
            TeacherError: it may not.
        """
        import openai

        try:
            return action()
        except openai.APITimeoutError as error:
            raise CallFailed("timeout", billed=_was_sent(error)) from error
        except openai.APIConnectionError as error:
            raise CallFailed("connection", _cause(error), billed=_was_sent(error)) from error
        except openai.APIStatusError as error:
            raise self._refusal(error) from error
        except ValueError as error:  # a body that says it is JSON
            raise CallFailed("not JSON", str(error), billed=True) from error
        except openai.OpenAIError as error:
            raise TeacherError(f"The teacher cannot be asked: {self._said(error)}") from error

    def _whole(self, body: dict[str, Any]) -> Reply:
        # the raw text: the client would make anything at all of a body that has another shape
        raw = self.client.chat.completions.with_raw_response.create(**body)
        return read_text(raw.http_response.text)

    def _streamed(self, body: dict[str, Any]) -> Reply:
        """Put a streamed answer together, as if it had come whole."""
        import openai

        text: list[str] = []
        finish, usage, failure = None, None, ""
        ends = self._clock.now() + self._settings.timeout_s
        with self.client.chat.completions.create(**body) as stream:
            try:
                for chunk in stream:
                    part = chunk.to_dict()
                    usage = part.get("usage") or usage
                    for choice in part.get("choices") or ():
                        text.append((choice.get("delta") or {}).get("content") or "")
                        finish = choice.get("finish_reason") or finish
                    if self._clock.now() > ends:
                        failure = "longer than timeout_s"
                        break
            except (openai.APIError, ValueError, AttributeError, TypeError) as error:
                failure = str(error)
        # after its finish_reason an answer is whole, whatever happens to the connection
        if finish is None:
            raise CallFailed("cut stream", failure, billed=True)
        message = {"content": "".join(text)}
        return read_body(
            {"choices": [{"message": message, "finish_reason": finish}], "usage": usage}
        )

    def _refusal(self, error: APIStatusError) -> Exception:
        """Return what a status of 4xx or 5xx is raised as."""
        status, said = error.status_code, self._said(error)
        passing = status in WORTH_ANOTHER_TRY or status >= 500
        if passing and error.code not in _NO_SENSE_IN_WAITING:
            wait = retry_after(error.response.headers)
            return CallFailed(f"HTTP {status}", said, retry_after=wait)
        return refused(self._settings, status, said)

    def _said(self, error: Exception) -> str:
        """Return an error's words, without the key that some servers repeat."""
        said = str(getattr(error, "message", error))
        return said.replace(self._settings.key, "***") if self._settings.key else said


@contextmanager
def connect(settings: TeacherSettings, clock: Clock) -> Iterator[ChatServer]:
    """Open a server; nothing is asked yet.

    Raises:
        TeacherError: the `openai` package is missing.
    """
    try:
        from openai import OpenAI
    except ImportError as error:
        raise TeacherError(
            "The package `openai` is not installed, which a teacher server is asked with; "
            "run `pip install openai`."
        ) from error
    with OpenAI(
        base_url=settings.url,
        api_key=settings.key or "none",  # a local server wants none, but the package does
        timeout=settings.timeout_s,
        max_retries=0,  # tries are counted, paced and paid for here
    ) as client:
        yield ChatServer(settings, client, clock)


def request_body(settings: TeacherSettings, messages: Messages) -> dict[str, Any]:
    """Return the body of a chat call that is not streamed."""
    body: dict[str, Any] = {"model": settings.model, "messages": messages}
    body["max_completion_tokens" if settings.new_max_tokens else "max_tokens"] = settings.max_tokens
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    if settings.json_mode:
        body["response_format"] = {"type": "json_object"}
    return body


def refused(settings: TeacherSettings, status: int, said: str) -> TeacherError:
    """Return the error for a status that another try would not change, in one line."""
    remedy = _REMEDIES.get(status, "see what it says")
    words = " ".join(said.split())[:200] or "nothing"
    return TeacherError(
        f"The teacher {settings.model!r} at {settings.url} refuses with HTTP {status}: {remedy}. "
        f"It says: {words}"
    )


def wait_after(
    failure: CallFailed, attempt: int, settings: TeacherSettings, chance: random.Random
) -> float:
    """Return the seconds to wait before the next try: what the server asks for, or longer.

    Raises:
        TeacherError: it asks for more patience than the settings have.
    """
    seconds = backoff(attempt, chance)
    if failure.retry_after is None or failure.retry_after <= settings.longest_wait_s:
        return max(seconds, failure.retry_after or 0.0)
    raise TeacherError(
        f"The teacher at {settings.url} asks to wait {failure.retry_after:.0f} s ({failure}), more "
        f"than longest_wait_s, {settings.longest_wait_s:g}. Run again then; answers in "
        f"{settings.journal} are not asked for twice."
    )


def _cause(error: Exception) -> str:
    return str(error.__cause__ or error)


def _was_sent(error: Exception) -> bool:
    """Whether the server may have got the request, and then may bill it."""
    return type(error.__cause__).__name__ not in _NEVER_SENT
