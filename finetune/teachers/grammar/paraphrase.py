"""Instructions said anew, by rule: other words, another order, another way to begin and to end.

What a rule may touch is the wording around features: numbers, quoted texts and names of features
stay. The rules' words stand in `paraphrase.toml`. Knows no task and no record.
"""

from __future__ import annotations

import random
import re

from assistant.tasks.metrics import rouge_l
from finetune.teachers.grammar.tables import table

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'])")
_KEPT = re.compile(
    r"\"[^\"]*\"|“[^”]*”|(?<!\w)'[^']*'(?!\w)|\b(?:(?:product|item|article) types?"
    r"|(?:purchase|browsing) history|(?:title|style) policy|brand names?|model names?)\b"
)
"""Quotations and names of features."""
_FRONTED = re.compile(
    r"(?P<front>(?:For|From|With|In|Using|Before|On|Under|Within|Without|By|At|After|Out of)"
    r" [^,;:.]{4,80}), (?P<rest>[a-z][^,;:]{8,160})(?P<mark>[.!?])"
)
_JOINED = re.compile(r"(?P<one>[^;]{12,}?)(?:; |, then |, and then | and then )(?P<two>[a-z].{8,})")
_LEANS_BACK = re.compile(
    r"(?:it|its|they|them|their|that|this|these|those|he|she|one|both|each|then|but|so|and|or|if"
    r"|otherwise|where|which|who|such|use (?:those|them|it|that)|the (?:same|rest|answer|label|line"
    r"|text|other|two)|whatever|let (?:it|that|them)|neither|no other)\b",
    re.I,
)
_REFERS = re.compile(r"\b(?:it|them|they|those|these|that|this|both|ones|its|their|do so)\b", re.I)
_SHARE = 0.75
"""Chance that a phrase with synonyms gives way to one of them."""
_MOST_ALIKE = 0.7
"""ROUGE-L below which two instructions count as two (Self-Instruct, arXiv 2212.10560)."""
_TRIES = 6
_MOST_WORDS = 62

_Rules = list[tuple[re.Pattern[str], list[str]]]


def _load() -> tuple[_Rules, dict[str, list[str]], re.Pattern[str]]:
    words = table("paraphrase")
    rules = []
    for group in words["synonyms"]:
        for phrase in sorted(group, key=len, reverse=True):
            others = [other for other in group if other != phrase]
            rules.append((re.compile(rf"(?<![\w'-]){re.escape(phrase)}(?![\w'-])", re.I), others))
    rules.sort(key=lambda rule: -len(rule[0].pattern))
    verbs = re.compile(rf"(?:{'|'.join(words['imperatives'])})\b(?! (?:me|us)\b)", re.I)
    phrases = {name: words[name] for name in ("openers", "closers", "wrappers", "roles")}
    return rules, phrases, verbs


_RULES, _PHRASES, _IMPERATIVE = _load()
_OPENERS, _CLOSERS = _PHRASES["openers"], _PHRASES["closers"]
_WRAPPERS, _ROLES = _PHRASES["wrappers"], _PHRASES["roles"]


def paraphrase(instruction: str, rng: random.Random) -> str:
    """Return the instruction in other words, as unlike the first as its length allows.

    Args:
        instruction: one or more sentences; its numbers and quoted texts are kept.
        rng: of all choices.
    """
    best, alike = "", 2.0
    for _ in range(_TRIES):
        text = _said_anew(instruction, rng)
        likeness = rouge_l(text, instruction)
        if text != instruction and likeness < alike:
            best, alike = text, likeness
        if alike < _MOST_ALIKE:
            break
    return best or _opened(rng.choice(_OPENERS), instruction)


