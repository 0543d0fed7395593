"""The engine: text messages in, text deltas out. Knows nothing of products, tasks or pages.

One loaded model, one adapter that can be switched off exactly, one answer at a time: a lock
guards switching and generating together, so that two users never mix, and who waits for it can
still be stopped. Stopping or closing a stream ends the compute before its next forward pass.
Every fault comes as one of `assistant.errors`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import torch

from assistant.errors import (
    AssistantError,
    GenerationError,
    GenerationStopped,
    PromptTooLongError,
)
from assistant.model.decoding import PREFILL_CHUNK, generate
from assistant.model.device import DeviceChoice, choose_device
from assistant.model.fused_forward import FusedForward, can_fuse
from assistant.model.hub_forward import HubForward
from assistant.model.loading import LoadedModel, load_model, memory_faults
from assistant.model.prompt import choose_format, encode_prompt, encode_text, render_prompt
from assistant.model.text_stream import Steps, TextStream
from assistant.model.values import GenerationSettings, Message, ModelInfo

_WAIT_SECONDS = 0.05
_SCORED_ROWS = 64
_STOPPED = "Stopped before the labels were scored; ask again."


class Engine:
    """A loaded model that answers; see the module's text. Make one with `Engine.load`."""

    def __init__(
        self,
        loaded: LoadedModel,
        choice: DeviceChoice,
        prompt_format: str | None = None,
        fast: bool = True,
    ) -> None:
        """Wrap a loaded model.

        Args:
            loaded: model, tokenizer and names.
            choice: where it runs.
            prompt_format: "chat" or "alpaca"; None chooses by the tokenizer.
            fast: on a processor, use `FusedForward` where it can, with 8-bit decoding in bf16.
        """
        model, self._tokenizer = loaded.model, loaded.tokenizer
        form = choose_format(self._tokenizer, prompt_format)
        base = model.get_base_model() if hasattr(model, "peft_config") else model
        ends = {self._tokenizer.eos_token_id}
        for config in (base.config, base.generation_config):
            end = getattr(config, "eos_token_id", None)
            ends |= set(end) if isinstance(end, (list, tuple)) else {end}
        self._end_tokens: frozenset[int] = frozenset(ends - {None})
        self._context: int = base.config.max_position_embeddings
        is_fused = fast and can_fuse(model)
        is_quantized = is_fused and choice.dtype == "bfloat16"
        self._info = ModelInfo(
            base=loaded.base_name,
            adapter=loaded.adapter_name,
            device=choice.device,
            dtype=choice.dtype + (" (int8 decoding)" if is_quantized else ""),
            parameters=sum(p.numel() for n, p in base.named_parameters() if "lora_" not in n),
            prompt_format=form,
            context_length=self._context,
            reason=choice.reason,
        )
        self._forward: FusedForward | HubForward
        with torch.inference_mode(), memory_faults(f"preparing {loaded.base_name}"):
            self._forward = FusedForward(model, is_quantized) if is_fused else HubForward(model)
        self._lock = threading.Lock()

    @classmethod
    def load(
        cls,
        base_model: str | None = None,
        adapter: str | None = None,
        device: str | None = None,
        dtype: str | None = None,
        prompt_format: str | None = None,
        *,
        fast: bool | None = None,
    ) -> Engine:
        """Load a model.

        Args:
            base_model: None for the embedded SmolLM2-135M-Instruct, a directory, or a hub id.
            adapter: a PEFT adapter's directory or hub id; None for the base model alone.
            device: see `choose_device`.
            dtype: see `choose_device`.
            prompt_format: "chat" or "alpaca"; None for "chat" where there is a chat template.
            fast: on a processor, run LLaMAs by `FusedForward`, and in bf16 decode from 8-bit
                weights; None for `LLAMA_E_FAST` (0 is off), else on.

        Raises:
            ModelUnavailableError: the base model or the device cannot be had.
            AdapterError: the adapter cannot be had or does not fit the base model.
            ModelMemoryError: there is too little memory.
            GenerationError: the prompt format is unknown or does not fit the tokenizer.
        """
        if fast is None:
            fast = os.environ.get("LLAMA_E_FAST", "1") != "0"
        choice = choose_device(device, dtype)
        copies = 2.6 if fast and choice.device == "cpu" else 1.2
        loaded = load_model(base_model, adapter, choice, copies)
        return cls(loaded, choice, prompt_format, fast)

    @property
    def context_length(self) -> int:
        """The most tokens that prompt and answer can have together."""
        return self._context

    def describe(self) -> ModelInfo:
        """Say what is loaded, and where it runs."""
        return self._info

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return the length in tokens of the prompt that these messages become."""
        return len(self._encode(messages))

    def stream(
        self,
        messages: Sequence[Message],
        settings: GenerationSettings | None = None,
        stop: threading.Event | None = None,
        adapter: bool = True,
    ) -> TextStream:
        """Answer: an iterator of text deltas, with `close()` and, at its end, `stats`.

        Args:
            messages: the conversation, its last message the one to answer.
            settings: how to decode; the answer also ends where the context does.
            stop: setting it ends the answer before the next forward pass, waiting included.
            adapter: False answers as exactly the base model.

        Raises:
            PromptTooLongError: the prompt leaves no room for an answer.
            GenerationError: the messages are none or refused; while iterating, also that the
                model failed.
            ModelMemoryError: while iterating, the memory ran out.
        """
        settings = settings or GenerationSettings()
        prompt = self._fitting(self._encode(messages))
        room = min(settings.max_new_tokens, self._context - len(prompt))
        limits = replace(settings, max_new_tokens=room)

        def compute(is_stopped: Callable[[], bool]) -> Steps:
            if not self._acquire(is_stopped):
                yield [], "stopped"
                return
            try:
                with torch.inference_mode(), self._forward.adapter(adapter):
                    yield [], None
                    yield from generate(self._forward, prompt, limits, self._end_tokens, is_stopped)
            finally:
                self._lock.release()

        stop = stop or threading.Event()
        return TextStream(compute, self._tokenizer, len(prompt), stop, _typed)

    def score_labels(
        self,
        messages: Sequence[Message],
        labels: Sequence[str],
        adapter: bool = True,
        normalize: bool = False,
        stop: threading.Event | None = None,
    ) -> list[float]:
        """Return each label's log-probability as the whole answer, its end included.

        The prompt is computed once; all labels then go through the model together, each seeing
        the prompt and itself.

        Args:
            messages: the conversation that a label would answer.
            labels: possible answers, none empty.
            adapter: False scores with exactly the base model.
            normalize: divide by the label's length in tokens.
            stop: setting it ends the scoring before the next forward pass, waiting included.

        Raises:
            GenerationStopped: `stop` was set before the scores were there.
            PromptTooLongError: prompt and longest label do not fit the context.
            GenerationError: a label is empty, or the model failed.
            ModelMemoryError: the memory ran out.
        """
        if not labels or not all(labels):
            raise GenerationError("A label to score is empty; name every label.")
        form = self._info.prompt_format
        text = render_prompt(self._tokenizer, messages, form)
        prompt = self._fitting(encode_text(self._tokenizer, text, form))
        ends = [self._completion(text, prompt, label) for label in labels]
        self._fitting([0] * (len(prompt) + max(map(len, ends))))
        stop = stop or threading.Event()
        if not self._acquire(stop.is_set):
            raise GenerationStopped(_STOPPED)
        try:
            with torch.inference_mode(), self._forward.adapter(adapter):
                scores = self._score(prompt, ends, stop)
        except AssistantError:
            raise
        except Exception as error:
            raise _typed(error) from error
        finally:
            self._lock.release()
        if normalize:
            return [score / len(end) for score, end in zip(scores, ends, strict=True)]
        return scores

    def warm_up(self) -> None:
        """Answer once with a few tokens, so that the first user does not wait for set-up work."""
        settings = GenerationSettings(max_new_tokens=4)
        for _ in self.stream([{"role": "user", "content": "Hello."}], settings):
            pass

    def _encode(self, messages: Sequence[Message]) -> list[int]:
        return encode_prompt(self._tokenizer, messages, self._info.prompt_format)

    def _fitting(self, prompt: list[int]) -> list[int]:
        if len(prompt) >= self._context:
            raise PromptTooLongError(len(prompt), self._context - 1)
        return prompt

    def _acquire(self, is_stopped: Callable[[], bool]) -> bool:
        while not is_stopped():
            if self._lock.acquire(timeout=_WAIT_SECONDS):
                return True
        return False

    def _completion(self, text: str, prompt: list[int], label: str) -> list[int]:
        """Return the ids that follow the prompt's when the answer is `label`, end token included.

        Both are tokenized in one, as in training, unless the seam then falls inside a token.
        """
        whole = encode_text(self._tokenizer, text + label, self._info.prompt_format)
        if whole[: len(prompt)] == prompt and len(whole) > len(prompt):
            ids = whole[len(prompt) :]
        else:
            ids = self._tokenizer(label, add_special_tokens=False)["input_ids"]
        end = self._tokenizer.eos_token_id
        return [*ids, end] if end is not None else ids

    def _score(
        self, prompt: list[int], ends: list[list[int]], stop: threading.Event
    ) -> list[float]:
        """Sum each completion's log-probabilities, prompt shared."""
        cache = self._forward.new_cache(len(prompt) + _SCORED_ROWS)
        for start in range(0, len(prompt), PREFILL_CHUNK):
            _go_on(stop)
            logits = self._forward.step(prompt[start : start + PREFILL_CHUNK], cache, keep=1)
        first = logits[-1].float().log_softmax(-1)
        scores = [float(first[end[0]]) for end in ends]
        for batch in _batches(ends):
            rows = [(number, at) for number in batch for at in range(len(ends[number]) - 1)]
            if not rows:
                continue
            ids = [ends[number][at] for number, at in rows]
            _go_on(stop)
            mask, positions = _label_mask(rows, len(prompt))
            logits = self._forward.step(ids, cache, len(ids), positions, mask)
            self._forward.rewind(cache, len(ids))
            wanted = torch.tensor([ends[number][at + 1] for number, at in rows])
            chances = logits.float().cpu().log_softmax(-1).gather(1, wanted[:, None])[:, 0]
            for (number, _), chance in zip(rows, chances.tolist(), strict=True):
                scores[number] += chance
        return scores


