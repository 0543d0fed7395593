"""The rule for a title that meets a query: every query word that is true of the product, no other.

A word is true where the title, a field or the name of a true attribute holds it; a number, where
the record has it with the unit that the query gives it. What is true and missing from the title is
taken from the record, phrase by phrase, and put where titles have it; the brand stays first, the
words that name the model stay as long as the limit allows. No title is longer than the limit, and
nothing is cut inside a word unless no word fits. Knows records and words; asks no model.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.tasks.metrics import singular, words
from catalog_index.product import Product

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[.,]\d+)*")
_GLUED = re.compile(r"\b(\d+(?:[.,]\d+)?)(?=(?:mm|cm|km|m|ml|cl|l|mg|g|kg|w|kw|v|mah|ah|gb|tb)\b)")
_CHUNK = re.compile(
    r"\([^)]{0,200}\)|\d[\d.,x/]*\"?\s+(?:x\s+[\d.,]+\s+){0,4}(?:[a-zA-Z\"]{1,4})(?=[\s,)]|$)|\S+"
)
_SEGMENT = re.compile(r",\s+(?!\d+\s*\))")
_UNIT_WORDS = (
    "mm cm m km in inch inches ft ml cl l litre litres g kg mg oz lb w kw v kv mah ah gb tb mb hz"
    " khz mhz ghz db bar rpm nm lm k h hours min s days weeks months years pieces pages pack eu"
)
_UNITS = frozenset(_UNIT_WORDS.split())
_SMALL_WORDS = (
    "a an the and or of for with without in on at to by from as is are my me i your very x"
)
FUNCTION_WORDS = frozenset(_SMALL_WORDS.split())
"""Words that a title may hold or leave out whatever the record says."""
_HIDDEN = frozenset({"price", "availability", "stock", "condition", "gtin", "return window"})
_LONGEST_PHRASE = 5
_NEGATIVE = re.compile(r"\b(?:not|no|without|never|isn't|nor)\b", re.I)


_BRITISH = {"grey": "gray", "colour": "color", "aluminium": "aluminum", "fibre": "fiber"}
_SPELLINGS = _BRITISH | {other: word for word, other in _BRITISH.items()}


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A run of words that the record holds; `value` are those of them that answer a query."""

    text: str
    value: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(words(self.text))

    @property
    def core(self) -> tuple[str, ...]:
        return tuple(words(self.value or self.text))


def rewrite_title(
    query: str, product: Product, max_characters: int, rng: random.Random | None = None
) -> str:
    """Return a title that holds each word of the query that is true of the product.

    Args:
        query: what the shopper typed.
        product: the record; its title's own words are kept as far as they fit.
        max_characters: the longest title, at least 1.
        rng: varies order and form among those that do as well; the plain form without it.
    """
    terms, facts = query_words(query), _facts(product)
    wanted = true_words(query, product)
    head, rest = _parts(product)
    head = _in_query_spelling(head, terms)
    missing = _not_in(wanted, words(" ".join((head, *rest))))
    added: list[_Phrase] = []
    while missing:
        phrase = _best_phrase(missing, terms, facts)
        added.append(phrase)
        missing = _not_in(missing, phrase.words)
    return _compose(
        head, rest, added, wanted=wanted, product=product, limit=max_characters, rng=rng
    )


def _not_in(wanted: Sequence[str], held: Sequence[str]) -> list[str]:
    """Return the words that are not held in either number."""
    known = set(map(singular, held))
    return [word for word in wanted if singular(word) not in known]


def true_words(query: str, product: Product) -> list[str]:
    """Return the words of a query that are true of a product, function words left out."""
    terms = query_words(query)
    facts = _facts(product)
    plain = {singular(word) for phrase in facts for word in phrase.core}
    found = []
    for place, word in enumerate(terms):
        unit = terms[place + 1] if place + 1 < len(terms) else ""
        if word in FUNCTION_WORDS or word in found:
            continue
        if word in _UNITS and place and terms[place - 1][0].isdigit():
            if terms[place - 1] in found:
                found.append(word)
        elif not word[0].isdigit():
            found += [word] if singular(word) in plain else []
        elif any(_has_number(phrase.core, word, unit) for phrase in facts):
            found.append(word)
    return found


