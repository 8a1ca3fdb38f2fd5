"""Pictures for people to look at: start page, top of the module, and one exercise of each interaction with feedback."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from .answers import Sheet
from .conftest import Context, Shoot, open_module
from .hands import Mouse, stage_box
from .serving import Server
from .test_by_keyboard import STAGES

pytestmark = pytest.mark.browser


def at_work(page: Page, sheet: Callable[[str], Sheet]) -> None:
    """Answer a stage of every interaction wrong."""
    hands = Mouse(page)
    for id, stage_id in STAGES:
        paper = sheet(id)
        exercise = hands.go_to(id)
        stage = paper.exercise.stage(stage_id)
        for before in paper.exercise.stages[: paper.exercise.stages.index(stage)]:
            onward = stage_box(exercise, before).get_by_role("button", name="Continue anyway")
            if onward.is_visible():
                onward.click()
        for step in paper.wrong_steps(stage):
            hands.do(stage_box(exercise, stage), paper.stage_view(stage), step)
            paper.take(stage, step)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures(
    theme: str, server: Server, context: Context, sheet: Callable[[str], Sheet], shoot: Shoot
) -> None:
    page = context(server.address, color_scheme=theme).new_page()
    page.goto(server.address)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        shoot(page, f"{width}/{theme}/landing")
    page.set_viewport_size({"width": 1280, "height": 800})
    open_module(page, server.address)
    page.locator("[data-progress-line]:empty").wait_for(state="attached")
    at_work(page, sheet)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("scrollTo(0, 0)")
        shoot(page, f"{width}/{theme}/module")
        for id, stage_id in STAGES:
            shoot(
                page.locator(f"#exercise-{id} [data-stage='{stage_id}']"), f"{width}/{theme}/{id}-{stage_id}"
            )
        shoot(page.locator("#exercise-review"), f"{width}/{theme}/review")
