"""A participant's work on an exercise: events in, state and earned feedback out. Pure and replayable.

The state follows from the events alone, so a page that kept them gets the same feedback back after a reload,
a dead kernel or from a file, and nothing that was not earned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from json import dumps
from typing import Any, Literal, assert_never

from coptip.course.dialogue import Dialogue
from coptip.course.engines import (
    clean_settings,
    law_facts,
    light_assessment,
    lights,
    run,
    start_settings,
    why,
)
from coptip.course.exercise import (
    Choice,
    Discussion,
    Exercise,
    Facts,
    Form,
    Guess,
    Hottext,
    Lift,
    Match,
    Model,
    Order,
    Play,
    Predict,
    Reach,
    Stage,
    Task,
    Text,
)
from coptip.course.judging import bench, decides, key, mark_facts
from coptip.course.marking import (
    Mark,
    Marks,
    accepted,
    ease_of,
    mark_choice,
    mark_discussion,
    mark_form,
    mark_hottext,
    mark_match,
    mark_order,
    mark_text,
    text_of,
)
from coptip.course.materials import Materials
from coptip.course.outcome import Outcome, holds
from coptip.course.reading import is_read
from coptip.course.reading import view as reading_view
from coptip.course.rounds import Game, RoundsModel, did, offered, played, report
from coptip.course.simulation import LawModel
from coptip.course.talking import said_in, talk_feedback, talked

Status = Literal["open", "tried", "done", "shown"]
TRIES_BEFORE_ANSWER = 2
MAX_TEXT = 10_000
MAX_RESPONSE_BYTES = 200_000


class Refused(ValueError):
    """A message from the page that cannot be taken; the sentence says why, for the participant."""


@dataclass(frozen=True)
class Progress:
    """The state of one stage."""

    status: Status = "open"
    tries: int = 0
    responses: Mapping[str, Any] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    """Case files: the questions asked so far."""
    settings: Mapping[str, Any] | None = None
    lifted: bool = False
    guesses: Mapping[str, float] = field(default_factory=dict)
    flips: tuple[Mapping[str, Any], ...] = ()
    """Law models: each flip with what was predicted and what came."""
    reached: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        """Done, or the answers were shown."""
        return self.status in ("done", "shown")


Work = Mapping[str, Progress]
"""Progress by stage id; a stage not in it is untouched."""


def apply(exercise: Exercise, materials: Materials, work: Work, event: Mapping[str, Any]) -> Work:
    """The work after an event ``{action, stage, responses?}``. Raises Refused where it cannot be taken."""
    action = event.get("action")
    if action == "reset" and event.get("stage") is None:
        return {}
    try:
        stage = exercise.stage(str(event.get("stage")))
    except KeyError:
        raise Refused("This exercise has no such step. Reload the page.") from None
    before = work.get(stage.id, Progress())
    responses = _bounded(event.get("responses"))
    match action:
        case "reset":
            after = Progress()
        case "check" | "set":
            after = _check(stage, materials, before, responses, marked=action == "check")
        case "say" | "undo" | "restart":
            after = _talk(stage, before, responses, str(action))
        case "lift":
            after = _lift(stage, before)
        case "reveal":
            if not can_show(stage, before):
                raise Refused(f"Try {TRIES_BEFORE_ANSWER} times first; then the answers can be shown.")
            after = replace(before, status="shown")
        case "show":
            after = replace(before, status="shown")
        case _:
            raise Refused("This page and its kernel do not speak the same language. Reload the page.")
    return {**work, stage.id: after}


def _bounded(responses: Any) -> dict[str, Any]:
    if responses is None:
        return {}
    if not isinstance(responses, dict) or len(responses) > 500:
        raise Refused("That could not be read. Reload the page; what you typed is kept.")
    if len(dumps(responses)) > MAX_RESPONSE_BYTES:
        raise Refused(
            f"That is too long: at most {MAX_TEXT:,} characters can be checked. It is kept; shorten it."
        )
    for value in responses.values():
        if len(text_of(value)) > MAX_TEXT:
            raise Refused(
                f"One text has {len(text_of(value)):,} characters; at most {MAX_TEXT:,} can be checked. "
                "It is kept as you wrote it; shorten it and check again."
            )
    return {str(k): v for k, v in responses.items()}


def can_show(stage: Stage, progress: Progress) -> bool:
    """Whether the answers may be shown: after two tries, where there are answers at all."""
    has_answers = not isinstance(stage, Form | Discussion | Model | Dialogue)
    return has_answers and progress.tries >= TRIES_BEFORE_ANSWER and not progress.finished


def _talk(stage: Stage, before: Progress, responses: dict[str, Any], action: str) -> Progress:
    """A talk moves by a line; it may go back a turn, or begin again. A try is a talk that came to an ending."""
    if not isinstance(stage, Dialogue):
        raise Refused("There is nobody to talk to in this step. Reload the page.")
    said = said_in(before.responses)
    if action != "say":
        return replace(before, responses={"said": list(said[:-1] if action == "undo" else ())})
    talk = talked(stage, responses.get("said"))
    if talk is None:
        raise Refused("That cannot be said at this point of the talk. Reload the page; the talk is kept.")
    after = replace(before, responses={"said": list(talk.said)})
    if talk.ending is None:
        return after if before.finished else replace(after, status="tried")
    done = talk.reached or before.status == "done"
    return replace(after, tries=before.tries + 1, status="done" if done else "tried")


def _check(
    stage: Stage, materials: Materials, before: Progress, responses: dict[str, Any], *, marked: bool
) -> Progress:
    if isinstance(stage, Dialogue):
        raise Refused("A talk goes on line by line. Reload the page.")
    if isinstance(stage, Model):
        # counted, so that a second guess is answered though nothing else may be told of it yet
        return replace(_move(stage, materials, before, responses), tries=before.tries + marked)
    if not marked:
        return replace(before, responses=responses)
    after = replace(before, responses=responses, tries=before.tries + 1)
    if isinstance(stage, Facts):
        return _judge(stage, materials, after)
    complete = marks_of(stage, materials, after).complete
    return replace(after, status="done" if complete else before.status if before.finished else "tried")


def _judge(stage: Facts, materials: Materials, after: Progress) -> Progress:
    """A case file is done when all stands and the deciding question, where one is owed, was asked."""
    on = bench(stage, materials, after.asked)
    complete = mark_facts(on, after.responses, again=True).complete
    inquiry = next((i for i in on.case.inquiries if i.id == after.responses.get("inquiry")), None)
    sees_it_open = any(after.responses.get(id) == "undetermined" for id in on.open)
    if inquiry and sees_it_open and inquiry.id not in after.asked:
        return replace(after, asked=(*after.asked, inquiry.id), status="tried")
    owed = any(decides(stage, materials, i, after.asked) for i in on.case.inquiries)
    done = complete and not (on.open and owed)
    return replace(after, status="done" if done else after.status if after.finished else "tried")


def _lift(stage: Stage, before: Progress) -> Progress:
    guesses = (
        [task.id for task in stage.tasks if isinstance(task, Guess)] if isinstance(stage, Model) else None
    )
    if guesses is None or any(id not in before.guesses for id in guesses):
        raise Refused("Make your guesses first; then it can be uncovered.")
    return replace(before, lifted=True)


def _move(stage: Model, materials: Materials, before: Progress, responses: dict[str, Any]) -> Progress:
    model = materials.models[stage.model]
    settings = dict(before.settings or start_settings(model))
    predicts = any(isinstance(task, Predict) for task in stage.tasks)
    if not predicts:
        settings = clean_settings(model, responses.get("settings"), settings)
    guesses, flips, reached = dict(before.guesses), list(before.flips), list(before.reached)
    for task in stage.tasks:
        answer = responses.get(task.id)
        if isinstance(task, Guess) and isinstance(answer, int | float) and not isinstance(answer, bool):
            if not 0 <= answer <= 100:
                raise Refused("Give a number from 0 to 100.")
            if not before.lifted:
                guesses[task.id] = float(answer)
        elif isinstance(task, Predict) and isinstance(answer, Mapping) and isinstance(model, LawModel):
            flips.append(_flip(model, task, materials, settings, answer))
            settings[flips[-1]["switch"]] = flips[-1]["to"]
        elif isinstance(task, Reach) and uncovered(stage, before) and task.id not in reached:
            came = run(model, settings, materials)
            if came.finished and task.at_least <= came.outputs[task.output] <= task.at_most:
                reached.append(task.id)
        elif isinstance(task, Play) and task.id not in reached:
            came = run(model, settings, materials)
            if came.finished and ended(task, came):
                reached.append(task.id)
    after = replace(
        before, settings=settings, guesses=guesses, flips=tuple(flips[-100:]), reached=tuple(reached)
    )
    return replace(after, status=_model_status(stage, after), tries=before.tries)


def ended(task: Play, outcome: Outcome) -> bool:
    """Whether a finished game ended as a task wants it."""
    return holds(task.when, {name: round(value) for name, value in outcome.outputs.items()})


def uncovered(stage: Model, progress: Progress) -> bool:
    """Whether a model hides nothing any more; one without a Lift never did."""
    return progress.lifted or not any(isinstance(task, Lift) for task in stage.tasks)


def _flip(
    model: LawModel, task: Predict, materials: Materials, settings: dict[str, Any], answer: Mapping[str, Any]
) -> dict[str, Any]:
    switch, predicted = answer.get("switch"), answer.get("lights")
    if switch not in settings or not isinstance(predicted, Mapping):
        raise Refused("Choose a switch and say what each light will do; then flip it.")
    missing = [light.text for light in model.lights if predicted.get(light.id) not in ("on", "off", "open")]
    if missing:
        raise Refused(f"Say first what these lights will do: {', '.join(missing)}.")
    to = "off" if settings[switch] == "on" else "on"
    came = lights(model, {**settings, switch: to}, materials)
    return {"switch": switch, "to": to, "predicted": dict(predicted), "came": came}


def _model_status(stage: Model, progress: Progress) -> Status:
    if not stage.tasks:
        return "open"
    return "done" if all(task_done(task, progress) for task in stage.tasks) else "tried"


def task_done(task: Task, progress: Progress) -> bool:
    """Whether a model's task is done."""
    match task:
        case Guess():
            return task.id in progress.guesses
        case Reach() | Play():
            return task.id in progress.reached
        case Lift():
            return progress.lifted
        case Predict():
            return set(task.switches) <= {flip["switch"] for flip in progress.flips}
        case other:
            assert_never(other)


