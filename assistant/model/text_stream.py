"""Tokens in, text deltas out: the worker that feeds one answer to one reader.

The compute runs in its own thread, so that a slow reader never holds up the model for others.
Whatever ends the reader (its end, `close`, an exception, garbage collection) ends the compute
before its next forward pass; whatever ends the compute reaches the reader.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from types import TracebackType
from typing import Any

from assistant.model.values import FinishReason, GenerationStats

Steps = Generator[tuple[list[int], FinishReason | None], None, None]


class Detokenizer:
    """Turns growing token ids into text that never ends inside a character.

    Decodes a short window twice, with and without the new tokens, as text-generation-inference
    does, since a tokenizer's decode depends on what stands before.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._start = 0
        self._read = 0

    def push(self, ids: Sequence[int], last: bool = False) -> str:
        """Append ids and return the text that is now certain; `last` gives up half a character."""
        self._ids.extend(ids)
        before = self._decode(self._ids[self._start : self._read])
        text = self._decode(self._ids[self._start :])
        if text.endswith("\ufffd"):
            if not last:
                return ""
            text = text.rstrip("\ufffd")
        if len(text) <= len(before):
            return ""
        self._start, self._read = self._read, len(self._ids)
        return text[len(before) :]

    def _decode(self, ids: list[int]) -> str:
        text: str = self._tokenizer.decode(
            ids, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text


class TextStream(Iterator[str]):
    """One answer, delta by delta; made by `Engine.stream`.

    Starts computing at the first `next`. Iterate it to the end, or `close` it, or use it in a
    `with` block.

    Attributes:
        stats: what the answer took; None until the stream has ended.
    """

    def __init__(
        self,
        compute: Callable[[Callable[[], bool]], Steps],
        tokenizer: Any,
        prompt_tokens: int,
        stop: threading.Event,
        translate: Callable[[BaseException], BaseException],
    ) -> None:
        """Prepare a stream.

        Args:
            compute: given a function that says whether to stop, yields the answer's steps. It
                runs in the worker and may wait for the model there; its first item comes when
                the model is its own: no tokens, no reason.
            tokenizer: the model's tokenizer.
            prompt_tokens: for the statistics.
            stop: the caller's; setting it ends the answer.
            translate: makes a typed error of any exception of the worker.
        """
        self.stats: GenerationStats | None = None
        self._deltas: queue.SimpleQueue[str | BaseException | GenerationStats] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        closed, deltas = self._closed, self._deltas

        def work() -> None:
            # Holds no reference to the stream, so that a forgotten one can be collected.
            try:
                # Closed before the reader hears of the end: it may hold the model until then.
                with closing(compute(lambda: stop.is_set() or closed.is_set())) as steps:
                    stats = _run(steps, Detokenizer(tokenizer), prompt_tokens, deltas.put)
                deltas.put(stats)
            except BaseException as error:
                deltas.put(translate(error))

        self._work = work

    def __iter__(self) -> TextStream:
        return self

    def __next__(self) -> str:
        """Return the next piece of text.

        Raises:
            StopIteration: the answer has ended; `stats` is set.
            AssistantError: the computation failed.
        """
        if self.stats is not None or self._closed.is_set():
            raise StopIteration
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="llama-e", daemon=True)
            self._thread.start()
        item = self._deltas.get()
        if isinstance(item, str):
            return item
        self._closed.set()
        self._thread.join()
        if isinstance(item, GenerationStats):
            self.stats = item
            raise StopIteration
        raise item

    def close(self) -> None:
        """End the answer: no forward pass starts after this returns. Harmless when it has ended."""
        self._closed.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
            while self.stats is None and not self._deltas.empty():
                item = self._deltas.get()
                self.stats = item if isinstance(item, GenerationStats) else None

    def __enter__(self) -> TextStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self._closed.set()


def _run(
    steps: Steps, detokenizer: Detokenizer, prompt_tokens: int, emit: Callable[[str], None]
) -> GenerationStats:
    """Emit each step's text; return the statistics of the whole answer."""
    begun = time.perf_counter()
    first: float | None = None
    count = passes = 0
    reason: FinishReason | None = None
    for tokens, reason in steps:
        if not tokens and reason is None:
            begun = time.perf_counter()
            continue
        if tokens:
            first = first or time.perf_counter() - begun
            count += len(tokens)
            passes += 1
        if delta := detokenizer.push(tokens, last=reason is not None):
            emit(delta)
        if reason is not None:
            break
    total = time.perf_counter() - begun
    return GenerationStats(
        prompt_tokens=prompt_tokens,
        new_tokens=count,
        steps=max(0, passes - 1),
        seconds_to_first_token=first or total,
        seconds_total=total,
        finish_reason=reason or "stopped",
    )
