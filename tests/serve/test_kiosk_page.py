"""A kiosk's outer page: seen in every theme, on a telephone, in large letters, and worked by keyboard alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from coptip.content import Library

from ..browser.answers import Sheet
from ..browser.hands import Keyboard, stage_box
from ..browser.serving import Server, serving, until
from ..browser.test_by_keyboard import AT_FOCUS
from ..browser.test_look import SMALL, WIDER, dress, everywhere
from .people import Person

pytestmark = pytest.mark.browser

EXERCISE = "smuggled-or-trafficked"
FOCUS_SEEN = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && document.activeElement.textContent;
}"""


@pytest.fixture(scope="module")
def kiosk(tampered: Path) -> Iterator[Server]:
    with serving("--waits", "grace=1.5,ping=1,idle=600", env={"COPTIP_ROOT": str(tampered)}, command="kiosk") as one:
        yield one


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    one = browser.new_context(viewport={"width": 1280, "height": 800})
    one.set_default_timeout(20_000)
    yield one
    one.close()


def shoot(page: Page, name: str) -> None:
    """A picture for people, where the environment names a folder for them."""
    if folder := os.environ.get("COPTIP_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"kiosk-{name}.png")


def states(page: Page) -> Iterator[str]:
    """The outer page as a person may see it, one after another."""
    yield "bar"
    page.get_by_role("button", name="Finish", exact=True).click()
    yield "sure"
    page.get_by_role("button", name="No, go back").click()
    page.locator("[data-idle-box]").evaluate(
        "(one) => { one.querySelector('[data-left]').textContent = '30'; one.showModal(); }"
    )
    yield "idle"
    page.locator("[data-idle-box]").evaluate("(one) => one.close()")
    page.locator("[data-lost]").evaluate(
        "(one) => { one.hidden = false; one.querySelector('p').textContent = 'The connection is lost.'; }"
    )
    yield "lost"


def test_axe_finds_nothing_on_the_outer_page_in_any_theme(context: BrowserContext, kiosk: Server) -> None:
    person = Person(context, kiosk).ready()
    for state in states(person.page):
        assert everywhere(person.page) == [], state


def test_the_outer_page_fits_a_telephone_in_the_largest_letters_and_every_theme(
    context: BrowserContext, kiosk: Server
) -> None:
    person = Person(context, kiosk).ready()
    page = person.page
    for state in states(page):
        for width, height in ((360, 740), (1280, 800)):
            page.set_viewport_size({"width": width, "height": height})
            for scale, theme in (("1", "light"), ("1.6", "dark")):
                dress(page, theme)
                page.evaluate("(scale) => document.documentElement.style.setProperty('--cp-scale', scale)", scale)
                assert page.evaluate(WIDER) == [], state
                assert page.evaluate(SMALL) == [], state
                for button in page.locator("button:visible").all():
                    box = button.bounding_box()
                    assert box is not None
                    assert box["height"] >= 44, state
                    expect(button).to_be_in_viewport(ratio=1)
                if state == "bar":
                    room = page.locator("iframe").bounding_box()
                    assert room is not None
                    assert room["height"] > height * 0.6, "the bar leaves too little room"
                shoot(page, f"{state}-{width}-{scale}-{theme}")


def test_text_size_and_colours_go_with_a_person_through_all_pages_and_no_further(
    context: BrowserContext, kiosk: Server
) -> None:
    person = Person(context, kiosk).ready()
    inner, outer = person.inside.locator("html"), person.page.locator("html")
    person.inside.locator(".look > summary").click()
    for label in ("Very large", "Dark", "High"):
        person.inside.get_by_label(label, exact=True).check()
    person.inside.get_by_role("link", name="All modules").click()
    person.inside.locator(".modules").wait_for()
    for root in (inner, outer):
        expect(root).to_have_attribute("data-theme", "dark")
        expect(root).to_have_attribute("data-contrast", "high")
        assert root.evaluate("(one) => one.style.getPropertyValue('--cp-scale')") == "1.6"
    person.inside.locator(".look > summary").click()
    expect(person.inside.get_by_label("Very large", exact=True)).to_be_checked()
    shoot(person.page, "look")
    person.page.get_by_role("button", name="Finish", exact=True).click()
    person.page.get_by_role("button", name="Yes, finish and erase").click()
    expect(outer).not_to_have_attribute("data-theme", "dark")
    person.inside.locator(".modules").wait_for()
    expect(inner).not_to_have_attribute("data-theme", "dark")


def test_a_person_starts_does_an_exercise_and_finishes_by_keyboard_alone(
    context: BrowserContext, kiosk: Server, library: Library
) -> None:
    person = Person(context, kiosk, "")
    page, inside, hands = person.page, person.inside, Keyboard(person.page)
    link = inside.locator(".modules a[href$='m/1a']")
    link.wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS_SEEN) == "Finish"
    hands.press(link)
    exercise = inside.locator(f"section#exercise-{EXERCISE}")
    exercise.locator(".cp-stage").first.wait_for(state="attached")
    expect(inside.locator("[data-player] > .cp-static")).to_have_count(0)
    hands.press(inside.locator(f".contents a[data-exercise='{EXERCISE}']"))
    paper = Sheet(library.exercises[EXERCISE], library.materials)
    for stage in paper.exercise.stages:
        box = stage_box(exercise, stage)
        for step in paper.right_steps(stage):
            hands.do(box, paper.stage_view(stage), step)
            paper.take(stage, step)
        expect(box).to_have_attribute("data-status", "done")
    seen = exercise.evaluate(f"() => ({AT_FOCUS})('{EXERCISE}')")
    assert seen is None or seen["seen"]
    # to finish is asked about once; the answer that erases nothing comes first
    finish = page.get_by_role("button", name="Finish", exact=True)
    hands.reach(finish)
    page.keyboard.press("Enter")
    no = page.get_by_role("button", name="No, go back")
    expect(no).to_be_focused()
    page.keyboard.press("Escape")
    expect(no).to_be_hidden()
    expect(finish).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUS_SEEN) == "Yes, finish and erase"
    page.keyboard.press("Enter")
    until(lambda: not kiosk.kernels(), 2)
    link.wait_for()
    expect(inside.locator("[data-begun='1a']")).to_be_empty()


