"""What a model says at some settings, and the conditions that the data of models are written with. Pure."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Conditions = Mapping[str, str]
"""All of them needed: a name with ``>=5`` (``>= <= > < =``; several parted by commas)."""

_LIMIT = re.compile(r"(>=|<=|>|<|=)\s*(-?\d{1,4})")
_SIGNS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}


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


def limits(condition: str, limit: re.Pattern[str] = _LIMIT) -> list[tuple[str, int]] | None:
    """A condition as comparisons with whole numbers; None where it is none.

    ``limit``: what one comparison may look like, its sign the first group and its number the second.
    """
    found = [limit.fullmatch(part.strip()) for part in condition.split(",")]
    return [(one[1], int(one[2])) for one in found if one] if all(found) else None


def holds(when: Conditions, values: Mapping[str, float]) -> bool:
    """Whether all conditions hold; a name without a value counts as 0."""
    return all(
        meets(values.get(name, 0), limits(condition) or ()) for name, condition in when.items()
    )


def meets(value: float, limits: Iterable[tuple[str, int]]) -> bool:
    """Whether a value keeps to all of some comparisons."""
    return all(_SIGNS[sign](value, other) for sign, other in limits)
