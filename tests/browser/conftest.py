"""One browser and one server for all browser tests; each test has contexts of its own, and none may look elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from coptip.content import Library

from .answers import Sheet
from .serving import Elsewhere, Server, chromium, serving

Context = Callable[..., BrowserContext]
Open = Callable[..., Page]
Shoot = Callable[[Page | Locator, str], None]

MARKER = "window.__ran = 0"
"""Nothing that a person types may ever change this."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The collection as a participant gets it, served from a folder that has nothing to do with it."""
    with serving(cwd=tmp_path_factory.mktemp("elsewhere")) as one:
        yield one


@pytest.fixture
def elsewhere() -> Elsewhere:
    """What this test's pages asked of other machines, and their scripts' errors."""
    return Elsewhere()


@pytest.fixture
def context(browser: Browser, elsewhere: Elsewhere) -> Iterator[Context]:
    """Makes contexts (each a browser of its own); afterwards none has asked another machine for anything."""
    made: list[BrowserContext] = []

    def make(*addresses: str, **options: Any) -> BrowserContext:
        size = {"width": options.pop("width", 1280), "height": options.pop("height", 800)}
        one = browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
        one.set_default_timeout(15_000)
        one.add_init_script(MARKER)
        elsewhere.watch(one, *addresses)
        made.append(one)
        return one

    yield make
    for one in made:
        for page in one.pages:
            assert page.evaluate("window.__ran ?? 0") == 0, "something that was typed has run"
        one.close()
    assert elsewhere.asked == []


@pytest.fixture
def module_page(server: Server, context: Context) -> Open:
    """Opens the module in a browser of its own and waits until its exercises are alive."""

    def make(**options: Any) -> Page:
        page = context(server.address, **options).new_page()
        return open_module(page, server.address)

    return make


def open_module(page: Page, address: str, path: str = "m/1a") -> Page:
    """Open a module and wait until all of it is there."""
    page.goto(address + path)
    everything(page)
    return page


def everything(page: Page) -> None:
    """Wait until every exercise of a module's page is alive: the record, its last one, is built last."""
    page.locator("section#exercise-review").wait_for(state="attached", timeout=60_000)
    page.wait_for_function("!document.querySelector('[data-player] > .cp-static')", timeout=60_000)


@pytest.fixture
def sheet(library: Library) -> Callable[[str], Sheet]:
    """An exercise beside the page, by its id."""
    return lambda id: Sheet(library.exercises[id], library.materials)


@pytest.fixture
def shoot() -> Shoot:
    """Takes a picture where the environment names a folder for them, to be looked at by people."""
    folder = os.environ.get("COPTIP_SCREENSHOTS")

    def take(what: Page | Locator, name: str) -> None:
        if folder:
            path = Path(folder) / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            what.screenshot(path=path)

    return take
