"""Known faults of a stock server that only a browser shows: they are there on stock Voilà, and not here."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ..browser.serving import Server, serving, until
from .conftest import collection, stock_voila
from .people import STILL_HERE
from .test_safe import killed_and_replaced

pytestmark = pytest.mark.browser

# 7: a kernel that is killed


def at_work(browser: Browser, address: str) -> Page:
    """A page with something typed in it."""
    page = browser.new_page()
    page.goto(address)
    page.locator("section#exercise-review").wait_for(state="attached", timeout=60_000)
    page.locator("#exercise-define-it textarea").first.fill("Typed before.")
    expect(page.locator("#exercise-review")).to_contain_text("Begun: 1")
    return page


def test_a_page_says_that_its_kernel_was_killed(ours: Server, stock: Server, browser: Browser) -> None:
    page = at_work(browser, stock.address)
    before = page.inner_text("body")
    assert killed_and_replaced(stock)
    assert page.inner_text("body") == before
    page.close()
    page = at_work(browser, ours.address + "m/1a")
    until(lambda: ours.kernels())
    ours.kill_kernels()
    expect(page.locator("[data-trouble]")).to_contain_text(STILL_HERE, timeout=10_000)
    page.close()


# 11: scripts in what a notebook shows

RAN = "window.__ran = [];"
SCRIPT = "<img src=x onerror=\"window.__ran.push('{}')\"><script>window.__ran.push('{}')</script>"
KINDS = ("HTML", "HTMLMath", "display HTML", "display Markdown", "prose")
SHOWS = f"""
import ipywidgets
from IPython.display import HTML, Markdown, display
script = {SCRIPT!r}.format
display(HTML(script("display HTML", "display HTML")))
display(Markdown(script("display Markdown", "display Markdown")))
ipywidgets.VBox([ipywidgets.HTML(script("HTML", "HTML")), ipywidgets.HTMLMath(script("HTMLMath", "HTMLMath"))])
"""


def test_no_script_runs_that_stands_in_what_a_notebook_shows(tmp_path: Path, browser: Browser) -> None:
    root = collection(tmp_path, SHOWS, prose="\n\n" + SCRIPT.format("prose", "prose"))
    with stock_voila(root) as server:
        page = browser.new_page()
        page.add_init_script(RAN)
        page.goto(server.address)
        until(lambda: set(page.evaluate("window.__ran")) == set(KINDS))
        page.close()
    with serving(env={"COPTIP_ROOT": str(root)}) as server:
        page = browser.new_page()
        page.add_init_script(RAN)
        page.goto(server.address + "m/1a")
        page.locator("section#exercise-review").wait_for(state="attached")
        expect(page.locator("[data-player] > .cp-static")).to_have_count(0)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.__ran") == []
        page.close()
