"""Classification on catalog records: a product without its type, and a taxonomy that holds it.

The labels are names or paths of the shop's own types, or its departments, written as one of
several platforms would write them; near ones are preferred as distractors.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from catalog_index.product import Product
from finetune.pair import Pair
from finetune.shop import Shop, product_kind
from finetune.situations.base import Situation
from finetune.situations.english import plural_of, singular_of
from finetune.situations.kinds import Kind, fold, is_name_of, kind_of, known_kinds
from finetune.situations.record import compact
from finetune.situations.surroundings import surroundings

_SEPARATOR = " > "
_SEED_LEVEL = 0.5
"""How often a label set is of the seed's level (paths or names) whatever the shop offers."""
_DEPARTMENTS = 0.12
_FOREIGN = 0.3
"""How often types that the shop does not have are among the distractors."""
_OTHER_WORDS = 0.4
"""How often the labels are another platform's: a common name, and distractors that lie near it."""
_VAGUE = frozenset(
    ("system", "number", "frame", "holder", "renewal", "shelf", "raid", "spares_and_accessories",
     "battery", "adapter")
)  # fmt: skip
_TELLING = re.compile(r"\b(product type|category|product_type)\b")
_FEWEST_KINDS = 4
_ACRONYMS = {
    name.lower(): name
    for name in ("USB", "HDMI", "TV", "TVs", "PC", "PCs", "UPS", "DVD", "CD", "CDs", "SSD", "SSDs",
                 "RAM", "CPU", "PDU", "LED", "MP3", "KVM", "AC", "GPS")
}  # fmt: skip


def situate(seed: Pair, product: Product, shop: Shop, rng: random.Random) -> Situation | None:
    """Return a product to be filed under one of 4 to 24 labels, and the right label.

    None where the record has no type, the type says too little, or the shop has too few.
    """
    kind = product_kind(product)
    if not kind or _is_vague(kind) or len(shop.kinds) < _FEWEST_KINDS:
        return None
    paths = shop_paths(shop)
    path = paths.get(kind, kind)
    wanted = min(rng.choice((4, 5, 6, 6, 6, 7, 7, 8, 8, 9, 10, 12, 15, 18, 24)), len(paths))
    departments = {other.partition(_SEPARATOR)[0] for other in paths.values()}
    if _SEPARATOR in path and len(departments) >= 5 and rng.random() < _DEPARTMENTS:
        answer = path.partition(_SEPARATOR)[0]
        labels = _fill([answer], sorted(departments - {answer}), (), wanted, rng)
    elif _SEPARATOR in path and _wants_paths(seed, rng):
        near = [paths[other] for other in _near(kind, shop)]
        others = [other for other in paths.values() if _SEPARATOR in other]
        answer = path
        labels = _fill([answer], others, near, wanted, rng)
        labels, answer = _cut_paths(labels, answer, rng)
    else:
        others = [other for other in paths if not _is_vague(other)]
        answer, near = kind, _near(kind, shop)
        known = kind_of(product)
        if known and known.related and rng.random() < _OTHER_WORDS:
            answer, near = _in_other_words(known, answer, rng)
        if known and known.related and rng.random() < _FOREIGN:
            others += _names_of_other_groups(known.group)
        labels = _fill([answer], others, near, wanted, rng)
    labels = [label for label in labels if label == answer or not _same(label, answer)]
    write = _writer(rng, kinds=answer != path.partition(_SEPARATOR)[0])
    written = list(
        {text.casefold(): text for label in reversed(labels) if (text := write(label))}.values()
    )
    if len(written) < _FEWEST_KINDS:
        return None
    rng.shuffle(written)
    telling = [name for name in product.attributes if _TELLING.search(name)]
    record = compact(product, rng, leave_out=("product_type", *telling), most=rng.randint(2, 6))
    inputs: dict[str, object] = {"product": record, "labels": written}
    near_things = [other.lower() for other in _near(kind, shop)] or [
        other.lower() for other in rng.sample(list(paths), 3) if other != kind
    ]
    if context := surroundings(seed, product, rng, near_things):
        inputs["context"] = context
    return Situation(inputs, write(answer))


def shop_paths(shop: Shop) -> dict[str, str]:
    """Return each kind of a shop with its whole path, "Kitchen > Coffee > Espresso Machines"."""
    return {
        kind: f"{family}{_SEPARATOR}{kind}" if (family := shop.families.get(kind, "")) else kind
        for kind in shop.kinds
    }


