"""What a task is: inputs -> prompt, model text -> draft, draft against a reference -> scores.

A task module holds everything about its task, and training, serving, batch and evaluation all
use it, so that a prompt cannot differ between them. Its inputs are a pydantic model whose fields
are the keys of `llama-e author` input lines. Knows no model and no index.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import AssistantError
from assistant.model.values import GenerationSettings
from assistant.values import Draft
from catalog_index.errors import RowError
from catalog_index.parsing import clean_text, parse_product
from catalog_index.product import Product
from retrieval.stems import stems

_LEAD = re.compile(r"^\s*(?:[-*+#>]+|\d{1,2}[.)])\s+")
_LABEL = re.compile(
    r"^(?:(?:here is|here's|sure|certainly)\b.{0,60}:$|"
    r"(?:(?:the |new |best |rewritten |product )*"
    r"(?:title|category|label|answer|output|response|ad))[*_]*\s*:)",
    re.I,
)
_MARKS = ' \t"“”*_`'

MAX_FIELD_WORDS = 24
"""Longest field, the description apart, that a prompt quotes whole."""

MAX_TITLE_WORDS = 60
_CHARACTERS_A_WORD = 20
"""What a word counts for where a text has few spaces, or none."""


class TaskInputError(AssistantError):
    """An input line does not fit its task: every fault of the line, with its key."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is told: the instruction, and the material it is about."""

    instruction: str
    material: str

    def messages(self) -> list[dict[str, str]]:
        """Return the messages for the engine: what to do, then what to do it with.

        A record stands in the second message, apart from the instruction. The Alpaca format makes
        "Instruction" and "Input" of the two.
        """
        return [
            {"role": "system", "content": self.instruction},
            {"role": "user", "content": self.material},
        ]


MAX_RECORD_CHARACTERS = 200_000
"""The longest product that an input line may hold; a prompt quotes a small part of it."""

_LONGEST_WORD = 60
"""Characters that a word of a prompt is counted as: text without spaces is cut too."""


def _length(value: Any) -> int:
    """Return the characters of a value's texts, names included."""
    if isinstance(value, Mapping):
        return sum(len(str(name)) + _length(held) for name, held in value.items())
    if isinstance(value, list | tuple):
        return sum(map(_length, value))
    return len(value) if isinstance(value, str) else 0


class ProductInput(BaseModel):
    """A product as an input line gives it: an object of a feed's fields, or its text."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid", frozen=True)
    record: Product

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, Product):
            return {"record": value}
        if (length := _length(value)) > MAX_RECORD_CHARACTERS:
            raise ValueError(
                f"has {length:,} characters, more than {MAX_RECORD_CHARACTERS:,}: leave out the"
                " fields that do not matter"
            )
        if isinstance(value, str) and (title := clean_text(value)):
            return {"record": Product(id="", title=title)}
        if isinstance(value, Mapping):
            try:
                filled = {**value, "id": value.get("id") or "-"}
                if not filled.get("title"):
                    filled["title"] = value.get("name")
                return {"record": parse_product(filled)}
            except RowError as error:
                raise ValueError(str(error)) from error
        raise ValueError("is neither an object of product fields nor text")


Name = Annotated[str, Field(min_length=1, max_length=40)]


class TaskInputs(BaseModel):
    """Base of every task's inputs.

    `instruction` replaces the task's own words, and `context` holds more that bears on the task,
    name -> text: a shopper's profile or review, a campaign, a channel's style policy.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    instruction: str = ""
    context: dict[Name, str] = Field(default_factory=dict)

    def context_lines(self) -> str:
        """Write the context as prompt lines, "Review: ..."; each ends in a line break."""
        known = ((name[:1].upper() + name[1:], text) for name, text in self.context.items())
        return "".join(f"{name}: {text}\n" for name, text in known if text)


_KINDS = {
    "missing": "is missing",
    "extra_forbidden": "is no key of this task",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
}


