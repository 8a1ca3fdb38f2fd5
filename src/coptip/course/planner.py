"""A timetable of a course: which parts of which modules, on which day, and what is left over. Pure arithmetic.

Minutes are those of the modules' own parts, in full or in short; nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from coptip.course.module import Module

Length = Literal["full", "short", "out"]
LENGTHS: tuple[Length, ...] = ("full", "short", "out")
MOST_DAYS = 3
FEWEST_HOURS, MOST_HOURS = 2, 8
BETWEEN_BREAKS = 90
"""Minutes of teaching after which a break is due, once a part has ended."""
BREAK, LUNCH = 15, 60
DAY_BEGINS, DAY_ENDS = 7 * 60, 10 * 60
SMALLEST_PIECE = 20
"""A part is never split so that fewer minutes than these stand at the end of a day."""

SHORTENED_FIRST: dict[str, tuple[str, ...]] = {
    "patrol": ("1b", "2", "0", "8", "1a", "5", "7", "3", "6", "4"),
    "mixed": ("1b", "0", "8", "2", "1a", "5", "3", "6", "7", "4"),
    "specialist": ("1a", "1b", "2", "4", "0", "8", "7", "5", "3", "6"),
}
"""Which module becomes short first, by audience. Officers who hunt traffickers already know module 1A (guide, 1A)."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What an instructor asks for. ``lengths``: module id to full, short or out; a module not named is out."""

    days: int = 1
    hours: int = 6
    """Hours of teaching a day, breaks not counted."""
    begins: int = 8 * 60 + 30
    """When a day begins, in minutes after midnight."""
    people: int = 20
    lengths: Mapping[str, Length] = field(default_factory=dict)

    @property
    def room(self) -> int:
        """Minutes of teaching in all days together."""
        return self.days * self.hours * 60


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A row of the timetable. ``module`` is empty for a break. Times are minutes after midnight."""

    start: int
    end: int
    kind: Literal["part", "break", "lunch"]
    module: str = ""
    title: str = ""
    continued: bool = False

    @property
    def minutes(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, kw_only=True)
class Left:
    """What found no room any more."""

    module: str
    title: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A timetable: the slots of each day, minutes asked for, minutes of room, and what is left over."""

    days: tuple[tuple[Slot, ...], ...]
    asked: int
    room: int
    left: tuple[Left, ...] = ()

    @property
    def planned(self) -> int:
        """Minutes of teaching that stand in the timetable."""
        return sum(slot.minutes for day in self.days for slot in day if slot.kind == "part")


def wishes_from(raw: Any, modules: Sequence[Module]) -> Wishes:
    """Wishes as a page sent them; what does not fit is replaced by what is usual."""
    raw = raw if isinstance(raw, Mapping) else {}

    def number(name: str, low: int, high: int, usual: int) -> int:
        value = raw.get(name)
        return value if type(value) is int and low <= value <= high else usual

    given = raw.get("lengths")
    given = given if isinstance(given, Mapping) else {}
    lengths: dict[str, Length] = {
        module.id: next((length for length in LENGTHS if given.get(module.id) == length), "full")
        for module in modules
    }
    return Wishes(
        days=number("days", 1, MOST_DAYS, 1),
        hours=number("hours", FEWEST_HOURS, MOST_HOURS, 6),
        begins=number("begins", DAY_BEGINS, DAY_ENDS, 8 * 60 + 30),
        people=number("people", 1, 200, 20),
        lengths=lengths,
    )


def asked_for(modules: Sequence[Module], lengths: Mapping[str, Length]) -> list[tuple[str, str, int]]:
    """The parts asked for, in their order: module id, title, minutes. A part of no minutes is left out."""
    found = []
    for module in modules:
        length = lengths.get(module.id, "out")
        for part in module.parts:
            minutes = 0 if length == "out" else part.short if length == "short" else part.minutes
            if minutes > 0:
                found.append((module.id, part.title, minutes))
    return found


def plan(modules: Sequence[Module], wishes: Wishes) -> Plan:
    """Lay the parts into the days, in order. What comes after the room has run out is left over."""
    parts = asked_for(modules, wishes.lengths)
    asked = sum(minutes for *_, minutes in parts)
    days = [_Day(wishes) for _ in range(wishes.days)]
    left: list[Left] = []
    at = 0
    for module, title, minutes in parts:
        rest, continued = minutes, False
        while rest and at < len(days):
            day = days[at]
            piece = day.takes(rest)
            if not piece:
                at += 1
                continue
            day.add(module, title, piece, continued)
            rest, continued = rest - piece, True
        if rest:
            left.append(Left(module=module, title=title, minutes=rest))
    return Plan(days=tuple(tuple(day.slots) for day in days), asked=asked, room=wishes.room, left=tuple(left))


class _Day:
    """One day as it fills up."""

    def __init__(self, wishes: Wishes) -> None:
        self.room = wishes.hours * 60
        self.now, self.taught, self.since_break = wishes.begins, 0, 0
        self.had_lunch = False
        self.slots: list[Slot] = []

    def takes(self, minutes: int) -> int:
        """How much of a part fits: all of it, or of one longer than a whole day a piece; else nothing."""
        free = self.room - self.taught
        if minutes <= free:
            return minutes
        return free if minutes > self.room and free >= SMALLEST_PIECE else 0

    def add(self, module: str, title: str, minutes: int, continued: bool) -> None:
        self._pause()
        slot = Slot(
            start=self.now,
            end=self.now + minutes,
            kind="part",
            module=module,
            title=title,
            continued=continued,
        )
        self.slots.append(slot)
        self.now += minutes
        self.taught += minutes
        self.since_break += minutes

    def _pause(self) -> None:
        """Lunch once half of the day is taught; else a break once it is due."""
        if not self.had_lunch and self.room > 180 and self.taught >= self.room / 2:
            self._rest("lunch", LUNCH)
            self.had_lunch = True
        elif self.since_break >= BETWEEN_BREAKS:
            self._rest("break", BREAK)

    def _rest(self, kind: Literal["break", "lunch"], minutes: int) -> None:
        self.slots.append(Slot(start=self.now, end=self.now + minutes, kind=kind))
        self.now += minutes
        self.since_break = 0


def propose(modules: Sequence[Module], wishes: Wishes, audience: str) -> dict[str, Length]:
    """Lengths that fit the room where that can be: all in full, then short in the audience's order.

    Nothing is left out: what to leave out is the instructor's decision.
    """
    lengths: dict[str, Length] = {module.id: "full" for module in modules}
    order = SHORTENED_FIRST.get(audience, SHORTENED_FIRST["mixed"])
    for id in [*(i for i in order if i in lengths), *(i for i in lengths if i not in order)]:
        known_already = audience == "specialist" and id == "1a"
        if known_already or plan(modules, Wishes(days=wishes.days, hours=wishes.hours, lengths=lengths)).left:
            lengths[id] = "short"
    return lengths


def groups(people: int, low: int = 4, high: int = 6) -> tuple[int, ...]:
    """Sizes of small groups for a number of people, as even as can be; the guide has groups of 4 to 6."""
    if people <= high:
        return (people,) if people else ()
    number = -(-people // high)
    while people // (number + 1) >= low and people / number > 5:
        number += 1
    small, more = divmod(people, number)
    return tuple(small + (n < more) for n in range(number))


def clock(minutes: int) -> str:
    """Minutes after midnight as a clock shows them."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
