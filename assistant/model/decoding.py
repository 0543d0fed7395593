"""Prompt ids in, new token ids out: the decode loop, its sampling and its drafts.

Knows nothing of text, chats or models' insides: it drives a `Forward` and hands out token ids.
Drafts come by prompt lookup (arXiv 2304.04487): what followed the last few tokens where they
stood before is proposed, and one forward pass checks the whole draft. Each token is chosen from
the model's own distribution, and a draft is kept only where it equals that choice, so drafts
change the speed and never the text, sampled or greedy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import torch

from assistant.model.values import FinishReason, GenerationSettings

PREFILL_CHUNK = 512
"""Prompt tokens per forward pass: a stop is heeded between two of them."""
DRAFT_TOKENS = 4
_NGRAMS = (3, 2, 1)


class Forward(Protocol):
    """A causal model with a key-value cache for one sequence."""

    def new_cache(self, capacity: int) -> Any:
        """Return an empty cache that can hold `capacity` tokens."""

    def step(
        self,
        ids: Sequence[int],
        cache: Any,
        keep: int,
        positions: torch.Tensor | None = None,
        mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Append tokens `ids` (T,) to the cache; return the last `keep` logits, (keep, V).

        `positions` (T,) and `mask` (T, cached + T; True where a row may look) replace the
        causal default.
        """

    def rewind(self, cache: Any, count: int) -> None:
        """Forget the cache's last `count` tokens."""


class PromptLookup:
    """Finds what followed the newest tokens where they stood before."""

    def __init__(self) -> None:
        self._tokens: list[int] = []
        self._after: dict[tuple[int, ...], int] = {}

    def extend(self, tokens: Sequence[int]) -> None:
        """Append tokens, remembering for each n-gram before a token where that token stands."""
        for token in tokens:
            position = len(self._tokens)
            for size in _NGRAMS:
                if position >= size:
                    self._after[tuple(self._tokens[position - size :])] = position
            self._tokens.append(token)

    def draft(self, count: int) -> list[int]:
        """Propose up to `count` next tokens, [] where the newest tokens are new in this text."""
        for size in _NGRAMS:
            position = self._after.get(tuple(self._tokens[-size:]))
            if position is not None and len(self._tokens) > size:
                return self._tokens[position : position + count]
        return []


class TokenChooser:
    """Chooses one token a row of logits, by the settings; keeps the random state."""

    def __init__(self, settings: GenerationSettings, seen: Sequence[int]) -> None:
        self._settings = settings
        self._seen = set(seen)
        self._random = torch.Generator().manual_seed(settings.seed)
        self.plain_greedy = settings.temperature == 0 and settings.repetition_penalty == 1

    def choose(self, logits: torch.Tensor) -> int:
        """Choose the next token from one row of logits, shape (V,)."""
        settings = self._settings
        scores = logits.float().cpu()
        if settings.repetition_penalty != 1:
            seen = torch.tensor(sorted(self._seen))
            old = scores[seen]
            penalty = settings.repetition_penalty
            scores = scores.index_copy(0, seen, torch.where(old < 0, old * penalty, old / penalty))
        token = int(scores.argmax()) if settings.temperature == 0 else self._sample(scores)
        self._seen.add(token)
        return token

    def _sample(self, scores: torch.Tensor) -> int:
        settings = self._settings
        count = min(settings.top_k or scores.numel(), scores.numel())
        best, tokens = torch.topk(scores / settings.temperature, count)
        probabilities = best.softmax(-1)
        if settings.top_p < 1:
            before = probabilities.cumsum(-1) - probabilities
            probabilities = probabilities.masked_fill(before >= settings.top_p, 0.0)
        return int(tokens[torch.multinomial(probabilities, 1, generator=self._random)])


def generate(
    forward: Forward,
    prompt: Sequence[int],
    settings: GenerationSettings,
    end_tokens: frozenset[int],
    is_stopped: Callable[[], bool],
) -> Iterator[tuple[list[int], FinishReason | None]]:
    """Yield (new tokens, finish reason) step by step; the reason is None until the last step.

    Args:
        forward: the model to drive.
        prompt: token ids, shape (T,), T >= 1.
        settings: how to decode; `max_new_tokens` must fit the context beside the prompt.
        end_tokens: ids that end the answer; they are not handed out.
        is_stopped: asked before every forward pass; when it says True, no other pass is run.
    """
    cache = forward.new_cache(len(prompt) + settings.max_new_tokens + DRAFT_TOKENS)
    chooser = TokenChooser(settings, prompt)
    lookup = PromptLookup()
    lookup.extend(prompt)
    logits = torch.empty(0)
    for start in range(0, len(prompt), PREFILL_CHUNK):
        if is_stopped():
            yield [], "stopped"
            return
        logits = forward.step(prompt[start : start + PREFILL_CHUNK], cache, keep=1)
    draft: list[int] = []
    produced = 0
    while True:
        accepted, ended = _accept(logits, draft, chooser, end_tokens)
        produced += len(accepted)
        reason: FinishReason | None = None
        if ended:
            reason = "stop"
        elif produced >= settings.max_new_tokens:
            reason = "length"
        elif is_stopped():
            reason = "stopped"
        yield accepted, reason
        if reason:
            return
        if is_stopped():
            yield [], "stopped"
            return
        forward.rewind(cache, len(draft) + 1 - len(accepted))
        lookup.extend(accepted)
        room = settings.max_new_tokens - produced - 1
        draft = lookup.draft(min(DRAFT_TOKENS, room)) if settings.prompt_lookup else []
        logits = forward.step([accepted[-1], *draft], cache, keep=len(draft) + 1)


def _accept(
    logits: torch.Tensor, draft: Sequence[int], chooser: TokenChooser, end_tokens: frozenset[int]
) -> tuple[list[int], bool]:
    """Choose tokens row by row, for as long as the draft foresaw them.

    Returns:
        The tokens to append, without an end token, and whether an end token came. `logits` has
        shape (len(draft) + 1, V).
    """
    greedy = logits.argmax(-1).tolist() if chooser.plain_greedy else None
    accepted: list[int] = []
    for row in range(len(draft) + 1):
        token = greedy[row] if greedy else chooser.choose(logits[row])
        if token in end_tokens:
            return accepted, True
        accepted.append(token)
        if row < len(draft) and token != draft[row]:
            break
    return accepted, False