def query_words(query: str) -> list[str]:
    """Return a query's words in order, numbers parted from their units."""
    return words(_GLUED.sub(r"\1 ", query.lower()))


def _has_number(phrase: Sequence[str], number: str, unit: str) -> bool:
    """Whether a phrase has the number, with the unit after it where the query gives one."""
    for place, word in enumerate(phrase):
        if word == number:
            follower = phrase[place + 1] if place + 1 < len(phrase) else ""
            if unit not in _UNITS or follower == unit:
                return True
    return False


def _facts(product: Product) -> list[_Phrase]:
    """Return what the record says, as phrases; what tells the product best comes first."""
    found = [_Phrase(product.title)]
    if product.brand:
        found.append(_Phrase(product.brand))
    for part in reversed(product.product_type.split(">")):
        if part.strip():
            found.append(_Phrase(part.strip()))
    denied: set[str] = set()
    for name, value in product.attributes.items():
        if value is True:
            found.append(_Phrase(_flagged(name), name))
        elif value is False:
            denied.update(words(name))
    for name, text in product.fields():
        if name in _HIDDEN or name in {"title", "brand", "product type", "description"}:
            continue
        if text not in {"yes", "no"}:
            parts = [text] if name == "made in" else re.split(r",\s+|;\s*", text)
            found += [_Phrase(with_head(name, part), part) for part in parts]
    said = {word for phrase in found for word in phrase.core}
    for sentence in re.split(r"(?<=[.!?])\s+", product.description):
        if not _NEGATIVE.search(sentence):
            found += [
                _Phrase(word)
                for word in _TOKEN.findall(sentence)
                if word.lower() not in said | denied and not word[0].isdigit()
            ]
    return found


_ALONE = re.compile(
    r"(?:product |body |housing )?colou?r|(?:body |housing |upper |outer )?material|capacity|volume"
    r"|(?:net )?weight|size|scent|flavour|power|(?:internal )?memory|storage|display diagonal|sku"
    r"|(?:display|screen) size|length|connection|pattern|roast|format|voltage|tea type|mpn|brand"
    r"|model|season|gender|resolution|hd type|connectivity technology|processor(?: family| model)?"
    r"|design|style|form factor|shape|fit|total storage capacity|life stage"
)
_ADJECTIVE = re.compile(
    r"(?:proof|able|less|ible|ic|al|-free|ed|ing|y|made|reflective|slip|resistant|repellent|an)$"
)
_NAME_ENDS = re.compile(r" (?:material|length|colou?r|type|quantity)$")
_LINKS = re.compile(r"\b(?:for|with|to|in|by|from)$")


def stands_alone(name: str) -> bool:
    """Whether an attribute's value needs no name beside it: "cream", but not "70 cm"."""
    return bool(_ALONE.fullmatch(name.lower()))


def with_head(name: str, value: str) -> str:
    """Return a value with what it is of, where it does not stand alone: "70 cm cable"."""
    if stands_alone(name):
        return value
    if name == "in the box":
        return f"with {value}"
    if _LINKS.search(name):
        return f"{name} {value}"
    head = _NAME_ENDS.sub("", re.sub(r"^number of ", "", name))
    head = re.sub(r"^(.*) ((?:max|min)imum)$", r"\2 \1", head)
    if name in ("skin type", "hair type"):
        return f"for {value} {head}"
    return value if _not_in(words(head), words(value)) != words(head) else f"{value} {head}"


def _flagged(name: str) -> str:
    """Return the name of a true attribute, a lone noun with "with" before it."""
    return name if " " in name or _ADJECTIVE.search(name) else f"with {name}"


