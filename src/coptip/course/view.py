"""The public view of an exercise: all that the page gets before anything is earned. No key, no feedback.

Lists whose order could betray the key are shuffled, seeded by ids alone, so that the view never depends on
the key (a test changes every key and compares).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from json import dumps
from random import Random
from typing import Any, assert_never

from coptip.course.chain import ChainModel
from coptip.course.dialogue import Dialogue, State, begin, offered, reply
from coptip.course.exercise import (
    Change,
    Choice,
    Collect,
    Discussion,
    Exercise,
    Facts,
    Field,
    Form,
    Grid,
    Hottext,
    Match,
    Model,
    Order,
    Predict,
    Stage,
    Take,
    Text,
    TextItem,
)
from coptip.course.levers import Lever, LeversModel
from coptip.course.materials import Materials
from coptip.course.reading import is_read
from coptip.course.rounds import RoundsModel
from coptip.course.simulation import (
    DetectionModel,
    DiagramModel,
    FlowsModel,
    LawModel,
    SharesModel,
    Simulation,
)
from coptip.law import Element, Offence

View = dict[str, Any]

FINDINGS = {
    "established": "Established",
    "not_established": "Not established",
    "undetermined": "Cannot be told yet",
}
ELEMENT_VALUES = {
    "established": "Shown",
    "not_established": "Shown not to be so",
    "undetermined": "Not known yet",
}
AGES = {"child": "Under 18", "adult": "18 or over", "unknown": "Not known yet"}

_MARKED = re.compile(r"\[\[([a-z0-9-]+)\|([^\]]+)\]\]")


def public(exercise: Exercise, materials: Materials, *, instructor: bool = False) -> View:
    """The view of an exercise as JSON-ready data; ``instructor`` adds the notes and the rubric."""
    view: View = {
        "type": "exercise",
        "id": exercise.id,
        "title": exercise.title,
        "kind": exercise.kind,
        "minutes": exercise.minutes,
        "mode": list(exercise.mode),
        "intro": exercise.intro,
        "content_note": exercise.content_note,
        "stages": [stage_view(exercise, stage, materials) for stage in exercise.stages],
        "sources": sources(guide_ids(exercise), materials),
    }
    view["version"] = version(view)
    if instructor:
        view["instructor"] = _notes(exercise)
    return view


def version(view: View) -> str:
    """A short mark of the view, so that kept work is only brought back to what it was done on."""
    return sha256(dumps(view, sort_keys=True).encode()).hexdigest()[:12]


def guide_ids(node: object) -> list[str]:
    """Every inventory id named anywhere inside a data item, in order of appearance."""
    found: dict[str, None] = {}

    def walk(value: object) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                walk(inner)
        elif hasattr(value, "__dataclass_fields__"):
            found.update(dict.fromkeys(getattr(value, "guide", ())))
            for name in value.__dataclass_fields__:
                walk(getattr(value, name))

    walk(node)
    return list(found)


def sources(ids: Iterable[str], materials: Materials) -> list[View]:
    """The sources that some inventory ids rest on, each once."""
    wanted = dict.fromkeys(source for id in ids for source in materials.sources_of.get(id, ()))
    return [
        {"id": id, "text": materials.sources[id].citation, "urls": list(materials.sources[id].urls)}
        for id in wanted
        if id in materials.sources
    ]


def stage_view(exercise: Exercise, stage: Stage, materials: Materials) -> View:
    """The view of one stage."""
    seed = f"{exercise.id}/{stage.id}"
    head = {"interaction": stage.interaction, "id": stage.id, "prompt": stage.prompt}
    match stage:
        case Choice():
            return head | _choice(stage)
        case Match():
            return head | _match(stage, seed)
        case Order():
            return head | {"items": shuffled(_texts((s.id, s.text) for s in stage.items), seed)}
        case Hottext():
            return head | {"parts": hottext_parts(stage.passage)}
        case Text():
            items = [
                {"id": i.id, "text": i.text, "rows": i.rows, "check": bool(i.criteria) or is_read(i)}
                | _written_before(i)
                for i in stage.items
            ]
            return head | {"items": items}
        case Facts():
            return head | _facts(stage, materials)
        case Dialogue():
            return head | _dialogue(stage, seed)
        case Model():
            return head | _model(stage, materials)
        case Form():
            return head | _form(stage, materials)
        case Discussion():
            return head | _discussion(stage)
        case other:
            assert_never(other)


def shuffled(items: list[View], seed: str) -> list[View]:
    """The items in an order that depends on their ids and the seed alone."""
    items = sorted(items, key=lambda item: str(item["id"]))
    Random(seed).shuffle(items)
    return items


def _texts(pairs: Iterable[tuple[str, str]]) -> list[View]:
    return [{"id": id, "text": text} for id, text in pairs]


def _choice(stage: Choice) -> View:
    items = [
        {
            "id": item.id,
            "text": item.text,
            "select": item.select,
            "options": _texts((option.id, option.text) for option in item.options),
        }
        for item in stage.items
    ]
    view: View = {"items": items, "tally": stage.tally}
    if stage.earlier:
        view["earlier"] = {name: getattr(stage.earlier, name) for name in ("exercise", "stage", "section")}
    return view


def _written_before(item: TextItem) -> View:
    if not item.earlier:
        return {}
    there = item.earlier
    return {"earlier": {"exercise": there.exercise, "stage": there.stage, "item": there.field or item.id}}


def _match(stage: Match, seed: str) -> View:
    items = [{"id": i.id, "text": i.text, "row": i.row, "column": i.column} for i in stage.items]
    targets = _texts(stage.targets.items())
    return {
        "items": items if stage.rows else shuffled(items, seed),
        "targets": shuffled(targets, seed) if stage.once else targets,
        "rows": _texts(stage.rows.items()),
        "columns": [
            {"id": id, "text": column.text, "targets": _texts(column.targets.items())}
            for id, column in stage.columns.items()
        ],
        "once": stage.once,
        "keep": stage.keep,
        "log": sorted({place.partition("/")[0] for item in stage.items for place in item.missed_in}),
    }


def hottext_parts(passage: str) -> list[View]:
    """A passage cut into plain parts and phrases (``{id, text}``)."""
    parts: list[View] = []
    at = 0
    for found in _MARKED.finditer(passage):
        if found.start() > at:
            parts.append({"text": passage[at : found.start()]})
        parts.append({"id": found[1], "text": found[2]})
        at = found.end()
    if at < len(passage):
        parts.append({"text": passage[at:]})
    return parts


def element_values(element: Element) -> list[View]:
    """What a participant may say of an element; ``not needed`` where a rule can make it so."""
    values = _texts(ELEMENT_VALUES.items())
    if element.unless:
        values.append({"id": "not_needed", "text": "Not needed here"})
    return values


def asks_age(offence: Offence) -> bool:
    """Whether an offence has an element that the victim's age makes unnecessary."""
    return any("victim_age" in element.unless for element in offence.elements.values())


