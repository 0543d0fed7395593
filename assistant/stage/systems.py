"""The systems that can stand on the stage, each opened when it is first wanted.

The base model and the loaded adapter share one model in memory; another adapter is loaded once
beside it, and the least used of more than two gives way. Knows no column and no page.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import AdapterError
from assistant.model.base_model import shipped_adapter
from assistant.model.engine import Engine
from assistant.model.values import GenerationSettings
from assistant.service import Service, chosen_adapter
from assistant.stage.stepping import MeteredEngine
from assistant.stage.values import BASE, TUNED, Grounding, System, Work
from assistant.turn import Assistant, clean_message
from assistant.values import Delta, Event, Turn
from assistant.writing import TextEngine
from retrieval.asked_field import Ranker

ALONE = GenerationSettings(max_new_tokens=160, repetition_penalty=1.1)
"""How a model writes without the catalog: greedy, so that a run can be repeated."""
_OTHERS_KEPT = 2
_GROUNDING_NAMES: dict[Grounding, str] = {
    "alone": "no catalog",
    "unchecked": "catalog, checks off",
    "checked": "catalog and checks",
}


class Systems:
    """Opens systems over one service; one object serves all users.

    Args:
        service: gives model, retriever and router.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._others: OrderedDict[str, TextEngine] = OrderedDict()
        self._ranker: Ranker | None = None
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    @property
    def has_adapter(self) -> bool:
        """Whether the service runs with an adapter."""
        return chosen_adapter(self._service.settings) is not None

    def models(self) -> list[tuple[str, str]]:
        """Return (name, model) of what can be chosen: base, the adapter, those beside it."""
        chosen = chosen_adapter(self._service.settings)
        listed = [("Base model", BASE)]
        if chosen:
            listed.append((f"LLaMA-E ({Path(chosen).name})", TUNED))
        listed += [
            (f"Adapter {folder.name}", str(folder))
            for folder in adapters_beside(chosen)
            if chosen is None or folder.resolve() != Path(chosen).resolve()
        ]
        return listed

    def name(self, system: System) -> str:
        """Name a system as a reader knows it: "LLaMA-E · catalog and checks"."""
        return f"{model_name(system.model)} · {_GROUNDING_NAMES[system.grounding]}"

    def open(
        self, system: System, prompt: str, work: Work, stop: threading.Event
    ) -> Iterator[Event]:
        """Begin a system on a prompt: the model is loaded now, the work is done by iterating.

        Raises:
            AssistantError: the model or the adapter cannot be loaded, or the prompt is empty.
        """
        engine = MeteredEngine(self._engine(system.model), work)
        adapter = system.model != BASE
        message = clean_message(prompt)
        if system.grounding == "alone":
            return _alone(engine, message, stop, adapter=adapter)
        assistant = self._assistant(engine, adapter, verify=system.grounding == "checked")
        return assistant.stream(Turn(message), stop)

    def _assistant(self, engine: TextEngine, adapter: bool, *, verify: bool) -> Assistant:
        from retrieval.evidence import EvidenceRanker

        service = self._service
        parts = (service.retriever, service.router)
        with self._lock:
            if self._ranker is None:
                ranker = EvidenceRanker(service.embedder)
                Assistant(engine, *parts, ranker).warm_up()
                self._ranker = ranker
        return Assistant(engine, *parts, self._ranker, adapter=adapter, verify=verify)

    def _engine(self, model: str) -> TextEngine:
        if model == BASE:
            return self._service.engine
        if model == TUNED:
            if not self.has_adapter:
                raise AdapterError(
                    "No adapter is loaded. Start the page without `--model base`, or choose another"
                    " adapter for this column."
                )
            return self._service.engine
        return self._other(str(Path(model).expanduser().resolve()))

    def _other(self, folder: str) -> TextEngine:
        """Return another adapter's engine; the other columns go on while it is loaded."""
        if engine := self._held(folder):
            return engine
        with self._loading:
            if engine := self._held(folder):
                return engine
            loaded = self._load(folder)
            with self._lock:
                while len(self._others) >= _OTHERS_KEPT:
                    self._others.popitem(last=False)
                self._others[folder] = loaded
            return loaded

    def _held(self, folder: str) -> TextEngine | None:
        with self._lock:
            if folder in self._others:
                self._others.move_to_end(folder)
            return self._others.get(folder)

    def _load(self, folder: str) -> Engine:
        if not Path(folder).is_dir():
            raise AdapterError(
                f"There is no directory {folder}. Name one that holds an adapter:"
                " adapter_config.json and adapter_model.safetensors."
            )
        settings = self._service.settings
        options: dict[str, Any] = {
            "base_model": settings.base_model,
            "adapter": folder,
            "device": settings.device,
            "dtype": settings.dtype,
            "prompt_format": settings.prompt_format,
        }
        return Engine.load(**options)


def model_name(model: str) -> str:
    """Name a model as a reader knows it."""
    if model == BASE:
        return "Base model"
    return "LLaMA-E" if model == TUNED else f"Adapter {Path(model).name}"


def adapters_beside(chosen: str | None) -> list[Path]:
    """Return the adapters' directories beside the shipped one and beside the one in use."""
    shipped = shipped_adapter()
    roots = {folder.parent for folder in (shipped, Path(chosen) if chosen else None) if folder}
    found = [
        folder
        for root in sorted(roots)
        if root.is_dir()
        for folder in sorted(root.iterdir())
        if (folder / "adapter_config.json").is_file()
    ]
    return list(dict.fromkeys(found))


def _alone(
    engine: TextEngine, message: str, stop: threading.Event, *, adapter: bool
) -> Iterator[Event]:
    """Let the model write to the prompt. A first paragraph is the instruction, as in training."""
    instruction, gap, material = message.partition("\n\n")
    messages = [{"role": "user", "content": message}]
    if gap and material.strip():
        messages = [
            {"role": "system", "content": instruction.strip()},
            {"role": "user", "content": material.strip()},
        ]
    for text in engine.stream(messages, ALONE, stop, adapter):
        yield Delta(text)
