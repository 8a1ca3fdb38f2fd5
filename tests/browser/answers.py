"""Wrong and right answers to every kind of stage, computed from the library, and what they earn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any

from coptip.course import dialogue as talks
from coptip.course.dialogue import Dialogue
from coptip.course.engines import lights, run, start_settings
from coptip.course.exercise import (
    Discussion,
    Exercise,
    Facts,
    Form,
    Guess,
    Lift,
    Model,
    Play,
    Predict,
    Reach,
    Stage,
    Text,
)
from coptip.course.judging import bench, decides, key
from coptip.course.materials import Materials
from coptip.course.rounds import RoundsModel, play
from coptip.course.rounds import begin as begin_game
from coptip.course.rounds import offered as offered_actions
from coptip.course.session import Progress, answer, apply, feedback
from coptip.course.simulation import LawModel
from coptip.course.view import public

from ..course.good_forms import good_form, poor_form
from ..course.test_every_exercise import wrong

Responses = dict[str, Any]
Told = dict[str, Any]


@dataclass
class Step:
    """One thing that a person does in a stage: ``check`` what was answered, ``set`` a model, ``lift``, ``say`` a line
    of a talk (``said`` has it and those before it), ``undo`` one, or ``restart`` the talk."""

    action: str
    responses: Responses = field(default_factory=dict)


class Sheet:
    """An exercise beside the page: the same events are applied here, so that one knows what the page owes."""

    def __init__(self, exercise: Exercise, materials: Materials) -> None:
        self.exercise, self.materials = exercise, materials
        self.view = public(exercise, materials)
        self.work: Mapping[str, Progress] = {}

    def stage_view(self, stage: Stage) -> dict[str, Any]:
        """A stage as the page got it."""
        found: dict[str, Any] = next(one for one in self.view["stages"] if one["id"] == stage.id)
        return found

    def progress(self, stage: Stage) -> Progress:
        """How far a stage is."""
        return self.work.get(stage.id, Progress())

    def take(self, stage: Stage, step: Step) -> Told:
        """Apply a step; returns the feedback that the stage has earned with it."""
        event = {"action": step.action, "stage": stage.id, "responses": step.responses}
        self.work = apply(self.exercise, self.materials, self.work, event)
        told: Told = self.told()[stage.id]
        return told

    def told(self) -> Told:
        """All that the page may show."""
        return feedback(self.exercise, self.materials, self.work)

    def wrong_steps(self, stage: Stage) -> Iterator[Step]:
        """Steps of somebody who gets wrong whatever one can get wrong."""
        match stage:
            case Facts():
                yield Step("check", self._wrong_judgements(stage))
            case Model():
                yield from self._wrong_moves(stage)
            case Dialogue():
                yield from said_line_by_line(way_to(stage, reached=False))
            case Form():
                yield Step("check", poor_form(stage))
            case Discussion():
                yield Step("check", {stage.questions[0].id: "A first thought."})
            case Text():
                if not any(item.criteria or item.concept or item.checker for item in stage.items):
                    return  # a reflection: nothing in it can be wrong
                written = {item.id: {"text": "Something.", "ticks": {}} for item in stage.items}
                yield Step("check", written)
                if any(item.criteria for item in stage.items):
                    yield Step("check", wrong(stage))
            case _:
                yield Step("check", wrong(stage))

    def right_steps(self, stage: Stage) -> Iterator[Step]:
        """Steps that lead to the end of a stage. Each is computed from the state that the one before has left."""
        match stage:
            case Facts():
                for _ in range(8):
                    yield Step("check", self._right_judgements(stage))
                    if self.progress(stage).finished:
                        return
            case Model():
                yield from self._right_moves(stage)
            case Dialogue():
                if self.progress(stage).responses.get("said"):
                    yield Step("restart")
                yield from said_line_by_line(way_to(stage, reached=True))
            case Form():
                yield Step("check", good_form(stage))
            case Discussion():
                yield Step("check", {q.id: f"What the group found on {q.id}." for q in stage.questions})
            case Text():
                ticks = {i.id: {c.id: c.kind == "need" for c in i.criteria} for i in stage.items}
                yield Step(
                    "check",
                    {i.id: {"text": i.model or "Mine.", "ticks": ticks[i.id]} for i in stage.items},
                )
            case _:
                yield Step("check", answer(stage, self.materials, Progress()))

    # case files

    def _wrong_judgements(self, stage: Facts) -> Responses:
        right = key(bench(stage, self.materials, self.progress(stage).asked))
        view = self.stage_view(stage)
        values = {e["id"]: e["values"] for o in view["offences"] for e in o["elements"]}
        values |= {o["id"]: view["findings"] for o in view["offences"]}
        return {
            id: next(v["id"] for v in values[id] if v["id"] not in (right[id], "undetermined"))
            for id in values
        }

    def _right_judgements(self, stage: Facts) -> Responses:
        asked = self.progress(stage).asked
        on = bench(stage, self.materials, asked)
        asks = (
            [i.id for i in on.case.inquiries if decides(stage, self.materials, i, asked)] if on.open else []
        )
        return {**key(on), **({"inquiry": asks[0]} if asks else {})}

    # models

    def _outputs(self, stage: Model, settings: Mapping[str, Any]) -> Mapping[str, float]:
        return run(self.materials.models[stage.model], settings, self.materials).outputs

    def _settings(self, stage: Model) -> dict[str, Any]:
        return dict(self.progress(stage).settings or start_settings(self.materials.models[stage.model]))

    def _wrong_moves(self, stage: Model) -> Iterator[Step]:
        for task in stage.tasks:
            if isinstance(task, Guess):
                true = self._outputs(stage, self._settings(stage))[task.output]
                yield Step("check", {task.id: 0 if true > 50 else 100})
            elif isinstance(task, Predict):
                yield Step("check", {task.id: self._foretold(stage, task.switches[0], right=False)})
            elif isinstance(task, Play):
                yield Step("set", {"settings": self._idle_game(stage)})
                return

    def _idle_game(self, stage: Model) -> dict[str, Any]:
        """A game of somebody who does as little as the rounds allow."""
        model = self.materials.models[stage.model]
        assert isinstance(model, RoundsModel)
        draw = next(iter(model.draws), "")
        game, plays = begin_game(model, draw), []
        while not game.finished:
            actions = offered_actions(game)
            groups = [name for name, group in model.groups.items() if group.pick == "one"]
            first = [next((id for id, a in actions.items() if a.group == name), "") for name in groups]
            plays.append({id: 1 for id in first if id})
            game = play(game, plays[-1])
        return {"plays": plays} | ({"draw": draw} if draw else {})

    def _right_moves(self, stage: Model) -> Iterator[Step]:
        for task in stage.tasks:
            match task:
                case Guess():
                    true = self._outputs(stage, self._settings(stage))[task.output]
                    yield Step("check", {task.id: round(true)})
                case Lift():
                    yield Step("lift")
                case Reach():
                    yield Step("set", {"settings": self._reaching(stage, task)})
                case Play():
                    model = self.materials.models[stage.model]
                    assert isinstance(model, RoundsModel)
                    draw = {"draw": next(iter(model.draws))} if model.draws else {}
                    yield Step("set", {"settings": {**draw, "plays": [dict(one) for one in task.example]}})
                case Predict():
                    for switch in task.switches:
                        if switch not in {flip["switch"] for flip in self.progress(stage).flips}:
                            yield Step("check", {task.id: self._foretold(stage, switch, right=True)})

    def _foretold(self, stage: Model, switch: str, *, right: bool) -> Responses:
        model = self.materials.models[stage.model]
        assert isinstance(model, LawModel)
        settings = self._settings(stage)
        to = "off" if settings[switch] == "on" else "on"
        came = lights(model, {**settings, switch: to}, self.materials)
        said = came if right else {id: "on" if state != "on" else "off" for id, state in came.items()}
        return {"switch": switch, "lights": said}

    def _reaching(self, stage: Model, task: Reach) -> dict[str, Any]:
        """The first settings that bring the output to where it is wanted: few values for each control."""
        if task.example:
            return self._settings(stage) | task.example
        controls = self.stage_view(stage)["controls"]

        def values(control: Mapping[str, Any]) -> list[Any]:
            ids = [option["id"] for option in control.get("options", [])]
            match control["input"]:
                case "range":
                    low, high, step = control["low"], control["high"], control["step"]
                    middle = low + step * round((high - low) / 2 / step)
                    return [low, middle, high, control["start"]]
                case "many":
                    return [
                        [id for n, id in enumerate(ids) if bits >> n & 1] for bits in range(1, 2 ** len(ids))
                    ]
                case _:
                    return ids

        for chosen in product(*map(values, controls)):
            settings = dict(zip((control["id"] for control in controls), chosen, strict=True))
            if task.at_least <= self._outputs(stage, settings)[task.output] <= task.at_most:
                return settings
        raise AssertionError(f"{task.id} cannot be reached")


def way_to(talk: Dialogue, *, reached: bool) -> tuple[str, ...]:
    """The lines of a talk that comes to what the stage asks for (by sound lines), or of a short one that does not."""
    found: list[tuple[str, ...]] = []
    for seed in range(400):
        luck, state, said = Random(seed), talks.begin(talk), tuple[str, ...]()
        while lines := [line for line in talks.offered(talk, state) if not (reached and line.better)]:
            said = (*said, luck.choice(lines).id)
            state = talks.stands(talk, said)
        end = talks.ending(talk, state)
        if end is not None and talks.reaches(talk, end) == reached:
            found.append(said)
    assert found, f"{talk.id}: no talk that {'reaches' if reached else 'misses'} its end was found"
    return min(found, key=len)


def said_line_by_line(lines: Sequence[str]) -> Iterator[Step]:
    """A talk, a step for each line."""
    for n in range(len(lines)):
        yield Step("say", {"said": list(lines[: n + 1])})


def strings(node: Any, but: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every text in something like JSON, save what stands under some keys."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for one in node:
            yield from strings(one, but)
    elif isinstance(node, dict):
        for key, one in node.items():
            if key not in but:
                yield from strings(one, but)


def said(told: Told) -> set[str]:
    """Every sentence of a stage's feedback that a person should now see."""
    found = {told["summary"], *(note["text"] for note in told["notes"])}
    for mark in told["items"].values():
        found |= {mark["text"], *(option["text"] for option in mark.get("options", {}).values())}
    for task in told.get("tasks", {}).values():
        found.add(task["text"])
    if game := told.get("game"):
        found |= {game.get("text", ""), *game.get("last", {}).get("told", [])}
        found |= {line["text"] for line in game["report"]}
    for criteria in told.get("criteria", {}).values():
        found |= {criterion["text"] for criterion in criteria}
    if "log" in told:
        parts = [told["log"], told["lines"], told.get("ending", {}), told.get("replay", {})]
        found |= set(
            strings(parts, but=frozenset({"id", "who", "kind", "form", "technique", "verdict", "good"}))
        )
    for reading in told.get("read", {}).values():
        found |= {noticed["title"] for noticed in reading["noticed"]} | {reading["limits"], reading["reply"]}
    found |= set(told.get("model", {}).values()) | set(told.get("reveals", {}).values())
    return {plain(text) for text in found if text}


def plain(text: str) -> str:
    """A text without its line breaks and paragraphs."""
    return " ".join(text.split())
