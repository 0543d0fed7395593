"""The focus of a conversation as a plain value: it can be shown, stored, sent and reset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

_MAX_PRODUCTS, _MAX_LISTED, _MAX_TEXT = 3, 10, 500


@dataclass(frozen=True, slots=True)
class DialogueState:
    """What the next message may lean on; all ids are those of products.

    `products` are in focus: "it" is the first, "both" all of them; `mentioned` are those that the
    conversation was about, in their order. `listed` is the last list as it was numbered, `query`
    the search that made it, with its conditions. `question` is what was last asked of a product,
    its names left out ("how heavy is it?"), `task` the last turn's intent. `choices` were offered
    for a question that waits for one of them.
    """

    products: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    query: str = ""
    question: str = ""
    task: str = ""
    choices: tuple[str, ...] = ()

    def about(self, products: Iterable[str]) -> DialogueState:
        """Return the state with other products in focus."""
        focus = tuple(dict.fromkeys(products))[:_MAX_PRODUCTS]
        mentioned = tuple(dict.fromkeys((*self.mentioned, *focus)))
        return replace(self, products=focus, mentioned=mentioned[-_MAX_LISTED:], choices=())

    def to_json(self) -> dict[str, Any]:
        """Return the state as plain JSON values, empty parts left out."""
        return {name: _plain(value) for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, value: Any) -> DialogueState:
        """Read what `to_json` wrote; anything else in it is dropped, too much of it cut."""
        given = value if isinstance(value, Mapping) else {}
        return cls(
            products=_ids(given.get("products"), _MAX_PRODUCTS),
            mentioned=_ids(given.get("mentioned"), _MAX_LISTED),
            listed=_ids(given.get("listed"), _MAX_LISTED),
            query=_text(given.get("query")),
            question=_text(given.get("question")),
            task=_text(given.get("task")),
            choices=_ids(given.get("choices"), _MAX_LISTED),
        )


def _plain(value: str | tuple[str, ...]) -> str | list[str]:
    return value if isinstance(value, str) else list(value)


def _ids(value: Any, most: int) -> tuple[str, ...]:
    items = value if isinstance(value, list | tuple) else ()
    return tuple(item for item in items if isinstance(item, str) and item)[:most]


def _text(value: Any) -> str:
    return value[:_MAX_TEXT] if isinstance(value, str) else ""
