from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.grounding import check_ad, check_title, grounded
from assistant.values import Claim
from tests.assistant.grounding.copy_lines import INVENTED, PUFFERY

SOURCES = [
    ("K1", "title", "Aldmere Steel Kettle 1.7 l"),
    ("K1", "brand", "Aldmere"),
    ("K1", "colour", "slate grey"),
    ("K1", "material", "stainless steel"),
    ("K1", "cordless", "yes"),
    ("K1", "dishwasher safe", "no"),
    ("K1", "request", "Black Friday"),
]


def failed(text: str) -> list[tuple[str, str]]:
    claims = check_ad(text, SOURCES)
    return [(claim.text, claim.verdict) for claim in claims if claim.verdict != "supported"]


@pytest.mark.parametrize(
    "text",
    [
        "Meet the Aldmere kettle: a calm start to the day.",
        "Stainless steel, slate grey and cordless. Holds 1.7 l.",
        "Your morning, sorted. The Kettle for Black Friday!",
        "What joy: Tea for two, every single day.",
        "A warm glow and a light heart come with every cup.",
        "Treat yourself this Christmas.",
        "'It is great.' Your words, not ours.",
    ],
)
def test_puffery_and_what_the_record_holds_pass(text: str) -> None:
    assert failed(text) == []


@pytest.mark.parametrize(
    ("text", "claim", "verdict"),
    [
        ("It comes in teal.", "teal", "not_in_record"),
        ("Made of solid oak.", "oak", "not_in_record"),
        ("A waterproof friend.", "waterproof", "not_in_record"),
        ("It is Dishwasher-safe too.", "Dishwasher-safe", "contradicted"),
        ("With free delivery.", "free delivery", "not_in_record"),
        ("The best-selling kettle.", "best-selling", "not_in_record"),
        ("Now with Brandolux inside.", "Brandolux", "not_in_record"),
        ("It holds 2 l.", "2 l", "not_in_record"),
    ],
)
def test_what_the_record_does_not_hold_or_denies_fails(text: str, claim: str, verdict: str) -> None:
    assert failed(text) == [(claim, verdict)]


def test_a_longer_word_is_not_taken_for_a_checkable_one() -> None:
    assert failed("Enjoy a glassy sea and pinewood walks.") == []


def test_a_title_may_hold_no_word_of_its_own() -> None:
    assert grounded(check_title("Aldmere Kettle, slate grey", SOURCES))
    assert not grounded(check_title("Aldmere Luxury Kettle", SOURCES))


def test_a_title_may_name_no_feature_that_the_record_denies() -> None:
    sources = [*SOURCES, ("P1", "noise cancelling", "no"), ("P1", "dishwasher safe", "yes")]
    sources.append(("P1", "description", "It does without noise cancelling."))
    claims = check_title("Aldmere Kettle, Noise Cancelling", sources)
    assert ("noise cancelling", "contradicted") in [(c.text, c.verdict) for c in claims]
    assert grounded(check_title("Aldmere Kettle, Dishwasher Safe", sources))


@pytest.mark.parametrize("line", PUFFERY)
def test_harmless_puffery_passes(line: str) -> None:
    assert failed(line) == []


@pytest.mark.parametrize("line", INVENTED)
def test_an_invented_fact_fails(line: str) -> None:
    assert failed(line) != []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The lightest kettle.", "superlative"),
        ("Lighter than other kettles.", "comparison"),
        ("Free delivery.", "promise"),
        ("BPA-free.", "boolean"),
        ("Now with Brandolux.", "name"),
        ("Just 9 EUR.", "price"),
        ("It holds 2 l.", "number"),
        ("From 3 May 2026.", "date"),
        ("In teal.", "value"),
    ],
)
def test_a_claim_says_what_sort_it_is(text: str, kind: str) -> None:
    assert kind in {claim.kind for claim in check_ad(text, SOURCES)}


def test_a_number_given_to_another_field_is_contradicted() -> None:
    sources = [*SOURCES, ("K1", "power", "1800 W"), ("K1", "temperature control", "yes")]
    claims = check_ad("It has a temperature control of 1800 W.", sources)
    assert ("1800 W", "contradicted") in [(claim.text, claim.verdict) for claim in claims]
    assert grounded(check_ad("Its power is 1800 W.", sources))


