"""An encoder-decoder (BART, T5) as a subject: instruction and material in, text out, greedily.

Labels are written and parsed. What is longer than the encoder takes is cut at its end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from assistant.model.base_model import resolve_base, without_bars
from assistant.tasks import TASKS
from assistant.writing import task_check
from finetune.errors import EvaluationError
from finetune.evaluation.subjects import Written, judged
from finetune.pair import Pair

_LONGEST = 1024


class Seq2SeqSubject:
    """A loaded encoder-decoder."""

    def __init__(self, name: str, model: Any, tokenizer: Any, *, checked: bool = False) -> None:
        self.name = name
        self._model, self._tokenizer, self._checked = model.eval(), tokenizer, checked
        places = getattr(model.config, "max_position_embeddings", None) or _LONGEST
        self._longest = min(places, _LONGEST, tokenizer.model_max_length)

    @classmethod
    def load(cls, name: str, where: str, *, checked: bool = False) -> Seq2SeqSubject:
        """Load a model of the hub or of a directory, onto the best device there is.

        Raises:
            ModelUnavailableError: it cannot be had.
            EvaluationError: it is no encoder-decoder, or its files are broken.
        """
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

        folder = str(resolve_base(where))
        try:
            with without_bars():
                model = AutoModelForSeq2SeqLM.from_pretrained(folder)
            tokenizer = AutoTokenizer.from_pretrained(folder)
        except (OSError, ValueError, KeyError, ImportError) as error:
            said = str(error).strip().splitlines() or [type(error).__name__]
            raise EvaluationError(f"{where} cannot be used as seq2seq: {said[0]}") from error
        device = "cuda" if torch.cuda.is_available() else "cpu"
        return cls(name, model.to(device), tokenizer, checked=checked)

    def answer(self, pairs: Sequence[Pair]) -> Iterator[Written]:
        """Yield what the model writes, pair by pair."""
        for pair in pairs:
            task, inputs = TASKS[pair.task], pair.read()
            start = time.perf_counter()
            if (settled := task.settled(inputs)) is not None:
                yield judged(pair, settled, settled.text, 0.0)
                continue
            raw, tokens = self._generate(pair, task.settings.max_new_tokens)
            draft = task.parse(raw, inputs)
            if self._checked and raw:
                draft = task_check(task, inputs, draft)[0]
            yield judged(pair, draft, raw, time.perf_counter() - start, tokens)

    def log_likelihood(self, pair: Pair) -> tuple[float, int]:
        """Score the reference output, its end included."""
        labels = self._tokenizer(pair.output)["input_ids"]
        end = self._tokenizer.eos_token_id
        labels = labels if labels[-1:] == [end] or end is None else [*labels, end]
        wanted = torch.tensor([labels], device=self._model.device)
        with torch.inference_mode():
            logits = self._model(**self._encoded(pair), labels=wanted).logits.float()
        chances = logits.log_softmax(-1).gather(-1, wanted[..., None])
        return float(chances.sum()), len(labels)

    def _generate(self, pair: Pair, most: int) -> tuple[str, int]:
        encoded = self._encoded(pair)
        with torch.inference_mode():
            ids = self._model.generate(
                **encoded, max_new_tokens=most, num_beams=1, do_sample=False
            )[0]
        text: str = self._tokenizer.decode(ids, skip_special_tokens=True)
        return text.strip(), len(ids) - 1

    def _encoded(self, pair: Pair) -> dict[str, Any]:
        prompt = pair.prompt()
        text = f"{prompt.instruction}\n{prompt.material}"
        encoded = self._tokenizer(
            text, truncation=True, max_length=self._longest, return_tensors="pt"
        )
        return {
            name: encoded[name].to(self._model.device) for name in ("input_ids", "attention_mask")
        }
