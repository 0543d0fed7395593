"""What every room of the page shares: the assistant's parts, the store, who asks, the line."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import gradio as gr

from assistant.access.gate import Gate
from assistant.access.values import Room, User
from assistant.errors import KNOWN_ERRORS
from assistant.service import Service
from assistant.store.database import Database
from assistant.ui.line import Line
from catalog_index.errors import CatalogError
from catalog_index.manifest import Manifest, current_generation, read_manifest

__all__ = ["KNOWN_ERRORS", "Context", "told"]

_Handler = TypeVar("_Handler", bound=Callable[..., Any])


def told(handler: _Handler) -> _Handler:
    """Let a handler's known faults reach the user as their sentence; generators too."""

    @wraps(handler)
    def returns(*given: Any) -> Any:
        try:
            return handler(*given)
        except KNOWN_ERRORS as error:
            raise gr.Error(str(error), title="Not done", print_exception=False) from error

    @wraps(handler)
    def yields(*given: Any) -> Iterator[Any]:
        try:
            yield from handler(*given)
        except KNOWN_ERRORS as error:
            raise gr.Error(str(error), title="Not done", print_exception=False) from error

    return cast(_Handler, yields if inspect.isgeneratorfunction(handler) else returns)


@dataclass(frozen=True, slots=True)
class Context:
    """The parts that rooms are built from; one object serves all users."""

    service: Service
    database: Database
    gate: Gate = field(default_factory=Gate)
    line: Line = field(default_factory=Line)

    @property
    def is_demo(self) -> bool:
        """Whether the demo shop is served."""
        return self.service.settings.index is None

    @property
    def index_name(self) -> str:
        """How the page names the index."""
        return "Demo shop" if self.is_demo else self.service.index_dir.name

    def manifest(self) -> Manifest:
        """Read what the index holds now; raises `CatalogError` where it cannot be read."""
        return read_manifest(current_generation(self.service.index_dir))

    def media_root(self) -> Path | None:
        """Return where the feed's local pictures are, None where there are none."""
        try:
            root = self.manifest().media_root
        except CatalogError:
            return None
        return Path(root) if root else None

    def user(self, request: gr.Request | None) -> User:
        """Return who sent a request."""
        return self.gate.user_of(request.username if request is not None else None)

    def enter(self, request: gr.Request | None, room: Room) -> User:
        """Return who sent a request, where their role has the room.

        Raises:
            gr.Error: it has not.
        """
        user = self.user(request)
        if not user.may_open(room):
            raise gr.Error(f"Your role ({user.role}) has no {room}. Ask an admin for it.")
        return user
