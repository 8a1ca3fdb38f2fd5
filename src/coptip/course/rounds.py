"""A model that is played in rounds: choices under a budget, a state, and what happens because of both. Pure.

What was played is a list of choices, one a round: action id to how often (or how many hours). The state follows
from that list alone, so a round can be taken back and a game replayed. Within a round, in this order: what was
chosen has its effects; of the round's ``first`` the first that holds happens; then everything in the round's
``also`` and the model's ``always`` that holds, in the order written. Meters stay within their bounds.

Conditions speak of meters, of actions (how much of them so far), of ``now.<action>`` (in this round) and of
``round`` (from 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from coptip.course.exercise import FORBID
from coptip.course.outcome import Outcome, holds

MOST = 1_000_000
Choices = Mapping[str, int]
"""What was chosen in a round: action id to its amount."""


@dataclass(frozen=True, kw_only=True)
class Meter:
    """A number of the state, ``low`` to ``high``; ``good`` says which end is the better one, where one is.

    ``seen``: ``end`` hides it until the last round is over, ``never`` for good (a help for reckoning).
    ``opens``: hidden until these conditions hold.
    ``worse``: told at the end where it got worse at all; ``{round}`` names the round in which that began.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    start: int = 0
    low: int = 0
    high: int = 10
    good: Literal["high", "low", ""] = ""
    unit: str = ""
    seen: Literal["always", "end", "never"] = "always"
    opens: dict[str, str] = field(default_factory=dict)
    worse: str = ""


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A share in per cent of two meters (``of`` / ``per``), seen where both are; 0 while ``per`` is 0."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    of: str
    per: str
    good: Literal["high", "low", ""] = ""


@dataclass(frozen=True, kw_only=True)
class Pick:
    """A group of actions: choose one of them (and exactly one), any number, or share amounts among them."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    pick: Literal["one", "many", "share"]
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something that can be chosen in a round. ``most``: how much of it in one round; ``once``: in the whole game.

    ``when``: offered only then. ``effect`` counts for each unit of it. ``says`` is told after the round.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    group: str
    cost: int = 0
    most: int = 1
    once: bool = False
    hint: str = ""
    when: dict[str, str] = field(default_factory=dict)
    effect: dict[str, int] = field(default_factory=dict)
    says: str = ""
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What happens where the conditions hold: its effect on meters, and what is told of it.

    ``later`` is what nobody hears of now: told in the report at the end, or at once where the model's
    ``hears`` holds.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str = ""
    later: str = ""
    when: dict[str, str] = field(default_factory=dict)
    effect: dict[str, int] = field(default_factory=dict)
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A round: how things stand, which ``actions`` it offers (all, where it names none), and what may happen."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    title: str
    text: str
    actions: tuple[str, ...] = ()
    first: tuple[Happening, ...] = ()
    also: tuple[Happening, ...] = ()
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Draw:
    """One way in which the rounds may fall: ids of turns in their order."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    turns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is said in a report where the conditions hold, and how it is marked."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    when: dict[str, str] = field(default_factory=dict)
    mark: Literal["right", "part", "wrong", "info"] = "info"
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """A line of the report after the last round: the first of ``says`` that holds."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    title: str
    says: tuple[Verdict, ...]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place on the board, on a 100 x 60 canvas. ``meter``: a number that it carries, and a size by it.

    ``open``: it is there (drawn full) only where these conditions hold; otherwise it is drawn as a gap.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    x: int
    y: int
    meter: str = ""
    open: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Way:
    """A line between two places: drawn through where the conditions hold, otherwise as a gap.

    ``back``: where these hold as well, something comes back along it; it then has two heads.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    source: str
    target: str
    open: dict[str, str] = field(default_factory=dict)
    back: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Board:
    """A schematic map or network beside the meters; not to scale."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    title: str
    spots: dict[str, Spot]
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RoundsModel:
    """A game in rounds. Outputs: every meter, every ratio, and how much was done of every action."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    engine: Literal["rounds"]
    id: str
    title: str
    story: str
    invented: str
    """Says that people and numbers are invented."""
    round: str
    """What a round is called: ``Week``."""
    groups: dict[str, Pick]
    actions: dict[str, Action]
    meters: dict[str, Meter]
    turns: tuple[Turn, ...]
    ends: tuple[Report, ...]
    ratios: dict[str, Ratio] = field(default_factory=dict)
    budget: int = 0
    """What may be spent in each round; 0: nothing has a cost."""
    unit: str = "hours"
    draws: dict[str, Draw] = field(default_factory=dict)
    draw_label: str = "Which course of events"
    always: tuple[Happening, ...] = ()
    hears: dict[str, str] = field(default_factory=dict)
    """Where these hold, what happens ``later`` is told at once."""
    board: Board | None = None

    def turn(self, id: str) -> Turn:
        """The turn called ``id``. Raises KeyError where there is none."""
        for turn in self.turns:
            if turn.id == id:
                return turn
        raise KeyError(id)


