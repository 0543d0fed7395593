"""What a text claims, against the evidence: claims, verdicts, and the record's own words.

Deterministic throughout. Numbers are compared with unit arithmetic, prices with their currency,
dates as dates; a yes or no with the boolean field or value that decides it; names, features,
superlatives and promises with the words that the record holds. Answers, ads and titles are
checked by the same parts.
"""

from assistant.grounding.amounts import check_numbers, numbers
from assistant.grounding.answers import check_answer, check_names
from assistant.grounding.claims import grounded, keep_supported
from assistant.grounding.premises import read_premise
from assistant.grounding.seller_copy import check_ad, check_title
from assistant.grounding.stance import IsValue, Stance, denies, is_yes_no, says_yes_or_no, stance
from assistant.grounding.wording import (
    not_mentioned,
    proper_names,
    quote,
    quote_pages,
    repair_answer,
    statement,
    to_quote,
    with_heading,
)

__all__ = [
    "IsValue",
    "Stance",
    "check_ad",
    "check_answer",
    "check_names",
    "check_numbers",
    "check_title",
    "denies",
    "grounded",
    "is_yes_no",
    "keep_supported",
    "not_mentioned",
    "numbers",
    "proper_names",
    "quote",
    "quote_pages",
    "read_premise",
    "repair_answer",
    "says_yes_or_no",
    "stance",
    "statement",
    "to_quote",
    "with_heading",
]
