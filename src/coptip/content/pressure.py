"""No talk works by pressure: what a line that presses may lead to, proved for all talks that a graph allows.

A talk in which a line pressed learns nothing until a line that ``mends`` has taken it back, and comes to no good
ending before. One good ending at least stays closed to it. A mend gives back no more than the pressure took, and
whatever can be had after it can be had sooner by fair lines. Meters and facts may have any value here, so more talks
are looked at than can be held; what holds for these holds for those.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coptip.content.source import Spot
from coptip.course.dialogue import (
    PRESSED,
    SAID,
    UNMENDED,
    Conditions,
    Dialogue,
    Line,
    Saying,
    Way,
    Without,
    nothing,
    states,
    strolled,
)

Flaw = tuple[Spot, str]
MOST_SOUND, STROLLS = 20_000, 400
"""So many states of talks in sound lines, and so many talks without pressure, are looked at."""


@dataclass(frozen=True)
class _Place:
    """A place in a talk, of which is known only whether a line pressed, and which of them still stands."""

    node: str
    pressed: bool = False
    standing: str = ""


def pressure_flaws(talk: Dialogue) -> Iterator[Flaw]:
    """Everything by which a line that presses would help."""
    if not any(line.presses for node in talk.nodes.values() for line in node.lines):
        for id, n, line in _lines(talk):
            if line.mends:
                yield ("nodes", id, "lines", n, "mends"), "no line presses here, so there is nothing to mend."
        return
    places = _places(talk)
    yield from _too_early(talk, places)
    yield from _too_much(talk, places)
    yield from _sooner(talk, _places(talk, without=lambda line: line.better and not line.presses))
    good = [id for id, node in talk.nodes.items() if node.ending == "good"]
    if all(any(place.node == id and place.pressed for place in places) for id in good):
        ways = f"Write '{{{PRESSED}: unsaid}}' at the ways to one of them."
        yield ("nodes",), f"every good ending is open to a talk in which a line pressed. {ways}"


def _lines(talk: Dialogue) -> Iterator[tuple[str, int, Line]]:
    for id, node in talk.nodes.items():
        yield from ((id, n, line) for n, line in enumerate(node.lines))


def _too_early(talk: Dialogue, places: Mapping[_Place, int]) -> Iterator[Flaw]:
    """What is told, or ends well, while a line that pressed has not been taken back."""
    for id in dict.fromkeys(place.node for place in places if place.standing):
        node = talk.nodes[id]
        if node.ending == "good":
            ways = f"Write '{{{UNMENDED}: unsaid}}' at the ways to it."
            yield ("nodes", id), f"a talk comes to this good ending though a line pressed. {ways}"
        standing = next(place for place in places if place.node == id and place.standing)
        for n, saying in enumerate(node.says):
            if saying.tells and saying in _sayings(node.says, standing):
                yield (
                    ("nodes", id, "says", n),
                    "this tells something though a line pressed and stands. "
                    f"Write '{UNMENDED}: unsaid' into its 'when'.",
                )


def _too_much(talk: Dialogue, places: Mapping[_Place, int]) -> Iterator[Flaw]:
    """Lines that give more back than the pressure had taken."""
    for id, n, line in _lines(talk):
        if not line.mends:
            continue
        taken = [talk.line(place.standing) for place in places if place.node == id and place.standing]
        if not taken:
            yield ("nodes", id, "lines", n, "mends"), "no line that pressed can come before this one."
        for name, by in line.effect.items():
            meter = talk.meters[name]
            for pressing in taken:
                if meter.better(by) > max(0, -meter.better(pressing.effect.get(name, 0))):
                    yield (
                        ("nodes", id, "lines", n, "effect", name),
                        f"this gives back more than '{pressing.id}' took.",
                    )
                    break


def _sooner(talk: Dialogue, places: Mapping[_Place, int]) -> Iterator[Flaw]:
    """Facts and good endings that need pressure, and facts that pressure brings sooner than sound lines do."""
    fair: dict[str, int] = {}
    for state, path in states(talk, MOST_SOUND, without=lambda line: line.better):
        for fact in state.flags & talk.facts.keys():
            fair.setdefault(fact, len(path))
        if fair.keys() == talk.facts.keys():
            break
    for fact in talk.facts:
        if fact not in fair:
            yield ("facts", fact), "no talk in sound lines alone tells this."
    come = strolled(talk, STROLLS, without=lambda line: line.presses)
    for id, node in talk.nodes.items():
        if node.ending == "good" and id not in come:
            yield ("nodes", id), "no talk without pressure comes to this."
    pressed: dict[str, int] = {}
    for place, turn in places.items():
        if place.pressed:
            for saying in _sayings(talk.nodes[place.node].says, place):
                pressed |= {fact: min(turn, pressed.get(fact, turn)) for fact in saying.tells}
    for fact, turn in pressed.items():
        if turn < fair.get(fact, turn):
            yield ("facts", fact), f"pressure may bring this on turn {turn}, sound lines on turn {fair[fact]}."


def _places(talk: Dialogue, without: Without = nothing) -> dict[_Place, int]:
    """Every place that a talk may come to, with the fewest lines to it."""
    start = _Place(talk.start)
    found, edge = {start: 0}, deque([start])
    while edge:
        place = edge.popleft()
        for line in talk.nodes[place.node].lines:
            if without(line) or not _may_hold(line.when, place):
                continue
            standing = line.id if line.presses else "" if line.mends else place.standing
            for way in _ways(line, _Place(place.node, place.pressed or line.presses, standing)):
                after = _Place(way.to, place.pressed or line.presses, standing)
                if after not in found:
                    found[after] = found[place] + 1
                    edge.append(after)
    return found


def _may_hold(when: Conditions, place: _Place) -> bool:
    """False where the conditions on pressure rule it out; all others may hold."""
    known = {PRESSED: place.pressed, UNMENDED: bool(place.standing)}
    return all(known[name] == (condition == SAID) for name, condition in when.items() if name in known)


def _surely(when: Conditions) -> bool:
    return not when.keys() - {PRESSED, UNMENDED}


def _ways(line: Line, place: _Place) -> Iterator[Way]:
    for way in line.ways:
        if _may_hold(way.when, place):
            yield way
            if _surely(way.when):
                return


def _sayings(says: tuple[Saying, ...], place: _Place) -> list[Saying]:
    found = []
    for saying in says:
        if _may_hold(saying.when, place):
            found.append(saying)
            if _surely(saying.when):
                break
    return found
