"""What kind of thing a title or a query names, and which queries are near to a kind or far off.

The kinds stand in `kinds.toml`. A title counts only up to its first "for", "with", comma or
bracket, and only where what stands there names one kind: "laptop bag" is a bag, "bag for laptop"
too. A title that leaves it open has no kind. Knows products as records, and no task.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from catalog_index.product import Product
from finetune.shop import product_kind
from finetune.situations.english import plural_of, singular_of
from finetune.situations.nouns import NOUNS

_LEXICON = Path(__file__).with_name("kinds.toml")
_HEAD_ENDS = re.compile(
    r"\s(?:for|with|without|w/|incl\.?|including|fits|compatible|to fit)\s|\s[-–|]\s|[,(;]", re.I
)
_FITS = re.compile(r"\s(?:for|fits|compatible with|to fit)\s+(?P<what>[^,(;]+)", re.I)
_SPACES = re.compile(r"[^\w/&.-]+")
_HEADS = NOUNS | {
    "accessory", "part", "stand", "support", "bundle", "station", "combo", "upgrade", "kbd"
}  # fmt: skip
_ALIASES = {
    "notebook": "notebook computer",
    "notebooks": "notebook",
    "pc": "desktop computer",
    "headphone": "over-ear headphones",
}
_FITTED = frozenset(
    ("components", "storage", "computer cables", "av cables", "network", "power", "paper",
     "computer accessories")
)  # fmt: skip
"""Groups whose goods go with a device, and are no reason to look for one."""
_DEVICES = frozenset(
    ("laptop", "notebook", "notebook computer", "desktop pc", "server", "printer", "tv", "monitor",
     "inkjet printer", "photo printer", "label printer", "copier", "projector", "digital camera",
     "headphones", "speakers", "smartphone", "motherboard", "ipad", "torch", "hard drive")
)  # fmt: skip
_BROAD = re.compile(r"accessor|supplies|parts?$|^spare|furniture")
_OWN_NAME = re.compile(r"[^a-z0-9 '&-]")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of goods.

    `names` are queries for any of it, `special` those for some of it, and `titles` those of both
    that mark a title as being of it. `substitutes` are queries for what it may stand in for,
    `related` those for what it goes with and does not replace (`beside` are the plain ones of
    them), `unlike` those that mean another thing though they share a word with it. `minor` is an
    accessory or a consumable.
    """

    key: str
    group: str
    names: tuple[str, ...]
    special: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    substitutes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    minor: bool = False

    def queries(self, title: str) -> tuple[str, ...]:
        """Return the names that fit a product of this title, those it holds itself first."""
        folded = fold(title)
        held = [name for name in self.titles if fold(name) in folded]
        fitting = dict.fromkeys(name for name in (*held, *self.names) if "/" not in name)
        return tuple(fitting) or tuple(name for name in self.special if "/" not in name)[:1]

    def all_names(self) -> tuple[str, ...]:
        """Return every name of it, special ones too."""
        return (*self.names, *self.special)


@cache
def known_kinds() -> dict[str, Kind]:
    """Return the lexicon's kinds by key."""
    with _LEXICON.open("rb") as file:
        tables = tomllib.load(file)
    kinds = {}
    for key, table in tables.items():
        names = _split(table["names"])
        related = _split(table["related"])
        kinds[key] = Kind(
            key,
            table["group"],
            tuple(name.rstrip("~") for name in names if not name.endswith("!")),
            tuple(name.rstrip("!") for name in names if name.endswith("!")),
            tuple(name.rstrip("!") for name in names if not name.endswith("~")),
            _split(table.get("substitutes", "")),
            tuple(name.rstrip("?") for name in related),
            tuple(name for name in related if not name.endswith("?")),
            _split(table["unlike"]),
            bool(table.get("minor", False)),
        )
    return kinds


def kind_of(product: Product) -> Kind | None:
    """Return what a product is: by its type, else by its title; None where neither tells.

    A type that the lexicon does not know makes a kind of its own, without near and far queries.
    """
    return _kind_of(product_kind(product), product.title, product.brand, product.product_type)


@lru_cache(maxsize=65536)
def _kind_of(leaf: str, title: str, brand: str, path: str) -> Kind | None:
    if not leaf:
        return named_kind(_head(title, brand))
    name = leaf.casefold()
    if alias := _ALIASES.get(name):
        return known_kinds()[alias]
    known = named_kind(leaf)
    if known and any(fold(leaf).endswith(form) for form in _forms(known)):
        return known
    told = " > " in path or singular_of(name).rpartition(" ")[2] in fold(title)
    if not told or _OWN_NAME.search(name) or len(name) > 32 or name.isdigit():
        return None
    own = tuple(dict.fromkeys((singular_of(name), plural_of(name))))
    return Kind(f"own:{name}", path.rpartition(">")[0].strip() or name, own, (), own)


