"""The form of a task: one control for each of its inputs, and what they say as an input line.

The same form stands in the studio for one product and for a whole feed, where what it says holds
for every row that says nothing itself. Knows no model and no product.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import gradio as gr

from assistant.platforms import platform_of
from assistant.tasks import TASKS

NAMES = {
    "ads": "Ad",
    "title": "Title",
    "classify": "Category",
    "intent": "Purchase intent",
    "answer": "Answer",
}
"""What the page calls the tasks."""

PLATFORMS = (
    *("Amazon", "eBay", "Etsy", "Google Shopping", "Bing Shopping", "Walmart", "Shopify"),
    *("Twitter", "SMS", "Instagram", "Facebook", "TikTok", "Pinterest", "LinkedIn", "WhatsApp"),
    *("YouTube", "Threads", "newsletter", "email", "billboard", "flyer"),
)
_TONES = ("playful", "warm", "factual", "elegant", "bold", "friendly", "technical")
_WITHOUT = {"Emojis": "", "Exclamation marks": "!", "Hashtags": "#", "The price": "price"}
"""What may be left out, and the word of `avoid` that does it; "" is `no_emoji`'s."""
_COPY = ("ads", "title")
_PHRASE = re.compile(r"[,;\n|]")

Update = Any


class TaskForm:
    """The controls of all five tasks, of which those of the chosen one are shown.

    Args:
        prefix: begins the ids of the controls.
        is_batch: whether what is filled in holds for every row of a table.
    """

    def __init__(self, prefix: str, *, is_batch: bool = False) -> None:
        self._prefix = prefix
        self._is_batch = is_batch
        self._fields: dict[str, tuple[Any, tuple[str, ...]]] = {}

    def build(self, task: str) -> None:
        """Lay the controls out; those of `task` are shown."""
        more = " (for rows that name none)" if self._is_batch else ""
        self._text(("title", "intent"), "query", f"What the shopper types{more}", "red wool scarf")
        self._choice("platform", f"Published on{more}", platforms_for(task))
        self._text(("ads",), "audience", f"For whom{more}", "students, new parents, …")
        self._text(("ads",), "occasion", f"Occasion{more}", "Black Friday, Mother's Day, …")
        tones = [("Any tone", ""), *((tone, tone) for tone in _TONES)]
        self._choice("tone", f"Tone{more}", tones, custom=True)
        self._add(
            ("classify",),
            "labels",
            gr.Textbox(
                label=f"Labels to choose among{more}",
                placeholder="One short label a line:\nKettles\nToasters",
                lines=5,
                max_lines=12,
                elem_id=f"{self._prefix}-labels",
            ),
        )
        self._text(("answer",), "question", f"Question{more}", "Is it dishwasher safe?")
        self._more = gr.Accordion(
            "Length and words", open=False, visible=task in _COPY, elem_classes="st-more"
        )
        with self._more:
            with gr.Row(elem_classes="st-pair"):
                self._number(("ads",), "min_words", "At least words", 300)
                self._number(("ads",), "max_words", "At most words", 300)
                self._number(_COPY, "max_characters", "At most characters", 5000)
            self._text(_COPY, "keep", "Must say (commas between)", "capacity, brand")
            self._text(_COPY, "avoid", "Must not say (commas between)", "cheap, best")
            self._add(
                _COPY,
                "without",
                gr.CheckboxGroup(
                    list(_WITHOUT),
                    label="Leave out",
                    elem_id=f"{self._prefix}-without",
                ),
            )
        for component, tasks in self._fields.values():
            component.visible = task in tasks

    @property
    def inputs(self) -> list[Any]:
        """The controls, in the order in which `line` takes their values."""
        return [component for component, _ in self._fields.values()]

    @property
    def shown(self) -> list[Any]:
        """The outputs of `show`."""
        return [*self.inputs, self._more]

    @property
    def typed(self) -> list[Any]:
        """The controls that are typed into."""
        return [one for one in self.inputs if isinstance(one, gr.Textbox | gr.Number)]

    @property
    def chosen(self) -> list[Any]:
        """The controls that are clicked."""
        return [one for one in self.inputs if not isinstance(one, gr.Textbox | gr.Number)]

    def component(self, name: str) -> Any:
        """Return the control of one input."""
        return self._fields[name][0]

    def show(self, task: str) -> list[Update]:
        """Return updates that show the controls of a task."""
        updates = [gr.update(visible=task in tasks) for _, tasks in self._fields.values()]
        if task in _COPY:
            place = list(self._fields).index("platform")
            updates[place] = gr.update(visible=True, choices=platforms_for(task), value="")
        return [*updates, gr.update(visible=task in _COPY)]

    def line(self, task: str, values: Sequence[Any]) -> dict[str, Any]:
        """Return what the controls say as an input line of a task, without what says nothing."""
        known = TASKS[task].inputs.model_fields
        said = dict(zip(self._fields, values, strict=True))
        line: dict[str, Any] = {}
        for name, (_, tasks) in self._fields.items():
            value = said[name]
            if task in tasks and name in known and value not in (None, "", 0, []):
                line[name] = _read(name, value)
        if task in _COPY:
            without = said["without"] or []
            avoid = [*line.get("avoid", []), *filter(None, map(_WITHOUT.__getitem__, without))]
            if avoid:
                line["avoid"] = avoid
            if "Emojis" in without:
                line["no_emoji"] = True
        return {name: value for name, value in line.items() if value not in ("", [])}

    def _add(self, tasks: tuple[str, ...], name: str, component: Any) -> None:
        self._fields[name] = (component, tasks)

    def _text(self, tasks: tuple[str, ...], name: str, label: str, example: str) -> None:
        box = gr.Textbox(
            label=label, placeholder=example, max_length=500, elem_id=f"{self._prefix}-{name}"
        )
        self._add(tasks, name, box)

    def _number(self, tasks: tuple[str, ...], name: str, label: str, most: int) -> None:
        box = gr.Number(
            None,
            label=label,
            precision=0,
            minimum=0,
            maximum=most,
            min_width=90,
            elem_id=f"{self._prefix}-{name}",
        )
        self._add(tasks, name, box)

    def _choice(
        self, name: str, label: str, choices: list[tuple[str, str]], *, custom: bool = False
    ) -> None:
        box = gr.Dropdown(
            choices,
            value="",
            label=label,
            allow_custom_value=custom,
            elem_id=f"{self._prefix}-{name}",
        )
        self._add(("ads",) if name == "tone" else _COPY, name, box)


def platforms_for(task: str) -> list[tuple[str, str]]:
    """Return the (label, name) of each platform with a limit for a task, then of the others."""
    limited: list[tuple[str, str]] = []
    free: list[tuple[str, str]] = []
    for name in PLATFORMS:
        platform = platform_of(name)
        limit = (platform.title if task == "title" else platform.post) if platform else 0
        shown = "X (Twitter)" if name == "Twitter" else name
        if limit:
            limited.append((f"{shown} · {limit} characters", name))
        else:
            free.append((shown, name))
    return [("Anywhere", ""), *limited, *(free if task == "ads" else [])]


def _read(name: str, value: Any) -> Any:
    if name == "labels":
        return [part.strip() for part in str(value).splitlines() if part.strip()]
    if name in ("keep", "avoid"):
        return [part.strip() for part in _PHRASE.split(str(value)) if part.strip()]
    return value.strip() if isinstance(value, str) else value
