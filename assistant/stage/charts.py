"""Bars to be drawn, as plain values: neither where figures come from nor how they look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["base", "tuned", "other", "peer"]
"""What a bar is of: the untuned model, the tuned one, a further system, something of others."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure. `low` and `high` end its 95% interval where it has one."""

    label: str
    value: float
    kind: Kind
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that are to be compared with each other."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Groups on one scale.

    `top` is the scale's end, `unit` what stands behind a figure ("%", "s"), `source` the file and
    `command` what makes it.
    """

    title: str
    note: str
    unit: str
    top: float
    groups: tuple[Group, ...]
    source: str
    command: str
    machine: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A result that is not there, and the command that makes it."""

    title: str
    source: str
    command: str
    reason: str