@lru_cache(maxsize=65536)
def named_kind(text: str) -> Kind | None:
    """Return the one kind that a text names, None for none or several.

    In a compound the last noun decides: a "notebook mouse" is a mouse.
    """
    folded = fold(text)
    found: list[tuple[int, int, str]] = []
    for match in _pattern().finditer(folded):
        key = _keys()[_base(match["name"])]
        if found and match.start("name") <= found[-1][1] + 1 and "/" not in match["name"]:
            found.pop()
        found.append((match.start("name"), match.end("name"), key))
    keys = {key for _, _, key in found}
    if len(keys) != 1:
        return None
    kind = known_kinds()[keys.pop()]
    return None if _goes_on(folded[found[-1][1] :], kind) else kind


def _goes_on(rest: str, kind: Kind) -> bool:
    """Whether another noun follows, so that the title names that: a "monitor stand"."""
    own = {word for name in kind.all_names() for word in name.split()}
    for word in rest.split()[:5]:
        single = singular_of(word)
        if single in _HEADS and single not in own:
            return True
    return False


def served_kind(product: Product) -> Kind | None:
    """Return the kind that a title says the product is made for: "Bag for 15 inch laptops"."""
    fits = _FITS.search(product.title)
    return named_kind(fits["what"]) if fits else None


def served_brand(product: Product, brands: Iterable[str]) -> str:
    """Return the other maker whose things the title says the product is for; "" if none."""
    fits = _FITS.search(product.title)
    if fits is None:
        return ""
    words = fold(fits["what"]).split()
    own = product.brand.casefold()
    return next(
        (
            brand
            for brand in brands
            if brand.casefold() != own and len(brand) > 2 and brand.casefold() in words[:2]
        ),
        "",
    )


def is_name_of(query: str, kind: Kind) -> bool:
    """Whether a query is one of the kind's names and no more."""
    folded = fold(query)
    return any(folded in (fold(name), plural_of(fold(name))) for name in kind.all_names())


def names_kind(query: str, kind: Kind) -> bool:
    """Whether one of the kind's names stands in a query."""
    folded = f" {fold(query)} "
    names = {form for name in kind.all_names() for form in (name, plural_of(name))}
    return any(f" {fold(name)} " in folded for name in names)


@lru_cache(maxsize=512)
def far_names(key: str, group: str) -> tuple[str, ...]:
    """Return names of kinds of other groups than a kind's, neither being related to the other."""
    own = known_kinds().get(key)
    nearby = (*own.substitutes, *own.related) if own else ()
    near = {found.key for name in nearby if (found := named_kind(name))}
    return tuple(
        name
        for kind in known_kinds().values()
        if kind.group != group and kind.key not in near
        and not (own and any(
            names_kind(other, own) for other in (*kind.substitutes, *kind.related)))
        for name in kind.names
    )  # fmt: skip


@lru_cache(maxsize=512)
def accessories(key: str) -> tuple[str, ...]:
    """Return names of the minor kinds that serve a kind."""
    own = known_kinds().get(key)
    if own is None or own.minor:
        return ()
    return tuple(
        (kind.names or kind.special)[0]
        for kind in known_kinds().values()
        if kind.minor and kind.key != key
        and any(fold(name) in map(fold, own.names) for name in kind.related)
    )  # fmt: skip


@lru_cache(maxsize=512)
def _main_names(key: str) -> tuple[str, ...]:
    own = known_kinds().get(key)
    if own is None or not (own.minor or own.group in _FITTED):
        return ()
    found = ((name, named_kind(name)) for name in own.related)
    return tuple(
        name
        for name, kind in found
        if (kind is None or kind.key != key)
        and not _BROAD.search(name)
        and (kind is not None or name in _DEVICES)
        and (name in _DEVICES or own.group == "components"
             or (own.minor and not (kind and kind.minor)))
    )  # fmt: skip


def main_names(kind: Kind) -> tuple[str, ...]:
    """Return the things that an accessory or a part is for, or goes in beside."""
    return _main_names(kind.key)


def goes_beside(kind: Kind) -> tuple[str, ...]:
    """Return things that go with a kind and are not replaced by it: beans, for a coffee machine."""
    if kind.minor or kind.group in _FITTED:
        return ()
    mains = main_names(kind)
    return tuple(name for name in kind.beside if name not in mains and not _BROAD.search(name))


def fold(text: str) -> str:
    """Fold case, and marks other than those inside words."""
    return _SPACES.sub(" ", text.casefold()).strip(" .-/")


def _head(title: str, brand: str) -> str:
    text = title[len(brand) :] if brand and title.casefold().startswith(brand.casefold()) else title
    return _HEAD_ENDS.split(f" {text}", maxsplit=1)[0]


@cache
def _keys() -> dict[str, str]:
    """Map each title name, in singular, to its kind; an earlier kind keeps a name."""
    keys: dict[str, str] = {}
    for kind in known_kinds().values():
        for name in kind.titles:
            keys.setdefault(_base(fold(name)), kind.key)
    return keys


def _base(name: str) -> str:
    return singular_of(name)


def _forms(kind: Kind) -> set[str]:
    return {form for name in kind.titles for form in (fold(name), plural_of(fold(name)))}


@cache
def _pattern() -> re.Pattern[str]:
    forms = {form for name in _keys() for form in (name, plural_of(name))}
    words = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<![\w/-])(?P<name>{words})(?![\w/-])")


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
