"""What must hold of every exercise in the collection, whoever writes it."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from coptip.content import Library
from coptip.course.dialogue import Dialogue, begin, offered, reply
from coptip.course.exercise import (
    Choice,
    Exercise,
    Facts,
    Hottext,
    Match,
    Model,
    Order,
    Stage,
    Text,
    TextItem,
)
from coptip.course.judging import bench, decides, key
from coptip.course.marking import accepted
from coptip.course.materials import Materials
from coptip.course.reading import is_read
from coptip.course.session import Progress, Refused, answer, apply, feedback
from coptip.course.view import public

from ..conftest import ROOT

LIBRARY = Library(ROOT)
EXERCISES = sorted(LIBRARY.exercises)
MATERIALS = LIBRARY.materials

every_exercise = pytest.mark.parametrize("id", EXERCISES)


def stages(of: Callable[[Stage], bool]) -> pytest.MarkDecorator:
    found = [(id, stage.id) for id in EXERCISES for stage in LIBRARY.exercises[id].stages if of(stage)]
    return pytest.mark.parametrize(
        ("id", "stage_id"), [pytest.param(*one, id="/".join(one)) for one in found]
    )


def marked(stage: Stage) -> bool:
    """Whether a stage has answers that can be right and wrong."""
    return isinstance(stage, Choice | Match | Order | Hottext | Text) and any(
        getattr(item, "criteria", True) or (isinstance(item, TextItem) and is_read(item))
        for item in getattr(stage, "items", (stage,))
    )


every_marked_stage = stages(marked)
every_case_file = stages(lambda stage: isinstance(stage, Facts))


def secrets(exercise: Exercise, materials: Materials) -> set[str]:
    """Every text that has to be earned: feedback, reasons, models, takeaways, answers of inquiries, and whatever of a
    talk lies behind its first words."""
    earned = {"feedback", "why", "model", "takeaway", "protection", "notes", "answer", "criteria", "checks"}
    earned |= {"reply", "poor_reply", "aim"}
    found: set[str] = set()

    def texts(node: Any) -> None:
        if isinstance(node, str):
            if len(node) > 25:
                found.add(node)
        elif isinstance(node, dict):
            for value in node.values():
                texts(value)
        elif isinstance(node, tuple | list):
            for value in node:
                texts(value)
        elif is_dataclass(node):
            for f in fields(node):
                texts(getattr(node, f.name))

    def walk(node: Any) -> None:
        if is_dataclass(node):
            for f in fields(node):
                value = getattr(node, f.name)
                if f.name in earned and not (isinstance(node, Model) and f.name == "model"):
                    texts(value)
                else:
                    walk(value)
        elif isinstance(node, dict):
            for value in node.values():
                walk(value)
        elif isinstance(node, tuple | list):
            for value in node:
                walk(value)

    walk(exercise)
    texts(exercise.instructor)
    texts(exercise.trap)
    for stage in exercise.stages:
        if isinstance(stage, Facts):
            walk(materials.cases[stage.case])
        if isinstance(stage, Dialogue):
            texts([[[n.says, n.title, [line.text for line in n.lines]] for n in stage.nodes.values()], stage.facts])
            first = begin(stage)
            found -= {reply(stage, first).text, *(line.text for line in offered(stage, first))}
    return found


def turned(stage: Stage) -> Stage:
    """The stage with another key and other feedback: everything that must not show in the public view."""
    match stage:
        case Choice():
            items = tuple(
                replace(i, options=tuple(replace(o, correct=not o.correct, feedback="x") for o in i.options))
                for i in stage.items
            )
            return replace(stage, items=items)
        case Match():

            def other(item: Any) -> str:
                return next((t for t in reversed(stage.targets_of(item)) if t not in accepted(item)), "")

            return replace(
                stage, items=tuple(replace(i, target=other(i), feedback={"else": "x"}) for i in stage.items)
            )
        case Order():
            return replace(stage, items=tuple(replace(s, why="x") for s in reversed(stage.items)))
        case Hottext():
            phrases = {id: replace(p, correct=not p.correct, feedback="x") for id, p in stage.phrases.items()}
            return replace(stage, phrases=phrases)
        case Text():
            written = tuple(
                replace(i, model="x", concept=i.concept and "x", aim=None, forms=("closed",), reply="x")
                for i in stage.items
            )
            return replace(stage, items=written)
        case Facts():
            return replace(stage, protection="x", notes={})
        case Dialogue():
            nodes = {
                id: replace(
                    node,
                    lines=tuple(
                        replace(line, feedback="x", better="", form="action", technique="none", effect={}, to=id)
                        for line in node.lines
                    ),
                )
                for id, node in stage.nodes.items()
            }
            return replace(stage, nodes=nodes)
        case _:
            return stage


@every_exercise
def test_the_public_view_does_not_depend_on_any_key_or_feedback(id: str) -> None:
    exercise = LIBRARY.exercises[id]
    other = replace(
        exercise, stages=tuple(map(turned, exercise.stages)), takeaway="x", trap="x", guide=exercise.guide
    )
    assert public(other, MATERIALS) == public(exercise, MATERIALS)


@every_exercise
def test_no_earned_text_is_in_the_public_view_or_the_first_feedback(id: str) -> None:
    exercise = LIBRARY.exercises[id]
    shown = json.dumps([public(exercise, MATERIALS), feedback(exercise, MATERIALS, {})], ensure_ascii=False)
    leaked = [
        text for text in secrets(exercise, MATERIALS) if json.dumps(text, ensure_ascii=False)[1:-1] in shown
    ]
    assert leaked == []


@every_exercise
def test_a_participants_view_has_no_notes_and_an_instructors_has(id: str) -> None:
    exercise = LIBRARY.exercises[id]
    assert "instructor" not in public(exercise, MATERIALS)
    assert public(exercise, MATERIALS, instructor=True)["instructor"]["trap"] == exercise.trap


def check(exercise: Exercise, stage: Stage, responses: dict[str, Any], work: Any = None) -> Any:
    event = {"action": "check", "stage": stage.id, "responses": responses}
    return apply(exercise, MATERIALS, work or {}, event)


def wrong(stage: Stage) -> dict[str, Any]:
    """Responses that are wrong wherever one can be wrong."""
    match stage:
        case Choice():
            bad = {
                i.id: next((o.id for o in i.options if not o.correct), i.options[0].id) for i in stage.items
            }
            return {i.id: [bad[i.id]] if i.select == "many" else bad[i.id] for i in stage.items}
        case Match():
            return {i.id: next(t for t in stage.targets_of(i) if t not in accepted(i)) for i in stage.items}
        case Order():
            return {"order": [step.id for step in reversed(stage.items)]}
        case Hottext():
            return {"phrases": [id for id, phrase in stage.phrases.items() if not phrase.correct]}
        case Text():
            ticks = {i.id: {c.id: c.kind == "avoid" for c in i.criteria} for i in stage.items}
            return {i.id: {"text": "Something.", "ticks": ticks[i.id]} for i in stage.items}
        case _:
            return {}


@every_marked_stage
def test_a_wrong_answer_earns_its_own_feedback_and_no_answer(id: str, stage_id: str) -> None:
    exercise = LIBRARY.exercises[id]
    stage = exercise.stage(stage_id)
    responses = wrong(stage)
    told = feedback(exercise, MATERIALS, check(exercise, stage, responses))[stage_id]
    assert told["status"] == "tried"
    assert "answer" not in told
    assert not told["can_show"]
    assert {item["verdict"] for item in told["items"].values()} & {"wrong", "part"}
    if isinstance(stage, Choice | Match | Hottext):
        for item in told["items"].values():
            assert item["text"] or all(o["text"] for o in item["options"].values())


@every_marked_stage
def test_the_right_answer_completes_a_stage(id: str, stage_id: str) -> None:
    exercise = LIBRARY.exercises[id]
    stage = exercise.stage(stage_id)
    if isinstance(stage, Text):
        ticks = {i.id: {c.id: c.kind == "need" for c in i.criteria} for i in stage.items}
        responses: dict[str, Any] = {
            i.id: {"text": i.model or "Mine.", "ticks": ticks[i.id]} for i in stage.items
        }
    else:
        responses = answer(stage, MATERIALS, Progress())
    told = feedback(exercise, MATERIALS, check(exercise, stage, responses))[stage_id]
    assert told["status"] == "done"
    assert {item["verdict"] for item in told["items"].values()} == {"right"}


@every_marked_stage
def test_the_answer_is_shown_after_two_tries_and_not_before(id: str, stage_id: str) -> None:
    exercise = LIBRARY.exercises[id]
    stage = exercise.stage(stage_id)
    responses = wrong(stage)
    reveal = {"action": "reveal", "stage": stage_id}
    once = check(exercise, stage, responses)
    with pytest.raises(Refused, match="Try 2 times first"):
        apply(exercise, MATERIALS, once, reveal)
    twice = check(exercise, stage, responses, once)
    told = feedback(exercise, MATERIALS, apply(exercise, MATERIALS, twice, reveal))[stage_id]
    assert told["status"] == "shown"
    assert told["answer"] == answer(stage, MATERIALS, Progress())


@every_case_file
def test_a_case_file_can_be_worked_to_its_end(id: str, stage_id: str) -> None:
    exercise = LIBRARY.exercises[id]
    stage = exercise.stage(stage_id)
    assert isinstance(stage, Facts)
    work: Any = {}
    for _ in range(8):
        progress = work.get(stage_id, Progress())
        on = bench(stage, MATERIALS, progress.asked)
        asks = (
            [i.id for i in on.case.inquiries if decides(stage, MATERIALS, i, progress.asked)]
            if on.open
            else []
        )
        work = check(exercise, stage, key(on) | ({"inquiry": asks[0]} if asks else {}), work)
        if work[stage_id].finished:
            break
    assert work[stage_id].status == "done"


@every_case_file
def test_an_open_finding_can_be_settled_by_a_question_and_not_by_every_question(
    id: str, stage_id: str
) -> None:
    stage = LIBRARY.exercises[id].stage(stage_id)
    assert isinstance(stage, Facts)
    on = bench(stage, MATERIALS)
    deciding = [decides(stage, MATERIALS, inquiry) for inquiry in on.case.inquiries]
    if on.open:
        assert any(deciding)
        assert not all(deciding)


@every_case_file
def test_protection_is_told_whatever_is_found(id: str, stage_id: str) -> None:
    exercise = LIBRARY.exercises[id]
    stage = exercise.stage(stage_id)
    assert isinstance(stage, Facts)
    right = key(bench(stage, MATERIALS))
    for finding in ("established", "not_established", "undetermined"):
        said = right | dict.fromkeys(stage.offences, finding)
        told = feedback(exercise, MATERIALS, check(exercise, stage, said))[stage_id]
        assert stage.protection in [note["text"] for note in told["notes"]]


@every_exercise
def test_replaying_the_events_gives_the_same_feedback(id: str) -> None:
    exercise = LIBRARY.exercises[id]
    events = []
    for stage in exercise.stages:
        responses = wrong(stage)
        if responses:
            events += [{"action": "check", "stage": stage.id, "responses": responses}] * 2
    work: Any = {}
    for event in events:
        work = apply(exercise, MATERIALS, work, json.loads(json.dumps(event)))
    again: Any = {}
    for event in json.loads(json.dumps(events)):
        again = apply(exercise, MATERIALS, again, event)
    assert feedback(exercise, MATERIALS, work) == feedback(exercise, MATERIALS, again)
    assert json.loads(json.dumps(feedback(exercise, MATERIALS, work))) == feedback(exercise, MATERIALS, work)
