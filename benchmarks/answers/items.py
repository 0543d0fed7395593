"""What a question set is made of: a question, and what a right answer to it says.

Plain frozen values; they know neither how questions are made nor how answers are judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from catalog_index.product import AttributeValue, Money, Product, Quantity

Expected = Literal["value", "polarity", "compare", "table", "passage", "refuse", "correct"]
Fact = AttributeValue | Money
"""What a record says of one field."""

ANY_PRODUCT = "a product's record"
"""Among a gold's passages: a record that says the same will do."""

FOLLOW_UP = "follow-up"
REFUSABLE = ("unanswerable", "false premise")
KINDS = (
    "text",
    "number",
    "boolean",
    "confirmation",
    "price",
    "availability",
    "brand",
    "comparison",
    "paraphrase",
    "typo",
    "policy",
    *REFUSABLE,
    FOLLOW_UP,
)
"""In the order in which tables show them."""


@dataclass(frozen=True, slots=True)
class Gold:
    """What a right answer says.

    `expected` is how it is judged: it states `facts` ("value"), says yes or no as `holds`
    ("polarity"), names `products[0]` as the one that leads ("compare"), states the fields of all
    products ("table"), says one of `says` from one of `passages` ("passage"), says that the catalog
    does not say ("refuse"), or does not accept `premise` ("correct"). `facts` are all accepted
    values of `field`, the best first; of a comparison, one for each of `products`.
    """

    expected: Expected
    products: tuple[Product, ...] = ()
    field: str = ""
    facts: tuple[Fact, ...] = ()
    holds: bool | None = None
    premise: Fact | None = None
    fields: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One question: a line for `llama-e ask --batch`, and its gold.

    `variety` says which way of asking it is, for reading failures.
    """

    id: str
    kind: str
    variety: str
    message: str
    gold: Gold
    history: tuple[tuple[str, str], ...] = ()
    product_id: str | None = None

    def line(self) -> dict[str, Any]:
        """Return the line as `llama-e ask --batch` reads it."""
        line: dict[str, Any] = {"message": self.message}
        if self.history:
            line["history"] = [{"role": role, "content": text} for role, text in self.history]
        if self.product_id:
            line["product_id"] = self.product_id
        return line

    def to_json(self) -> dict[str, Any]:
        """Return item and gold for reading; products by id."""
        gold = {
            name: shown(value)
            for name, value in (
                ("expected", self.gold.expected),
                ("products", [product.id for product in self.gold.products]),
                ("field", self.gold.field),
                ("facts", list(self.gold.facts)),
                ("holds", self.gold.holds),
                ("premise", self.gold.premise),
                ("fields", list(self.gold.fields)),
                ("passages", list(self.gold.passages)),
                ("says", list(self.gold.says)),
            )
            if value not in ("", None, [])
        }
        asked = {"id": self.id, "kind": self.kind, "variety": self.variety, **self.line()}
        return {**asked, "gold": gold}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system answered: the keys of `llama-e ask --json` that judging reads."""

    answer: str
    citations: tuple[str, ...] = ()
    abstained: bool = False
    intent: str = ""
    focus: str = ""
    timing: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> Reply:
        """Read an answer's JSON."""
        focus = line.get("focus")
        if isinstance(focus, Mapping):
            products = focus.get("products") or [focus.get("id", "")]
            first = products[0] if products else ""
            focus = first.get("id", "") if isinstance(first, Mapping) else first
        return cls(
            answer=str(line["answer"]),
            citations=tuple(map(str, line.get("citations", ()))),
            abstained=bool(line.get("abstained", False)),
            intent=str(line.get("intent", "")),
            focus=str(focus or ""),
            timing=line.get("timing", {}),
        )

    def to_json(self) -> dict[str, Any]:
        """Return it for reading."""
        return {**asdict(self), "timing": dict(self.timing)}


def shown(value: Any) -> Any:
    """Return a fact, or a list of them, as JSON takes it."""
    if isinstance(value, list | tuple):
        return [shown(one) for one in value]
    return str(value) if isinstance(value, Money | Quantity) else value