def _go_on(stop: threading.Event) -> None:
    if stop.is_set():
        raise GenerationStopped(_STOPPED)


def _batches(ends: list[list[int]]) -> Iterator[list[int]]:
    """Group completions, by number, into passes of about `_SCORED_ROWS` rows."""
    batch: list[int] = []
    rows = 0
    for number, end in enumerate(ends):
        if batch and rows + len(end) - 1 > _SCORED_ROWS:
            yield batch
            batch, rows = [], 0
        batch.append(number)
        rows += len(end) - 1
    yield batch


def _label_mask(rows: list[tuple[int, int]], prefix: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Let each row see the prompt and its own label so far.

    Returns:
        mask (R, prefix + R), True where a row may look, and positions (R,).
    """
    label = torch.tensor([number for number, _ in rows])
    at = torch.tensor([place for _, place in rows])
    own = (label[:, None] == label[None]) & (at[None] <= at[:, None])
    return torch.cat((torch.ones(len(rows), prefix, dtype=torch.bool), own), 1), prefix + at


def _typed(error: BaseException) -> BaseException:
    """Make an `AssistantError` of whatever the model raised."""
    if isinstance(error, AssistantError) or not isinstance(error, Exception):
        return error
    try:
        with memory_faults("answering"):
            raise error
    except AssistantError as typed:
        return typed
    except Exception:
        typed_error = GenerationError(
            f"The model failed while answering ({type(error).__name__}: {error}); try again, and "
            "if it stays so, run `llama-e doctor`."
        )
        typed_error.__cause__ = error
        return typed_error
