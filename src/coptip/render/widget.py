"""The Player: the one widget. It shows a view and passes on what the page says; it decides nothing."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from weakref import WeakValueDictionary

import anywidget
import ipywidgets
import traitlets

PLAYER = Path(__file__).parent / "player"
LOADER = "loader.js"
_IMPORT = re.compile(r'^import .* from "\./.*";$\n?', re.MULTILINE)
_ORDER = re.compile(r"// order: (.+)")

Message = Mapping[str, Any]
Receive = Callable[["Player", Message], None]


@cache
def script() -> str:
    """The Player's small files as one module, in the order that its entry file names; no build step."""
    entry = (PLAYER / "player.js").read_text("utf-8")
    found = _ORDER.search(entry)
    names = found[1].split() if found else ["player.js"]
    parts = [_IMPORT.sub("", (PLAYER / name).read_text("utf-8")) for name in names]
    return "\n".join(re.sub(r"^export (?!default)", "", part, flags=re.MULTILINE) for part in parts)


@cache
def style() -> str:
    """The Player's style sheet with its tokens."""
    return "\n".join((PLAYER / name).read_text("utf-8") for name in ("tokens.css", "player.css"))


@cache
def strings() -> dict[str, str]:
    """The words of the Player's own buttons and messages."""
    loaded: dict[str, str] = json.loads((PLAYER / "strings.json").read_text("utf-8"))
    return loaded


def on_our_page() -> bool:
    """Whether our own page shows this kernel's widgets; it serves the Player's files itself."""
    return os.environ.get("COPTIP_PAGE") == "1"


class Library(ipywidgets.Widget):  # type: ignore[misc]
    """What all Players of a kernel share where the page is not ours: their script and style, sent once.

    A module has some thirty Players; with the script in each, a stock server drops part of what it is sent.
    """

    script: Any = traitlets.Unicode().tag(sync=True)
    style: Any = traitlets.Unicode().tag(sync=True)


@cache
def library() -> Library:
    """The one of this process."""
    return Library(script=script(), style=style())


PLAYERS: WeakValueDictionary[str, Player] = WeakValueDictionary()
"""Every Player of this process by its model's id."""


class Player(anywidget.AnyWidget):  # type: ignore[misc]
    """Shows one view (an exercise, table, figure or review) and hands the page's messages to ``receive``.

    The page sets no trait: whatever it sends as state is dropped, so the kernel's model stays the truth.
    """

    exercise: Any = traitlets.Dict().tag(sync=True)
    responses: Any = traitlets.Dict().tag(sync=True)
    feedback: Any = traitlets.Dict().tag(sync=True)
    strings: Any = traitlets.Dict().tag(sync=True)
    library: Any = traitlets.Unicode().tag(sync=True)
    _writable: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self, view: Mapping[str, Any], receive: Receive, *, plain: str, html: str, **state: Any
    ) -> None:
        """``plain`` and ``html``: the deterministic forms shown beside the widget, or where there is none."""
        if on_our_page():
            self._esm = "export default {}"
        else:
            self._esm, state["library"] = (PLAYER / LOADER).read_text("utf-8"), library().model_id
        super().__init__(exercise=dict(view), strings=strings(), **state)
        self._receive, self._plain, self._html = receive, plain, html
        self.on_msg(self._on_message)
        PLAYERS[self.model_id] = self

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Drop state from the page."""

    def _on_message(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, dict):
            return
        try:
            self._receive(self, content)
        except Exception:
            # What went wrong is the kernel's log's business; the page gets a sentence, never a traceback.
            self.log.exception("a message from the page failed")
            self.problem("That did not work. What you typed is kept; try again, or reload the page.")

    def problem(self, text: str) -> None:
        """Tell the page, calmly, that a message was refused."""
        self.send({"kind": "problem", "text": text})

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**bundle, "text/plain": self._plain, "text/html": self._html}, metadata