def _facts(stage: Facts, materials: Materials) -> View:
    case = materials.cases[stage.case]
    offences = []
    for offence in (materials.offences[id] for id in stage.offences):
        elements = [
            {
                "id": f"{offence.prefix}.{element.id}",
                "title": element.title,
                "question": element.question,
                "values": element_values(element),
            }
            for element in offence.elements.values()
        ]
        if asks_age(offence):
            elements.insert(
                0,
                {
                    "id": f"{offence.prefix}.age",
                    "title": "Age",
                    "question": "How old is the person?",
                    "values": _texts(AGES.items()),
                },
            )
        offences.append({"id": offence.id, "title": offence.title, "elements": elements})
    return {
        "case": {
            "title": case.title,
            "text": case.text,
            "statement": case.statement,
            "unknown": list(case.unknown),
            "content_note": case.content_note,
        },
        "offences": offences,
        "findings": _texts(FINDINGS.items()),
        "inquiries": _texts((inquiry.id, inquiry.text) for inquiry in case.inquiries),
    }


def _dialogue(stage: Dialogue, seed: str) -> View:
    """The scene, the first words and the first lines; nothing that lies further on."""
    first = begin(stage)
    return {
        "scene": stage.scene,
        "person": stage.person,
        "officer": stage.officer,
        "opening": {"says": reply(stage, first).text, "lines": lines_view(stage, first, seed)},
        "meters": meters_view(stage, first) if stage.show_meters else [],
    }


