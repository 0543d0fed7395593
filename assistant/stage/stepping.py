"""A loaded model that several answers share in turn: one forward pass of one, one of the next.

`Engine.stream` keeps the model for a whole answer. Here the model is taken for one pass at a time
and in the reader's own thread, so whoever reads two streams in turn advances both, and the time
that a stream reports is its own passes alone: neither the other's nor any waiting is in it.
Knows nothing of columns or pages.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import torch

from assistant.errors import AssistantError, GenerationError
from assistant.model.decoding import generate
from assistant.model.engine import Engine
from assistant.model.loading import memory_faults
from assistant.model.text_stream import Detokenizer
from assistant.model.values import FinishReason, GenerationSettings, Message, ModelInfo
from assistant.stage.values import Work
from assistant.writing import TextEngine

_BREATH_SECONDS = 0.0005
"""Left between two passes, so that a chat that waits for the model gets it."""


class SteppedEngine(Engine):
    """The same loaded model as another engine's, advanced a pass at a time.

    Args:
        whole: the engine whose weights, tokenizer and lock are shared.
    """

    def __init__(self, whole: Engine) -> None:
        vars(self).update(vars(whole))

    def steps(
        self,
        messages: Sequence[Message],
        settings: GenerationSettings,
        is_stopped: Callable[[], bool],
        adapter: bool,
        work: Work,
    ) -> Iterator[str]:
        """Yield the answer's text, a forward pass at each `next`; what it took is added to `work`.

        Raises:
            AssistantError: what `Engine.stream` raises.
        """
        prompt = self._fitting(self._encode(messages))
        room = min(settings.max_new_tokens, self._context - len(prompt))
        limits = replace(settings, max_new_tokens=room)
        steps = generate(self._forward, prompt, limits, self._end_tokens, is_stopped)
        text = Detokenizer(self._tokenizer)
        reason: FinishReason | None = None
        while reason is None:
            waiting = time.perf_counter()
            if not self._acquire(is_stopped):
                work.waited += time.perf_counter() - waiting
                return
            begun = time.perf_counter()
            work.waited += begun - waiting
            try:
                with (
                    memory_faults("answering"),
                    torch.inference_mode(),
                    self._forward.adapter(adapter),
                ):
                    tokens, reason = next(steps)
            except AssistantError:
                raise
            except Exception as error:
                raise GenerationError(
                    f"The model failed while answering ({type(error).__name__}: {error}); run the"
                    " prompt again, and if it stays so, run `llama-e doctor`."
                ) from error
            finally:
                self._lock.release()
            work.add_pass(len(tokens), time.perf_counter() - begun)
            if delta := text.push(tokens, last=reason is not None):
                yield delta
            time.sleep(_BREATH_SECONDS)


class MeteredEngine:
    """A `TextEngine` for one column: every stream of it is metered, and stepped where it can be.

    Args:
        engine: the model.
        work: what is counted.
    """

    def __init__(self, engine: TextEngine, work: Work) -> None:
        self._engine: TextEngine = SteppedEngine(engine) if isinstance(engine, Engine) else engine
        self._work = work

    def stream(
        self,
        messages: Sequence[Message],
        settings: GenerationSettings,
        stop: threading.Event | None = None,
        adapter: bool = True,
    ) -> Iterator[str]:
        """Yield the answer's text as it is made; see `TextEngine`."""
        is_stopped = (stop or threading.Event()).is_set
        self._work.begin_text()
        if isinstance(self._engine, SteppedEngine):
            return self._engine.steps(messages, settings, is_stopped, adapter, self._work)
        return self._engine.stream(messages, settings, stop, adapter)

    def score_labels(
        self,
        messages: Sequence[Message],
        labels: Sequence[str],
        adapter: bool = True,
        *,
        stop: threading.Event | None = None,
    ) -> list[float]:
        """Return each label's log-likelihood; see `TextEngine`."""
        self._work.chose = True
        return self._engine.score_labels(messages, labels, adapter, stop=stop)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return the length in tokens of the prompt that these messages become."""
        return self._engine.count_tokens(messages)

    def describe(self) -> ModelInfo:
        """Return what is loaded."""
        return self._engine.describe()

    def warm_up(self) -> None:
        """Do the work that only the first answer needs."""
        self._engine.warm_up()
