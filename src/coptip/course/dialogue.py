"""A conversation as a graph with a state: what the other person says follows from how one spoke before.

A talk is the list of lines that were said. Its state (place in the graph, meters from 0 to 10, what was told and
said) follows from that list alone, so a talk can be undone, replayed and brought back. Pure.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar, Literal

from coptip.course import outcome

FORBID: dict[str, str] = {"extra": "forbid"}
LOW, HIGH = 0, 10
LONGEST_STROLL = 60
TOLD, UNTOLD, SAID, UNSAID = "told", "untold", "said", "unsaid"
PRESSED, UNMENDED = "pressed", "unmended"
"""Names that a condition may use beside lines: a line that presses was said; it was said and not taken back since."""

LineForm = Literal["open", "closed", "leading", "blaming_or_threatening", "statement", "action"]
Technique = Literal["encourage", "elicit", "restate", "clarify", "empathize", "summarize", "reframe", "none"]
Ending = Literal["", "good", "partial", "poor"]
PRESSURE: tuple[LineForm, ...] = ("leading", "blaming_or_threatening")
"""Forms of lines that press; ``coptip check`` lets none of them help."""

Conditions = Mapping[str, str]
"""All of them needed. A meter with ``>=5`` (``>= <= > < =``, several parted by commas), a fact with ``told`` or
``untold``, or a line's id (or ``pressed``, ``unmended``) with ``said`` or ``unsaid``."""

_LIMIT = re.compile(r"(>=|<=|>|<|=)\s*(\d{1,2})")


@dataclass(frozen=True, kw_only=True)
class Meter:
    """A part of the state, from 0 to 10; ``good`` says which end of it is the better one."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    start: int
    good: Literal["high", "low"]

    def better(self, by: int) -> int:
        """How far a change goes towards the better end; below 0 where it goes away from it."""
        return by if self.good == "high" else -by


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What the other person says or does, where the conditions hold. ``tells``: the facts that one learns by it."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    when: dict[str, str] = field(default_factory=dict)
    tells: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where a line leads to, where the conditions hold."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    to: str
    when: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Line:
    """Something the officer may say or do: its form, its listening technique, and what it does to the meters.

    ``better`` names the better line of the same node; a line without it counts as sound. ``when``: offered
    only then. ``to``: a node, or ways of which the first that holds is taken. ``mends``: it takes back a line
    that pressed, so that the talk is no longer ``unmended``. ``answers``: which of the talk's answers it gives.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    form: LineForm
    technique: Technique
    to: str | tuple[Way, ...]
    feedback: str
    effect: dict[str, int] = field(default_factory=dict)
    better: str = ""
    when: dict[str, str] = field(default_factory=dict)
    mends: bool = False
    answers: tuple[str, ...] = ()
    guide: tuple[str, ...] = ()

    @property
    def presses(self) -> bool:
        """Whether it is of a form that presses."""
        return self.form in PRESSURE

    @property
    def ways(self) -> tuple[Way, ...]:
        """Where it may lead, in the order in which the ways are tried."""
        return (Way(to=self.to),) if isinstance(self.to, str) else self.to


@dataclass(frozen=True, kw_only=True)
class Node:
    """A place in the conversation: the reply, and the lines that are offered after it. An ending has none."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    says: tuple[Saying, ...]
    lines: tuple[Line, ...] = ()
    ending: Ending = ""
    title: str = ""
    """Of an ending: what came of the talk, in a few words."""
    feedback: str = ""
    """Of an ending: what was reached, what it cost, and the rule."""
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dialogue:
    """Talk with somebody whose answers follow from the state of the talk; afterwards see it turn by turn.

    ``reach``: the stage is done once a talk came to a good ending (``partial``: to a partial or a good one).
    ``facts``: what can be learned, id to text; listed after the talk as learned and not learned.
    ``answers``: what the other person needs to hear from the officer, listed as given and left out.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    interaction: Literal["dialogue"]
    id: str
    prompt: str
    scene: str
    person: str
    meters: dict[str, Meter]
    start: str
    nodes: dict[str, Node]
    facts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    reach: Literal["good", "partial"] = "good"
    show_meters: bool = False
    """The meters are seen while one talks; otherwise only in the replay."""
    officer: str = ""
    """What the participant is called in the talk; ``You`` where it says nothing."""
    guide: tuple[str, ...] = ()

    def line(self, id: str) -> Line:
        """The line called ``id``. Raises KeyError where there is none."""
        for node in self.nodes.values():
            for line in node.lines:
                if line.id == id:
                    return line
        raise KeyError(id)


class NotOffered(LookupError):
    """A line that the talk does not offer at this place."""


@dataclass(frozen=True)
class State:
    """Where a talk stands: the node, the meters, and the facts told and lines said so far (``flags``)."""

    node: str
    meters: tuple[tuple[str, int], ...]
    flags: frozenset[str]

    def meter(self, id: str) -> int:
        """The value of a meter."""
        return dict(self.meters)[id]


@dataclass(frozen=True)
class Turn:
    """One line that was said, the state before and after it, and the reply."""

    line: Line
    before: State
    after: State
    reply: Saying