def _parts(product: Product) -> tuple[str, list[str]]:
    """Split the title in its head, brand first, and the segments after its commas."""
    title = " ".join(product.title.split())
    brand = product.brand
    if brand and not title.lower().startswith(brand.lower()):
        title = re.sub(
            rf"\s*(?:\bby\s+|,\s*)?(?<!\w){re.escape(brand)}(?!\w)", "", title, flags=re.I
        ).strip(" ,-")
        title = f"{brand} {title}".strip()
    head, *rest = _SEGMENT.split(title)
    return head, [part.strip() for part in rest if part.strip()]


def _in_query_spelling(head: str, terms: Sequence[str]) -> str:
    """Give the head's words the query's spelling: "gray" for "grey"."""
    for word in terms:
        if (other := _SPELLINGS.get(word, "")) and other in words(head):
            head = _replaced(head, other, word)
    return head


def _replaced(text: str, old: str, new: str) -> str:
    return re.sub(rf"\b{old}\b", lambda found: _cased(new, found[0]), text, flags=re.I)


def _best_phrase(missing: Sequence[str], terms: Sequence[str], facts: Sequence[_Phrase]) -> _Phrase:
    """Return the record's phrase that brings the most missing words with the fewest others."""
    wanted, asked = set(map(singular, missing)), set(map(singular, terms))
    best, best_rank = _Phrase(missing[0]), (0.0, 0)
    for number, phrase in enumerate(facts[1:]):
        own = set(map(singular, phrase.words)) - FUNCTION_WORDS
        gained = len(wanted & own)
        if not gained or len(phrase.core) > _LONGEST_PHRASE:
            continue
        rank = (gained - 0.4 * len(own - asked), -number)
        if rank > best_rank or not best_rank[0]:
            best, best_rank = phrase, rank
    return best if set(map(singular, best.words)) & wanted else _Phrase(missing[0])


def _compose(
    head: str,
    rest: list[str],
    added: list[_Phrase],
    *,
    wanted: Sequence[str],
    product: Product,
    limit: int,
    rng: random.Random | None,
) -> str:
    """Put the parts together: what leads before the type's noun, the query's before the rest."""
    dice = rng.random() if rng else 0.0
    after = [capitalised(phrase.text) for phrase in added]
    asked = set(wanted) | set(map(singular, wanted)) | {f"{word}s" for word in wanted}
    if rng and rng.random() < 0.5:
        rest = sorted(rest, key=lambda part: not asked & set(words(part)))
    segments = [*after, *rest] if dice < 0.6 or len(head) > 60 else [*rest, *after]
    if len(head) > 60 and not rest:
        segments = after
    return _fitted(head, segments, asked, product, limit)


def _fitted(
    head: str, segments: Sequence[str], asked: set[str], product: Product, limit: int
) -> str:
    """Leave out segments, then words, until the title fits: the last and the unasked first."""
    kept = _without_spare(segments, len(head), asked, limit)
    least = len(_shortened(head, asked, product, 0))
    total = len(_joined("", kept))
    while kept and total + least + 2 > limit:
        total -= len(kept.pop()) + 2
    short = _shortened(head, asked, product, limit - (total + 2 if kept else 0))
    title = _joined(short, kept)
    return title if 0 < len(title) <= limit else _cut(head, segments, asked, product, limit)


def _without_spare(segments: Sequence[str], head: int, asked: set[str], limit: int) -> list[str]:
    """Leave out segments that hold nothing asked for, the last first, until the title fits."""
    total = head + sum(len(part) + 2 for part in segments)
    left_out: set[int] = set()
    for place in range(len(segments) - 1, -1, -1):
        if total <= limit:
            break
        if not asked & set(words(segments[place])):
            left_out.add(place)
            total -= len(segments[place]) + 2
    return [part for place, part in enumerate(segments) if place not in left_out]