@dataclass(frozen=True)
class Played:
    """A round that is over: what was chosen, what is told, the meters afterwards, and which of them are seen."""

    turn: Turn
    choice: Choices
    told: tuple[str, ...]
    later: tuple[str, ...]
    meters: Mapping[str, int]
    seen: frozenset[str]


@dataclass(frozen=True)
class Game:
    """A game as far as it was played. ``values``: meters and amounts so far, as conditions see them."""

    model: RoundsModel
    course: tuple[Turn, ...]
    played: tuple[Played, ...]
    values: Mapping[str, int]
    seen: frozenset[str]

    @property
    def shown(self) -> dict[str, Meter]:
        """The meters that stand in table and picture, seen now or only at the end."""
        return {id: meter for id, meter in self.model.meters.items() if meter.seen != "never"}

    @property
    def finished(self) -> bool:
        """Whether the last round is over."""
        return len(self.played) == len(self.course)

    @property
    def turn(self) -> Turn | None:
        """The round that is to be played now."""
        return None if self.finished else self.course[len(self.played)]


# --- playing -----------------------------------------------------------------------------------------------


def course(model: RoundsModel, draw: str) -> tuple[Turn, ...]:
    """The turns of a draw in their order; without draws as they are written."""
    if draw in model.draws:
        return tuple(model.turn(id) for id in model.draws[draw].turns)
    return model.turns


def begin(model: RoundsModel, draw: str = "") -> Game:
    """A game before its first round."""
    values = {id: meter.start for id, meter in model.meters.items()} | {"round": 1}
    return Game(model, course(model, draw), (), values, _seen(model, values, frozenset()))


def _seen(model: RoundsModel, values: Mapping[str, int], before: frozenset[str]) -> frozenset[str]:
    """The meters that can be seen; what was uncovered once stays so."""
    return before | {
        id
        for id, meter in model.meters.items()
        if meter.seen == "always" and (not meter.opens or holds(meter.opens, values))
    }


def offered(game: Game) -> dict[str, Action]:
    """The actions that can be chosen now, by id."""
    if game.turn is None:
        return {}
    named = game.turn.actions or tuple(game.model.actions)
    actions = ((id, game.model.actions[id]) for id in named)
    return {
        id: action
        for id, action in actions
        if holds(action.when, game.values) and not (action.once and game.values.get(id, 0))
    }


def cost(model: RoundsModel, choice: Choices) -> int:
    """What a choice costs."""
    return sum(model.actions[id].cost * amount for id, amount in choice.items())


def amiss(game: Game, choice: Any) -> str:
    """Why a choice that came from a page cannot be played now; empty where it can."""
    actions = offered(game)
    if not isinstance(choice, Mapping) or not all(id in actions for id in choice):
        return "That cannot be chosen in this round."
    for id, amount in choice.items():
        whole = isinstance(amount, int) and not isinstance(amount, bool)
        if not whole or not 0 <= amount <= actions[id].most:
            return f"“{actions[id].text}”: choose from 0 to {actions[id].most}."
    for name, group in game.model.groups.items():
        members = [id for id, action in actions.items() if action.group == name]
        chosen = sum(choice.get(id, 0) for id in members)
        if members and group.pick == "one" and chosen != 1:
            return f"Choose one: {group.text}"
    price, budget = cost(game.model, choice), game.model.budget
    if budget and price > budget:
        return f"That costs {price} {game.model.unit}, and you have {budget}. Take something back."
    return ""


def play(game: Game, choice: Choices) -> Game:
    """The game after one more round. The choice must fit (:func:`amiss`)."""
    model, turn = game.model, game.turn
    assert turn is not None
    values = {name: value for name, value in game.values.items() if not name.startswith("now.")}
    told: list[str] = []
    later: list[str] = []

    def happens(one: Happening) -> None:
        _move(model, values, one.effect)
        told.append(one.text)
        heard = bool(model.hears) and holds(model.hears, values)
        (told if heard else later).append(one.later)

    for id, amount in choice.items():
        if amount:
            action = model.actions[id]
            values[id] = values.get(id, 0) + amount
            values[f"now.{id}"] = amount
            _move(model, values, action.effect, amount)
            told.append(action.says)
    first = next((one for one in turn.first if holds(one.when, values)), None)
    if first:
        happens(first)
    for one in (*turn.also, *model.always):
        if holds(one.when, values):
            happens(one)
    values["round"] = len(game.played) + 2
    seen = _seen(model, values, game.seen)
    meters = {id: values[id] for id in model.meters}
    chosen = {id: n for id, n in choice.items() if n}
    done = Played(turn, chosen, tuple(filter(None, told)), tuple(filter(None, later)), meters, seen)
    played = (*game.played, done)
    if len(played) == len(game.course):
        seen = frozenset(model.meters)
    return Game(model, game.course, played, values, seen)


def _move(model: RoundsModel, values: dict[str, int], effect: Mapping[str, int], times: int = 1) -> None:
    for id, change in effect.items():
        meter = model.meters[id]
        values[id] = min(meter.high, max(meter.low, values[id] + change * times))