def limits(condition: str) -> list[tuple[str, int]] | None:
    """A meter's condition as comparisons with numbers; None where it is none."""
    return outcome.limits(condition, _LIMIT)


def holds(when: Conditions, state: State) -> bool:
    """Whether all conditions hold in a state."""
    meters = dict(state.meters)
    for name, condition in when.items():
        if name in meters:
            if not outcome.meets(meters[name], limits(condition) or ()):
                return False
        elif (name in state.flags) != (condition in (TOLD, SAID)):
            return False
    return True


def begin(talk: Dialogue) -> State:
    """The state before anything is said."""
    meters = tuple((id, meter.start) for id, meter in talk.meters.items())
    return _arrive(talk, State(talk.start, meters, frozenset()))


def _arrive(talk: Dialogue, state: State) -> State:
    return State(state.node, state.meters, state.flags | set(reply(talk, state).tells))


def reply(talk: Dialogue, state: State) -> Saying:
    """What the other person says at a node: the first saying whose conditions hold, else the last."""
    says = talk.nodes[state.node].says
    return next((saying for saying in says if holds(saying.when, state)), says[-1])


def offered(talk: Dialogue, state: State) -> tuple[Line, ...]:
    """The lines that may be said now; none at an ending."""
    return tuple(line for line in talk.nodes[state.node].lines if holds(line.when, state))


def say(talk: Dialogue, state: State, line: str) -> Turn:
    """The turn that a line makes. Raises NotOffered where it cannot be said here."""
    said = next((one for one in offered(talk, state) if one.id == line), None)
    if said is None:
        raise NotOffered(line)
    meters = tuple((id, min(HIGH, max(LOW, value + said.effect.get(id, 0)))) for id, value in state.meters)
    moved = State(state.node, meters, _flags(said, state.flags))
    ways = said.ways
    to = next((way.to for way in ways if holds(way.when, moved)), ways[-1].to)
    there = State(to, meters, moved.flags)
    return Turn(said, state, _arrive(talk, there), reply(talk, there))


def _flags(line: Line, flags: frozenset[str]) -> frozenset[str]:
    """What was said so far, after one more line; a line that presses stays said, and stands until it is mended."""
    if line.presses:
        flags |= {PRESSED, UNMENDED}
    elif line.mends:
        flags -= {UNMENDED}
    return flags | {line.id}


def turns(talk: Dialogue, said: Sequence[str]) -> list[Turn]:
    """The turns of a talk. Raises NotOffered at the first line that was not to be had."""
    found: list[Turn] = []
    state = begin(talk)
    for line in said:
        found.append(say(talk, state, line))
        state = found[-1].after
    return found


def stands(talk: Dialogue, said: Sequence[str]) -> State:
    """The state after some lines. Raises NotOffered as :func:`turns` does."""
    found = turns(talk, said)
    return found[-1].after if found else begin(talk)


def ending(talk: Dialogue, state: State) -> Node | None:
    """The ending that a talk has come to, if it has."""
    node = talk.nodes[state.node]
    return node if node.ending else None


def reaches(talk: Dialogue, node: Node) -> bool:
    """Whether an ending is what the stage asks for."""
    return node.ending == "good" or (talk.reach == "partial" and node.ending == "partial")


def moves_well(line: Line, meters: Mapping[str, Meter]) -> list[str]:
    """The meters that a line moves the good way."""
    return [id for id, by in line.effect.items() if id in meters and meters[id].better(by) > 0]


Without = Callable[[Line], object]
"""Which lines are never said in the talks that are looked at."""


def nothing(_line: Line) -> bool:
    """Leaves no line out."""
    return False


def states(
    talk: Dialogue, limit: int, *, without: Without = nothing
) -> Iterator[tuple[State, tuple[str, ...]]]:
    """The states that a talk can come to, each once with a shortest list of lines to it; at most ``limit``.

    What was said or told counts where a condition asks for it.
    """
    asked = _asked(talk)

    def key(state: State) -> State:
        return State(state.node, state.meters, state.flags & asked)

    first = begin(talk)
    seen = {key(first)}
    queue: deque[tuple[State, tuple[str, ...]]] = deque([(first, ())])
    while queue:
        state, path = queue.popleft()
        yield state, path
        for line in offered(talk, state):
            if without(line):
                continue
            after = say(talk, state, line.id).after
            if key(after) not in seen and len(seen) < limit:
                seen.add(key(after))
                queue.append((after, (*path, line.id)))


def strolled(talk: Dialogue, times: int, *, without: Without = nothing) -> set[str]:
    """The nodes that some talks come to whose lines are drawn by lot (seeded, so always the same)."""
    luck, found = Random(talk.id), {talk.start}
    for _ in range(times):
        state = begin(talk)
        for _ in range(LONGEST_STROLL):
            lines = [line for line in offered(talk, state) if not without(line)]
            if not lines:
                break
            state = say(talk, state, luck.choice(lines).id).after
            found.add(state.node)
    return found


def _asked(talk: Dialogue) -> frozenset[str]:
    names: set[str] = set()
    for node in talk.nodes.values():
        for saying in node.says:
            names |= set(saying.when)
        for line in node.lines:
            names |= set(line.when)
            for way in line.ways:
                names |= set(way.when)
    return frozenset(names)
