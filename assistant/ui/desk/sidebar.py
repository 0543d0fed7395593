"""The list of conversations: searched, opened, renamed, pinned, exported, deleted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from assistant.access.values import User
from assistant.handover import to_json, to_markdown
from assistant.store.conversations import LISTED, MAX_TITLE, Conversation, Conversations
from assistant.store.database import StoreError
from assistant.ui.context import Context, told
from assistant.ui.desk.turns import Turns
from assistant.ui.markup import QUICK, act_of, acting_html, download, downloads, text

_DAY = 86_400.0
_EMPTY = (
    "<p class='le-hint'>Conversations are kept here, on this machine. Ask something, and the first"
    " one begins.</p>"
)
_NONE_FOUND = "<p class='le-hint'>No conversation holds all of these words.</p>"


def list_html(
    conversations: Sequence[Conversation], current: str, search: str = "", deleting: str = ""
) -> str:
    """Render the list.

    Args:
        conversations: in their order.
        current: the id of the open one.
        search: the words it was searched by.
        deleting: the id of one whose deletion waits to be confirmed.
    """
    if not conversations:
        return _NONE_FOUND if search.strip() else _EMPTY
    now = time.time()
    parts: list[str] = []
    group = ""
    for one in conversations:
        heading = "Pinned" if one.pinned else _age(now - one.updated)
        if heading != group:
            group = heading
            parts.append(f"<h3>{heading}</h3>")
        parts.append(_item(one, one.id == current, one.id == deleting))
    if len(conversations) == LISTED:
        parts.append("<p class='le-hint'>Older ones are found by the search above.</p>")
    return f"<nav class='le-list' aria-label='Conversations'>{''.join(parts)}</nav>"


def _item(one: Conversation, is_open: bool, is_deleting: bool) -> str:
    name, title = text(one.id), text(one.title)
    if is_deleting:
        return (
            f"<div class='le-item le-sure' role='group' aria-label='Delete {title}?'>"
            f"<span>Delete “{title}”?</span>"
            f"<button type='button' data-act='delete' data-id='{name}'>Delete</button>"
            "<button type='button' data-act='keep'>Keep</button></div>"
        )
    current = " aria-current='true'" if is_open else ""
    star, pin = ("★", "Unpin") if one.pinned else ("☆", "Pin")
    return (
        f"<div class='le-item{' le-open' if is_open else ''}'>"
        f"<button type='button' class='le-go' data-act='open' data-id='{name}'{current}>{title}"
        "</button>"
        f"<details class='le-menu'><summary aria-label='More for {title}'>⋯</summary><div>"
        f"<label>Title<input data-change='rename' data-id='{name}' value='{title}'"
        f" maxlength='{MAX_TITLE}'></label>"
        f"<button type='button' data-act='pin' data-id='{name}' data-on='{int(not one.pinned)}'>"
        f"{star} {pin}</button>"
        f"<button type='button' data-act='markdown' data-id='{name}'>Export as Markdown</button>"
        f"<button type='button' data-act='json' data-id='{name}'>Export as JSON</button>"
        f"<button type='button' data-act='ask-delete' data-id='{name}'>Delete …</button>"
        "</div></details></div>"
    )


def _age(seconds: float) -> str:
    if seconds < _DAY:
        return "Last 24 hours"
    if seconds < 7 * _DAY:
        return "Last 7 days"
    return "Earlier"


Updates = dict[Any, Any]


class Sidebar:
    """The part beside the chat.

    Args:
        context: what all rooms share.
        conversations: what is listed.
        turns: stop a turn before its conversation goes.
    """

    def __init__(self, context: Context, conversations: Conversations, turns: Turns) -> None:
        self._context = context
        self._conversations = conversations
        self._turns = turns

    def build(self, current: gr.Textbox) -> None:
        """Lay the part out."""
        self._current = current
        self._fresh = gr.Button("New conversation", elem_id="le-clear", size="sm")
        self._search = gr.Textbox(
            label="Search conversations",
            show_label=False,
            placeholder="Search conversations",
            container=False,
            max_lines=1,
            elem_id="le-search",
        )
        self._list = acting_html("", elem_id="le-conversations")
        self._files = downloads()

    @property
    def outputs(self) -> list[Any]:
        """The components that a change of conversations changes."""
        return [self._list, self._files]

    def wire(
        self,
        open_one: Callable[[str, gr.Request], Updates],
        everything: list[Any],
        answered: Callable[[Any], None],
    ) -> None:
        """Wire the part's events.

        Args:
            open_one: returns the page's updates that show a conversation.
            everything: the components that these change.
            answered: shows the answer under way, if the event opened a conversation with one.
        """

        def act(current: str, search: str, event: gr.EventData, request: gr.Request) -> Updates:
            return self._act(open_one, (current, search), act_of(event), request)

        def fresh(request: gr.Request) -> Updates:
            return open_one("", request)

        both = [self._current, self._search]
        # At once, in the browser: what is typed next must not go to the conversation before.
        self._fresh.click(None, None, [self._current], js="() => ''")
        self._fresh.click(fresh, None, everything, **QUICK)
        answered(self._list.click(act, both, everything, **QUICK))
        self._search.change(
            self._listed,
            both,
            [self._list],
            trigger_mode="always_last",
            show_progress="hidden",
            api_visibility="private",
        )

    def shown(self, user: User, current: str, search: str = "", deleting: str = "") -> Updates:
        """Return the list as it is now."""
        listed = self._conversations.listed(user.name, search)
        return {self._list: list_html(listed, current, search, deleting)}

    @told
    def _listed(self, current: str, search: str, request: gr.Request) -> str:
        user = self._context.enter(request, "desk")
        return list_html(self._conversations.listed(user.name, search), current, search)

    def _act(
        self,
        open_one: Callable[[str, gr.Request], Updates],
        where: tuple[str, str],
        act: dict[str, str],
        request: gr.Request,
    ) -> Updates:
        user = self._context.enter(request, "desk")
        (current, search), name, chosen = where, act.get("act", ""), act.get("id", "")
        try:
            if name == "open":
                return open_one(chosen, request)
            if name == "rename":
                self._conversations.rename(user.name, chosen, act.get("value", ""))
            elif name == "pin":
                self._conversations.pin(user.name, chosen, act.get("on") == "1")
            elif name == "delete":
                self._turns.delete(user.name, chosen)
                if chosen == current:
                    return open_one("", request)
            elif name in ("markdown", "json"):
                return {self._files: self._export(user, chosen, name)}
        except StoreError as error:
            gr.Warning(str(error))
        deleting = chosen if name == "ask-delete" else ""
        return self.shown(user, current, search, deleting)

    @told
    def _export(self, user: User, conversation: str, kind: str) -> dict[str, str]:
        head = self._conversations.find(user.name, conversation)
        if head is None:
            gr.Warning("This conversation is not there any more.")
            return {}
        turns = self._conversations.turns(user.name, conversation)
        if kind == "json":
            return download(f"{head.title}.json", to_json(head, turns), "application/json")
        return download(f"{head.title}.md", to_markdown(head, turns), "text/markdown")