def marks_of(stage: Stage, materials: Materials, progress: Progress) -> Marks:
    """The marks that the responses of a stage earn."""
    responses = progress.responses
    match stage:
        case Choice():
            return mark_choice(stage, responses)
        case Match():
            return mark_match(stage, responses)
        case Order():
            return mark_order(stage, responses)
        case Hottext():
            return mark_hottext(stage, responses)
        case Text():
            return mark_text(stage, responses, materials.reader)
        case Facts():
            return mark_facts(bench(stage, materials, progress.asked), responses, again=progress.tries > 1)
        case Form():
            return mark_form(stage, responses, materials.reader)
        case Discussion():
            return mark_discussion(stage, responses)
        case Model() | Dialogue():
            return Marks(items={}, of=0, complete=progress.status == "done")
        case other:
            assert_never(other)


# --- feedback --------------------------------------------------------------------------------------------


def feedback(exercise: Exercise, materials: Materials, work: Work) -> dict[str, Any]:
    """What the page may be told of the work so far, by stage id; ``""`` speaks of the whole exercise."""
    told: dict[str, Any] = {}
    for stage in exercise.stages:
        progress = work.get(stage.id, Progress())
        if isinstance(stage, Model):
            told[stage.id] = _model_feedback(stage, materials, progress)
        elif isinstance(stage, Dialogue):
            if progress != Progress():
                head = {"status": progress.status, "tries": progress.tries, "can_show": False}
                seed = f"{exercise.id}/{stage.id}"
                told[stage.id] = head | talk_feedback(stage, said_in(progress.responses), seed)
        elif progress.tries or progress.finished:
            told[stage.id] = _stage_feedback(stage, materials, progress)
    done = all(work.get(stage.id, Progress()).finished for stage in exercise.stages)
    return told | {"": {"done": done, "takeaway": exercise.takeaway if done else ""}}