def lines_view(stage: Dialogue, state: State, seed: str) -> list[View]:
    """The lines that may be said now, in an order that tells nothing of them."""
    texts = _texts((line.id, line.text) for line in offered(stage, state))
    return shuffled(texts, f"{seed}/{state.node}")


def meters_view(stage: Dialogue, state: State) -> list[View]:
    """The meters with their values in a state."""
    return [
        {"id": id, "text": meter.text, "good": meter.good, "value": state.meter(id)}
        for id, meter in stage.meters.items()
    ]


def _model(stage: Model, materials: Materials) -> View:
    model = materials.models[stage.model]
    return {
        "engine": model.engine,
        "title": model.title,
        "story": model.story,
        "invented": getattr(model, "invented", ""),
        "controls": controls(model, materials),
        "lights": _texts((light.id, light.text) for light in model.lights)
        if isinstance(model, LawModel)
        else [],
        "tasks": [
            {"id": task.id, "kind": task.kind, "text": task.text}
            | ({"switches": list(task.switches)} if isinstance(task, Predict) else {})
            for task in stage.tasks
        ],
    }


def controls(model: Simulation, materials: Materials) -> list[View]:
    """The controls of a model, in its own order."""
    match model:
        case LawModel():
            return [
                {
                    "id": s.id,
                    "text": s.text,
                    "input": "switch",
                    "start": s.start,
                    "options": [{"id": "on", "text": s.on_label}, {"id": "off", "text": s.off_label}],
                }
                for s in model.switches
            ]
        case DetectionModel():
            sliders = [
                {
                    "id": s.id,
                    "text": s.text,
                    "input": "range",
                    "low": s.low,
                    "high": s.high,
                    "step": s.step,
                    "start": s.start,
                    "unit": s.unit,
                    "hint": s.hint,
                }
                for s in model.settings
            ]
            options = _texts((id, screening.text) for id, screening in model.screening.items())
            start = next(iter(model.screening))
            screening: View = {"id": "screening", "text": "Screening questions", "input": "select"}
            return [*sliders, screening | {"options": options, "start": start}]
        case SharesModel():
            options = _texts((id, materials.statistics[id].text) for id in model.statistics)
            return [
                {"id": "drawn", "text": "Draw in one pie", "input": "many", "options": options, "start": []}
            ]
        case FlowsModel():
            start = next(iter(model.bases))
            options = _texts(model.bases.items())
            return [
                {
                    "id": "base",
                    "text": "Show the figures of",
                    "input": "select",
                    "options": options,
                    "start": start,
                }
            ]
        case LeversModel():
            return [_lever(lever, model.unit) for lever in model.levers]
        case RoundsModel():
            return _game(model)
        case ChainModel():
            on = [part.id for part in model.parts if part.start == "on"]
            options = _texts((part.id, part.text) for part in model.parts)
            return [{"id": "parts", "text": "Parts", "input": "many", "options": options, "start": on}]
        case DiagramModel():
            return []
        case other:
            assert_never(other)


def _lever(lever: Lever, unit: str) -> View:
    price = f"Costs {lever.cost} {unit} {'when on' if lever.labels else 'at 100'}." if lever.cost else ""
    view: View = {"id": lever.id, "text": lever.text, "start": lever.start}
    view["hint"] = " ".join(filter(None, [lever.hint, price]))
    if lever.labels:
        options = _texts(zip(("0", "100"), lever.labels, strict=False))
        return view | {"input": "onoff", "options": options}
    return view | {"input": "range", "low": 0, "high": 100, "step": lever.step, "unit": lever.unit}


def _game(model: RoundsModel) -> list[View]:
    """The controls of a game. Actions of a single round are told when it comes; here stand the general ones."""
    bound = {id for turn in model.turns for id in turn.actions}
    general = _texts((id, action.text) for id, action in model.actions.items() if id not in bound)
    game: View = {"id": "plays", "text": model.title, "input": "rounds", "start": [], "actions": general}
    game |= {"budget": model.budget, "unit": model.unit, "round": model.round}
    if not model.draws:
        return [game]
    options = _texts((id, draw.text) for id, draw in model.draws.items())
    draw: View = {"id": "draw", "text": model.draw_label, "input": "select", "options": options}
    return [draw | {"start": next(iter(model.draws))}, game]