def _near(kind: str, shop: Shop) -> list[str]:
    """Return the kinds of a shop that are next to a kind: same path, else same department."""
    siblings = list(shop.siblings(kind))
    family = shop.families.get(kind, "")
    department = family.partition(_SEPARATOR)[0]
    cousins = [
        other
        for other in shop.kinds
        if department
        and other != kind
        and other not in siblings
        and shop.families[other].partition(_SEPARATOR)[0] == department
    ]
    if not family:
        words = set(kind.lower().split())
        cousins = [other for other in shop.kinds if other != kind and words & _words(other)]
    return [other for other in (*siblings, *cousins) if not _is_vague(other)]


def _fill(
    labels: list[str],
    others: Sequence[str],
    near: Sequence[str],
    wanted: int,
    rng: random.Random,
) -> list[str]:
    """Add distractors up to `wanted` labels, most of the near ones first."""
    taken = list(labels)
    close = [other for other in near if other not in taken]
    rng.shuffle(close)
    taken += close[: max(1, (wanted * 2) // 3)]
    rest = [other for other in others if other not in taken]
    rng.shuffle(rest)
    return (taken + rest)[:wanted]


def _in_other_words(kind: Kind, name: str, rng: random.Random) -> tuple[str, list[str]]:
    """Return a label in common words, and what is near it, or near by its words alone."""
    plain = [common for common in kind.names if common in kind.titles]
    answer = _as_label(rng.choice(plain)) if plain and rng.random() < 0.7 else name
    near = [
        _as_label(other)
        for other in (*kind.substitutes, *kind.related, *kind.unlike)
        if len(other.split()) < 4 and not is_name_of(other, kind)
    ]
    return answer, near


def _as_label(name: str) -> str:
    stays = name.endswith(("tea", "coffee", "paper", "food")) or " with " in name or " for " in name
    words = (name if stays else plural_of(name)).split()
    return " ".join(_ACRONYMS.get(word, word[:1].upper() + word[1:]) for word in words)


@lru_cache(maxsize=64)
def _names_of_other_groups(group: str) -> tuple[str, ...]:
    return tuple(
        _as_label(kind.names[0])
        for kind in known_kinds().values()
        if kind.group != group and kind.names and "/" not in kind.names[0]
    )


def _same(label: str, answer: str) -> bool:
    """Whether two labels name one kind, or one holds the other: "Audio", "Electronics > Audio"."""
    one, other = _leaf_words(label), _leaf_words(answer)
    return one == other or answer.startswith(f"{label}{_SEPARATOR}")


def _leaf_words(label: str) -> frozenset[str]:
    leaf = label.rpartition(_SEPARATOR)[2]
    return frozenset(singular_of(word) for word in fold(leaf).split())


def _cut_paths(labels: list[str], answer: str, rng: random.Random) -> tuple[list[str], str]:
    """Leave out the top of all paths now and then: platforms differ in depth."""
    if rng.random() < 0.35:
        cut = [label.split(_SEPARATOR, 1)[-1] for label in labels]
        if len(set(cut)) == len(cut):
            return cut, answer.split(_SEPARATOR, 1)[-1]
    return labels, answer


def _wants_paths(seed: Pair, rng: random.Random) -> bool:
    """Whether labels are paths: as the seed's are, or by chance."""
    if rng.random() < _SEED_LEVEL:
        return any(_SEPARATOR in label for label in seed.inputs.get("labels", ()))
    return rng.random() < 0.4


def _writer(rng: random.Random, *, kinds: bool) -> Callable[[str], str]:
    """Return how a platform writes its labels: as they are, lower-case, as slugs.

    Names of kinds may also stand in the singular; departments have none.
    """
    style = rng.random()
    if style < 0.5:
        return str
    if style < 0.65:
        return str.lower
    if style < 0.75:
        return (lambda label: _each(label, singular_of)) if kinds else str.upper
    if style < 0.83:
        return lambda label: re.sub(r"[^\w>]+", "-", label.lower().replace(" > ", ">")).strip("-")
    if style < 0.9:
        return lambda label: label.replace(" > ", " / ")
    if style < 0.95:
        return lambda label: re.sub(r"\W+", "_", label.lower()).strip("_")
    return lambda label: label.capitalize() if _SEPARATOR not in label else label


def _each(label: str, change: Callable[[str], str]) -> str:
    head, mark, leaf = label.rpartition(_SEPARATOR)
    return f"{head}{mark}{change(leaf)}"


def _is_vague(kind: str) -> bool:
    return kind.lower().replace(" ", "_") in _VAGUE or kind.isdigit() or len(kind) < 3


def _words(kind: str) -> set[str]:
    return set(kind.lower().split())
