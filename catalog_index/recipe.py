"""Which way records are made ready for search: the text embedded and the words entered of each.

An index holds what `texts.text_to_embed` and `lexical.fields.record_fields` made of its records
when it was built. Where they have changed since, an update would mix two ways in one index, and
neither would be searched well. Knows no records.
"""

from __future__ import annotations

FIRST_RECIPE = 1
"""The way of indexes whose manifest does not say it."""

RECIPE = 2
"""Today's way: raised whenever one of the two makes something else of the same record."""
