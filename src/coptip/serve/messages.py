"""What a page may say to its kernel: a message for a Player that it shows, or the wish to hear all states."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

LARGEST = 1 << 20
"""Bytes of one message; a record goes in pieces far smaller, a text of 100,000 signs fits."""
DEEPEST = 40
CONTROL = "jupyter.widget.control"


class Unsaid(ValueError):
    """A frame that no page of ours would send."""


def read(frame: str | bytes, players: Collection[str]) -> tuple[dict[str, Any] | None, str]:
    """A frame of Jupyter's protocol as what a kernel is handed, and the message's id.

    None in place of the first where there is nothing to hand over. Raises Unsaid for everything else: other
    channels, kinds and widgets, state, methods, binary frames, and what is too long or too deep.
    """
    if not isinstance(frame, str) or len(frame) > LARGEST:
        raise Unsaid("not a text")
    try:
        message = json.loads(frame)
    except (ValueError, RecursionError):
        raise Unsaid("not JSON") from None
    header, content = _table(message, "header"), _table(message, "content")
    id, comm = _short(header.get("msg_id")), _short(content.get("comm_id"))
    if message.get("channel") != "shell":
        raise Unsaid("not for a widget")
    data = _table(content, "data")
    match header.get("msg_type"), data.get("method"):
        case "comm_open", None if content.get("target_name") == CONTROL and not data:
            return None, id
        case "comm_msg", "request_states" if set(data) == {"method"}:
            return {"states": comm}, id
        case "comm_msg", "custom" if comm in players and set(data) == {"method", "content"}:
            said = data["content"]
            if not isinstance(said, dict) or _depth(said) > DEEPEST:
                raise Unsaid("not a message of a Player")
            return {"to": comm, "content": said}, id
    raise Unsaid("not a message of ours")


def _table(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, dict):
        raise Unsaid(f"no {key}")
    return found


def _short(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        raise Unsaid("no id")
    return value


def _depth(value: Any) -> int:
    """How deep lists and tables stand in each other, without recursion."""
    deepest, level = 0, [value]
    while level:
        deepest += 1
        inner = [one for one in level if isinstance(one, dict | list)]
        level = [x for one in inner for x in (one.values() if isinstance(one, dict) else one)]
        if deepest > DEEPEST:
            break
    return deepest
