"""The same notebook in JupyterLab and under stock Voilà: it runs, and a Player answers there."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ..conftest import ROOT
from .conftest import Context
from .hands import Mouse
from .serving import Elsewhere, free_port, running, until

pytestmark = pytest.mark.browser

NOTEBOOK = "1a-understanding-trafficking.ipynb"


def test_plain_voila_with_the_stock_template_shows_players_that_answer(
    context: Context, elsewhere: Elsewhere
) -> None:
    port = free_port()
    command = [sys.executable, "-m", "voila", f"notebooks/{NOTEBOOK}", "--no-browser", "--port", str(port)]
    with running(command, rf"http://localhost:{port}/\S*", cwd=ROOT) as server:
        page = context(server.address).new_page()
        page.goto(server.address)
        box = Mouse(page).go_to("smuggled-or-trafficked").locator(".cp-stage").first
        box.locator(".cp-segment").first.click()
        Mouse(page).check(box)
        expect(box.locator(".cp-summary")).to_contain_text("stand")
        words = page.locator("body").inner_text()
        assert "Short of time" not in words
        assert "Minutes: 300" not in words
        assert "import coptip" not in words
    # the stock template itself names two style sheets of a CDN; nothing else may
    assert [url for url in elsewhere.asked if not url.endswith(".css")] == []
    elsewhere.asked.clear()


STATUS = "() => jupyterapp.shell.currentWidget?.sessionContext?.kernelDisplayStatus"
"""What JupyterLab says of the kernel of the notebook on top."""
CODE = """() => jupyterapp.shell.currentWidget.content.widgets
  .filter((cell) => cell.model.type === "code")
  .map(({ model }) => [model.executionCount, model.outputs.toJSON().filter((one) => one.output_type === "error")])"""
"""How often JupyterLab has run each code cell of the notebook on top, and the errors that stand below it."""


def test_jupyterlab_runs_the_notebook_from_top_to_bottom(context: Context, tmp_path: Path) -> None:
    port = free_port()
    work = tmp_path / "work"
    work.mkdir()
    shutil.copy2(ROOT / "notebooks" / NOTEBOOK, work / NOTEBOOK)
    before = json.loads((work / NOTEBOOK).read_text("utf-8"))
    for cell in before["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    (work / NOTEBOOK).write_text(json.dumps(before), "utf-8")
    folders = {
        name: str(tmp_path / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
        )
    }
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}",
        f"--ServerApp.root_dir={work}", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
        "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    with running(command, rf"http://(localhost|127.0.0.1):{port}/lab", env=folders, cwd=tmp_path) as server:
        address = f"http://localhost:{port}/"
        page = context(server.address, address).new_page()
        page.goto(f"{address}lab/tree/{NOTEBOOK}")
        page.locator(".jp-Notebook").wait_for(timeout=60_000)
        until(lambda: page.evaluate(STATUS) == "idle", 60)  # before that, "Run All Cells" is heard by nobody
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

        until(lambda: all(run for run, _ in page.evaluate(CODE)), 180)
        assert [error for _, errors in page.evaluate(CODE) for error in errors] == []
        box = at_player(page, "smuggled-or-trafficked")
        box.locator(".cp-segment").first.click()
        Mouse(page).check(box)
        expect(box.locator(".cp-summary")).to_contain_text("stand")


def at_player(page: Page, id: str):  # type: ignore[no-untyped-def]
    """Scroll the notebook until a Player is there; Lab draws only the cells that are near."""
    box = page.locator(f"section#exercise-{id} .cp-stage").first
    page.locator(".jp-Notebook").hover()

    def there() -> bool:
        if box.is_visible():
            return True
        page.mouse.wheel(0, 600)
        return False

    until(there, 120)
    box.scroll_into_view_if_needed()
    return box
