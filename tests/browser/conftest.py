"""One browser and one server for all browser tests; each test has contexts of its own, and none may look elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from coptip.content import Library

from .answers import Sheet
from .serving import Elsewhere, Server, chromium, serving

Context = Callable[..., BrowserContext]
Open = Callable[..., Page]
Shoot = Callable[[Page | Locator, str], None]

PICTURES = os.environ.get("COPTIP_SCREENSHOTS")
"""A folder for pictures, to be looked at by people."""
collect_ignore = [] if PICTURES else ["test_screenshots.py"]

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
        made.append(new_context(browser, elsewhere, *addresses, **options))
        return made[-1]

    yield make
    for one in made:
        leave(one, elsewhere)


def new_context(browser: Browser, seen: Elsewhere, *addresses: str, **options: Any) -> BrowserContext:
    """A browser of its own at a desk's size, which may ask these addresses and no others."""
    size = {"width": options.pop("width", 1280), "height": options.pop("height", 800)}
    one = browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
    one.set_default_timeout(15_000)
    one.add_init_script(MARKER)
    seen.watch(one, *addresses)
    return one


def leave(context: BrowserContext, seen: Elsewhere) -> None:
    """Close a browser: nothing that was typed has run in it, and it has asked no other machine for anything."""
    ran = [page.url for page in context.pages if page.evaluate("window.__ran ?? 0") != 0]
    context.close()
    assert ran == [], "something that was typed has run"
    assert seen.asked == []


class Waiting:
    """A module's page in a browser of its own, already loading while the test before is at work."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server
        self.next = self._begin()

    def _begin(self) -> tuple[BrowserContext, Page, Elsewhere]:
        seen = Elsewhere()
        context = new_context(self.browser, seen, self.server.address)
        page = context.new_page()
        page.goto(self.server.address + "m/1a", wait_until="commit")
        return context, page, seen

    def take(self) -> tuple[BrowserContext, Page, Elsewhere]:
        """The page, and a next one begins to load."""
        taken, self.next = self.next, self._begin()
        return taken


@pytest.fixture(scope="package")
def waiting(browser: Browser, server: Server) -> Iterator[Waiting]:
    one = Waiting(browser, server)
    yield one
    one.next[0].close()


@pytest.fixture
def module_page(server: Server, context: Context, waiting: Waiting) -> Iterator[Open]:
    """Opens the module in a browser of its own and waits until its exercises are alive."""
    taken: list[tuple[BrowserContext, Page, Elsewhere]] = []

    def make(**options: Any) -> Page:
        if options:
            return open_module(context(server.address, **options).new_page(), server.address)
        taken.append(waiting.take())
        page = taken[-1][1]
        everything(page)
        return page

    yield make
    for one, _, seen in taken:
        leave(one, seen)


def open_module(page: Page, address: str, path: str = "m/1a") -> Page:
    """Open a module and wait until all of it is there."""
    page.goto(address + path)
    everything(page)
    return page


def everything(page: Page) -> None:
    """Wait until every exercise of a module's page is alive: the record, its last one, is built last."""
    page.locator("section#exercise-review").wait_for(state="attached", timeout=60_000)
    # Asked through a locator: the page's policy allows no script that is made of a string.
    expect(page.locator("[data-player] > .cp-static")).to_have_count(0, timeout=60_000)


@pytest.fixture
def sheet(library: Library) -> Callable[[str], Sheet]:
    """An exercise beside the page, by its id."""
    return lambda id: Sheet(library.exercises[id], library.materials)


@pytest.fixture
def shoot() -> Shoot:
    """Takes a picture where the environment names a folder for them."""

    def take(what: Page | Locator, name: str) -> None:
        if PICTURES:
            path = Path(PICTURES) / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            what.screenshot(path=path)

    return take
