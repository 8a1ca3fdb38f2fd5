"""One exercise of every interaction worked through by keyboard alone: nothing here ever clicks."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .answers import Sheet
from .conftest import Open
from .hands import Hands, Keyboard, Mouse, stage_box

pytestmark = pytest.mark.browser

STAGES = [
    ("smuggled-or-trafficked", "statements"),
    ("is-this-a-menace", "four-people"),
    ("consent-switchboard", "grid"),
    ("where-the-journey-changed", "nine-events"),
    ("whose-hundred-percent", "radio-script"),
    ("define-it", "trafficking"),
    ("eight-files", "seamstress-debt"),
    ("change-one-fact", "switches"),
    ("iceberg", "under-water"),
    ("local-board", "board"),
    ("profiles-and-enablers", "four-questions"),
]
"""Match as a list, choice, match as a grid, order, hottext, text, facts, both kinds of model, form, discussion."""


@pytest.mark.parametrize(("id", "stage_id"), STAGES)
def test_wrong_first_and_then_right_by_keyboard_alone(
    id: str, stage_id: str, module_page: Open, sheet: Callable[[str], Sheet]
) -> None:
    page, paper = module_page(), sheet(id)
    hands: Hands = Keyboard(page)
    exercise = hands.go_to(id)
    stage = paper.exercise.stage(stage_id)
    box, view = stage_box(exercise, stage), paper.stage_view(stage)
    for before in paper.exercise.stages[: paper.exercise.stages.index(stage)]:
        # a stage opens when the one before is done, or when one goes on anyway
        hands.press(stage_box(exercise, before).get_by_role("button", name="Continue anyway"))
    for step in paper.wrong_steps(stage):
        hands.do(box, view, step)
        paper.take(stage, step)
    for step in paper.right_steps(stage):
        hands.do(box, view, step)
        paper.take(stage, step)
    expect(box).to_have_attribute("data-status", "done")


def test_the_skip_link_is_the_first_stop_and_leads_to_the_text(module_page: Open) -> None:
    page = module_page()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("id", ["three-drawers", "where-the-journey-changed", "local-board", "iceberg"])
def test_the_focus_is_seen_on_everything_one_can_reach(id: str, module_page: Open) -> None:
    page = module_page()
    exercise = Keyboard(page).go_to(id)
    unseen = page.evaluate(UNSEEN, id)
    stops = 0
    while True:
        page.keyboard.press("Tab")
        at = page.evaluate(AT_FOCUS, id)
        if not at:
            break
        stops += 1
        assert at["seen"], f"the focus is not to be seen on {at['what']}"
    assert stops > 3
    assert unseen == []
    expect(exercise).to_be_attached()


UNSEEN = """(id) => [...document.querySelectorAll(`#exercise-${id} [tabindex]`)]
  .filter((one) => one.tabIndex > 0).map((one) => one.outerHTML)"""
AT_FOCUS = """(id) => {
  const at = document.activeElement;
  if (!document.getElementById(`exercise-${id}`).contains(at)) return null;
  // the outline may stand round the label of a radio that is drawn as a button
  const drawn = [at, at.closest("label")].filter(Boolean).some((one) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/, 0\\)$/.test(outlineColor);
  });
  const box = (at.closest("label") ?? at).getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight;
  return { seen: drawn && inside, what: at.outerHTML.slice(0, 200) };
}"""


def test_a_tile_is_dragged_onto_a_drawer_and_a_step_up_its_list(
    module_page: Open, sheet: Callable[[str], Sheet]
) -> None:
    page, paper = module_page(), sheet("three-drawers")
    hands = Mouse(page)
    exercise = hands.go_to("three-drawers")
    stage = paper.exercise.stages[0]
    tile = stage_box(exercise, stage).locator(".cp-tile").first
    target = paper.stage_view(stage)["targets"][1]["id"]
    tile.locator(".cp-grip").scroll_into_view_if_needed()
    tile.locator(".cp-grip").hover()
    page.mouse.down()
    drawer = exercise.locator(f".cp-drawer[data-target='{target}']").bounding_box()
    assert drawer is not None
    page.mouse.move(drawer["x"] + drawer["width"] / 2, drawer["y"] + drawer["height"] / 2, steps=5)
    page.mouse.up()
    expect(tile.locator(f"input[value='{target}']")).to_be_checked()

    steps = hands.go_to("where-the-journey-changed").locator(".cp-step")
    last = steps.last.get_attribute("data-step")
    steps.last.scroll_into_view_if_needed()
    steps.last.locator(".cp-grip").hover()
    page.mouse.down()
    above = steps.nth(-3).bounding_box()
    assert above is not None
    page.mouse.move(above["x"] + 40, above["y"] + 4, steps=8)
    page.mouse.up()
    assert [one.get_attribute("data-step") for one in steps.all()].index(last) < steps.count() - 1