def played(model: RoundsModel, settings: Mapping[str, Any]) -> Game:
    """The game that some valid settings stand for."""
    game = begin(model, settings.get("draw", ""))
    for choice in settings["plays"]:
        game = play(game, choice)
    return game


def rounds_start(model: RoundsModel) -> dict[str, Any]:
    """A game that was not begun."""
    draw = {"draw": next(iter(model.draws))} if model.draws else {}
    return {**draw, "plays": []}


def clean_plays(model: RoundsModel, draw: str, wanted: Any) -> list[dict[str, int]] | None:
    """The choices of a list that came from a page, as far as they can be played; None where it is no list."""
    if not isinstance(wanted, list):
        return None
    game = begin(model, draw)
    plays: list[dict[str, int]] = []
    for choice in wanted:
        if game.finished or amiss(game, choice):
            break
        plays.append({id: amount for id, amount in choice.items() if amount})
        game = play(game, plays[-1])
    return plays


# --- what is told ------------------------------------------------------------------------------------------


def ratio(model: RoundsModel, one: Ratio, values: Mapping[str, int]) -> float:
    """A share in per cent; 0 while there is nothing to take a share of."""
    return 100 * values[one.of] / values[one.per] if values[one.per] else 0.0


def report(game: Game) -> list[tuple[str, Verdict]]:
    """The report of a finished game: for every line its title and what is said."""
    if not game.finished:
        return []
    model = game.model
    values = {
        **game.values,
        **{id: round(ratio(model, one, game.values)) for id, one in model.ratios.items()},
    }
    lines = []
    for line in model.ends:
        said = next((one for one in line.says if holds(one.when, values)), None)
        if said:
            lines.append((line.title, said))
    for id, meter in model.meters.items():
        n = first_worse(game, id)
        if meter.worse and n:
            told = meter.worse.replace("{round}", f"{model.round} {n} ({game.course[n - 1].title})")
            lines.append((meter.text, Verdict(text=told, mark="wrong")))
    return lines


def first_worse(game: Game, meter: str) -> int:
    """The first round (from 1) in which a meter got worse; 0 where it never did."""
    before, sign = game.model.meters[meter].start, -1 if game.model.meters[meter].good == "low" else 1
    for n, one in enumerate(game.played, 1):
        if sign * (one.meters[meter] - before) < 0:
            return n
        before = one.meters[meter]
    return 0


def did(model: RoundsModel, choice: Choices) -> str:
    """What was chosen, in words."""
    parts = []
    for id, amount in choice.items():
        action = model.actions[id]
        share = model.groups[action.group].pick == "share"
        parts.append(f"{action.text}: {amount}" if share else action.text)
    return "; ".join(parts) or "nothing"


def run_rounds(model: RoundsModel, settings: Mapping[str, Any]) -> Outcome:
    """The meters after what was played, and their course round by round as a table."""
    game = played(model, settings)
    outputs: dict[str, float] = {id: float(game.values.get(id, 0)) for id in (*model.meters, *model.actions)}
    outputs |= {id: ratio(model, one, game.values) for id, one in model.ratios.items()}
    rows = []
    for line in lines(game):
        cells = ["not known" if value is None else f"{value:.0f}{line.unit}" for value in line.values]
        good = {"high": " (higher is better)", "low": " (lower is better)"}.get(line.good, "")
        rows.append((line.text + good, cells[0], ", ".join(cells[1:]) or "not yet", cells[-1]))
    return Outcome(
        outputs=outputs,
        caption=f"{len(game.played)} of {len(game.course)} rounds played. {model.invented}",
        columns=("What is watched", "At the start", f"After each {model.round.lower()}", "Now"),
        rows=tuple(rows),
        finished=game.finished,
    )


@dataclass(frozen=True)
class Line:
    """A meter or a share from the start to now; None where it could not be seen."""

    text: str
    good: str
    low: int
    high: int
    unit: str
    values: tuple[float | None, ...]


def lines(game: Game) -> list[Line]:
    """Everything that is shown of a game, in the order of its file."""
    model = game.model
    states: list[tuple[frozenset[str], Mapping[str, int]]] = [
        (begin(model).seen, {id: meter.start for id, meter in model.meters.items()})
    ]
    states += [(one.seen, one.meters) for one in game.played]
    if game.finished:
        states = [(game.seen, meters) for _, meters in states]
    found = []
    for id, meter in game.shown.items():
        values = tuple(float(meters[id]) if id in seen else None for seen, meters in states)
        unit = f" {meter.unit}" if meter.unit else ""
        found.append(Line(meter.text, meter.good, meter.low, meter.high, unit, values))
    for one in model.ratios.values():
        shares = tuple(
            ratio(model, one, meters) if one.of in seen and one.per in seen and meters[one.per] else None
            for seen, meters in states
        )
        found.append(Line(one.text, one.good, 0, 100, " %", shares))
    return found
