"""A question without what only says which product is meant: its codes, its title, its brand.

The one place where they are struck out, for serving and for training alike; and where mistyped
names of fields are put right. Knows no scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from catalog_index.embedding.weights import read_tokenizer
from catalog_index.product import Passage, Product
from retrieval.lexicon import known_words

_TOKEN = re.compile(r"\w+(?:[.'-]\w+)*")
_IT = re.compile(
    r"\b(?:(?:the|this|these|those|my|your|a|an) )?(?:it[\s,]+)+it\b|\b(?:the|an?) it\b"
)
_LETTERS = re.compile(r"[A-Za-z]{5,40}")
_LONG_WORD, _VERY_LONG_WORD = 5, 8
_FEWEST_IN_RUN = 2
_STEM = 5
_MOST_TOKENS = 400
"""Of a question and of a title: what is compared of them grows with their product."""


def bare_question(question: str, records: Sequence[Product | Passage]) -> str:
    """Put "it" for each code, title and brand of the records that a question holds.

    Of a title, a run of its words is enough where one of them tells this product from its kind:
    "is the Tenora II waterproof" becomes "is it waterproof".
    """
    for record in records:
        if isinstance(record, Product):
            question = _without(question, record)
    return " ".join(_IT.sub("it", question).split())


def _without(question: str, product: Product) -> str:
    names = sorted(_names(product), key=len, reverse=True)
    for name in names:
        if name.lower() in question.lower():
            question = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "it", question, flags=re.I)
    return _without_title(question, product)


def _names(product: Product) -> Iterator[str]:
    """Yield what stands for the product wherever it stands; a number of few digits may not."""
    yield from (code for code in product.identifiers() if len(code) > 3 or not code.isdigit())
    yield from (name for name in (product.title, product.brand) if name)


def _without_title(question: str, product: Product) -> str:
    """Strike out the longest run of words that the question shares with the title."""
    found = list(_TOKEN.finditer(question))[:_MOST_TOKENS]
    title = _TOKEN.findall(product.title)[:_MOST_TOKENS]
    said = [token[0].lower() for token in found]
    told = [token.lower() for token in title]
    ordinary = _ordinary(product)
    match = SequenceMatcher(None, said, told, autojunk=False).find_longest_match()
    run = title[match.b : match.b + match.size]
    telling = [word for word in run if word.lower()[:_STEM] not in ordinary and _tells(word)]
    asked_alone = match.size == 1 and found[match.a][0][:1].isupper() and match.a > 0
    if not telling or not (match.size >= _FEWEST_IN_RUN or asked_alone):
        return question
    start, end = found[match.a].start(), found[match.a + match.size - 1].end()
    return f"{question[:start]}it{question[end:]}"


def _tells(word: str) -> bool:
    """Whether a word of a title is a name: it has a capital or a digit beside letters."""
    return len(word) > 1 and not word.isdigit() and word != word.lower()


def _ordinary(product: Product) -> set[str]:
    """Return the stems of words of the record that say what it is like, not which it is."""
    texts = [product.product_type]
    for name, value in product.attributes.items():
        texts += [name, value] if isinstance(value, str) and len(value) < 40 else [name]
    return {word.lower()[:_STEM] for text in texts for word in _TOKEN.findall(text)}


def mended(question: str, records: Sequence[Product | Passage]) -> str:
    """Put right the long words that no dictionary has and that nearly are in a field's name."""
    names = set(known_words())
    for record in records:
        if isinstance(record, Product):
            names.update(word for name in record.attributes for word in name.lower().split())
    targets = sorted(name for name in names if len(name) >= _LONG_WORD and name.isalpha())
    return _LETTERS.sub(lambda word: _mended_word(word[0], targets), question)


def _mended_word(word: str, targets: Sequence[str]) -> str:
    if word.lower() in dictionary() or word.lower() in targets:
        return word
    most = 1 if len(word) < _VERY_LONG_WORD else 2
    near = process.extract(
        word.lower(),
        targets,
        scorer=DamerauLevenshtein.distance,
        score_cutoff=most,
        limit=2,
    )
    if not near or (len(near) > 1 and near[0][1] == near[1][1]):
        return word
    return str(near[0][0])


@cache
def dictionary() -> frozenset[str]:
    """Return the words that the embedder's tokenizer knows whole."""
    return frozenset(word for word in read_tokenizer().get_vocab() if word.isalpha())
