"""The subjects that a command names, as candidates with what they are; opens none.

"base" is the recipe's base model, "llama-e" the shipped adapter on it, "adapter:DIR" another,
"hub:X" any causal language model, "seq2seq:X" an encoder-decoder, "server:M" a model of a server.
What lies in a directory is known by the digest of its files, so that a run that goes on never
takes the outputs of a model that was there before for those of the one that is there now.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from assistant.model.base_model import EMBEDDED_NAME, shipped_adapter
from catalog_index.durable import sha256_of
from finetune.errors import EvaluationError
from finetune.evaluation.run import Candidate
from finetune.evaluation.subjects import Subject

WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
KINDS = ("base", "llama-e", "adapter:DIR", "hub:ID_OR_DIR", "seq2seq:ID_OR_DIR", "server:MODEL")
_MODEL_FILES = frozenset(
    (".safetensors", ".bin", ".json", ".jinja", ".txt", ".model", ".tiktoken", ".spm", ".vocab")
)
"""Suffixes of weights, configurations, tokenizers and their templates."""


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
        EvaluationError: a spec is unknown, its adapter is not there, or its directory holds no
            model or cannot be read.
    """
    found = []
    digest_of = cache(_model_digest)  # several subjects may share a large base
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
            digest = digest_of(where) if kind == "seq2seq" else {}
            found.append(_other(spec, kind, where, digest, checked=checked))
            continue
        else:
            raise EvaluationError(f"There is no subject {spec!r}; subjects: {', '.join(KINDS)}.")
        is_fast = fast is not False and os.environ.get("LLAMA_E_FAST", "1") != "0"
        identity = {
            "base": base or EMBEDDED_NAME,
            **(digest_of(base) if base else {}),
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


def _other(
    spec: str, kind: str, where: str, digest: Mapping[str, str], *, checked: bool
) -> Candidate:
    def opened() -> Subject:
        if kind == "server":
            from finetune.evaluation.server_subject import ServerSubject

            return ServerSubject.from_environment(spec, where, checked=checked)
        from finetune.evaluation.seq2seq_subject import Seq2SeqSubject

        return Seq2SeqSubject.load(spec, where, checked=checked)

    output = "as served" if checked else "draft"
    identity = {"model": where, **digest, "labels": "written", "output": output}
    return Candidate(spec, identity, opened)


def _shipped() -> Path:
    folder = shipped_adapter()
    if folder is None:
        raise EvaluationError(
            "No adapter is shipped here, so there is no subject 'llama-e'; name one with"
            " --subject adapter:DIR."
        )
    return folder


def _digest(adapter: Path) -> str:
    if not any((adapter / name).is_file() for name in WEIGHTS):
        raise EvaluationError(
            f"{adapter} holds no adapter ({WEIGHTS[0]}); check --subject adapter:DIR."
        )
    return _files_digest(adapter)


def _model_digest(where: str) -> dict[str, str]:
    """Return what tells a model's directory from another state of it; {} for a hub id."""
    folder = Path(where).expanduser()
    if not folder.is_dir():
        return {}
    if not (folder / "config.json").is_file():
        raise EvaluationError(
            f"{folder} holds no model: it has no config.json. Name the directory that"
            " `save_pretrained` or `llama-e finetune merge` wrote."
        )
    return {"digest": f"sha256 {_files_digest(folder)}"}


def _files_digest(folder: Path) -> str:
    """Return the SHA-256 of a line `NAME NUL SHA-256-OF-THE-CONTENT` for each file that counts.

    Those are the files that decide what a model or an adapter writes, in the order of their names.
    """
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in _MODEL_FILES and path.is_file():
            whole.update(os.fsencode(path.name) + f"\0{_file_digest(path)}\n".encode())
    return whole.hexdigest()


def _file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, which is read piece by piece.

    Raises:
        EvaluationError: it cannot be read.
    """
    try:
        return sha256_of(path)
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror or error}.") from error
