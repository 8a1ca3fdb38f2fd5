"""What a record says: which exercises are done, and what to look at again. No score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from coptip.course.dialogue import Dialogue
from coptip.course.exercise import Choice, Exercise, Match, Order, Stage
from coptip.course.materials import Materials
from coptip.course.session import Progress, Refused, apply, marks_of
from coptip.course.talking import lines_to_mend
from coptip.record.log import Log, Work


@dataclass(frozen=True, kw_only=True)
class Line:
    """One exercise in the summary. ``again``: items that were wrong at the last look or needed the answer."""

    module: str
    id: str
    title: str
    status: Literal["done", "open", "untouched"]
    tries: int
    again: tuple[Mapping[str, str], ...] = ()


def replay(exercise: Exercise, materials: Materials, work: Work) -> dict[str, Progress]:
    """The state that the kept events lead to; an event that no longer fits the exercise is passed over."""
    state: Mapping[str, Progress] = {}
    for event in work.events:
        try:
            state = apply(exercise, materials, state, event)
        except Refused:
            continue
    return dict(state)


def summarise(
    log: Log, exercises: Mapping[str, Exercise], modules: Mapping[str, str], materials: Materials
) -> list[Line]:
    """A line for every exercise. ``modules``: exercise id to module id."""
    return [_line(id, exercises[id], module, materials, log.work.get(id)) for id, module in modules.items()]


def _line(id: str, exercise: Exercise, module: str, materials: Materials, work: Work | None) -> Line:
    if work is None or not (work.events or work.drafts):
        return Line(module=module, id=id, title=exercise.title, status="untouched", tries=0)
    state = replay(exercise, materials, work)
    done = all(state.get(stage.id, Progress()).finished for stage in exercise.stages)
    return Line(
        module=module,
        id=id,
        title=exercise.title,
        status="done" if done else "open",
        tries=sum(progress.tries for progress in state.values()),
        again=tuple(_again(exercise, materials, work).values()),
    )


def missed(stage: Match, materials: Materials, log: Log) -> list[str]:
    """The items of a stage whose belief went wrong elsewhere, as far as a log of that says."""
    places: set[str] = set()
    for id, work in log.work.items():
        if id in materials.exercises:
            stages = {stage for stage, _ in _again(materials.exercises[id], materials, work)}
            places |= {f"{id}/{one}" for one in stages} | ({id} if stages else set())
    return [item.id for item in stage.items if places & set(item.missed_in)]


def _again(exercise: Exercise, materials: Materials, work: Work) -> dict[tuple[str, str], dict[str, str]]:
    """Items that were answered wrongly at least once since the last reset, with the feedback that mends them."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    state: Mapping[str, Progress] = {}
    for event in work.events:
        try:
            state = apply(exercise, materials, state, event)
        except Refused:
            continue
        if event.get("action") == "reset":
            found = {k: v for k, v in found.items() if event.get("stage") not in (None, k[0])}
        if event.get("action") not in ("check", "say"):
            continue
        stage = exercise.stage(str(event.get("stage")))
        if isinstance(stage, Dialogue):
            for line in lines_to_mend(stage, state[stage.id].responses):
                found[stage.id, line.id] = {"text": line.text, "why": line.feedback}
            continue
        marks = marks_of(stage, materials, state[stage.id])
        for item, mark in marks.items.items():
            why = mark.text or " ".join(o.text for o in mark.options.values() if o.verdict == "wrong")
            if mark.verdict == "wrong" and why:
                found[stage.id, item] = {"text": _label(stage, item), "why": why}
    return found


def _label(stage: Stage, item: str) -> str:
    if isinstance(stage, Choice | Match | Order):
        texts: dict[str, Any] = {i.id: i.text for i in stage.items}
        return str(texts.get(item) or stage.prompt)
    return stage.prompt