def _said_anew(instruction: str, rng: random.Random) -> str:
    sentences = _SENTENCE.split(_with_synonyms(instruction, rng))
    sentences = [part for sentence in sentences for part in _reordered(sentence, rng)]
    if len(sentences) > 1 and rng.random() < 0.7 and _may_swap(sentences):
        sentences.insert(0, sentences.pop())
    sentences[0] = _wrapped(sentences[0], rng)
    text = " ".join(sentences)
    roll = rng.random()
    if roll < 0.45 and not text.startswith(tuple(_WRAPPED)):
        text = _opened(rng.choice(_OPENERS), text)
    elif roll < 0.8 and len(text.split()) < _MOST_WORDS:
        text = f"{rng.choice(_ROLES)} {text}"
    if roll > 0.3 and len(text.split()) < _MOST_WORDS:
        text = f"{text} {rng.choice(_CLOSERS)}"
    return text


def _with_synonyms(text: str, rng: random.Random) -> str:
    """Replace phrases, never quotations, names of features or what was just put in."""
    taken = [match.span() for match in _KEPT.finditer(text)]
    changes: list[tuple[int, int, str]] = []
    for pattern, others in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < stop and end > begin for begin, stop in taken):
                continue
            taken.append((start, end))
            if rng.random() < _SHARE:
                changes.append((start, end, _cased(rng.choice(others), match.group())))
    for start, end, said in sorted(changes, reverse=True):
        text = text[:start] + said + text[end:]
    return _articles(text)


def _reordered(sentence: str, rng: random.Random) -> list[str]:
    """Put a fronted phrase last, or part two orders that one sentence gives."""
    fronted = _FRONTED.fullmatch(sentence)
    if fronted and rng.random() < 0.7 and fronted["mark"] != "?":
        front = fronted["front"][0].lower() + fronted["front"][1:]
        rest = fronted["rest"][0].upper() + fronted["rest"][1:]
        return [f"{rest} {front}{fronted['mark']}"]
    joined = _JOINED.fullmatch(sentence)
    if joined and rng.random() < 0.6 and _IMPERATIVE.match(joined["two"]):
        two = rng.choice(("After that, {}", "Then {}", "Next, {}")).format(joined["two"])
        return [f"{joined['one'].rstrip(' ,')}.", two]
    return [sentence]


def _may_swap(sentences: list[str]) -> bool:
    """Whether the last sentence can come first: neither end refers to what stood before it."""
    last = sentences[-1]
    if _LEANS_BACK.match(last) or last.startswith(("After that", "Then", "Next")):
        return False
    return not _REFERS.search(last) and not last.endswith("?")


def _wrapped(sentence: str, rng: random.Random) -> str:
    """Say an order as a task, a request or a question: "Your task is to ..."."""
    if not _IMPERATIVE.match(sentence) or sentence.endswith("?") or rng.random() > 0.5:
        return sentence
    wrapper = rng.choice(_WRAPPERS)
    body = sentence[0].lower() + sentence[1:]
    if wrapper.endswith("?"):
        if re.search(r"[.;:!]", body[:-1]) or len(body.split()) > 22:
            return sentence
        return wrapper.replace("{}", body.rstrip(".!"))
    return wrapper.replace("{}", body)


_WRAPPED = [wrapper.partition("{}")[0].strip() for wrapper in _WRAPPERS]


def _cased(said: str, model: str) -> str:
    return said[:1].upper() + said[1:] if model[:1].isupper() else said


def _articles(text: str) -> str:
    """Put "an" before a vowel and "a" before any other letter, where a rule changed the word."""
    text = re.sub(r"\b([Aa])n (?=[b-df-gj-np-tv-z])", r"\1 ", text)
    return re.sub(r"\b([Aa]) (?=[aeio])(?!one\b|once\b|euro)", r"\1n ", text)


def _opened(opener: str, text: str) -> str:
    """Put an opener before an instruction; after a comma it goes on in lower case."""
    if opener.endswith(",") and not re.match(r"(?:I\b|[A-Z]{2,}|\W)", text):
        text = text[:1].lower() + text[1:]
    return f"{opener} {text}"
