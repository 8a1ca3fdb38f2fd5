"""Answers after two tries, starting again, trying again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from coptip.course.exercise import Stage

from .answers import Sheet, Step, plain
from .conftest import Open
from .hands import Mouse, stage_box

pytestmark = pytest.mark.browser

SHOW = "Show the answers"

STAGES = [
    ("smuggled-or-trafficked", "statements"),
    ("is-this-a-menace", "four-people"),
    ("where-the-journey-changed", "nine-events"),
    ("eight-files", "seamstress-debt"),
]


@pytest.fixture
def desk(module_page: Open, sheet: Callable[[str], Sheet]) -> Callable[[str], tuple[Page, Sheet, Locator]]:
    def sit_down(id: str) -> tuple[Page, Sheet, Locator]:
        page = module_page()
        return page, sheet(id), Mouse(page).go_to(id)

    return sit_down


def try_wrong(page: Page, paper: Sheet, stage: Stage, box: Locator) -> None:
    for step in paper.wrong_steps(stage):
        Mouse(page).do(box, paper.stage_view(stage), step)
        paper.take(stage, step)


@pytest.mark.parametrize(("id", "stage_id"), STAGES)
def test_answers_are_offered_after_two_tries_and_not_before(
    id: str, stage_id: str, desk: Callable[[str], tuple[Page, Sheet, Locator]]
) -> None:
    page, paper, exercise = desk(id)
    stage = paper.exercise.stage(stage_id)
    box = stage_box(exercise, stage)
    show = box.get_by_role("button", name=SHOW, exact=True)
    expect(show).to_be_hidden()
    try_wrong(page, paper, stage, box)
    expect(show).to_be_hidden()
    try_wrong(page, paper, stage, box)
    expect(show).to_be_visible()
    Mouse(page).press(show)
    expect(box).to_have_attribute("data-status", "shown")
    expect(show).to_be_hidden()
    told = paper.take(stage, Step("reveal"))
    shown = plain(box.inner_text())
    missed = [mark["text"] for mark in told["items"].values() if mark["verdict"] == "missed"]
    assert missed
    assert [text for text in missed if plain(text) not in shown] == []
    # the takeaway waits for the other stages, where there are some
    if len(paper.exercise.stages) == 1:
        expect(exercise.locator(".cp-takeaway")).to_be_visible()


def test_starting_a_step_again_empties_it_and_asks_first(
    desk: Callable[[str], tuple[Page, Sheet, Locator]],
) -> None:
    page, paper, exercise = desk("is-this-a-menace")
    stage = paper.exercise.stages[0]
    box = stage_box(exercise, stage)
    try_wrong(page, paper, stage, box)
    expect(box.locator(".cp-feedback:visible").first).to_be_visible()
    box.get_by_role("button", name="Start this step again").click()
    box.get_by_role("button", name="No, go back").click()
    assert box.locator("input:checked").count() > 0
    box.get_by_role("button", name="Start this step again").click()
    box.get_by_role("button", name="Yes, start again").click()
    expect(box.locator("input:checked")).to_have_count(0)
    expect(box.locator(".cp-feedback:visible")).to_have_count(0)
    expect(box.locator(".cp-summary")).to_be_hidden()
    # and the tries are counted anew
    fresh = Sheet(paper.exercise, paper.materials)
    try_wrong(page, fresh, stage, box)
    expect(box.get_by_role("button", name=SHOW, exact=True)).to_be_hidden()


def test_starting_the_whole_exercise_again_empties_every_step(
    desk: Callable[[str], tuple[Page, Sheet, Locator]],
) -> None:
    page, paper, exercise = desk("is-this-a-menace")
    hands = Mouse(page)
    for stage in paper.exercise.stages[:2]:
        for step in paper.right_steps(stage):
            hands.do(stage_box(exercise, stage), paper.stage_view(stage), step)
            paper.take(stage, step)
    exercise.get_by_role("button", name="Start the whole exercise again").click()
    exercise.locator(".cp-last").get_by_role("button", name="Yes, start again").click()
    expect(exercise.locator("input:checked")).to_have_count(0)
    expect(exercise.locator(".cp-feedback:visible")).to_have_count(0)
    page.reload()
    exercise = hands.go_to("is-this-a-menace")
    expect(exercise.locator("input:checked")).to_have_count(0)


def test_a_changed_answer_takes_back_what_was_said_of_the_old_one(
    desk: Callable[[str], tuple[Page, Sheet, Locator]],
) -> None:
    page, paper, exercise = desk("is-this-a-menace")
    stage = paper.exercise.stages[0]
    box, view = stage_box(exercise, stage), paper.stage_view(stage)
    try_wrong(page, paper, stage, box)
    item = box.locator(".cp-item").first
    said = item.locator(".cp-feedback:visible").first
    expect(said).to_contain_text("Look again")
    right = next(paper.right_steps(stage)).responses
    Mouse(page).fill(box, view, {view["items"][0]["id"]: right[view["items"][0]["id"]]})
    expect(item.locator(".cp-feedback:visible")).to_have_count(0)
    Mouse(page).check(box)
    expect(item.locator(".cp-feedback:visible").first).to_contain_text("Right")
    expect(box.locator(".cp-item").nth(1).locator(".cp-feedback:visible").first).to_contain_text("Look again")


def test_nothing_answered_is_said_calmly(desk: Callable[[str], tuple[Page, Sheet, Locator]]) -> None:
    _, _, exercise = desk("is-this-a-menace")
    box = exercise.locator(".cp-stage").first
    box.locator(".cp-main").click()
    expect(box.locator(".cp-problem")).to_have_text("Nothing is answered yet.")
