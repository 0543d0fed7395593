"""What a query asks of the values it names: "by Acme", "in black", "with bluetooth", "not red".

A value asked for in so many words, and every denial, becomes a filter; one named in passing
("red shoes", "Acme headphones") a preference, since a shopper would rather see a near miss than
nothing. Alternatives ("red or blue") are preferences too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from catalog_index.filters import Filter
from retrieval.understanding.mentions import (
    BRAND,
    FAMILY_OF_WORD,
    FLAG,
    PRODUCT_TYPE,
    Mention,
    best_field,
    family,
    find_mentions,
    passing_field,
)
from retrieval.understanding.reading import Reading, word_set
from retrieval.understanding.values import Role, Understanding

_DENIALS: tuple[tuple[str, ...], ...] = (
    ("of", "any", "brand", "but"), ("any", "brand", "but"), ("of", "all", "brands", "but"),
    ("do", "not"), ("does", "not"), ("did", "not"), ("can", "not"), ("should", "not"),
    ("must", "not"), ("w", "o"), ("lacking",), ("lacks",), ("don", "t", "want"),
    ("do", "not", "want"), ("anything", "but"), ("everything", "but"), ("all", "but"),
    ("any", "but"), ("brand", "but"), ("one", "but"), ("other", "than"), ("but", "not"),
    ("but", "no"), ("apart", "from"), ("rather", "than"), ("instead", "of"), ("don", "t"),
    ("doesn", "t"), ("dont",), ("doesnt",), ("isn", "t"), ("aren", "t"), ("isnt",), ("arent",),
    ("shouldn", "t"), ("mustn", "t"), ("except", "for"), ("is", "not"), ("are", "not"), ("not",),
    ("non",), ("without",), ("no",), ("except",), ("excluding",), ("exclude",), ("avoid",),
    ("never",), ("nothing",), ("minus",), ("ohne",), ("zonder",), ("sans",), ("nicht",),
    ("niet",), ("kein",),
)  # fmt: skip
"""Ways to deny what follows."""
_LONGEST_FIRST = tuple(sorted(_DENIALS, key=len, reverse=True))
_GLUE = word_set(
    "a an the any by from with in of made out having has have be being is are brand brands to "
    "size colour color it comes come products product"
)
"""Words that may stand between a denial or cue and the value."""
_MOST_GLUE = 4
_WITH = word_set("with having has have be that which must should includes including mit")
_BY = word_set("by from brand brands von van de")
_IN = frozenset({"colour", "size", "material", "pattern", "finish", "flavour", "scent", "style"})
_MATERIAL = frozenset({"material"})
_LINKS = word_set("is are of the be should must a in")
_OR = frozenset({"or", "nor"})
_LISTING = frozenset({"or", "nor", "and"})


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked of a mention: `first` is where its cue starts; `op` "" is a preference."""

    field: str
    op: str
    first: int
    last: int
    cue: str = ""


def read_facets(reading: Reading) -> None:
    """Take what is asked of known values as filters, and record preferences."""
    mentions = find_mentions(reading)
    before: tuple[Mention, _Ask] | None = None
    for at, mention in enumerate(mentions):
        following = mentions[at + 1] if at + 1 < len(mentions) else None
        ask = _listed(reading, before, mention) or _denied(reading, mention)
        if ask is None and not _is_alternative(reading, before, mention, following):
            ask = _wanted(reading, mention)
            if ask is not None and (denial := denial_before(reading, ask.first)):
                ask = replace(ask, op="not", first=denial[0], cue=denial[1])
        if ask is None and (name := passing_field(mention)):
            ask = _Ask(name, "", mention.first, mention.last)
        if ask is not None:
            _record(reading, mention, ask)
            before = (mention, ask)
        else:
            before = (mention, _Ask("", "", mention.first, mention.last))
    _demote_rivals(reading)


def _demote_rivals(reading: Reading) -> None:
    """Make preferences of filters that ask a field for two values: no record need have both."""
    asked = [item.filter.field for item in reading.filters if _asks_value(item)]
    rivals = [
        item for item in reading.filters if _asks_value(item) and asked.count(item.filter.field) > 1
    ]
    for item in rivals:
        reading.filters.remove(item)
        reading.preferences.append(item)
        reading.take(*reading.at(item.start, item.end), Role.WORD)


