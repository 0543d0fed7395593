"""Queries of which it is known how well a product meets them.

likely: they name the kind, with what is true of the product. possible: they name what it may stand
in for (nothing does for a part or a consumable), or the kind with a wish that it misses narrowly.
unlikely: they name another thing, what goes with it, the main item that an accessory or a part is
for, or the kind with a demand that the record contradicts. A maker returns None where the record
gives no such query. Knows no seeds.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalog_index.product import Product
from finetune.shop import Shop, product_kind
from finetune.situations.demands import met, missed, other_amount
from finetune.situations.english import plural_of
from finetune.situations.kinds import (
    Kind,
    accessories,
    far_names,
    fold,
    goes_beside,
    main_names,
    named_kind,
    names_kind,
    served_brand,
    served_kind,
)
from finetune.situations.speech import called

_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9][\w/.-]{3,}")
_MASS = re.compile(r"(?:tea|coffee|paper|food|toner|ink|ram|bedding|linen|knitwear|luggage)$")
_MANY = 0.3
_CURRENCIES = {
    "EUR": ("euro", "euros", "eur", "€"),
    "USD": ("dollars", "$"),
    "GBP": ("pounds", "£"),
}


@dataclass(frozen=True, slots=True)
class Query:
    """A query; the attributes and the price that decide it must stand in the record.

    `about` is the thing that it names, where that is not the product.
    """

    text: str
    keep: tuple[str, ...] = ()
    price: bool = False
    about: str = ""


Maker = Callable[[Product, Kind, Shop, random.Random], Query | None]


def makers_of(label: str) -> Sequence[tuple[Maker, float]]:
    """Return the makers of a label's queries with their weights."""
    return _MAKERS[label]


