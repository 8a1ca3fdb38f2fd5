"""A sitting: one exercise, the work on it, and the Player that shows it. Wires course, record and render."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coptip.course.exercise import Exercise, Match, Model
from coptip.course.materials import Materials
from coptip.course.session import Progress, Refused, apply, feedback
from coptip.record import Work, summary
from coptip.record.log import RecordError, read
from coptip.render.pictures import picture
from coptip.render.widget import Message, Player


class Sitting:
    """Holds the work on an exercise; every message from the page goes through :meth:`receive`."""

    def __init__(self, exercise: Exercise, materials: Materials, *, instructor: bool = False) -> None:
        """``instructor``: answers may be shown at once; in a participant's kernel they never are."""
        self.exercise, self.materials, self.instructor = exercise, materials, instructor
        self.work: Mapping[str, Progress] = {}

    def receive(self, player: Player, message: Message) -> None:
        """Apply a message of the page and let the Player show what it earned."""
        action = message.get("action")
        if action == "show" and not self.instructor:
            player.problem("Only the instructor's own page can do that.")
            return
        if action == "missed":
            player.send({"kind": "missed", **self.missed(message)})
            return
        try:
            if action == "restore":
                self.restore(message.get("events"))
            else:
                self.work = apply(self.exercise, self.materials, self.work, message)
        except Refused as error:
            player.problem(str(error))
        with player.hold_sync():
            player.responses = self.responses()
            player.feedback = self.feedback()

    def missed(self, message: Message) -> dict[str, Any]:
        """Which items of a stage come first for somebody, by a piece of their record; none where it cannot be read."""
        id = str(message.get("stage"))
        stage = next((one for one in self.exercise.stages if one.id == id), None)
        try:
            log = read({"coptip": 1, "work": message.get("work")})
        except RecordError:
            return {"stage": id, "items": []}
        found = summary.missed(stage, self.materials, log) if isinstance(stage, Match) else []
        return {"stage": id, "items": found}

    def restore(self, events: Any) -> None:
        """Replay kept events; what no longer fits the exercise is passed over."""
        kept = tuple(e for e in events if isinstance(e, dict)) if isinstance(events, list) else ()
        allowed = tuple(e for e in kept[:200] if e.get("action") != "show")
        self.work = summary.replay(self.exercise, self.materials, Work(version="", events=allowed))

    def responses(self) -> dict[str, Any]:
        """The responses of every stage, as last accepted."""
        return {
            id: dict(progress.responses)
            | ({"settings": dict(progress.settings)} if progress.settings else {})
            for id, progress in self.work.items()
        }

    def feedback(self) -> dict[str, Any]:
        """The feedback that the work has earned, with the pictures of models."""
        told = feedback(self.exercise, self.materials, self.work)
        for stage in self.exercise.stages:
            if isinstance(stage, Model):
                shown = told[stage.id]
                model = self.materials.models[stage.model]
                shown["picture"] = picture(model, shown["settings"], self.materials, hidden=shown["hidden"])
        return told