def _stage_feedback(stage: Stage, materials: Materials, progress: Progress) -> dict[str, Any]:
    marks = marks_of(stage, materials, progress)
    told: dict[str, Any] = {
        "status": progress.status,
        "tries": progress.tries,
        "can_show": can_show(stage, progress),
        "summary": _summary(stage, materials, progress, marks),
        "items": {id: _mark_view(mark) for id, mark in marks.items.items() if mark.verdict != "open"},
        "notes": [],
    }
    if isinstance(stage, Text):
        told |= _text_feedback(stage, materials, progress)
    if isinstance(stage, Facts):
        told |= _facts_feedback(stage, materials, progress)
    if progress.finished:
        told["answer"] = answer(stage, materials, progress)
        if progress.status == "shown" and not isinstance(stage, Text):
            told["items"] = _answers_shown(stage, materials, progress, told["items"])
    return told


def _mark_view(mark: Mark) -> dict[str, Any]:
    view: dict[str, Any] = {"verdict": mark.verdict, "text": mark.text}
    if mark.options:
        view["options"] = {id: _mark_view(option) for id, option in mark.options.items()}
    return view


def _summary(stage: Stage, materials: Materials, progress: Progress, marks: Marks) -> str:
    if progress.status == "shown":
        return "The answers are shown below, each with its reason."
    if isinstance(stage, Discussion):
        return "Your notes are kept on this machine."
    if isinstance(stage, Form):
        asked = sum(mark.verdict != "right" for mark in marks.items.values())
        told = "Nothing more to ask about it." if not asked else f"{_count(asked, 'question')} about your work."
        return " ".join([told, *_eases(stage, materials, progress)])
    if isinstance(stage, Text) and any(map(is_read, stage.items)):
        return _summary_of_reading(progress, marks)
    if progress.status == "done":
        return "All of it stands. Read the reasons once more."
    unanswered = marks.of - marks.answered if not isinstance(stage, Hottext) else 0
    parts = [f"{marks.right} of {marks.of} stand."]
    if isinstance(stage, Facts) and progress.asked:
        parts.append("An answer came in: judge the file again with it.")
    elif isinstance(stage, Facts) and bench(stage, materials, progress.asked).open and marks.complete:
        parts.append("Now name the question whose answer would decide.")
    if marks.missed and isinstance(stage, Hottext):
        parts.append(f"{_count(marks.missed, 'phrase')} still to find.")
    if unanswered:
        parts.append(f"{unanswered} not answered yet.")
    if any(mark.verdict in ("wrong", "part") for mark in marks.items.values()):
        parts.append("Read what is said at the others, change them and check again.")
    return " ".join(parts)


