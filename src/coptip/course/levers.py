"""A model of levers: a budget, a few dials and switches, and what they do over the years. Pure.

Each output moves, year after year, from where it stands towards where the dials pull it:

    pull = start + sum of weight x (lever / 100) x share of the levers that it needs
    next = now + pace x (pull - now)

and stays within its bounds. A lever that ``needs`` another works only as far as that one reaches. Every number
is the author's, invented for teaching.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from coptip.course.exercise import FORBID
from coptip.course.outcome import Conditions, Outcome, holds


@dataclass(frozen=True, kw_only=True)
class Lever:
    """A dial from 0 to 100, or a switch (``labels``: off and on, 0 or 100). ``cost``: of its full reach."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    start: int = 0
    step: int = 10
    cost: int = 0
    unit: str = "%"
    labels: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a lever (or another output, by its change since the start) does to an output at its full reach.

    ``needs``: levers that it works through. With ``floor`` a part of it (0 to 1) works without them.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    of: str
    weight: float
    needs: tuple[str, ...] = ()
    floor: float = 0


@dataclass(frozen=True, kw_only=True)
class Output:
    """A number that the levers move: where it starts, its bounds, and which end is the better one."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    start: float
    good: Literal["high", "low"]
    effects: tuple[Effect, ...]
    low: float = 0
    high: float = 100
    unit: str = ""
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What is said while conditions on levers and outputs hold (outputs as they are in the last year)."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    when: dict[str, str]
    text: str
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LeversModel:
    """Dials with a budget, and what they do to a few outputs over ``years``.

    Outputs by id (in the last year), ``spent`` (what the dials cost), and for every pair in ``gaps`` its
    difference (``first`` minus ``second``).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    engine: Literal["levers"]
    id: str
    title: str
    story: str
    invented: str
    """Says that the numbers are invented."""
    levers: tuple[Lever, ...]
    outputs: dict[str, Output]
    years: int = 10
    pace: float = 0.35
    budget: int = 0
    """What may be spent at most; 0: nothing costs anything."""
    unit: str = "points"
    gaps: dict[str, tuple[str, str]] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


def levers_start(model: LeversModel) -> dict[str, Any]:
    """Where the levers stand at the beginning."""
    return {lever.id: lever.start for lever in model.levers}


def lever_fits(model: LeversModel, id: str, value: Any) -> bool:
    """Whether a value that came from a page fits a lever."""
    lever = next(lever for lever in model.levers if lever.id == id)
    number = isinstance(value, int) and not isinstance(value, bool)
    return number and (value in (0, 100) if lever.labels else 0 <= value <= 100)


def spent(model: LeversModel, settings: Mapping[str, Any]) -> float:
    """What the levers cost where they stand."""
    return float(sum(lever.cost * settings[lever.id] / 100 for lever in model.levers))


def over_years(model: LeversModel, settings: Mapping[str, Any]) -> dict[str, list[float]]:
    """Every output from the beginning (year 0) to the last year."""
    now = {id: output.start for id, output in model.outputs.items()}
    course = {id: [value] for id, value in now.items()}
    for _ in range(model.years):
        for id, output in model.outputs.items():
            pulls = sum(_pull(model, effect, settings, now) for effect in output.effects)
            wanted = min(output.high, max(output.low, output.start + pulls))
            now = now | {id: now[id] + model.pace * (wanted - now[id])}
            course[id].append(now[id])
    return course


def _pull(model: LeversModel, effect: Effect, settings: Mapping[str, Any], now: Mapping[str, float]) -> float:
    through = 1.0
    for needed in effect.needs:
        through *= settings[needed] / 100
    if effect.of in now:
        output = model.outputs[effect.of]
        reach = (now[effect.of] - output.start) / 100
    else:
        reach = settings[effect.of] / 100
    return float(effect.weight * reach * (effect.floor + (1 - effect.floor) * through))


def run_levers(model: LeversModel, settings: Mapping[str, Any]) -> Outcome:
    """The outputs in the last year, and how they came there."""
    course = over_years(model, settings)
    outputs = {id: values[-1] for id, values in course.items()}
    outputs |= {id: outputs[first] - outputs[second] for id, (first, second) in model.gaps.items()}
    cost = spent(model, settings)
    outputs["spent"] = cost
    shown = [0, *(year for year in (2, 5) if year < model.years), model.years]
    rows = [
        (
            f"{output.text} ({'higher' if output.good == 'high' else 'lower'} is better)",
            *(f"{course[id][year]:.0f}{f' {output.unit}' if output.unit else ''}" for year in shown),
        )
        for id, output in model.outputs.items()
    ]
    values: dict[str, float] = {**{id: float(value) for id, value in settings.items()}, **outputs}
    said = [remark.text for remark in model.remarks if _applies(remark.when, values)]
    over = bool(model.budget) and cost > model.budget
    left = f"{cost:.0f} of {model.budget} {model.unit} spent. " if model.budget else ""
    if over:
        said.insert(
            0, f"This costs {cost - model.budget:.0f} {model.unit} more than there are. Take some back."
        )
    return Outcome(
        outputs=outputs,
        caption=f"{left}{model.invented}",
        columns=("What is watched", *("Now" if year == 0 else f"After {year} years" for year in shown)),
        rows=tuple(rows),
        remark="\n\n".join(said),
        finished=not over,
    )


def _applies(when: Conditions, values: Mapping[str, float]) -> bool:
    return holds(when, {name: round(value) for name, value in values.items()})
