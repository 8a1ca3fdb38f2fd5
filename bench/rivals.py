"""Those who are measured: how to start each, and what a person presses on its page."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.serving import Server, children, free_port, running, wait_until_it_answers

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "notebooks" / "1a-understanding-trafficking.ipynb"
FIRST_PAGE_SECONDS = 90


@dataclass(frozen=True)
class Rival:
    """One of those that are measured. ``{port}`` in its words stands for the port.

    ``alive``: what answers as soon as the server runs. ``path``: the page. ``option``, ``check``, ``told``: what is
    chosen, what is pressed, and what then shows. ``ours``: whether our Player is on the page, so that clicks on it
    and sessions without a browser can be measured too.
    """

    name: str
    command: tuple[str, ...]
    ready: str
    alive: str
    path: str
    option: str
    check: str
    told: str
    ours: bool = True
    host: str = "127.0.0.1"
    cwd: Path = ROOT
    env: dict[str, str] = field(default_factory=dict)


EXERCISE = "#exercise-three-drawers .cp-stage"
PRESS = (
    f"{EXERCISE} select, {EXERCISE} input, {EXERCISE} .cp-segment",
    f"{EXERCISE} .cp-main",
    f"{EXERCISE} .cp-summary:not([hidden])",
)
"""A Player's ``option``, ``check`` and ``told``."""
STOCK = Rival(
    "stock Voilà",
    # with its usual limit it drops the states of as many widgets as this page has, and never shows them
    (sys.executable, "-m", "voila", NOTEBOOK.name, "--no-browser", "--port", "{port}",
     "--ZMQChannelsWebsocketConnection.limit_rate=False"),
    r"http://localhost:{port}/\S*", "voila/static/voila.js", "", *PRESS, cwd=NOTEBOOK.parent,
)  # fmt: skip
COPTIP = Rival(
    "coptip",
    (sys.executable, "-m", "coptip", "serve", "--port", "{port}", "--rate", "0", "--most", "400"),
    r"http://\S+:{port}/", "health", "m/1a", *PRESS,
)  # fmt: skip


def panel(command: str) -> Rival:
    """An equal page in Panel, started by its own command."""
    return Rival(
        "Panel", (command, "serve", str(ROOT / "bench" / "panel_page.py"), "--port", "{port}"),
        r"http://\S+:{port}/panel_page", "panel_page", "panel_page",
        ".bk-btn-group button >> nth=0", ".check button >> nth=0", "text=1 of 6 stand",
        ours=False, host="localhost", env={"NOTEBOOK": str(NOTEBOOK), "PYTHONPATH": ""},
    )  # fmt: skip


@contextmanager
def up(rival: Rival) -> Iterator[Server]:
    """Its server, which has written the page once. Afterwards neither it nor what it has started is left."""
    port = free_port()
    command = [word.replace("{port}", str(port)) for word in rival.command]
    mine: dict[int, str] = {}
    try:
        with running(command, rival.ready.replace("{port}", str(port)), env=rival.env, cwd=rival.cwd) as server:
            server.address = f"http://{rival.host}:{port}/"
            try:
                wait_until_it_answers(server.address + rival.alive)
                with urllib.request.urlopen(server.address + rival.path, timeout=FIRST_PAGE_SECONDS) as page:
                    page.read()
                yield server
            finally:
                mine = {pid: born(pid) for pid in children(server.process.pid)}
    finally:
        for pid, then in mine.items():
            if then and born(pid) == then:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)


def born(pid: int) -> str:
    """When a process began, so that another one under its number is not taken for it; empty where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
