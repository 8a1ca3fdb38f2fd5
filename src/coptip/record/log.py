"""The log that a browser keeps and a file carries: bounded, and refused whole where it is damaged.

A record holds no name and no account: exercise ids, answers and times, on the participant's own machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 2_000_000
MAX_EVENTS = 200
MAX_EXERCISES = 500
MAX_DEPTH = 12
ACTIONS = ("check", "set", "lift", "reveal", "reset", "say", "undo", "restart")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


class RecordError(ValueError):
    """A record that cannot be opened. ``problems`` says where and why, all at once."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, kw_only=True)
class Work:
    """The work on one exercise: events in their order, and drafts by stage that were never checked."""

    version: str
    events: tuple[Mapping[str, Any], ...] = ()
    drafts: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Log:
    """The work on every exercise, by its id."""

    work: Mapping[str, Work]
    saved: str = ""

    def to_json(self) -> dict[str, Any]:
        """The log as the file has it."""
        return {
            "coptip": 1,
            "saved": self.saved,
            "work": {
                id: {"version": w.version, "events": list(w.events), "drafts": dict(w.drafts), "at": w.at}
                for id, w in self.work.items()
            },
        }


def empty_log() -> Log:
    """A log of nothing."""
    return Log(work={})


def load(text: str) -> Log:
    """The log in a file's text. Raises RecordError with every problem; a damaged file changes nothing."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise RecordError(
            [f"The file is larger than {MAX_BYTES // 1_000_000} MB; a record of this collection is smaller."]
        )
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise RecordError(["This is not a record of this collection, or the file is damaged."]) from None
    return read(raw)


def read(raw: Any) -> Log:
    """The log in parsed JSON. Raises RecordError with every problem."""
    if not isinstance(raw, dict) or raw.get("coptip") != 1 or not isinstance(raw.get("work"), dict):
        raise RecordError(
            ["This is not a record of this collection: expected a file saved from “My record”."]
        )
    if _depth(raw) > MAX_DEPTH:
        raise RecordError(["The record is nested too deep to be one of this collection."])
    if len(raw["work"]) > MAX_EXERCISES:
        raise RecordError([f"The record speaks of more than {MAX_EXERCISES} exercises."])
    problems: list[str] = []
    work = {}
    for id, item in raw["work"].items():
        if not _ID.fullmatch(id):
            problems.append(f"“{id[:40]}” is no exercise id.")
        elif (trouble := _trouble(item)) is not None:
            problems.append(f"{id}: {trouble}")
        else:
            work[id] = Work(
                version=str(item.get("version", ""))[:40],
                events=tuple(
                    {k: e[k] for k in ("action", "stage", "responses", "at") if k in e}
                    for e in item["events"]
                ),
                drafts=item.get("drafts", {}),
                at=str(item.get("at", ""))[:40],
            )
    if problems:
        raise RecordError(problems)
    return Log(work=work, saved=str(raw.get("saved", ""))[:40])


def _trouble(item: Any) -> str | None:
    if not isinstance(item, dict) or not isinstance(item.get("events"), list):
        return "its list of events is missing."
    if not isinstance(item.get("drafts", {}), dict):
        return "its drafts are no table of steps."
    if len(item["events"]) > MAX_EVENTS:
        return f"it has more than {MAX_EVENTS} events."
    for n, event in enumerate(item["events"], 1):
        if not isinstance(event, dict) or event.get("action") not in ACTIONS:
            return f"event {n} is none that this collection knows."
        if not isinstance(event.get("responses") or {}, dict):
            return f"the responses of event {n} are no table."
    return None


def _depth(value: Any, level: int = 1) -> int:
    if level > MAX_DEPTH:
        return level
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max((_depth(v, level + 1) for v in inner), default=level)