def _asks_value(item: Understanding) -> bool:
    return item.filter.op == "is" and isinstance(item.filter.value, str)


def denial_before(reading: Reading, at: int) -> tuple[int, str] | None:
    """Return where a denial that ends right before word `at` starts, and its first word."""
    if has_minus(reading, at):
        return at, "not"
    for denial in _LONGEST_FIRST:
        first = at - len(denial)
        if reading.free_phrase(first, at) == " ".join(denial):
            if denial in {("not",), ("no",)} and first and reading.words[first - 1].folded == "if":
                return None
            return first, denial[-1] if denial[-1] in {"no", "without"} else "not"
    return None


def has_minus(reading: Reading, at: int) -> bool:
    """Whether a word is written with a minus sign: "phone -case"."""
    start = reading.words[at].start
    text = reading.text
    if start == 0 or text[start - 1] != "-":
        return False
    return start == 1 or (
        text[start - 2].isspace() and not text[: start - 1].rstrip()[-1:].isdigit()
    )


def _denied(reading: Reading, mention: Mention) -> _Ask | None:
    """Read "not Acme", "without bluetooth", "not made of leather", "bluetooth-free"."""
    after = mention.last
    if reading.free_phrase(after, after + 1) == "free":
        name = FLAG if FLAG in mention.fields else best_field(mention.fields, _MATERIAL)
        if name is not None:
            return _Ask(name, "not", mention.first, after + 1, "without")
    at = mention.first
    for _ in range(_MOST_GLUE + 1):
        if denial := denial_before(reading, at):
            glue = {word.folded for word in reading.words[at : mention.first]}
            if _is_idle(mention) and not glue & FAMILY_OF_WORD.keys():
                return None
            name = BRAND if BRAND in mention.fields and glue & _BY else _field_of(mention)
            if name is None:
                return None
            return _Ask(name, "not", denial[0], mention.last, denial[1])
        if not reading.is_free(at - 1, at) or reading.words[at - 1].folded not in _GLUE:
            return None
        if _is_parted(reading, at):
            return None
        at -= 1
    return None


def _listed(reading: Reading, before: tuple[Mention, _Ask] | None, mention: Mention) -> _Ask | None:
    """Carry an ask on to the next value of a list: "not Acme or Bolt", "with wifi and usb"."""
    if before is None or not before[1].op or before[1].field not in mention.fields:
        return None
    ask = before[1]
    joiner = _joiner(reading, ask.last, mention.first)
    carried = (
        joiner in _OR | {","} or (joiner == "and" and ask.field != FLAG)
        if ask.op == "not"
        else joiner in {"and", ","} and ask.field == FLAG
    )
    return _Ask(ask.field, ask.op, mention.first, mention.last, ask.cue) if carried else None


def _is_alternative(
    reading: Reading,
    before: tuple[Mention, _Ask] | None,
    mention: Mention,
    following: Mention | None,
) -> bool:
    """Whether a value is one of several of a field, which no single filter can ask for."""
    for left, right in ((before and before[0], mention), (mention, following)):
        if left is None or right is None or left.fields.keys().isdisjoint(right.fields):
            continue
        joiner = _joiner(reading, left.last, right.first)
        same = (left.fields.keys() & right.fields.keys()) - {FLAG}
        if joiner in _OR or (joiner in {"and", ","} and same):
            return True
    return False


def _joiner(reading: Reading, last: int, first: int) -> str:
    """Return the word, or the comma, that alone stands between two values; else ""."""
    if first - last == 1 and reading.words[last].folded in _LISTING:
        return reading.words[last].folded
    if first == last and first:
        between = reading.text[reading.words[last - 1].end : reading.words[first].start]
        return "," if between.strip() in {",", "/"} else ""
    return ""


def _wanted(reading: Reading, mention: Mention) -> _Ask | None:
    """Read a value asked for in so many words."""
    if named := _named(reading, mention):
        return named
    at = mention.first
    glue: list[str] = []
    while len(glue) < _MOST_GLUE and reading.is_free(at - 1, at) and not _is_parted(reading, at):
        word = reading.words[at - 1].folded
        if word not in _GLUE | _WITH | {"only"}:
            break
        glue.insert(0, word)
        at -= 1
    if only := reading.phrase(mention.last, mention.last + 1) == "only":
        glue.append("only")
    said = set(glue)
    last = mention.last + only
    if BRAND in mention.fields and (said & _BY or "only" in said):
        return _Ask(BRAND, "is", at, last)
    if FLAG in mention.fields and (said & _WITH or "only" in said):
        return _Ask(FLAG, "is", at, last)
    if "made" in said and said & {"of", "from", "out"}:
        name = best_field(mention.fields, _MATERIAL)
        return _Ask(name, "is", at, last) if name else None
    if "in" in said and (name := best_field(mention.fields, _IN)):
        return _Ask(name, "is", at, last)
    return None


