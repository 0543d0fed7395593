"""The text whose vector stands for a record in dense search: decided here and nowhere else."""

from __future__ import annotations

from catalog_index.product import Passage, Product

_NAME_WORDS = 4
_LONGEST = 4000
"""Characters embedded at most: more than the 256 tokens that a sentence embedder reads."""


def sample_query(record: Product | Passage, *, is_brief: bool) -> str:
    """Return a text as a user might search for a record by: its kind, or its title's beginning."""
    if isinstance(record, Passage):
        return record.title
    kind = record.product_type.rpartition(" > ")[2]
    if is_brief and kind:
        return kind
    return " ".join(record.title.split()[:_NAME_WORDS])


def text_to_embed(record: Product | Passage) -> str:
    """Return the text whose vector stands for a record in dense search."""
    if isinstance(record, Passage):
        return _beginning(f"{record.title}. {record.text}")
    kind = record.product_type.rpartition(" > ")[2]
    parts = (record.title, kind, record.description)
    return _beginning(". ".join(part for part in parts if part))


def _beginning(text: str) -> str:
    """Return a text cut after a word, or in one where there is no other place."""
    if len(text) <= _LONGEST:
        return text
    return text[: _LONGEST + 1].rpartition(" ")[0] or text[:_LONGEST]