def _eases(stage: Form, materials: Materials, progress: Progress) -> list[str]:
    """What is said of how easily a work product reads, where it asks for that."""
    told = []
    for check in stage.checks:
        read = ease_of(check, stage, progress.responses, materials.reader) if check.kind == "reading" else None
        if read:
            told.append(
                f"Reading ease: {read.score} of 100, with {_count(read.words, 'word')} a sentence; "
                f"{check.count} or more is wanted. Flesch's formula counts the length of English words and sentences, "
                "and nothing else. Whether it is understood, only its readers can tell."
            )
    return told


def _summary_of_reading(progress: Progress, marks: Marks) -> str:
    if progress.status == "done":
        return "The checker has nothing more to ask. Read what it found; you can still revise your text."
    asked = sum(mark.verdict in ("part", "wrong") for mark in marks.items.values())
    if not asked:
        return f"{_count(marks.of - marks.answered, 'text')} not written yet."
    where = "about your text" if marks.of == 1 else f"at {_count(asked, 'text')}"
    return f"The checker has something to say {where}. Read it, revise where you agree, and check again."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _text_feedback(stage: Text, materials: Materials, progress: Progress) -> dict[str, Any]:
    texts = {item.id: text_of(progress.responses.get(item.id)) for item in stage.items}
    written = [item for item in stage.items if texts[item.id].strip()]
    earned = progress.finished or progress.tries >= TRIES_BEFORE_ANSWER
    return {
        "criteria": {
            item.id: [{"id": c.id, "kind": c.kind, "text": c.text} for c in item.criteria] for item in written
        },
        "model": {item.id: item.model for item in written if earned and item.model},
        "read": {
            item.id: reading_view(materials.reader.read(item, texts[item.id]), texts[item.id])
            for item in written
            if is_read(item)
        },
    }


