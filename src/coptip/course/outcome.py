"""What a model says at some settings, and the conditions that the data of models are written with. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Conditions = Mapping[str, str]
"""All of them needed: a name with ``>=5`` (``>= <= > < =``; several parted by commas)."""

_LIMIT = re.compile(r"(>=|<=|>|<|=)\s*(-?\d{1,4})")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a model says at some settings: numbers by name, and the same as a table with its caption."""

    outputs: Mapping[str, float] = field(default_factory=dict)
    caption: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    remark: str = ""
    finished: bool = True
    """Models that are played in rounds: the last round is over, so that the outputs may be judged."""


def limits(condition: str) -> list[tuple[str, int]] | None:
    """A condition as comparisons with whole numbers; None where it is none."""
    found = [_LIMIT.fullmatch(part.strip()) for part in condition.split(",")]
    return [(one[1], int(one[2])) for one in found if one] if all(found) else None


def holds(when: Conditions, values: Mapping[str, float]) -> bool:
    """Whether all conditions hold; a name without a value counts as 0."""
    return all(
        _compare(values.get(name, 0), sign, other)
        for name, condition in when.items()
        for sign, other in limits(condition) or ()
    )


def _compare(value: float, sign: str, other: int) -> bool:
    return {
        ">=": value >= other,
        "<=": value <= other,
        ">": value > other,
        "<": value < other,
        "=": value == other,
    }[sign]