def _plainly(fault: Mapping[str, Any]) -> str:
    """Say in plain words what is wrong with a key, and what would be right."""
    context = fault.get("ctx", {})
    kind = str(fault["type"])
    if plain := _KINDS.get(kind):
        return plain
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = "at least" if "ge" in context else "at most"
        return f"must be {bound} {context.get('ge', context.get('le'))}"
    if kind == "string_too_short":
        return "must not be empty"
    if kind == "string_too_long":
        return f"must be at most {context['max_length']} characters long"
    if kind == "too_short":
        return f"must have at least {context['min_length']} entry"
    if kind == "too_long":
        return f"must have at most {context['max_length']} entries"
    return str(fault["msg"]).removeprefix("Value error, ")


I = TypeVar("I", bound=TaskInputs)  # noqa: E741


class Task(Generic[I]):
    """One authoring task. A subclass with an instance in `TASKS` is all that a task needs."""

    name: str
    inputs: type[I]
    settings: GenerationSettings

    def read(self, line: Mapping[str, Any]) -> I:
        """Check an input line.

        Raises:
            TaskInputError: names every missing, unknown or ill-typed key.
        """
        try:
            return self.inputs.model_validate(dict(line))
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(str(part) for part in fault['loc']) or 'line'}: {_plainly(fault)}"
                for fault in error.errors(include_url=False)
            )
            known = ", ".join(self.inputs.model_fields)
            raise TaskInputError(
                f"The input does not fit the task {self.name!r}: {faults}. Its keys: {known}."
            ) from error

    def prompt(self, inputs: I) -> Prompt:
        """Render the instruction."""
        raise NotImplementedError

    def settled(self, inputs: I) -> Draft | None:
        """Return the draft where the inputs alone decide it, and no model need be asked."""
        return None

    def labels(self, inputs: I) -> Sequence[str]:
        """Return the labels to choose among by their likelihood; none where text is written."""
        return ()

    def parse(self, text: str, inputs: I) -> Draft:
        """Make a draft of the model's text."""
        raise NotImplementedError

    def score(self, draft: Draft, reference: str, inputs: I) -> dict[str, float]:
        """Compare a draft with the expected output; every value is in [0, 1], higher better."""
        raise NotImplementedError

    def source(self, inputs: I) -> Sequence[tuple[str, str]]:
        """Return the (field, text) pairs that a draft may state as facts."""
        raise NotImplementedError


def product_facts(
    product: Product,
    leave_out: Sequence[str] = (),
    *,
    about: str = "",
    most: int = 10,
    description_words: int = 60,
) -> str:
    """Write a product as prompt lines: "Product: title", then "- name: value".

    Args:
        product: the record.
        leave_out: names of fields that do not matter.
        about: a query; fields that share words with it come before others.
        most: how many fields are written at most, title and description not counted.
        description_words: longest description; 0 leaves it out.
    """
    wanted = stems(about)
    skipped = {"title", "description", *leave_out}
    fields = [(name, text) for name, text in product.fields() if name not in skipped]
    ranks = [len(wanted & stems(f"{name} {text}")) for name, text in fields]
    chosen = sorted(range(len(fields)), key=lambda number: (-ranks[number], number))[:most]
    lines = [f"Product: {shorten(product.title, MAX_TITLE_WORDS)}"]
    for name, text in (fields[number] for number in sorted(chosen)):
        lines.append(f"- {shorten(name, MAX_FIELD_WORDS)}: {shorten(text, MAX_FIELD_WORDS)}")
    if product.description and description_words:
        lines.append(f"- description: {shorten(product.description, description_words)}")
    return "\n".join(lines)


def shorten(text: str, words: int) -> str:
    """Cut a text to at most `words` words, at the end of a sentence where one is near.

    A text of long words is cut to as many characters as 20 a word.
    """
    most = words * _CHARACTERS_A_WORD
    parts = text.split()
    if len(parts) <= words and len(text) <= most:
        return text
    cut = " ".join(parts[:words])[:most]
    stop = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    return cut[: stop + 1] if stop > len(cut) // 2 else f"{cut} ..."


def first_line(text: str) -> str:
    """Return the first line that says something, freed of quotes, marks and a leading label."""
    for line in text.splitlines():
        stripped = _LEAD.sub("", line).strip(_MARKS)
        stripped = _LABEL.sub("", stripped).strip(_MARKS)
        if stripped:
            return stripped
    return ""