def _facts_feedback(stage: Facts, materials: Materials, progress: Progress) -> dict[str, Any]:
    notes = [{"title": "Protection, whatever the finding", "text": stage.protection}]
    told: dict[str, Any] = {"notes": notes}
    case = materials.cases[stage.case]
    asked = [inquiry for id in progress.asked for inquiry in case.inquiries if inquiry.id == id]
    if asked:
        last = asked[-1]
        settles = decides(stage, materials, last, progress.asked[:-1])
        lead = "This decides." if settles else "This settles nothing yet. Ask another question."
        told["reveals"] = {"question": last.text, "answer": last.answer}
        notes.insert(0, {"title": "Your question", "text": f"{lead} {last.feedback}"})
    return told


def answer(stage: Stage, materials: Materials, progress: Progress) -> dict[str, Any]:
    """The right responses of a stage; told only once it is done or shown."""
    match stage:
        case Choice():
            right = {item.id: [o.id for o in item.options if o.correct] for item in stage.items}
            return {
                item.id: right[item.id] if item.select == "many" else right[item.id][0]
                for item in stage.items
            }
        case Match():
            return {item.id: accepted(item)[0] for item in stage.items}
        case Order():
            return {"order": [step.id for step in stage.items]}
        case Hottext():
            return {"phrases": [id for id, phrase in stage.phrases.items() if phrase.correct]}
        case Facts():
            return key(bench(stage, materials, progress.asked))
        case Text() | Dialogue() | Model() | Form() | Discussion():
            return {}
        case other:
            assert_never(other)


def _answers_shown(
    stage: Stage, materials: Materials, progress: Progress, items: dict[str, Any]
) -> dict[str, Any]:
    """The right answers with their feedback, beside what was wrong."""
    right = marks_of(stage, materials, replace(progress, responses=answer(stage, materials, progress)))
    shown = dict(items)
    for id, mark in right.items.items():
        verdict = items.get(id, {}).get("verdict")
        if verdict == "right":
            shown[id] = items[id] | {"text": items[id]["text"] or mark.text}
            continue
        view = _mark_view(mark)
        if "options" in view:
            said = items.get(id, {}).get("options", {})
            view["options"] = {
                o: v if o in said else v | {"verdict": "missed"} for o, v in view["options"].items()
            }
            view["options"] |= {o: v for o, v in said.items() if v["verdict"] == "wrong"}
        shown[id] = view | {"verdict": "missed"}
    return shown


# --- models ----------------------------------------------------------------------------------------------


def _model_feedback(stage: Model, materials: Materials, progress: Progress) -> dict[str, Any]:
    model = materials.models[stage.model]
    settings = dict(progress.settings or start_settings(model))
    outcome = run(model, settings, materials)
    hidden = not uncovered(stage, progress)
    columns, rows = outcome.columns, outcome.rows
    if hidden:
        columns, rows = columns[:-1], tuple(row[:-1] for row in rows)
    told: dict[str, Any] = {
        "status": progress.status,
        "tries": progress.tries,
        "can_show": False,
        "summary": "",
        "items": {},
        "notes": [{"title": "", "text": outcome.remark}] if outcome.remark else [],
        "settings": settings,
        "hidden": hidden,
        "table": {"caption": outcome.caption, "columns": list(columns), "rows": [list(row) for row in rows]},
        "tasks": {task.id: _task_view(stage, task, outcome, progress) for task in stage.tasks},
    }
    if isinstance(model, RoundsModel):
        told["game"] = _game_view(played(model, settings))
    if isinstance(model, LawModel):
        told["lights"] = lights(model, settings, materials)
        told |= _flips_view(stage, model, materials, progress)
    if progress.status == "done":
        told["summary"] = "All tasks of this model are done. Move it on as you like."
    return told