def _cut(head: str, segments: Sequence[str], asked: set[str], product: Product, limit: int) -> str:
    """Cut a head whose brand or first word alone is too long.

    It is cut at a word; where its first does not fit, the brand is left out, and of what follows
    the words are taken that do, the query's first.
    """
    kept = list(_chunks(head))
    if kept and len(kept[0]) <= limit:
        kept = kept[: _fitting(kept, limit)]
    else:
        lead = len(list(_chunks(product.brand)))
        others = [*kept[lead:], *(chunk for part in segments for chunk in _chunks(part))]
        ranked = sorted(range(len(others)), key=lambda at: not asked & set(words(others[at])))
        places, room = [], limit + 1
        for place in ranked:
            if len(others[place]) < room:
                places.append(place)
                room -= len(others[place]) + 1
        kept = [others[place] for place in sorted(places)]
    while len(kept) > 1 and _dangles(kept[-1]):
        kept.pop()
    return " ".join(kept).rstrip(" ,;-&(/") or product.title.strip()[:limit]


def _joined(head: str, segments: Sequence[str]) -> str:
    return ", ".join(part for part in (head, *segments) if part)


def _shortened(head: str, asked: set[str], product: Product, room: int) -> str:
    """Drop words of a long head from its end, those of the brand and the query last."""
    chunks = list(_chunks(head))
    first = max(len(product.brand.split()), 1)
    total = sum(map(len, chunks)) + len(chunks) - 1
    is_kept = [True] * len(chunks)
    count = last = len(chunks)
    spare = [at for at in range(first, last) if not asked & set(words(chunks[at]))]
    while total > room and count > first:
        while spare and not is_kept[spare[-1]]:
            spare.pop()
        place = spare.pop() if spare else last - 1
        while True:
            is_kept[place] = False
            total -= len(chunks[place]) + 1
            count -= 1
            while last and not is_kept[last - 1]:
                last -= 1
            if count <= first or not _dangles(chunks[last - 1]):
                break
            place = last - 1
    kept = (chunk for chunk, is_in in zip(chunks, is_kept, strict=True) if is_in)
    return " ".join(kept).rstrip(" ,;-&(/")


def _fitting(chunks: Sequence[str], limit: int) -> int:
    """Return how many chunks, joined by spaces, fit the limit."""
    total = -1
    for count, chunk in enumerate(chunks):
        total += len(chunk) + 1
        if total > limit:
            return count
    return len(chunks)


def _chunks(head: str) -> Iterator[str]:
    """Yield what of a title must stay together: a number with its unit, a bracket, a word."""
    for found in _CHUNK.finditer(head):
        chunk = found[0].split()
        if (
            len(chunk) > 1
            and not chunk[0].startswith("(")
            and chunk[-1].lower() not in _UNITS | {'"'}
        ):
            yield from chunk
        else:
            yield found[0]


def _dangles(chunk: str) -> bool:
    return chunk.lower() in FUNCTION_WORDS - {"x"} or not re.search(r"\w", chunk)


def capitalised(text: str) -> str:
    """Write a phrase as titles do: "noise cancelling" is "Noise Cancelling", "500 ml" stays."""
    parts = text.split()
    return " ".join(
        word if _stays(word, parts[place - 1] if place else "") else _capital(word)
        for place, word in enumerate(parts)
    )


def _stays(word: str, before: str) -> bool:
    """Whether a word keeps its case: a unit after its number, a function word, a code."""
    if word.lower() in _UNITS and re.fullmatch(r"[\d.,/]+", before):
        return True
    if before and word.lower() in FUNCTION_WORDS:
        return True
    return not re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)*[.,]?", word)


def _capital(word: str) -> str:
    parts = re.split("(-)", word)
    return "".join(
        part.upper() if part in _SPELT else part[:1].upper() + part[1:] for part in parts
    )


_ACRONYMS = "usb led lcd gps fm hdmi vga uv bpa pvc pfc nfc spf tsa ssd hdd ddr aux"
_SPELT = frozenset(_ACRONYMS.split())


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[:1].isupper() else word
