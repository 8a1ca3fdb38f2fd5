"""What games, levers, chains and diagrams must be in themselves; that their tasks can be done is tried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from coptip.content.source import Spot, nearest
from coptip.course.chain import ChainModel
from coptip.course.exercise import Play, Reach
from coptip.course.levers import LeversModel, levers_start, run_levers
from coptip.course.outcome import holds, limits
from coptip.course.rounds import RoundsModel, amiss, begin, course, play, ratio
from coptip.course.simulation import DiagramModel

Flaw = tuple[Spot, str]


def model_flaws(model: LeversModel | RoundsModel | ChainModel | DiagramModel) -> Iterator[Flaw]:
    """Everything about a model that does not fit together."""
    match model:
        case LeversModel():
            yield from _levers(model)
        case RoundsModel():
            yield from _rounds(model)
        case ChainModel():
            yield from _chain(model)
        case DiagramModel():
            for n, arrow in enumerate(model.arrows):
                yield from _known(arrow.source, model.boxes, "box", ("arrows", n, "source"))
                yield from _known(arrow.target, model.boxes, "box", ("arrows", n, "target"))


def _known(id: str, known: Collection[str], what: str, spot: Spot) -> Iterator[Flaw]:
    if id not in known:
        yield spot, f"no {what} called '{id}'.{nearest(id, known)}"


def _twice(ids: list[str], spot: Spot) -> Iterator[Flaw]:
    for id, times in Counter(ids).items():
        if times > 1:
            yield spot, f"the id '{id}' stands {times} times here."


def _when(when: Mapping[str, str], known: Collection[str], spot: Spot) -> Iterator[Flaw]:
    for name, condition in when.items():
        yield from _known(name, known, "name for a condition", (*spot, name))
        if limits(condition) is None:
            yield (*spot, name), f"'{condition}' is no condition. Write it like '>=5'."


# --- levers --------------------------------------------------------------------------------------------------


def _levers(model: LeversModel) -> Iterator[Flaw]:
    levers = [lever.id for lever in model.levers]
    yield from _twice([*levers, *model.outputs, *model.gaps], ("levers",))
    for n, lever in enumerate(model.levers):
        if lever.labels and (len(lever.labels) != 2 or lever.start not in (0, 100)):
            yield ("levers", n), "a switch has two labels (off, on) and starts at 0 or 100."
        if not 0 <= lever.start <= 100 or lever.step < 1:
            yield ("levers", n), "a lever goes from 0 to 100, in steps of 1 or more."
    earlier: list[str] = []
    for id, output in model.outputs.items():
        spot: Spot = ("outputs", id)
        if not output.low <= output.start <= output.high:
            yield (*spot, "start"), f"the start is not between {output.low:g} and {output.high:g}."
        for n, effect in enumerate(output.effects):
            yield from _known(
                effect.of, [*levers, *earlier], "lever or earlier output", (*spot, "effects", n, "of")
            )
            for needed in effect.needs:
                yield from _known(needed, levers, "lever", (*spot, "effects", n, "needs"))
            if not 0 <= effect.floor <= 1:
                yield (*spot, "effects", n, "floor"), "'floor' is a share from 0 to 1."
        earlier.append(id)
    for id, pair in model.gaps.items():
        for one in pair:
            yield from _known(one, model.outputs, "output", ("gaps", id))
    names = [*levers, *model.outputs, *model.gaps, "spent"]
    for n, remark in enumerate(model.remarks):
        yield from _when(remark.when, names, ("remarks", n, "when"))
    if not 0 < model.pace <= 1 or model.years < 1:
        yield ("pace",), "'pace' is a share above 0, up to 1, and there is one year or more."


# --- games in rounds -----------------------------------------------------------------------------------------


def _rounds(model: RoundsModel) -> Iterator[Flaw]:
    yield from _twice([turn.id for turn in model.turns], ("turns",))
    yield from _twice([*model.meters, *model.ratios, *model.actions], ("actions",))
    names = {*model.meters, *model.actions, "round", *(f"now.{id}" for id in model.actions)}

    def effect(change: Mapping[str, int], spot: Spot) -> Iterator[Flaw]:
        for id in change:
            yield from _known(id, model.meters, "meter", (*spot, "effect", id))

    for id, meter in model.meters.items():
        if not meter.low <= meter.start <= meter.high:
            yield ("meters", id, "start"), f"the start is not between {meter.low} and {meter.high}."
        yield from _when(meter.opens, names, ("meters", id, "opens"))
        if meter.worse and not meter.good:
            yield ("meters", id, "worse"), "say with 'good' which end is the better one."
    for id, one in model.ratios.items():
        yield from _known(one.of, model.meters, "meter", ("ratios", id, "of"))
        yield from _known(one.per, model.meters, "meter", ("ratios", id, "per"))
    for id, action in model.actions.items():
        spot: Spot = ("actions", id)
        yield from _known(action.group, model.groups, "group", (*spot, "group"))
        yield from _when(action.when, names, (*spot, "when"))
        yield from effect(action.effect, spot)
        if model.budget and action.cost > model.budget:
            yield (*spot, "cost"), f"it costs more than the budget of a round ({model.budget})."
    for n, turn in enumerate(model.turns):
        for id in turn.actions:
            yield from _known(id, model.actions, "action", ("turns", n, "actions"))
        for key, happenings in (("first", turn.first), ("also", turn.also)):
            for k, one_of in enumerate(happenings):
                yield from _when(one_of.when, names, ("turns", n, key, k, "when"))
                yield from effect(one_of.effect, ("turns", n, key, k))
        unreachable = [k for k, one_of in enumerate(turn.first[:-1]) if not one_of.when]
        if unreachable:
            yield ("turns", n, "first", unreachable[0]), "this always holds, so those after it never happen."
    for n, always in enumerate(model.always):
        yield from _when(always.when, names, ("always", n, "when"))
        yield from effect(always.effect, ("always", n))
    for id, draw in model.draws.items():
        for turn_id in draw.turns:
            yield from _known(turn_id, [turn.id for turn in model.turns], "turn", ("draws", id, "turns"))
    if len({len(draw.turns) for draw in model.draws.values()}) > 1:
        yield ("draws",), "all draws need the same number of rounds."
    yield from _ends(model, names | set(model.ratios))
    if model.board:
        yield from _board(model, names)


def _ends(model: RoundsModel, names: Collection[str]) -> Iterator[Flaw]:
    for n, line in enumerate(model.ends):
        for k, verdict in enumerate(line.says):
            yield from _when(verdict.when, names, ("ends", n, "says", k, "when"))
        if not line.says or line.says[-1].when:
            yield ("ends", n, "says"), "the last one needs no condition, so that something is always said."


def _board(model: RoundsModel, names: Collection[str]) -> Iterator[Flaw]:
    assert model.board
    for id, place in model.board.spots.items():
        if place.meter:
            yield from _known(place.meter, model.meters, "meter", ("board", "spots", id, "meter"))
        yield from _when(place.open, names, ("board", "spots", id, "open"))
    for n, way in enumerate(model.board.ways):
        yield from _known(way.source, model.board.spots, "place", ("board", "ways", n, "source"))
        yield from _known(way.target, model.board.spots, "place", ("board", "ways", n, "target"))
        yield from _when(way.open, names, ("board", "ways", n, "open"))
        yield from _when(way.back, names, ("board", "ways", n, "back"))


# --- chains --------------------------------------------------------------------------------------------------


def _chain(model: ChainModel) -> Iterator[Flaw]:
    yield from _twice([part.id for part in model.parts], ("parts",))
    yield from _twice([link.id for link in model.links], ("links",))
    parts = {part.id: part for part in model.parts}
    for n, link in enumerate(model.links):
        yield from _known(link.needs, parts, "part", ("links", n, "needs"))
        if link.needs in parts and parts[link.needs].harm:
            yield ("links", n, "needs"), f"'{link.needs}' does harm; no link may need it."
    needed = {link.needs for link in model.links}
    for n, part in enumerate(model.parts):
        if not part.harm and part.id not in needed:
            yield ("parts", n), "no link needs this part. Let one need it, or say what 'harm' it does."
    if len(model.links) < 2:
        yield ("links",), "a chain needs two links or more."


# --- tasks ---------------------------------------------------------------------------------------------------


def play_flaws(task: Play, model: object, spot: Spot) -> Iterator[Flaw]:
    """Whether a game's task can be done: its example is played."""
    if not isinstance(model, RoundsModel):
        yield (*spot, "kind"), "'play' is for a model with the engine 'rounds'."
        return
    names = {*model.meters, *model.ratios, *model.actions}
    flaws = list(_when(task.when, names, (*spot, "when")))
    yield from flaws
    for key in ("reached", "other"):
        if key not in task.feedback and (key == "reached" or task.when):
            yield (*spot, "feedback"), f"no feedback for '{key}'."
    if flaws:
        return
    draw = next(iter(model.draws), "")
    game = begin(model, draw)
    rounds = len(course(model, draw))
    if len(task.example) != rounds:
        yield (*spot, "example"), f"the game has {rounds} rounds; the example has {len(task.example)}."
        return
    for n, choice in enumerate(task.example):
        if said := amiss(game, choice):
            yield (*spot, "example", n), f"this cannot be played: {said}"
            return
        game = play(game, choice)
    values = dict(game.values) | {
        id: round(ratio(model, one, game.values)) for id, one in model.ratios.items()
    }
    if not holds(task.when, values):
        told = ", ".join(f"{name} {values.get(name, 0)}" for name in task.when)
        yield (*spot, "example"), f"it does not come there: {told}."


def reach_flaws(task: Reach, model: object, spot: Spot) -> Iterator[Flaw]:
    """Whether the example of a task with levers comes where it should."""
    if isinstance(model, RoundsModel):
        yield (*spot, "kind"), "in a game use 'play', with 'when'."
    if not isinstance(model, LeversModel) or not task.example:
        return
    settings = levers_start(model)
    for id, value in task.example.items():
        yield from _known(id, settings, "lever", (*spot, "example", id))
        settings[id] = value
    if set(settings) == {lever.id for lever in model.levers}:
        came = run_levers(model, settings)
        value_of = came.outputs.get(task.output, 0)
        if not came.finished or not task.at_least <= value_of <= task.at_most:
            told = f"{task.output} {value_of:.0f}, spent {came.outputs['spent']:.0f}"
            yield (*spot, "example"), f"it does not come there: {told}."
