"""The tantivy schema of a generation's lexical directory, and how its texts become terms.

| field | holds |
| --- | --- |
| key | the record's key |
| title, brand, product_type, identifiers, body | what a record says, each with a BM25 of its own |
| attributes | names and values of attributes, without those said to be false |
| measures | amounts with their units, equal for equal amounts ("0.5 TB", "500gb") |
| spelling | words as they are written, for correcting typos |
| facts | "field=value" for filters, folded; "kind=product"; "flag=waterproof" |
| values | "value=field", to find the fields that a word of a query may be a value of |
| numbers | the numbers of fields, as terms that sort as the numbers do |
| price | what a shopper pays |
"""

from __future__ import annotations

import hashlib
import struct
from functools import cache
from typing import Any

TEXT_FIELDS = ("title", "brand", "product_type", "identifiers", "body", "attributes")
"""The fields that a query's words are looked for in."""

ANALYZER = "words"
SPELLING = "spelling"
_LONGEST_WORD = 60
_SIGN = 1 << 63
_ALL_ONES = (1 << 64) - 1


@cache
def schema() -> Any:
    """Return the schema."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name=ANALYZER, index_option="position")
    builder.add_text_field("spelling", tokenizer_name=SPELLING, index_option="basic")
    for name in ("measures", "facts", "values", "numbers"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_float_field("price", fast=True)
    return builder.build()


@cache
def analyzer() -> Any:
    """Return the analyzer of running text: words in lower case without accents, stemmed."""
    import tantivy

    plain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    return _folding(plain).filter(tantivy.Filter.stemmer("english")).build()


@cache
def spelling_analyzer() -> Any:
    """Return the analyzer that keeps words as they are written, but for case and accents."""
    import tantivy

    return _folding(tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())).build()


def _folding(builder: Any) -> Any:
    from tantivy import Filter

    return (
        builder.filter(Filter.remove_long(_LONGEST_WORD))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
    )


def register_analyzers(index: Any) -> None:
    """Tell an opened tantivy index the analyzers that its schema names."""
    index.register_tokenizer(ANALYZER, analyzer())
    index.register_tokenizer(SPELLING, spelling_analyzer())


def number_term(field: str, number: float) -> str:
    """Return a term for a field's number; terms of one field sort as their numbers do.

    The field's name is hashed, so that a term holds no character that tantivy's query syntax
    gives a meaning to. A double's bits sort as the double does once the sign bit is turned over,
    or, for a negative one, all bits.
    """
    (bits,) = struct.unpack(">Q", struct.pack(">d", number + 0.0))
    ordered = bits ^ (_ALL_ONES if bits & _SIGN else _SIGN)
    return f"{number_prefix(field)}{ordered:016x}"


def number_prefix(field: str) -> str:
    """Return what every term of this field's numbers begins with."""
    return f"n{hashlib.blake2s(field.encode(), digest_size=8).hexdigest()}_"
