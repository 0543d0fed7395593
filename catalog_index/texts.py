"""The text whose vector stands for a record in dense search: decided here and nowhere else."""

from __future__ import annotations

from catalog_index.product import Passage, Product

_NAME_WORDS = 4


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
        return f"{record.title}. {record.text}"
    kind = record.product_type.rpartition(" > ")[2]
    parts = (record.title, kind, record.description)
    return ". ".join(part for part in parts if part)