def _named(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    return Query(_many(_name(product, kind, rng), rng))


def _brand_and_kind(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    if not product.brand:
        return None
    name = _name(product, kind, rng)
    return Query(rng.choice((f"{product.brand} {name}", f"{name} {product.brand}")))


def _demanded(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    """The kind with one or two things that are true of the product."""
    name = _name(product, kind, rng)
    demands = met(product, name)
    if not demands:
        return None
    first = rng.choice(demands)
    text, keep = first.of(name), [first.attribute]
    others = [other for other in demands if other.attribute != first.attribute]
    if others and rng.random() < 0.3:
        second = rng.choice(others)
        if "{k}" in second.words:
            text, keep = second.of(text), [*keep, second.attribute]
    if product.brand and rng.random() < 0.12:
        text = f"{product.brand} {text}"
    return Query(text, _kept(keep))


def _model(product: Product, _: Kind, _shop: Shop, rng: random.Random) -> Query | None:
    name = called(product)
    texts = [name.full] if name and len(name.full.split()) <= 5 else []
    if _CODE.fullmatch(product.mpn):
        texts += [f"{product.brand} {product.mpn}", product.mpn]
    return Query(rng.choice(texts)) if texts else None


def _affordable(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    return _budget(product, kind, rng, rng.uniform(1.05, 1.6))


def _brand_alone(product: Product, _kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    return Query(product.brand) if product.brand else None


def _substitute(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    """A thing that it stands in for, perhaps with the product's own brand or colour."""
    title = fold(product.title)
    names = [name for name in kind.substitutes if fold(name) not in title]
    if kind.minor or not names:
        return None
    name = rng.choice(names)
    text, keep = _with_own(name, product, rng)
    return Query(text, keep, about=name)


def _beside(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    """A thing that goes with it and that it does not replace: who types "shelf" wants no box."""
    title = fold(product.title)
    names = [name for name in goes_beside(kind) if fold(name) not in title]
    if not names:
        return None
    name = rng.choice(names)
    return Query(name, about=name)


def _served(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    """What the title says it is made for: a "bag for laptops" and "laptop", not wanted then."""
    served = served_kind(product)
    name = rng.choice((served and served.key != kind.key and served.names) or ("",))
    return Query(_many(name, rng), about=name) if name else None


def _main_item(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    """The main item that an accessory or a part is for: who types "printer" wants no toner."""
    name = rng.choice(main_names(kind) or ("",))
    return Query(_many(name, rng), about=name) if name else None


def _narrowly(product: Product, kind: Kind, shop: Shop, rng: random.Random) -> Query | None:
    return _missing(product, kind, shop, rng, plainly=False)


def _dear(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    return _budget(product, kind, rng, rng.uniform(0.84, 0.97))


def _other_brand(product: Product, kind: Kind, shop: Shop, rng: random.Random) -> Query | None:
    """The kind by another maker: a substitute, but for what must fit another thing."""
    if kind.minor:
        return None
    peers = [peer.brand for peer in _peers(product, kind, shop, rng) if peer.brand != product.brand]
    if not peers:
        return None
    return Query(f"{rng.choice(peers)} {_name(product, kind, rng)}")


def _far(product: Product, kind: Kind, shop: Shop, rng: random.Random) -> Query | None:
    """Another thing altogether, perhaps with a word that the product has as well."""
    others = far_names(kind.key, kind.group)
    if kind.key.startswith("own:") and rng.random() < 0.5:
        family = shop.families.get(product_kind(product), "")
        theirs = [other for other in shop.kinds if shop.families[other] != family]
        others = tuple(other.lower() for other in theirs) or others
    name = rng.choice(others)
    if names_kind(name, kind) or named_kind(name) == kind or _shares_noun(name, product):
        return None
    text, keep = _with_own(name, product, rng)
    return Query(_many(text, rng) if text == name else text, keep, about=name)


def _unlike(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    """Another thing whose name shares a word with the product's."""
    title, served = fold(product.title), served_kind(product)
    names = [
        name
        for name in kind.unlike
        if fold(name) not in title and (served is None or named_kind(name) != served)
    ]
    if not names:
        return None
    name = rng.choice(names)
    return Query(name, about=name)


def _plainly(product: Product, kind: Kind, shop: Shop, rng: random.Random) -> Query | None:
    return _missing(product, kind, shop, rng, plainly=True)


def _for_other_maker(product: Product, _: Kind, shop: Shop, rng: random.Random) -> Query | None:
    """The maker whose things it fits, when that maker alone is looked for."""
    brand = served_brand(product, shop.brands)
    return Query(brand) if brand else None


def _unaffordable(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    return _budget(product, kind, rng, rng.uniform(0.15, 0.5))


def _its_accessory(product: Product, kind: Kind, _: Shop, rng: random.Random) -> Query | None:
    """An accessory for such a product: who looks for a laptop bag has the laptop."""
    name = rng.choice(accessories(kind.key) or ("",))
    return Query(_many(name, rng), about=name) if name else None


_MAKERS: dict[str, tuple[tuple[Maker, float], ...]] = {
    "likely": (
        (_named, 0.36),
        (_demanded, 0.28),
        (_brand_and_kind, 0.14),
        (_model, 0.08),
        (_affordable, 0.08),
        (_brand_alone, 0.05),
    ),
    "possible": (
        (_substitute, 0.44),
        (_narrowly, 0.3),
        (_dear, 0.14),
        (_other_brand, 0.12),
    ),
    "unlikely": (
        (_far, 0.22),
        (_unlike, 0.16),
        (_beside, 0.1),
        (_main_item, 0.12),
        (_served, 0.06),
        (_plainly, 0.2),
        (_for_other_maker, 0.06),
        (_unaffordable, 0.06),
        (_its_accessory, 0.06),
    ),
}


def _missing(
    product: Product, kind: Kind, shop: Shop, rng: random.Random, *, plainly: bool
) -> Query | None:
    name = _own_name(product, kind, rng)
    demands = missed(product, _peers(product, kind, shop, rng), rng, plainly=plainly)
    if plainly and (amount := other_amount(product, name, rng)):
        demands.append(amount)
    title = fold(product.title)
    demands = [demand for demand in demands if fold(demand.words.replace("{k}", "")) not in title]
    if not demands:
        return None
    demand = rng.choice(demands)
    return Query(demand.of(name), _kept([demand.attribute]))


def _shares_noun(name: str, product: Product) -> bool:
    """Whether a thing's name has a word of the title, which might then be of its kind."""
    title = fold(product.title)
    return any(word[:5] in title for word in fold(name).split() if len(word) > 3)


def _budget(product: Product, kind: Kind, rng: random.Random, share: float) -> Query | None:
    """Name a highest price of `share` times the product's."""
    price = product.sale_price or product.price
    if price is None or price.amount < 8:
        return None
    paid = float(price.amount)
    limit = paid * share
    step = 5 if limit < 60 else 10 if limit < 200 else 50
    limit = step * round(limit / step)
    if limit <= 0 or (limit >= paid) is not (share > 1) or abs(limit / paid - share) > 0.2:
        return None
    if 0.7 < share < 1 and limit / paid < 0.78:
        return None
    unit = rng.choice(_CURRENCIES.get(price.currency, ("",)))
    amount = f"{unit}{limit:g}" if unit in ("€", "$", "£") else f"{limit:g} {unit}".strip()
    word = rng.choice(("under", "under", "below", "up to", "max"))
    return Query(f"{_name(product, kind, rng)} {word} {amount}", price=True)


def _with_own(name: str, product: Product, rng: random.Random) -> tuple[str, tuple[str, ...]]:
    """Put the product's own colour or brand before another thing's name now and then."""
    draw = rng.random()
    colour = next((key for key in ("colour", "product colour") if key in product.attributes), "")
    value = product.attributes.get(colour)
    if draw < 0.12 and isinstance(value, str) and "," not in value:
        return f"{value} {name}", (colour,)
    if draw < 0.22 and product.brand:
        return f"{product.brand} {name}", ()
    return name, ()


def _peers(product: Product, kind: Kind, shop: Shop, rng: random.Random) -> Sequence[Product]:
    """Return others of the kind; a sample of all products where the record has no type."""
    if peers := shop.by_kind.get(product_kind(product)):
        return peers
    return rng.sample(shop.products, min(60, len(shop.products)))


def _name(product: Product, kind: Kind, rng: random.Random) -> str:
    return rng.choice(kind.queries(product.title))


def _own_name(product: Product, kind: Kind, rng: random.Random) -> str:
    """Return a name that a title may bear: no looser one, which would be a miss of its own."""
    names = kind.queries(product.title)
    return rng.choice([name for name in names if name in kind.titles] or names)


def _many(name: str, rng: random.Random) -> str:
    plural = rng.random() < _MANY and not _MASS.search(name) and " for " not in name
    return plural_of(name) if plural else name


def _kept(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name)
