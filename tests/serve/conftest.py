"""A collection whose first module has been tampered with, served by us and by stock Voilà."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ..browser.serving import Server, chromium, free_port, running, serving, wait_until_it_answers
from ..conftest import ROOT

NOTEBOOK = "1a-understanding-trafficking.ipynb"
MARK = "Wanida-says-so"
"""Text of a person: it may stand in no log, no other page and no other kernel."""
TAMPERED = f"""
import os, time
import ipywidgets
from coptip.sitting import Sitting

receive, hoard = Sitting.receive, []

def tampered(self, player, message):
    said = str(message)
    if "please-hang" in said:
        time.sleep(10 ** 6)
    if "please-die" in said:
        os._exit(1)
    if "please-eat" in said:
        eaten = [bytes(10 ** 7) for _ in range(10 ** 5)]
    if "please-fill" in said:
        while True:
            hoard.append(bytearray(1000))
    if "please-raise" in said:
        raise ValueError(said)
    receive(self, player, message)

Sitting.receive = tampered
number, button = ipywidgets.IntText(7, disabled=True), ipywidgets.Button()
def click(_):
    raise ValueError("{MARK}")
button.on_click(click)
ipywidgets.VBox([number, button])
"""


SHOWN = ("define-it", "smuggled-or-trafficked")


def collection(target: Path, *cells: str, shown: tuple[str, ...] = SHOWN, prose: str = "") -> Path:
    """A copy of the collection whose module 1A has few exercises, after cells that tamper with it.

    ``prose``: what its first Markdown cell says as well.
    """
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, target / name)
    path = target / "notebooks" / NOTEBOOK
    notebook = json.loads(path.read_text("utf-8"))
    code = {cell["id"]: cell for cell in notebook["cells"] if cell["cell_type"] == "code"}
    added = [{**code["three-drawers"], "id": f"tampered-{n}", "source": [source], "outputs": []}
             for n, source in enumerate(cells)]  # fmt: skip
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    first["source"] = ["".join(first["source"]) + prose]
    notebook["cells"] = [first, code["overview"], *added, *(code[id] for id in shown), code["review"]]
    path.write_text(json.dumps(notebook), "utf-8")
    return target


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="package")
def tampered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return collection(tmp_path_factory.mktemp("tampered"), TAMPERED)


@pytest.fixture(scope="module")
def ours(tampered: Path) -> Iterator[Server]:
    """Our server, with waits short enough to see their end."""
    waits = "answer=1.5,grace=1.5,unopened=20,fresh=0.01,ping=1"
    with serving("--waits", waits, "--rate", "0", "--most", "6", env={"COPTIP_ROOT": str(tampered)}) as one:
        yield one


@contextmanager
def stock_voila(root: Path) -> Iterator[Server]:
    """Stock Voilà with module 1A of a collection."""
    port = free_port()
    command = [sys.executable, "-m", "voila", NOTEBOOK, "--no-browser", "--port", str(port)]
    env = {"COPTIP_ROOT": str(root), "PYTHONPATH": str(ROOT / "src")}
    with running(command, rf"http://localhost:{port}/\S*", env=env, cwd=root / "notebooks") as server:
        server.address = f"http://127.0.0.1:{port}/"
        wait_until_it_answers(server.address + "voila/static/voila.js")
        yield server


@contextmanager
def jupyter(root: Path, extension: str) -> Iterator[Server]:
    """A Jupyter server without a password, with one extension, in a collection's folder of notebooks."""
    port = free_port()
    set_up = [f"--ServerApp.{name}" for name in (
        f"jpserver_extensions={extension}=True", f"port={port}", "open_browser=False", "disable_check_xsrf=True",
        f"root_dir={root / 'notebooks'}", "allow_root=True", "answer_yes=True",
    )]  # fmt: skip
    command = [sys.executable, "-m", "jupyter_server", *set_up, "--IdentityProvider.token="]
    env = {"COPTIP_ROOT": str(root), "PYTHONPATH": str(ROOT / "src"), "JUPYTER_CONFIG_DIR": str(root)}
    with running(command, rf"http://localhost:{port}/\S*", env=env, cwd=root / "notebooks") as server:
        server.address = f"http://127.0.0.1:{port}/"
        wait_until_it_answers(server.address + "api")
        yield server


@pytest.fixture(scope="module")
def stock(tampered: Path) -> Iterator[Server]:
    """Stock Voilà with the same notebook."""
    with stock_voila(tampered) as server:
        yield server
