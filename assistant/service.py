"""Settings in, a working assistant out: the one place that puts model, index and router together.

Every part is opened when it is first needed, so that `search` loads no language model and
`route` opens no index.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from catalog_index.cache import cache_root
from catalog_index.embedding import Embedder, MiniLMEmbedder

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

    from assistant.model.engine import Engine
    from assistant.router import IntentRouter
    from assistant.turn import Assistant

BASE_ONLY = "base"
T = TypeVar("T")


class Settings(BaseModel):
    """What the command line can choose.

    `base_model` None is the embedded model, with the shipped adapter unless `adapter` names
    another; `base_only` leaves any adapter out;
    `retriever` names an entry point of the group `llama_e.retrievers`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    index: Path | None = None
    base_model: str | None = None
    adapter: str | None = None
    base_only: bool = False
    prompt_format: str | None = None
    device: str | None = None
    dtype: str | None = None
    retriever: str = "hybrid"
    retriever_options: Mapping[str, str] = {}


class _OpenedOnce(Generic[T]):
    """A property computed once, under its object's lock; `functools.cached_property` has none."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, service: Service, owner: type | None = None) -> T:
        with service.lock:
            parts = vars(service)
            if self._name not in parts:
                parts[self._name] = self._make(service)
            part: T = parts[self._name]
            return part


class Service:
    """The parts of the assistant, each opened once, on first use; safe to share between threads."""

    def __init__(self, settings: Settings, say: Callable[[str], None] = lambda _: None) -> None:
        self.settings = settings
        self._say = say
        self.lock = threading.RLock()

    @_OpenedOnce
    def embedder(self) -> MiniLMEmbedder:
        """The embedder that index, router and evidence ranking share."""
        return MiniLMEmbedder()

    @property
    def index_dir(self) -> Path:
        """The index directory: the chosen one, else the demo's."""
        return self.settings.index or demo_index_dir()

    @_OpenedOnce
    def router(self) -> IntentRouter:
        """The intent router, fitted on first use ever."""
        from assistant.router import IntentRouter

        return IntentRouter.load_default(self.embedder, cache_root() / "router")

    @_OpenedOnce
    def retriever(self) -> BaseRetriever:
        """The retriever over the index."""
        from retrieval.registry import open_retriever

        if self.settings.index is None:
            ensure_demo_index(self._say, self.embedder)
        return open_retriever(
            self.index_dir,
            self.embedder,
            self.settings.retriever,
            self.settings.retriever_options,
        )

    @_OpenedOnce
    def engine(self) -> Engine:
        """The loaded model."""
        from assistant.model.engine import Engine

        return Engine.load(
            base_model=self.settings.base_model,
            adapter=chosen_adapter(self.settings),
            device=self.settings.device,
            dtype=self.settings.dtype,
            prompt_format=self.settings.prompt_format,
        )

    @_OpenedOnce
    def assistant(self) -> Assistant:
        """The assistant over all of it."""
        from assistant.turn import Assistant
        from retrieval.evidence import EvidenceRanker

        retriever, router, engine = self.retriever, self.router, self.engine
        return Assistant(engine, retriever, router, EvidenceRanker(self.embedder))


def chosen_adapter(settings: Settings) -> str | None:
    """Return the adapter that the settings ask for: the shipped one fits the embedded model."""
    from assistant.model.base_model import shipped_adapter

    if settings.base_only:
        return None
    if settings.adapter is None and settings.base_model is None:
        shipped = shipped_adapter()
        return str(shipped) if shipped else None
    return settings.adapter


def demo_index_dir() -> Path:
    """Return where the demo shop's index is kept."""
    return cache_root() / "demo" / "index"


def ensure_demo_index(say: Callable[[str], None], embedder: Embedder) -> Path:
    """Write the demo shop's feed and build its index, unless this version's is there already.

    Raises:
        CatalogError: the disk is full or refuses.
    """
    from catalog_index.build import Options, build_index
    from catalog_index.demo import write_demo
    from catalog_index.durable import replace_file, storage_errors
    from catalog_index.errors import CatalogError
    from catalog_index.manifest import current_generation, read_manifest
    from catalog_index.progress import progress_bar

    out = demo_index_dir()
    stamp, current = out.parent / "VERSION", _demo_digest()
    try:
        read_manifest(current_generation(out)).check_embedder(embedder)
        if stamp.read_text(encoding="utf-8") == current:
            return out
    except (CatalogError, OSError):
        pass
    say("Building the demo shop's index (once) ...")
    with storage_errors(out.parent):
        files = write_demo(out.parent / "shop")
    with progress_bar() as progress:
        build_index(
            [files.feed, files.directory / "policies"],
            out,
            embedder=embedder,
            options=Options(progress=progress),
        )
    replace_file(stamp, current.encode())
    return out


_INDEXING = ("demo", "lexical", "parsing", "readers", "*.py")
"""The parts of `catalog_index` that decide what of a feed an index holds."""


def _demo_digest() -> str:
    """Return a digest of the demo's sources and of the modules that turn them into an index."""
    package = Path(str(resources.files("catalog_index")))
    sources = [file for part in _INDEXING for path in package.glob(part) for file in _files(path)]
    digest = hashlib.sha256()
    for file in sorted(sources):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    inside = path.rglob("*") if path.is_dir() else [path]
    return [file for file in inside if file.suffix in (".py", ".md")]
