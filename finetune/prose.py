"""Whether a text is whole English prose: its encoding, its letters, its language, its repetitions.

Judges by characters and function words alone; knows no dictionary and no grammar.
"""

from __future__ import annotations

import re
from collections import Counter

from assistant.tasks.metrics import words

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd]")
_MOJIBAKE = re.compile(r"[ÃÂ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œ]|â€|ï»¿")
_FOREIGN_LETTER = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff\u2c60-\u2c7fʰ-˿]")
_LETTER = re.compile(r"[^\W\d_]")
_SIGN = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W\d_]+")
_MOST_FOREIGN_LETTERS = 0.2
_ENGLISH_WORDS = """
the a an and of to in is it for with that this on are you your not no at or from as by be have has
its so will can what which does do how if they their than but use yes only one two
"""
_FOREIGN_WORDS = """
der das und ist nicht mit für ein eine einen einem auf auch wird sich dem dass bei oder sie wir ihr
ihre zum zur sind aus nach durch le les des et est une pour avec dans vous votre sur qui pas nous ce
cette aux el los las para con por que del su más esta este como il gli che di della è non sono nel
alla het een van voor niet zijn ook wordt uma não em och att det som är för på
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FOREIGN = frozenset(_FOREIGN_WORDS.split())
_LEAST_FOREIGN_WORDS = 3
_THRICE = re.compile(r"\b([^\W\d_]+)(?:\s+\1\b){2,}", re.I)
_DOUBLED = re.compile(r"\b(the|an?|of|and|to|in|is|with|for|it)\s+\1\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_RUN = 4


def says_something(text: str) -> bool:
    """Whether a text has a letter or digit."""
    return _SIGN.search(text) is not None


def is_broken(text: str) -> bool:
    """Whether a text holds control characters, a wrong decoding's traces, or foreign letters.

    Up to a fifth of the letters may be of another script than Latin: symbols and names.
    """
    if _CONTROL.search(text):
        return True
    if text.isascii():
        return False
    if _MOJIBAKE.search(text):
        return True
    foreign = len(_FOREIGN_LETTER.findall(text))
    return foreign > _MOST_FOREIGN_LETTERS * max(1, len(_LETTER.findall(text)))


def is_foreign(text: str) -> bool:
    """Whether a text's function words are those of another language than English."""
    said = _WORD.findall(text.lower())
    foreign = sum(word in _FOREIGN for word in said)
    return foreign >= _LEAST_FOREIGN_WORDS and foreign > sum(word in _ENGLISH for word in said)


def repeats(text: str) -> bool:
    """Whether a text stutters.

    It does where a word stands thrice in a row or a function word twice, a sentence comes twice,
    or a run of four words thrice.
    """
    if _THRICE.search(text) or _DOUBLED.search(text):
        return True
    sentences = [tuple(words(sentence)) for sentence in _SENTENCE.split(text)]
    if any(count > 1 and len(said) > 2 for said, count in Counter(sentences).items()):
        return True
    said = words(text)
    runs = Counter(zip(*(said[start:] for start in range(_RUN)), strict=False))
    return any(count > 2 for count in runs.values())