def test_any_key_stops_the_countdown_and_one_goes_on_where_one_was(browser: Browser, tampered: Path) -> None:
    waits = "idle=5,countdown=4,grace=1.5,ping=1"
    with serving("--waits", waits, env={"COPTIP_ROOT": str(tampered)}, command="kiosk") as server:
        context = browser.new_context()
        person = Person(context, server).ready()
        Keyboard(person.page).reach(person.field)
        person.page.keyboard.type("Before")
        box = person.page.locator("[data-idle-box]")
        for key in ("x", "Enter", "Escape"):
            expect(box).to_be_visible(timeout=8_000)
            expect(box.get_by_role("button", name="I am still here")).to_be_focused()
            person.page.keyboard.press(key)
            expect(box).to_be_hidden()
        # the key wrote nothing, and the place where one was is still the one that one is in
        person.page.keyboard.type(" and after")
        expect(person.field).to_have_value("Before and after")
        context.close()


def test_a_finger_that_stops_the_countdown_presses_nothing_beneath(browser: Browser, tampered: Path) -> None:
    waits = "idle=5,countdown=4,grace=1.5,ping=1"
    with serving("--waits", waits, env={"COPTIP_ROOT": str(tampered)}, command="kiosk") as server:
        context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
        person = Person(context, server).ready()
        person.write("Still mine.")
        beneath = person.stage.locator(".cp-main")
        beneath.scroll_into_view_if_needed()
        box, place = person.page.locator("[data-idle-box]"), beneath.bounding_box()
        assert place is not None
        expect(box).to_be_visible(timeout=8_000)
        person.page.touchscreen.tap(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        expect(box).to_be_hidden()
        person.page.keyboard.press("Shift")
        expect(person.stage).to_have_attribute("data-status", "open")
        expect(person.field).to_have_value("Still mine.")
        context.close()
