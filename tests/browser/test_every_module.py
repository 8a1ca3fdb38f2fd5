"""What every module's page keeps to: contents, content note, no key, accessible in every theme, fits a telephone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from coptip.content import Library

from ..conftest import ROOT
from ..course.test_every_exercise import secrets
from .answers import plain
from .conftest import everything, leave, new_context
from .serving import Elsewhere, Server
from .test_look import SMALL, WIDER, everywhere

pytestmark = pytest.mark.browser

MODULES = list(Library(ROOT).modules)


@dataclass
class Opened:
    """A module's page, opened once: what the server sent for it, and what its kernel said."""

    id: str
    page: Page
    html: str
    frames: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=MODULES)
def opened(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Opened]:
    seen = Elsewhere()
    context = new_context(browser, seen, server.address)
    one = Opened(request.param, context.new_page(), "")

    def hear(data: str | bytes) -> None:
        one.frames.append(data if isinstance(data, str) else data.decode("utf-8", "replace"))

    def listen(socket: Any) -> None:
        socket.on("framereceived", hear)

    one.page.on("websocket", listen)
    answer = one.page.goto(server.address + f"m/{one.id}")
    assert answer is not None
    one.html = answer.text()
    everything(one.page)
    yield one
    leave(context, seen)
    assert seen.errors == []


def test_a_participant_gets_no_key_no_notes_and_nothing_unearned(opened: Opened, library: Library) -> None:
    received = plain("\n".join(opened.frames).replace("\\n", " ").replace('\\"', '"'))
    page_text = plain(opened.page.locator("html").evaluate("(one) => one.textContent"))
    assert len(received + opened.html) > 50_000
    for where in (received, page_text, plain(opened.html)):
        leaked = [
            text
            for id in library.modules[opened.id].exercises
            for text in secrets(library.exercises[id], library.materials)
            if plain(text) in where
        ]
        assert leaked == []
        assert '"instructor"' not in where
    for what in ("[data-slide=notes]", "[data-present]", ".cp-instructor", ".cp-timer", ".notes-panel"):
        expect(opened.page.locator(what)).to_have_count(0)
    assert "present.js" not in opened.html
    assert "instructor-prepare" not in opened.html


def test_contents_lead_to_every_exercise(opened: Opened, library: Library) -> None:
    for id in library.modules[opened.id].exercises:
        opened.page.locator(f".contents a[data-exercise='{id}']").click()
        expect(opened.page.locator(f"section#exercise-{id} h3").first).to_be_in_viewport()


def test_a_content_note_stands_at_the_top_with_a_way_to_step_out(opened: Opened) -> None:
    opened.page.evaluate("scrollTo(0, 0)")
    note = opened.page.locator(".content-note")
    expect(note).to_be_in_viewport()
    expect(note).to_contain_text("Step out")


def test_axe_finds_nothing_with_everything_opened(opened: Opened) -> None:
    opened.page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    assert everywhere(opened.page) == []


def test_nothing_is_wider_than_a_telephone_and_every_target_is_large_enough(opened: Opened) -> None:
    opened.page.set_viewport_size({"width": 360, "height": 740})
    try:
        assert opened.page.evaluate(WIDER) == []
        assert opened.page.evaluate(SMALL) == []
    finally:
        opened.page.set_viewport_size({"width": 1280, "height": 800})