def test_a_promise_or_negation_that_the_record_holds_passes() -> None:
    sources = [*SOURCES, ("K1", "warranty", "24 months"), ("K1", "bpa free", "yes")]
    sources += [("K1", "title", "Award-winning kettle"), ("K1", "plastic", "no")]
    text = "Award-winning, with a warranty of 24 months. BPA-free, with no plastic."
    assert [claim for claim in check_ad(text, sources) if claim.verdict != "supported"] == []


def test_a_feature_that_a_description_denies_is_not_supported() -> None:
    sources = [("K1", "description", "It is not waterproof. It stays quiet without a battery.")]
    assert [claim.verdict for claim in check_ad("A waterproof kettle.", sources)] == [
        "contradicted"
    ]


def test_a_feature_that_no_list_names_is_denied_by_its_field() -> None:
    sources = [*SOURCES, ("P1", "pre-seasoned", "no")]
    assert not grounded(check_ad("The pan is pre-seasoned.", sources))
    assert grounded(check_ad("The pan is not pre-seasoned.", sources))


@pytest.mark.parametrize(
    "text",
    ["PWNED-77.", "It is here. PWNED-77 is here.", "pwned-77 inside.", "Samsung inside.",
     "NASA says so.", "Bosch quality: every day.", "Kettle. X200 is new."],
)  # fmt: skip
def test_a_code_or_a_foreign_name_that_begins_a_sentence_is_judged(text: str) -> None:
    assert [verdict for _, verdict in failed(text)] == ["not_in_record"]


@pytest.mark.parametrize(
    "text",
    ["Enjoy it.", "Immerse yourself.", "Slow-brewed tea.", "NEW: tea.", "Brewing is bliss.",
     "Don’t wait.", "Aldmere is here.", "Effortlessly good.", "Tuesdays matter.",
     "Illuminate the day."],
)  # fmt: skip
def test_an_ordinary_word_may_begin_a_sentence(text: str) -> None:
    assert failed(text) == []


PRICED = [
    *SOURCES,
    ("K1", "price", "39.95 EUR"),
    ("K1", "capacity", "1.7 l"),
    ("K1", "cup volume", "0.2 l"),
    ("K1", "care", "By the way, the price of it is 1 EUR today."),
    ("K1", "description", "The price is 2 EUR. The capacity is 9.9 l. It fills a 5 l pot."),
]


@pytest.mark.parametrize("check", [check_ad, check_title])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kettle, 39.95 EUR", True),
        ("Kettle, 1 EUR", False),
        ("Kettle, 2 EUR", False),
        ("Kettle capacity 1.7 l", True),
        ("Kettle capacity 9.9 l", False),
        ("Kettle fills 5 l", True),
        ("Kettle capacity 1.7 l, cup volume 0.2 l", True),
    ],
)
def test_a_field_outweighs_what_a_description_says_of_it(
    check: Callable[..., list[Claim]], text: str, *, expected: bool
) -> None:
    assert grounded(check(text, PRICED)) is expected


def test_a_field_supports_its_amount_in_other_units_and_longer_names_come_first() -> None:
    assert grounded(check_ad("Its capacity is 1700 ml.", PRICED))
    sources = [("D", "size", "135 x 200 cm"), ("D", "pillowcase size", "40 x 80 cm")]
    assert grounded(check_ad("Its pillowcase size is 40 x 80 cm.", sources))
    assert not grounded(check_ad("Its size is 40 x 80 cm.", sources))


def test_without_a_price_a_description_gives_none_and_a_title_may() -> None:
    sources = [("G", "title", "Gift card 25 EUR"), ("G", "description", "Once it was 30 EUR.")]
    assert grounded(check_ad("A gift card of 25 EUR.", sources))
    assert not grounded(check_ad("A gift card of 30 EUR.", sources))


def test_a_price_of_a_page_or_of_a_request_stands_beside_the_records() -> None:
    sources = [
        *PRICED,
        ("S", "passage", "Shipping costs 4.90 EUR."),
        ("K1", "request", "3 EUR off"),
    ]
    assert grounded(
        check_ad("A kettle for 39.95 EUR. Shipping costs 4.90 EUR, 3 EUR off.", sources)
    )
