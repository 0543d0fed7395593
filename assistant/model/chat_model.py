"""The engine as a LangChain chat model: the seam for chains, agents and tracing.

The only module of this package that imports LangChain. Knows nothing of how text is generated.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import (
    BaseChatModel,
    generate_from_stream,
)
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, Field

from assistant.errors import GenerationError
from assistant.model.engine import Engine
from assistant.model.values import GenerationSettings, Message

_ROLES = {"human": "user", "ai": "assistant", "system": "system"}


class LlamaEChatModel(BaseChatModel):
    """LLaMA-E behind LangChain's chat interface."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    engine: Engine = Field(exclude=True)
    """The loaded model; shared with whoever else uses it."""
    settings: GenerationSettings = GenerationSettings()
    """How to decode."""
    adapter: bool = True
    """False answers as the base model."""

    @property
    def _llm_type(self) -> str:
        return "llama-e"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": str(self.engine.describe()), "adapter_on": self.adapter}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        """Answer in one piece; arguments as `_stream`."""
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        *,
        stop_event: threading.Event | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """Answer piece by piece.

        Args:
            messages: the conversation.
            stop: texts before which the answer is cut; the compute ends there too.
            run_manager: LangChain's callbacks.
            stop_event: setting it ends the answer before the next forward pass.
            **kwargs: fields of `GenerationSettings` to override for this call.
        """
        settings = self._settings(kwargs)
        texts = self.engine.stream(_plain(messages), settings, stop_event, self.adapter)
        with closing(texts):
            for text in _cut(texts, stop or ()):
                chunk = ChatGenerationChunk(message=AIMessageChunk(content=text))
                if run_manager:
                    run_manager.on_llm_new_token(text, chunk=chunk)
                yield chunk
        stats = texts.stats
        was_stopped = stop_event is not None and stop_event.is_set()
        reason = stats.finish_reason if stats and (was_stopped or not stats.stopped) else "stop"
        usage = stats and UsageMetadata(
            input_tokens=stats.prompt_tokens,
            output_tokens=stats.new_tokens,
            total_tokens=stats.prompt_tokens + stats.new_tokens,
        )
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content="",
                usage_metadata=usage,
                response_metadata={"finish_reason": reason},
                chunk_position="last",
            )
        )

    def _settings(self, changes: dict[str, Any]) -> GenerationSettings:
        fields = {name: getattr(self.settings, name) for name in GenerationSettings.__slots__}
        if unknown := sorted(set(changes) - set(fields)):
            raise GenerationError(
                f"LLaMA-E takes no option {', '.join(unknown)}; it takes {', '.join(fields)}."
            )
        return GenerationSettings(**{**fields, **changes})


def _plain(messages: Sequence[BaseMessage]) -> list[Message]:
    """Turn LangChain's messages into the engine's.

    Raises:
        GenerationError: a message is of a kind that the model has no role for.
    """
    if unknown := [message.type for message in messages if message.type not in _ROLES]:
        raise GenerationError(
            f"LLaMA-E has no role for a {unknown[0]!r} message; send system, human and ai ones."
        )
    return [{"role": _ROLES[message.type], "content": message.text} for message in messages]


def _cut(texts: Iterator[str], ends: Sequence[str]) -> Iterator[str]:
    """Pass the text on up to the first of `ends`, which may be split over two deltas."""
    held = ""
    for text in texts:
        held += text
        if found := [place for end in ends if (place := held.find(end)) >= 0]:
            if min(found):
                yield held[: min(found)]
            return
        safe = len(held) - _overlap(held, ends)
        if safe:
            yield held[:safe]
            held = held[safe:]
    if held:
        yield held


def _overlap(text: str, ends: Sequence[str]) -> int:
    """Return how many last characters of `text` could begin one of `ends`."""
    return max(
        (
            size
            for end in ends
            for size in range(1, len(end))
            if size <= len(text) and text.endswith(end[:size])
        ),
        default=0,
    )
