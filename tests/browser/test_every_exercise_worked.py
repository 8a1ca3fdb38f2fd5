"""Every exercise worked through by mouse, wrong first and then right: feedback is seen, answers are not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from coptip.content import Library
from coptip.course.exercise import Discussion, Form, Stage

from ..conftest import ROOT
from ..course.test_every_exercise import secrets
from .answers import Sheet, Told, plain, said
from .conftest import Shoot, leave, new_context, open_module
from .hands import Mouse, stage_box
from .serving import Elsewhere, Server, until

pytestmark = pytest.mark.browser

EXERCISES = [(module, id) for module, one in Library(ROOT).modules.items() for id in one.exercises]


class Desk:
    """One module's page after the other, each in a browser of its own; all its exercises are worked on one page."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server
        self.module, self.clean = "", True
        self.context: BrowserContext | None = None
        self.seen = Elsewhere()

    def page(self, module: str) -> Page:
        """The page of a module as the last exercise left it; a new one where that went wrong."""
        if self.context is None or module != self.module or not self.clean:
            self.close()
            self.seen = Elsewhere()
            self.context = new_context(self.browser, self.seen, self.server.address)
            self.module = module
            open_module(self.context.new_page(), self.server.address, f"m/{module}")
        self.clean = False
        return self.context.pages[0]

    def close(self) -> None:
        """Close the page; nothing typed has run in it, and it has asked no other machine for anything."""
        if self.context is not None:
            context, self.context = self.context, None
            leave(context, self.seen)


@pytest.fixture(scope="module")
def desk(browser: Browser, server: Server) -> Iterator[Desk]:
    one = Desk(browser, server)
    yield one
    one.close()


def assert_seen(box: Locator, told: Told) -> None:
    """All of the feedback is to be read, the list of shaky rules once one has opened it."""
    for closed in box.locator(".cp-shaky:not([open]) > summary").all():
        closed.click()
    wanted = said(told)
    missing: list[str] = []

    def all_there() -> bool:
        shown = plain(box.inner_text())
        missing[:] = [text for text in wanted if text not in shown]
        return not missing

    try:
        until(all_there, 5)
    except AssertionError:
        raise AssertionError(f"not to be seen: {missing}") from None


def assert_nothing_unearned(box: Locator, sheet: Sheet) -> None:
    """Nothing is in the page that was not earned, seen or unseen."""
    earned = " ".join(strings(sheet.told()))
    held = plain(box.evaluate("(one) => one.textContent + one.innerText"))
    secret = {plain(text) for text in secrets(sheet.exercise, sheet.materials)}
    assert [text for text in secret if text in held and text not in earned] == []


def strings(node: Any) -> Iterator[str]:
    """Every text in something like JSON."""
    if isinstance(node, str):
        yield plain(node)
    elif isinstance(node, dict | list):
        for one in node.values() if isinstance(node, dict) else node:
            yield from strings(one)


def can_go_wrong(stage: Stage) -> bool:
    """Whether a stage can be left open by what one answers: a talk in a group and a survey cannot."""
    if isinstance(stage, Form):
        return any(not check.gentle for check in stage.checks)
    return not isinstance(stage, Discussion)


@pytest.mark.parametrize(("module", "id"), EXERCISES)
def test_wrong_first_and_then_right(
    module: str, id: str, desk: Desk, sheet: Callable[[str], Sheet], shoot: Shoot
) -> None:
    page, paper = desk.page(module), sheet(id)
    hands = Mouse(page)
    exercise = hands.go_to(id)
    for stage in paper.exercise.stages:
        box, view = stage_box(exercise, stage), paper.stage_view(stage)
        expect(box).to_be_visible()
        told: Told = {}
        for step in paper.wrong_steps(stage):
            hands.do(box, view, step)
            told = paper.take(stage, step)
            assert_seen(box, told)
            assert_nothing_unearned(exercise, paper)
        if told and can_go_wrong(stage):
            expect(box).to_have_attribute("data-status", "tried")
            expect(exercise.locator(".cp-takeaway")).to_be_hidden()
        shoot(box, f"wrong/{id}-{stage.id}")
        for step in paper.right_steps(stage):
            hands.do(box, view, step)
            told = paper.take(stage, step)
            if step.action == "set":
                expect(box).to_have_attribute("data-status", told["status"])
            assert_seen(box, told)
        expect(box).to_have_attribute("data-status", "done")
    if paper.exercise.takeaway:
        expect(exercise.locator(".cp-takeaway")).to_contain_text(plain(paper.exercise.takeaway)[:60])
    desk.clean = True
