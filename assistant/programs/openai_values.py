"""The requests and answers of OpenAI's chat completions API, as far as they are served.

Source: OpenAI API reference, "Create chat completion" and "The chat completion object". What is
ours stands under the key "llama_e".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.dialogue.state import DialogueState
from assistant.errors import AssistantError
from assistant.intents import Intent
from assistant.values import Answer, Turn, Utterance

MODEL = "llama-e"
MOST_MESSAGES = 500

_REFUSED: Mapping[str, tuple[Any, ...]] = {
    "n": (None, 1),
    "tools": (None, []),
    "tool_choice": (None, "none", "auto"),
    "functions": (None, []),
    "function_call": (None, "none", "auto"),
    "logprobs": (None, False),
    "top_logprobs": (None, 0),
    "response_format": (None, {"type": "text"}),
    "modalities": (None, ["text"]),
    "audio": (None,),
    "prediction": (None,),
    "web_search_options": (None,),
    "logit_bias": (None, {}),
}
"""What would change the answer's form and cannot be done, with the values that ask for nothing."""

_IGNORED = (
    *("temperature", "top_p", "frequency_penalty", "presence_penalty", "seed"),
    *("reasoning_effort", "verbosity"),
)
"""What asks for another sampling: the assistant's decoding is fixed, for the sake of the check."""


class RequestError(AssistantError):
    """A request that is not served; `param` names what of it, `code` is OpenAI's."""

    def __init__(
        self, message: str, param: str | None = None, status: int = 400, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.param = param
        self.status = status
        self.code = code


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="allow")


class TextPart(_Lenient):
    """A part of a message; only text can be read."""

    type: str
    text: str = ""


class ChatMessage(_Lenient):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart] | None = None

    def text(self) -> str:
        """Return the message's text; raises `RequestError` where it holds a picture or sound."""
        if not isinstance(self.content, list):
            return self.content or ""
        if other := next((part.type for part in self.content if part.type != "text"), None):
            raise RequestError(
                f"messages: a content part is of the type {other!r}; only text can be read.",
                "messages",
            )
        return "\n".join(part.text for part in self.content)


class StreamOptions(_Lenient):
    """`include_usage` sends the counts as the last chunk."""

    include_usage: bool = False


class Extension(BaseModel):
    """What a request may say under "llama_e", beyond OpenAI's: as `llama-e ask` takes it."""

    model_config = ConfigDict(extra="forbid")
    product_id: str = ""
    intent: Intent | None = None
    state: dict[str, Any] | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)


Stop = Annotated[list[str], Field(max_length=4)]


class ChatRequest(_Lenient):
    """A request for an answer; what is not named here is in `model_extra`."""

    model: str
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=MOST_MESSAGES)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    stop: str | Stop | None = None
    llama_e: Extension = Extension()

    @property
    def most_tokens(self) -> int | None:
        """The longest answer in tokens, None for no limit."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def stops(self) -> Sequence[str]:
        """Texts before which the answer ends."""
        return [self.stop] if isinstance(self.stop, str) else self.stop or []

    @property
    def sends_usage(self) -> bool:
        """Whether a stream ends with the counts."""
        return bool(self.stream_options and self.stream_options.include_usage)

    def turn(self) -> Turn:
        """Return what is asked, and what came before it.

        System messages are passed over: what the assistant may say is not the caller's to change.

        Raises:
            RequestError: the last message is not the user's, or a message holds no text.
        """
        spoken = [one for one in self.messages if one.role in ("user", "assistant")]
        if not spoken or self.messages[-1].role != "user":
            raise RequestError('messages: the last one is not of the role "user".', "messages")
        own = self.llama_e
        return Turn(
            message=spoken[-1].text(),
            history=tuple(
                Utterance("user" if one.role == "user" else "assistant", one.text())
                for one in spoken[:-1]
            ),
            product_id=own.product_id.strip() or None,
            state=None if own.state is None else DialogueState.from_json(own.state),
            intent=own.intent.value if own.intent else None,
            parameters=own.parameters,
        )

    def ignored(self) -> list[str]:
        """Return the names of what was asked for and makes no difference."""
        given = self.model_extra or {}
        names = [name for name in _IGNORED if given.get(name) is not None]
        told = any(one.role in ("system", "developer") for one in self.messages)
        return [*(["system message"] if told else []), *names]


def read_request(body: Any) -> ChatRequest:
    """Check a request's body.

    Raises:
        RequestError: names what does not fit, or cannot be done.
    """
    if not isinstance(body, dict):
        raise RequestError("The body is not a JSON object.")
    for name, harmless in _REFUSED.items():
        if name in body and body[name] not in harmless:
            raise RequestError(f"{name}: {_why(name)}", name, code="unsupported_parameter")
    try:
        request = ChatRequest.model_validate(body)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        told = "; ".join(f"{_place(fault['loc'])}: {fault['msg'].lower()}" for fault in faults[:5])
        raise RequestError(f"{told}.", str(faults[0]["loc"][0])) from error
    if request.model != MODEL:
        raise RequestError(
            f"The model {request.model!r} does not exist. This server has {MODEL!r}.",
            "model",
            404,
            "model_not_found",
        )
    return request


def _why(name: str) -> str:
    if name == "n":
        return "one answer is given to a question; leave it out or set 1."
    if name in ("tools", "tool_choice", "functions", "function_call"):
        return "the assistant calls no tools; leave it out."
    return "is not supported; leave it out."


def _place(location: Sequence[int | str]) -> str:
    return ".".join(map(str, location))


def extension(answer: Answer, ignored: Sequence[str]) -> dict[str, Any]:
    """Return what is known of an answer beyond its text, for the key "llama_e"."""
    known = answer.to_json()
    citations = [
        {
            "number": one.number,
            "id": one.hit.id,
            "title": one.hit.title,
            "kind": one.hit.kind,
            "fields": list(one.fields),
        }
        for one in answer.citations
    ]
    for name in ("message", "answer", "citations"):
        del known[name]
    return {"citations": citations, **known, "ignored": list(ignored)}
