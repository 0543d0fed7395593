"""The values that travel in and out of the engine. Frozen; importing them loads no library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Message = Mapping[str, str]
"""One chat message: {"role": "system" | "user" | "assistant", "content": text}."""

PromptFormat = Literal["chat", "alpaca"]
FinishReason = Literal["stop", "length", "stopped"]
PROMPT_FORMATS: tuple[PromptFormat, ...] = ("chat", "alpaca")


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """How to decode one answer.

    Raises:
        ValueError: a field is out of its range; the message names the field and the range.
    """

    max_new_tokens: int = 256
    """Longest answer, in tokens."""
    temperature: float = 0.0
    """0 takes the likeliest token at each step (greedy); above 0 samples."""
    top_p: float = 1.0
    """Sample only from the likeliest tokens that together hold this probability."""
    top_k: int = 0
    """Sample only from this many likeliest tokens; 0 sets no limit."""
    repetition_penalty: float = 1.0
    """Above 1, tokens already seen in prompt or answer become less likely (arXiv 1909.05858)."""
    prompt_lookup: bool = True
    """Draft tokens by copying from the prompt; faster, and the same text as without."""
    seed: int = 0
    """Seed of the sampling; the same seed and settings give the same answer."""

    def __post_init__(self) -> None:
        faults = [
            f"{name} is {value}, and must be {rule}"
            for name, value, good, rule in (
                ("max_new_tokens", self.max_new_tokens, self.max_new_tokens >= 1, "at least 1"),
                ("temperature", self.temperature, self.temperature >= 0, "0 or more"),
                ("top_p", self.top_p, 0 < self.top_p <= 1, "above 0 and at most 1"),
                ("top_k", self.top_k, self.top_k >= 0, "0 or more"),
                ("repetition_penalty", self.repetition_penalty, self.repetition_penalty > 0, "> 0"),
            )
            if not good
        ]
        if faults:
            raise ValueError("; ".join(faults))


@dataclass(frozen=True, slots=True)
class GenerationStats:
    """What one answer took."""

    prompt_tokens: int
    new_tokens: int
    steps: int
    """Forward passes after the prompt; fewer than `new_tokens` where drafts were right."""
    seconds_to_first_token: float
    seconds_total: float
    """From the start of the work, waiting for another user's answer left out."""
    finish_reason: FinishReason

    @property
    def stopped(self) -> bool:
        """Whether the caller stopped the answer before its end."""
        return self.finish_reason == "stopped"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is loaded, in words that a page or `llama-e doctor` can show."""

    base: str
    adapter: str | None
    device: str
    dtype: str
    parameters: int
    prompt_format: PromptFormat
    context_length: int
    reason: str
    """Why this device and this number format."""

    def __str__(self) -> str:
        """Name base and adapter: "SmolLM2-135M-Instruct · base model, no adapter"."""
        return f"{self.base} · {self.adapter or 'base model, no adapter'}"
