"""The bench's table: what was measured, medians and ranges beside each other, and what was to be reached."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.crowd import percentile

STOCK, OURS, PEER = "stock Voilà", "coptip", "Panel"
CLICK, TAIL = "click to feedback, ms", "click to feedback: p95 in medians"
ANSWERS = "first exercise answers a click, {} cache, ms"
ORDER = (
    "text readable, empty cache, ms", "text readable, warm cache, ms", ANSWERS.format("empty"), ANSWERS.format("warm"),
    "bytes, empty cache, kB", CLICK, TAIL,
)  # fmt: skip


@dataclass
class Results:
    """All measurements: name -> what -> values; and what did not come to its end."""

    found: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def add(self, name: str, what: str, value: float) -> None:
        """One measurement."""
        self.found.setdefault(name, {}).setdefault(what, []).append(value)

    def middle(self, name: str, what: str) -> float | None:
        """The median, None where nothing was measured."""
        values = self.values(name, what)
        return statistics.median(values) if values else None

    def values(self, name: str, what: str) -> list[float]:
        """All that was measured."""
        if what == TAIL:
            clicks = self.values(name, CLICK)
            return [percentile(clicks, 0.95) / statistics.median(clicks)] if clicks else []
        return self.found.get(name, {}).get(what, [])

    @property
    def rows(self) -> list[str]:
        """What was measured, in the table's order."""
        known = {what for of_one in self.found.values() for what in of_one}
        tail = {TAIL} if CLICK in known else set()
        return [what for what in ORDER if what in known | tail] + sorted(known - set(ORDER), key=_place)

    @classmethod
    def read(cls, kept: Path) -> Results:
        """Those of an earlier run, whole or not."""
        results = cls()
        for line in kept.read_text("utf-8").splitlines():
            one = json.loads(line)
            if "failed" in one:
                results.failed.append(one["failed"])
            else:
                results.add(one["name"], one["what"], one["value"])
        return results


@dataclass(frozen=True)
class Goal:
    """What a row is to reach: in words, and whether it does; None where that cannot be said."""

    words: str
    reached: Callable[[Results, str], bool | None]


def of_stock(share: float, peer: bool = False) -> Goal:
    """Not more than a share of stock Voilà's; with ``peer``, nor more than Panel's."""

    def reached(results: Results, what: str) -> bool | None:
        stock, ours, panel = (results.middle(name, what) for name in (STOCK, OURS, PEER))
        if ours is None or stock is None or (peer and panel is None):
            return None
        return ours <= share * stock and (not peer or ours <= (panel or 0))

    return Goal(f"{share} of stock" + (", and Panel's" if peer else ""), reached)


def at_most(most: float) -> Goal:
    """Not more than a number."""

    def reached(results: Results, what: str) -> bool | None:
        ours = results.middle(OURS, what)
        return None if ours is None else ours <= most

    return Goal(f"{most:g}", reached)


GOALS: dict[str, Goal] = {
    ORDER[0]: of_stock(0.15),
    ANSWERS.format("empty"): of_stock(0.45, peer=True),
    ANSWERS.format("warm"): of_stock(0.35),
    ORDER[4]: of_stock(0.3),
    CLICK: at_most(30),
    TAIL: at_most(3),
    "at once: p95 until a click is answered, s": of_stock(0.25),
    "at once: failed": at_most(0),
    "memory a further session, MB": of_stock(0.4),
    "memory after all have left, MB more": at_most(2),
    "processes after all have left, more": at_most(0),
    "sessions: failed": at_most(0),
    "sessions: last / first": at_most(2),
}
"""By a row's name, or by its end where a number of people stands before it."""


def table(results: Results) -> Iterator[str]:
    """The lines of the table."""
    names = (STOCK, OURS, PEER)
    yield "| | " + " | ".join(names) + " | coptip / stock | to reach | reached |"
    yield "|---|" + "---|" * (len(names) + 3)
    for what in results.rows:
        goal = GOALS.get(what) or GOALS.get(what.partition(" ")[2])
        reached = goal.reached(results, what) if goal else None
        cells = [_told(results.values(name, what)) for name in names]
        cells += [_share(results, what), goal.words if goal else "", {True: "yes", False: "no", None: ""}[reached]]
        yield f"| {what} | " + " | ".join(cells) + " |"
    yield from _failures(results.failed)


def _place(what: str) -> tuple[int, str]:
    """Thirty at once, then the memory, then a hundred and fifty."""
    return ("at once" not in what) + ("sessions:" in what), what


def _told(values: Iterable[float]) -> str:
    all = list(values)
    if not all:
        return "–"
    middle = _number(statistics.median(all))
    return middle if len(all) == 1 else f"{middle} ({_number(min(all))} to {_number(max(all))})"


def _number(value: float) -> str:
    """Three digits that count, or all before the point."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _share(results: Results, what: str) -> str:
    stock, ours = results.middle(STOCK, what), results.middle(OURS, what)
    return "–" if not stock or ours is None else f"{ours / stock:.2f}"


def _failures(failed: list[str]) -> Iterator[str]:
    if failed:
        yield ""
        yield from (f"- {one}" for one in failed)
