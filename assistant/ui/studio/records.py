"""A record that someone pasted, as JSON or as lines of "name: value", to a product.

Knows no catalog: what is pasted need not be in one.
"""

from __future__ import annotations

import json
import re
from typing import Any

from assistant.errors import AssistantError
from assistant.tasks.base import MAX_RECORD_CHARACTERS
from catalog_index.errors import RowError
from catalog_index.parsing import parse_product
from catalog_index.product import Product

PASTED = "pasted"
"""The id of a record that names none."""

_LINE = re.compile(r"^\s*[-*•]?\s*(?P<name>[^:=\t]{1,60}?)\s*(?::|=|\t)\s*(?P<value>.+)$")
_TITLES = ("title", "name", "product", "product title", "product name", "item")


class RecordError(AssistantError):
    """What was pasted is no product record; says what one looks like."""


def read_record(text: str) -> Product:
    """Make a product of a pasted text.

    A JSON object's keys, or the names before the colons, are a feed's fields; a first line without
    a name is the title, and later ones go on with the line before.

    Raises:
        RecordError: it is empty, too long, broken JSON or without a title, or a field is wrong.
    """
    if not text.strip():
        raise RecordError("Paste a record first: JSON, or a line such as “title: Steel kettle”.")
    if len(text) > MAX_RECORD_CHARACTERS:
        raise RecordError(
            f"The record has {len(text):,} characters, more than {MAX_RECORD_CHARACTERS:,}. Leave"
            " out the fields that do not matter."
        )
    fields = _json(text) if text.lstrip().startswith(("{", "[")) else _lines(text)
    named = {**fields, "id": fields.get("id") or PASTED}
    if not named.get("title"):
        named["title"] = next((fields[name] for name in _TITLES if fields.get(name)), None)
    for name in _TITLES[1:]:
        if named.get(name) == named["title"]:
            named.pop(name, None)
    try:
        return parse_product(named)
    except RowError as error:
        if error.args and "title" in str(error) and "missing" in str(error):
            raise RecordError(
                "The record has no title. Add a line such as “title: Steel kettle 1.7 l”."
            ) from error
        raise RecordError(f"The record cannot be read: {error}. Mend that field.") from error


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordError(
            f"This begins as JSON does, but is none: {error}. Mend it, or paste lines of"
            " “name: value”."
        ) from error
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise RecordError("Paste one JSON object, the record of one product.")
    return value


def _lines(text: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    last = ""
    for line in filter(str.strip, text.splitlines()):
        if found := _LINE.match(line):
            last = found["name"].strip().lower()
            fields[last] = found["value"].strip()
        elif not fields:
            last = "title"
            fields[last] = line.strip()
        else:
            fields[last] = f"{fields[last]} {line.strip()}"
    return fields
