"""A talk as the page sees it: so far only what was reached; after an ending the whole talk, turn by turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coptip.course.dialogue import (
    Dialogue,
    Line,
    NotOffered,
    State,
    Turn,
    begin,
    ending,
    reaches,
    reply,
    turns,
)
from coptip.course.view import View, lines_view, meters_view

MOST_LINES = 200


@dataclass(frozen=True)
class Talk:
    """A talk that can be held: its lines, where it stands, and how it ended, where it did."""

    said: tuple[str, ...]
    state: State
    ending: str | None
    reached: bool


def said_in(responses: Mapping[str, Any]) -> tuple[str, ...]:
    """The lines said in a stage's kept responses."""
    return tuple(responses.get("said", ()))


def talked(stage: Dialogue, said: Any) -> Talk | None:
    """The talk that a page says was held; None where the graph does not allow it."""
    if not isinstance(said, list) or not 0 < len(said) <= MOST_LINES:
        return None
    if not all(isinstance(line, str) for line in said):
        return None
    try:
        state = turns(stage, said)[-1].after
    except NotOffered:
        return None
    end = ending(stage, state)
    return Talk(tuple(said), state, end.ending if end else None, end is not None and reaches(stage, end))


def talk_feedback(stage: Dialogue, said: Sequence[str], seed: str) -> dict[str, Any]:
    """All that the page may be told of a talk. Meters, forms and reasons come once it has ended."""
    held = turns(stage, said)
    state = held[-1].after if held else begin(stage)
    log = [{"who": "other", "text": reply(stage, begin(stage)).text}]
    for turn in held:
        log += [{"who": "officer", "text": turn.line.text}, {"who": "other", "text": turn.reply.text}]
    told: dict[str, Any] = {
        "summary": "",
        "items": {},
        "notes": [],
        "said": list(said),
        "log": log,
        "lines": lines_view(stage, state, seed),
        "meters": meters_view(stage, state) if stage.show_meters else [],
    }
    end = ending(stage, state)
    if end is not None:
        told["summary"] = _summary(stage, end.title, reached=reaches(stage, end), worse=worse(held))
        told["ending"] = {"kind": end.ending, "title": end.title, "text": end.feedback}
        told["replay"] = _replay(stage, held, state)
    return told


def lines_to_mend(stage: Dialogue, responses: Mapping[str, Any]) -> list[Line]:
    """The lines of a talk that has ended for which there was a better one; none while it goes on."""
    held = turns(stage, said_in(responses))
    if not held or ending(stage, held[-1].after) is None:
        return []
    return [turn.line for turn in worse(held)]


def worse(held: Sequence[Turn]) -> list[Turn]:
    """The turns of a talk for which there was a better line."""
    return [turn for turn in held if turn.line.better]


def _summary(stage: Dialogue, title: str, *, reached: bool, worse: list[Turn]) -> str:
    parts = [f"The talk has ended: {title}."]
    if reached and not worse:
        parts.append("Every line was sound. Read why, turn by turn.")
    elif reached:
        parts.append("Read it turn by turn: at some turns a better line stands beside yours.")
    else:
        parts.append("Read it turn by turn. Then go back a turn, or start the talk again.")
    return " ".join(parts)


def _replay(stage: Dialogue, held: Sequence[Turn], state: State) -> View:
    told = [id for id in stage.facts if id in state.flags]
    given = {answer for turn in held for answer in turn.line.answers}
    return {
        "opening": reply(stage, begin(stage)).text,
        "meters": [{"id": id, "text": m.text, "good": m.good} for id, m in stage.meters.items()],
        "turns": [_turn_view(stage, turn) for turn in held],
        "learned": [stage.facts[id] for id in told],
        "not_learned": [text for id, text in stage.facts.items() if id not in told],
        "given": [text for id, text in stage.answers.items() if id in given],
        "left_out": [text for id, text in stage.answers.items() if id not in given],
    }


def _turn_view(stage: Dialogue, turn: Turn) -> View:
    line = turn.line
    view: View = {
        "text": line.text,
        "form": line.form,
        "technique": line.technique,
        "reply": turn.reply.text,
        "before": dict(turn.before.meters),
        "after": dict(turn.after.meters),
        "verdict": "part" if line.better else "right",
        "feedback": line.feedback,
    }
    if line.better:
        better = stage.line(line.better)
        view["better"] = {
            "text": better.text,
            "form": better.form,
            "technique": better.technique,
            "feedback": better.feedback,
        }
    return view