def _game_view(game: Game) -> dict[str, Any]:
    """What the page shows of a game: the round that is on, what the last one brought, and at the end the report."""
    model = game.model
    told: dict[str, Any] = {"round": len(game.played) + 1, "of": len(game.course), "finished": game.finished}
    if game.turn:
        told |= {"title": game.turn.title, "text": game.turn.text}
        actions = offered(game)
        told["groups"] = [
            {"id": name, "text": group.text, "pick": group.pick, "hint": group.hint, "actions": members}
            for name, group in model.groups.items()
            if (
                members := [
                    {"id": id, "text": a.text, "cost": a.cost, "most": a.most, "hint": a.hint}
                    for id, a in actions.items()
                    if a.group == name
                ]
            )
        ]
    if game.played:
        last = game.played[-1]
        told["last"] = {"title": last.turn.title, "did": did(model, last.choice), "told": list(last.told)}
        told["log"] = [
            {"title": one.turn.title, "did": did(model, one.choice), "told": list(one.told)}
            | ({"later": list(one.later)} if game.finished and one.later else {})
            for one in game.played
        ]
    told["report"] = [{"title": t, "verdict": v.mark, "text": v.text} for t, v in report(game)]
    return told


def _task_view(stage: Model, task: Task, outcome: Outcome, progress: Progress) -> dict[str, Any]:
    done = task_done(task, progress)
    outputs = outcome.outputs
    match task:
        case Guess():
            if not done:
                return {"verdict": "open", "text": "", "done": False}
            off = progress.guesses[task.id] - outputs[task.output]
            near = abs(off) <= task.within
            if not uncovered(stage, progress):
                return {
                    "verdict": "info",
                    "text": "Your guess is noted. You will see when it is uncovered.",
                    "done": True,
                }
            told = task.feedback["close" if near else "low" if off < 0 else "high"]
            return {"verdict": "right" if near else "wrong", "text": told, "done": True}
        case Reach():
            if not uncovered(stage, progress) and not done:
                return {"verdict": "open", "text": "Uncover the whole first.", "done": False}
            if not progress.settings and not progress.lifted and not done:  # nobody has moved anything yet
                return {"verdict": "open", "text": "", "done": False}
            value = outputs[task.output]
            inside = done or (outcome.finished and task.at_least <= value <= task.at_most)
            where = "reached" if inside else "low" if value < task.at_least else "high"
            if where == "high" and value <= task.at_most:
                return {"verdict": "part", "text": "More is spent than there is.", "done": False}
            text = f"Now {value:.0f}. {task.feedback[where]}"
            return {"verdict": "right" if done else "part", "text": text, "done": done}
        case Play():
            where = "reached" if done else "other" if outcome.finished else "open"
            text = task.feedback.get(where, "")
            return {"verdict": "right" if done else "part" if text else "open", "text": text, "done": done}
        case Lift():
            return {
                "verdict": "info" if done else "open",
                "text": task.feedback if done else "",
                "done": done,
            }
        case Predict():
            left = [s for s in task.switches if s not in {flip["switch"] for flip in progress.flips}]
            text = (
                ""
                if not progress.flips
                else "Every switch was flipped."
                if not left
                else f"{len(left)} switches left."
            )
            return {"verdict": "right" if done else "open", "text": text, "done": done}
        case other:
            assert_never(other)


def _flips_view(stage: Model, model: LawModel, materials: Materials, progress: Progress) -> dict[str, Any]:
    """What the last flip showed against its prediction, and the list of shaky rules so far."""
    if not progress.flips:
        return {}
    task = next(task for task in stage.tasks if isinstance(task, Predict))
    last = progress.flips[-1]
    assessed = {
        light.id: light_assessment(light, law_facts(model, progress.settings or {}), materials)[1]
        for light in model.lights
    }
    items, wrong = {}, []
    for light in model.lights:
        right = last["predicted"][light.id] == last["came"][light.id]
        items[light.id] = {
            "verdict": "right" if right else "wrong",
            "text": why(light, last["came"][light.id], assessed[light.id], materials),
        }
        wrong += [] if right else [light.text]
    names = {switch.id: switch.text for switch in model.switches}
    shaky: dict[str, dict[str, str]] = {}
    for flip in progress.flips:
        missed = [x.text for x in model.lights if flip["predicted"][x.id] != flip["came"][x.id]]
        if missed:
            shaky[flip["switch"]] = {
                "title": f"Shaky: {names[flip['switch']]} ({', '.join(missed)})",
                "text": task.feedback[flip["switch"]],
            }
    summary = "You foresaw every light." if not wrong else f"Not as you foresaw: {', '.join(wrong)}."
    now = {"title": names[last["switch"]], "text": task.feedback[last["switch"]]}
    return {"items": items, "notes": [now, *shaky.values()], "summary": summary}
