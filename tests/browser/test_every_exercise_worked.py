"""Every exercise of module 1A worked through by mouse: wrong first, then right; feedback is seen, answers are not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from coptip.content import Library
from coptip.course.exercise import Discussion

from ..conftest import ROOT
from ..course.test_every_exercise import secrets
from .answers import Sheet, Told, plain, said
from .conftest import Open, Shoot
from .hands import Mouse, stage_box
from .serving import until

pytestmark = pytest.mark.browser

EXERCISES = Library(ROOT).modules["1a"].exercises


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


@pytest.mark.parametrize("id", EXERCISES)
def test_wrong_first_and_then_right(
    id: str, module_page: Open, sheet: Callable[[str], Sheet], shoot: Shoot
) -> None:
    page, paper = module_page(), sheet(id)
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
        if told and not isinstance(stage, Discussion):
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