def _named(reading: Reading, mention: Mention) -> _Ask | None:
    """Read a value beside its field's name: "size M", "colour: blue", "blue colour"."""
    if (after := mention.last) < len(reading.words) and reading.is_free(after, after + 1):
        word = reading.words[after].folded
        if word in FAMILY_OF_WORD and not _is_parted(reading, after):
            name = best_field(mention.fields, frozenset({FAMILY_OF_WORD[word]}))
            if name is not None:
                return _Ask(name, "is", _leading(reading, mention.first), after + 1)
    at = mention.first
    while at > 0 and reading.is_free(at - 1, at) and reading.words[at - 1].folded in _LINKS:
        at -= 1
    for name in sorted(mention.fields, key=lambda name: (-len(name), name)):
        words = name.count(" ") + 1
        for end in (mention.first, at):
            first = end - words
            plain = bool(family(name)) or words > 1 or (end > 0 and _has_colon(reading, end))
            if plain and name != FLAG and reading.free_phrase(first, end) == name:
                return _Ask(name, "is", _leading(reading, first), mention.last)
    if at and reading.is_free(at - 1, at):
        kind = FAMILY_OF_WORD.get(reading.words[at - 1].folded)
        name_of_kind = best_field(mention.fields, frozenset({kind})) if kind else None
        if name_of_kind:
            return _Ask(name_of_kind, "is", _leading(reading, at - 1), mention.last)
    return None


def _leading(reading: Reading, first: int) -> int:
    """Step back over the small words that lead to a value or its name: "in the [colour blue]"."""
    while reading.is_free(first - 1, first) and reading.words[first - 1].folded in {
        *("in", "of", "the", "a", "an", "with", "its"),
    }:
        first -= 1
    return first


def _record(reading: Reading, mention: Mention, ask: _Ask) -> None:
    """Take an ask's words and record its filter or preference."""
    shown = reading.written(mention.first, mention.last)
    if ask.field == FLAG:
        text, condition = shown, Filter(mention.value, "is", True)
    else:
        text, condition = f"{ask.field}: {shown}", Filter(ask.field, "is", mention.value)
    if ask.op == "not":
        prefix = "without" if ask.field == FLAG and ask.cue in {"no", "without"} else "not"
        denied = Filter(condition.field, "not", condition.value)
        reading.take(ask.first, ask.last, Role.CONDITION)
        reading.understand(denied, (ask.first, ask.last), f"{prefix} {shown}")
    elif ask.op:
        role = Role.WORD if ask.field == PRODUCT_TYPE else Role.NAME
        reading.take(ask.first, ask.last, Role.CONDITION)
        reading.take(mention.first, mention.last, role)
        reading.understand(condition, (ask.first, ask.last), text)
    else:
        reading.prefer(condition, (mention.first, mention.last), text)


def _field_of(mention: Mention) -> str | None:
    """Return the field that a denied value means: that of most records, or its plain namesake.

    None where the value is of no field that shoppers ask for: "not included" is no filter.
    """
    asked = [name for name in mention.fields if name == FLAG or family(name)]
    if not asked:
        return None
    most = max(asked, key=lambda name: (mention.fields[name], name))
    return FLAG if most == FLAG else best_field(mention.fields, frozenset({family(most)})) or most


def _is_idle(mention: Mention) -> bool:
    """Whether a value is too short to be denied by a mere "no"."""
    return len(mention.value) < 2 or mention.value.isdigit()


def _is_parted(reading: Reading, at: int) -> bool:
    """Whether punctuation parts a word from the one before it."""
    between = reading.text[reading.words[at - 1].end : reading.words[at].start]
    return any(mark in between for mark in ",.;!?()")


def _has_colon(reading: Reading, at: int) -> bool:
    between = reading.text[reading.words[at - 1].end : reading.words[at].start]
    return ":" in between or "=" in between