def _form(stage: Form, materials: Materials) -> View:
    sections = [
        {
            "id": s.id,
            "title": s.title,
            "text": s.text,
            "repeat": s.repeat,
            "start": s.start,
            "most": s.most,
            "card": s.card,
            "print": s.print,
            "tally": list(s.tally),
            "bars": s.bars,
            "fields": [_field(s.id, f) for f in s.fields],
        }
        | ({"collect": _collect(s.collect, materials)} if s.collect else {})
        | ({"take": _take(s.take, materials)} if s.take else {})
        | ({"grid": _grid(s.grid)} if s.grid else {})
        for s in stage.sections
    ]
    view: View = {"sections": sections, "board": stage.board, "title": stage.title, "csv": stage.csv}
    return view | ({"change": _change(stage.change)} if stage.change else {})


def _change(change: Change) -> View:
    rows = [
        {"text": row.text, "rating": row.rating, "questions": list(row.questions), "again": row.again}
        for row in change.rows
    ]
    return {"ratings": change.ratings, "questions": change.questions, "rows": rows}


def _field(section: str, field: Field) -> View:
    view: View = {
        "id": field.id,
        "label": field.label,
        "input": field.input,
        "options": _texts(field.options.items()),
        "hint": field.hint,
    }
    if field.input in ("number", "scale"):
        view |= {name: getattr(field, name) for name in ("low", "high", "unit", "low_label", "high_label", "slider")}
    if earlier := field.earlier:
        view["earlier"] = {
            "exercise": earlier.exercise,
            "stage": earlier.stage,
            "section": earlier.section or section,
            "field": earlier.field or field.id,
        }
    return view


def _collect(collect: Collect, materials: Materials) -> View:
    """Where to look in what the browser keeps, with each source as its own page shows it, to read it by."""
    made = []
    for one in collect.of:
        exercise = materials.exercises[one.exercise]
        stage = exercise.stage(one.stage)
        shown = stage_view(exercise, stage, materials)
        made.append({"exercise": one.exercise, "stage": one.stage, "title": one.title, "view": shown})
    return {"of": made, "into": collect.into, "text": collect.text}


def _take(take: Take, materials: Materials) -> View:
    """Where the cards stand in what the browser keeps, and the fields there, to read their options as words."""
    exercise = materials.exercises[take.exercise]
    stage = exercise.stage(take.stage)
    assert isinstance(stage, Form)
    section = next(one for one in stage.sections if one.id == take.section)
    return {
        "exercise": take.exercise,
        "stage": take.stage,
        "section": take.section,
        "title": exercise.title,
        "fields": dict(take.fields),
        "there": [_field(section.id, one) for one in section.fields if one.id in take.fields.values()],
        "text": take.text,
    }


def _grid(grid: Grid) -> View:
    view: View = {"rows": grid.rows, "columns": grid.columns, "label": grid.label, "text": grid.text}
    if grid.look:
        view["look"] = {"row": grid.look.row, "column": grid.look.column, "text": grid.look.text}
    return view


def _discussion(stage: Discussion) -> View:
    return {
        "questions": [{"id": q.id, "text": q.text, "prompt": q.prompt} for q in stage.questions],
        "minutes": stage.minutes,
        "group_size": stage.group_size,
        "roles": _texts(stage.roles.items()),
        "report": stage.report,
    }


def _notes(exercise: Exercise) -> View:
    notes = exercise.instructor
    rubric = [
        {
            "stage": stage.id,
            "rows": [
                {"criterion": r.criterion, "thin": r.thin, "fair": r.fair, "strong": r.strong}
                for r in stage.rubric
            ],
        }
        for stage in exercise.stages
        if isinstance(stage, Discussion) and stage.rubric
    ]
    return {
        "trap": exercise.trap,
        "prepare": notes.prepare,
        "watch_for": notes.watch_for,
        "debrief": notes.debrief,
        "short_of_time": notes.short_of_time,
        "rubric": rubric,
    }
