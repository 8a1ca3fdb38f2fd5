"""What must hold of a dialogue: every place can be reached and left, and no line helps by pressure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from coptip.content.pressure import pressure_flaws
from coptip.content.source import Spot, nearest
from coptip.course.dialogue import (
    HIGH,
    LOW,
    PRESSED,
    SAID,
    TOLD,
    UNMENDED,
    UNSAID,
    UNTOLD,
    Conditions,
    Dialogue,
    Line,
    Node,
    limits,
    moves_well,
    states,
    strolled,
)

Flaw = tuple[Spot, str]
FEWEST_LINES, MOST_LINES, MOST_METERS = 2, 5, 6
LARGE = 25
"""From this many nodes on, a talk needs two good endings."""
STROLLS, MOST_STATES = 200, 3000
"""So many talks at random, and then so many states are looked at; what lies beyond is left to the tests."""


def dialogue_flaws(talk: Dialogue) -> Iterator[Flaw]:
    """Everything about a dialogue that does not fit together; how it runs, once its parts fit."""
    flaws = list(_parts(talk))
    yield from flaws if flaws else _runs(talk)


def _parts(talk: Dialogue) -> Iterator[Flaw]:
    yield from _known(talk.start, talk.nodes, "node", ("start",))
    if not 1 <= len(talk.meters) <= MOST_METERS:
        yield ("meters",), f"a talk has 1 to {MOST_METERS} meters."
    for id, meter in talk.meters.items():
        if not LOW <= meter.start <= HIGH:
            yield ("meters", id, "start"), f"a meter goes from {LOW} to {HIGH}."
    lines = [line.id for node in talk.nodes.values() for line in node.lines]
    for id, times in Counter([*lines, *talk.meters, *talk.facts]).items():
        if id in (PRESSED, UNMENDED):
            yield ("nodes",), f"'{id}' is a word of conditions. Name the line, meter or fact otherwise."
        if times > 1:
            yield ("nodes",), f"'{id}' names {times} lines, meters or facts. Each needs a name of its own."
    told = {fact for node in talk.nodes.values() for saying in node.says for fact in saying.tells}
    for fact in talk.facts:
        if fact not in told:
            yield ("facts", fact), "nothing tells this fact. Name it under 'tells' of a saying."
    given = {answer for node in talk.nodes.values() for line in node.lines for answer in line.answers}
    for answer in talk.answers:
        if answer not in given:
            yield ("answers", answer), "no line gives this answer. Name it under 'answers' of a line."
    for id, node in talk.nodes.items():
        yield from (((("nodes", id, *spot)), message) for spot, message in _node(talk, node, lines))


def _node(talk: Dialogue, node: Node, lines: Collection[str]) -> Iterator[Flaw]:
    if not node.says:
        yield ("says",), "say what the other person says or does here."
    yield from _first_that_holds([saying.when for saying in node.says], ("says",))
    for n, saying in enumerate(node.says):
        yield from _conditions(talk, saying.when, lines, ("says", n, "when"))
        for k, fact in enumerate(saying.tells):
            yield from _known(fact, talk.facts, "fact", ("says", n, "tells", k))
    if node.ending:
        if node.lines:
            yield ("lines",), "an ending has no lines."
        for name in ("title", "feedback"):
            if not getattr(node, name).strip():
                yield (name,), f"an ending needs a '{name}'."
        return
    if node.title or node.feedback:
        yield (), "'title' and 'feedback' are for endings. Set 'ending', or take them out."
    if not FEWEST_LINES <= len(node.lines) <= MOST_LINES:
        yield ("lines",), f"give {FEWEST_LINES} to {MOST_LINES} lines, or make this an ending."
    elif all(line.when for line in node.lines):
        yield ("lines",), "every line has a 'when', so there may be none to say. Leave it out at one."
    for n, line in enumerate(node.lines):
        yield from (((("lines", n, *spot)), message) for spot, message in _line(talk, node, line, lines))


def _line(talk: Dialogue, node: Node, line: Line, lines: Collection[str]) -> Iterator[Flaw]:
    if not line.feedback.strip():
        yield ("feedback",), "this line has no feedback."
    yield from _conditions(talk, line.when, lines, ("when",))
    yield from _first_that_holds([way.when for way in line.ways], ("to",))
    for n, way in enumerate(line.ways):
        listed = not isinstance(line.to, str)
        yield from _known(way.to, talk.nodes, "node", ("to", n, "to") if listed else ("to",))
        yield from _conditions(talk, way.when, lines, ("to", n, "when"))
    for n, answer in enumerate(line.answers):
        yield from _known(answer, talk.answers, "answer", ("answers", n))
    for meter, by in line.effect.items():
        yield from _known(meter, talk.meters, "meter", ("effect", meter))
        if not by or abs(by) > HIGH:
            yield ("effect", meter), f"an effect is 1 to {HIGH}, or -1 to -{HIGH}."
    if line.mends and (line.presses or line.better):
        yield ("mends",), "a line that takes pressure back is sound: it does not press, and has no 'better'."
    if line.presses:
        for meter in moves_well(line, talk.meters):
            yield (
                ("effect", meter),
                f"a line of form '{line.form}' works by pressure; it may not help '{meter}'.",
            )
        if not line.better:
            yield (), f"a line of form '{line.form}' needs a 'better' line beside it."
    if line.better:
        others = {other.id: other for other in node.lines if other.id != line.id}
        yield from _known(line.better, others, "other line here", ("better",))
        if line.better in others and others[line.better].better:
            yield ("better",), f"'{line.better}' has a better line itself. Name that one."


def _first_that_holds(whens: list[dict[str, str]], spot: Spot) -> Iterator[Flaw]:
    """Of several, the first whose conditions hold is taken; so all but the last have some, and the last none."""
    for n, when in enumerate(whens[:-1]):
        if not when:
            yield (*spot, n), "this one has no 'when', so those after it never come. Put it last."
    if whens and whens[-1]:
        yield (*spot, len(whens) - 1), "the last one has a 'when', so there may be none. Add one without it."


def _conditions(talk: Dialogue, when: Conditions, lines: Collection[str], spot: Spot) -> Iterator[Flaw]:
    for name, condition in when.items():
        at: Spot = (*spot, name)
        if name in talk.meters:
            found = limits(condition)
            if found is None or any(number > HIGH for _, number in found):
                yield at, f'\'{condition}\' is no condition of a meter. Write for instance ">=5" or "<=3".'
        elif name in talk.facts:
            if condition not in (TOLD, UNTOLD):
                yield at, f"a fact is '{TOLD}' or '{UNTOLD}'."
        elif name in lines or name in (PRESSED, UNMENDED):
            if condition not in (SAID, UNSAID):
                yield at, f"a line is '{SAID}' or '{UNSAID}'."
        else:
            yield from _known(name, [*talk.meters, *talk.facts, *lines], "meter, fact or line", at)


def _known(id: str, known: Iterable[str], what: str, spot: Spot) -> Iterator[Flaw]:
    known = list(known)
    if id not in known:
        yield spot, f"no {what} called '{id}'.{nearest(id, known)}"


# --- the graph -------------------------------------------------------------------------------------------


def _runs(talk: Dialogue) -> Iterator[Flaw]:
    ahead = {id: {way.to for line in node.lines for way in line.ways} for id, node in talk.nodes.items()}
    reached = _spread({talk.start}, ahead)
    behind: dict[str, set[str]] = {id: set() for id in talk.nodes}
    for id, others in ahead.items():
        for other in others:
            behind[other].add(id)
    leaving = _spread({id for id, node in talk.nodes.items() if node.ending}, behind)
    for id in talk.nodes:
        if id not in reached:
            yield ("nodes", id), "no line leads here."
        elif id not in leaving:
            yield ("nodes", id), "no ending can be reached from here."
    good = sum(node.ending == "good" for node in talk.nodes.values())
    if good < (needed := 2 if len(talk.nodes) >= LARGE else 1):
        more = (
            f"a talk of {LARGE} nodes or more needs two good endings."
            if needed == 2
            else "no ending is good."
        )
        yield ("nodes",), more
    if reached >= set(talk.nodes):
        yield from _never(talk)
        yield from pressure_flaws(talk)


def _spread(start: set[str], ways: dict[str, set[str]]) -> set[str]:
    found, edge = set(start), set(start)
    while edge:
        edge = {to for id in edge for to in ways[id]} - found
        found |= edge
    return found


def _never(talk: Dialogue) -> Iterator[Flaw]:
    """Places that lines lead to, but that no talk comes to, whatever is said: conditions that never hold."""
    left, looked = set(talk.nodes) - strolled(talk, STROLLS), 0
    if not left:
        return
    for state, _ in states(talk, MOST_STATES):
        left.discard(state.node)
        looked += 1
    if looked < MOST_STATES:
        for id in talk.nodes:
            if id in left:
                yield ("nodes", id), "no talk comes here: the conditions on the way to it never hold."
