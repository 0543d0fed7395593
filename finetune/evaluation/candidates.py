"""The subjects that a command names, as candidates with what they are; opens none.

"base" is the recipe's base model, "llama-e" the shipped adapter on it, "adapter:DIR" another,
"hub:X" any causal language model, "seq2seq:X" an encoder-decoder, "server:M" a model of a server.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.model.base_model import EMBEDDED_NAME, shipped_adapter
from catalog_index.durable import sha256_of
from finetune.errors import EvaluationError
from finetune.evaluation.run import Candidate
from finetune.evaluation.subjects import Subject

WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
KINDS = ("base", "llama-e", "adapter:DIR", "hub:ID_OR_DIR", "seq2seq:ID_OR_DIR", "server:MODEL")


def candidates(
    specs: Sequence[str],
    *,
    base_model: str | None = None,
    prompt_format: str | None = None,
    fast: bool | None = None,
    checked: bool = False,
    free: bool = False,
) -> list[Candidate]:
    """Return a candidate for each spec.

    Args:
        specs: as the command line has them.
        base_model: of "base", "llama-e" and "adapter:DIR", as `Engine.load` takes it.
        prompt_format: of the same.
        fast: False for exact arithmetic.
        checked: judge what is served.
        free: let labels be written.

    Raises:
        EvaluationError: a spec is unknown, or its adapter is not there.
    """
    found = []
    for spec in dict.fromkeys(specs):
        kind, _, where = spec.partition(":")
        if kind in ("base", "llama-e") and not where:
            adapter = _shipped() if kind == "llama-e" else None
            base = base_model
        elif kind == "adapter" and where:
            adapter, base = Path(where), base_model
        elif kind == "hub" and where:
            adapter, base = None, where
        elif kind in ("seq2seq", "server") and where:
            found.append(_other(spec, kind, where, checked=checked))
            continue
        else:
            raise EvaluationError(f"There is no subject {spec!r}; subjects: {', '.join(KINDS)}.")
        is_fast = fast is not False and os.environ.get("LLAMA_E_FAST", "1") != "0"
        identity = {
            "base": base or EMBEDDED_NAME,
            "adapter": f"sha256 {_digest(adapter)}" if adapter else "",
            "format": (prompt_format or "") if kind != "hub" else "",
            "decoding": "as served" if is_fast else "exact",
            "labels": "written" if free else "by likelihood",
            "output": "as served" if checked else "draft",
        }
        form = None if kind == "hub" else prompt_format
        opener = _engine(spec, base, adapter, form, fast=fast, checked=checked, free=free)
        found.append(Candidate(spec, identity, opener))
    return found


def _engine(
    name: str,
    base: str | None,
    adapter: Path | None,
    form: str | None,
    *,
    fast: bool | None,
    checked: bool,
    free: bool,
) -> Callable[[], Subject]:
    def opened() -> Subject:
        from finetune.evaluation.subjects import EngineSubject

        where = str(adapter) if adapter else None
        return EngineSubject.load(
            name, base, where, prompt_format=form, fast=fast, checked=checked, free=free
        )

    return opened


def _other(spec: str, kind: str, where: str, *, checked: bool) -> Candidate:
    def opened() -> Subject:
        if kind == "server":
            from finetune.evaluation.server_subject import ServerSubject

            return ServerSubject.from_environment(spec, where, checked=checked)
        from finetune.evaluation.seq2seq_subject import Seq2SeqSubject

        return Seq2SeqSubject.load(spec, where, checked=checked)

    output = "as served" if checked else "draft"
    return Candidate(spec, {"model": where, "labels": "written", "output": output}, opened)


def _shipped() -> Path:
    folder = shipped_adapter()
    if folder is None:
        raise EvaluationError(
            "No adapter is shipped here, so there is no subject 'llama-e'; name one with"
            " --subject adapter:DIR."
        )
    return folder


def _digest(adapter: Path) -> str:
    for name in WEIGHTS:
        if (adapter / name).is_file():
            return sha256_of(adapter / name)
    raise EvaluationError(
        f"{adapter} holds no adapter ({WEIGHTS[0]}); check --subject adapter:DIR."
    )
