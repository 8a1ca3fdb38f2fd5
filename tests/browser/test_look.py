"""How pages look and feel: accessible in every theme, on a telephone, by touch, in print, and as one has set them."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from coptip.content import Library

from .answers import Sheet
from .conftest import Context, Open, open_module
from .hands import Finger, Mouse, stage_box
from .serving import Elsewhere, Server, serving

pytestmark = pytest.mark.browser

THEMES: dict[str, dict[str, str]] = {
    "light": {"theme": "light"},
    "dark": {"theme": "dark"},
    "high contrast": {"theme": "light", "contrast": "high"},
    "high contrast, dark": {"theme": "dark", "contrast": "high"},
}
WIDTHS = (1280, 360)

WRONG_IN = {
    "smuggled-or-trafficked": 1, "is-this-a-menace": 1, "consent-switchboard": 1, "where-the-journey-changed": 1,
    "define-it": 1, "eight-files": 1, "change-one-fact": 1, "iceberg": 1, "profiles-and-enablers": 1, "local-board": 1,
}  # fmt: skip
"""One exercise of every interaction, and how many of its stages are answered wrong."""


def dress(page: Page, theme: str) -> None:
    """Put a page into a theme, as its settings would."""
    page.evaluate(
        """(look) => {
          delete document.documentElement.dataset.contrast;
          Object.assign(document.documentElement.dataset, look);
        }""",
        THEMES[theme],
    )


def faults(page: Page, *rules: str) -> list[str]:
    """What axe finds serious or critical; with ``rules`` only these are tried."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:6]
    ]


def everywhere(page: Page) -> list[str]:
    """axe's findings: all rules at both widths, and colours, which no width changes, in every other theme."""
    page.emulate_media(reduced_motion="reduce")  # a colour that is just changing has no contrast yet
    found = []
    dress(page, "light")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}, light: {one}" for one in faults(page)]
    for theme in list(THEMES)[1:]:
        dress(page, theme)
        found += [f"{theme}: {one}" for one in faults(page, "color-contrast")]
    page.set_viewport_size({"width": 1280, "height": 800})
    dress(page, "light")
    return found


@pytest.fixture(scope="module")
def worked(browser: Browser, server: Server, library: Library) -> Iterator[Page]:
    """A module's page with an exercise of every interaction opened, answered wrong and checked. Not to be changed."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    seen = Elsewhere()
    seen.watch(context, server.address)
    page = open_module(context.new_page(), server.address)
    hands = Mouse(page)
    for id, count in WRONG_IN.items():
        paper = Sheet(library.exercises[id], library.materials)
        exercise = hands.go_to(id)
        for stage in paper.exercise.stages[:count]:
            for step in paper.wrong_steps(stage):
                hands.do(stage_box(exercise, stage), paper.stage_view(stage), step)
                paper.take(stage, step)
    # a hottext stands deep in its exercise; one goes on to it without answering
    exercise = hands.go_to("whose-hundred-percent")
    paper = Sheet(library.exercises["whose-hundred-percent"], library.materials)
    stage = paper.exercise.stage("radio-script")
    for onward in paper.exercise.stages[: paper.exercise.stages.index(stage)]:
        stage_box(exercise, onward).get_by_role("button", name="Continue anyway").click()
    for step in paper.wrong_steps(stage):
        hands.do(stage_box(exercise, stage), paper.stage_view(stage), step)
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    yield page
    context.close()
    assert seen.asked == []


def test_axe_finds_nothing_on_a_page_at_work(worked: Page) -> None:
    assert everywhere(worked) == []


def test_axe_finds_nothing_on_the_other_pages(server: Server, context: Context) -> None:
    page = context(server.address).new_page()
    found = []
    for path in ("", "m/no-such-module"):
        page.goto(server.address + path)
        found += everywhere(page)
        page.locator(".look > summary").click()
        found += everywhere(page)
    page.goto(server.address)
    page.locator("[data-step-out]").click()
    found += everywhere(page)
    assert found == []


def test_axe_finds_nothing_before_the_exercises_are_alive(server: Server, context: Context) -> None:
    one = context(server.address, java_script_enabled=True)
    one.route(re.compile("client.js"), lambda route: route.abort())
    page = one.new_page()
    page.goto(server.address + "m/1a")
    assert everywhere(page) == []


def test_axe_finds_nothing_on_the_presenter_and_the_password(context: Context) -> None:
    with serving("--instructor", "--password", "sunrise") as server:
        page = context(server.address).new_page()
        page.goto(server.address)
        found = everywhere(page)
        page.get_by_label("Password").fill("sunrise")
        page.get_by_role("button", name="Open").click()
        open_module(page, server.address)
        page.keyboard.press("p")
        page.keyboard.press("n")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        found += everywhere(page)
    assert found == []


# a telephone

WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > width + 1 && !one.closest(".cp-figure, .wide"))
    .slice(0, 8).map((one) => one.outerHTML.slice(0, 150));
}"""

SMALL = """() => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length;
  const found = [];
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=button]")) {
    const target = ["radio", "checkbox", "file"].includes(one.type) ? (one.closest("label") ?? one) : one;
    if (!seen(target) || one.matches(".skip, [aria-hidden=true]")) continue;
    const inText = one.matches("p a, li a, dd a, td a, cite a") && !one.matches("nav a, .modules a");
    if (inText) continue;
    const whole = one.matches(".cp-button, .cp-select, .step-out, .tools *, [type=radio], [type=checkbox]");
    const least = one.matches(".cp-phrase") ? 24 : whole ? 44 : 24;
    const phrase = one.matches(".cp-phrase");
    for (const { width, height } of phrase ? one.getClientRects() : [target.getBoundingClientRect()]) {
      const size = `${Math.round(width)} x ${Math.round(height)}`;
      const small = height < least - 0.5 || (width < least - 0.5 && !phrase);
      if (small) found.push(`${size}: ${target.outerHTML.slice(0, 140)}`);
    }
  }
  return found;
}"""


@pytest.fixture
def narrow(worked: Page) -> Iterator[Page]:
    """The page at work on a telephone's width."""
    worked.set_viewport_size({"width": 360, "height": 740})
    yield worked
    worked.set_viewport_size({"width": 1280, "height": 800})


def test_nothing_is_wider_than_a_telephone(narrow: Page) -> None:
    assert narrow.evaluate(WIDER) == []
    narrow.evaluate("document.documentElement.style.setProperty('--cp-scale', '1.6')")
    wider = narrow.evaluate(WIDER)
    narrow.evaluate("document.documentElement.style.setProperty('--cp-scale', '1')")
    assert wider == []


def test_every_target_is_large_enough_for_a_finger(narrow: Page) -> None:
    assert narrow.evaluate(SMALL) == []


def test_the_other_pages_fit_a_telephone_too(server: Server, context: Context) -> None:
    page = context(server.address, width=360, height=740).new_page()
    for path in ("", "m/no-such-module"):
        page.goto(server.address + path)
        assert page.evaluate(WIDER) == []
        page.locator(".look > summary").click()
        assert page.evaluate(WIDER) == []
        assert page.evaluate(SMALL) == []
    page.locator("[data-step-out]").click()
    assert page.evaluate(WIDER) == []


@pytest.mark.parametrize("id", ["smuggled-or-trafficked", "where-the-journey-changed"])
def test_by_touch_alone(id: str, module_page: Open, sheet: Callable[[str], Sheet]) -> None:
    page, paper = module_page(width=360, height=740, has_touch=True, is_mobile=True), sheet(id)
    hands = Finger(page)
    stage = paper.exercise.stages[0]
    box = stage_box(hands.go_to(id), stage)
    for step in [*paper.wrong_steps(stage), *paper.right_steps(stage)]:
        hands.do(box, paper.stage_view(stage), step)
        paper.take(stage, step)
    expect(box).to_have_attribute("data-status", "done")
    expect(page.locator(".cp-drawers:visible, .cp-fine:visible")).to_have_count(0)


# motion and print


def test_nothing_moves_for_those_who_asked_for_that(module_page: Open) -> None:
    page = module_page(reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((one) => {
          const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(one);
          return /[1-9]/.test(transitionDuration) || animationName !== "none" || scrollBehavior === "smooth";
        }).slice(0, 5).map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert moving == []


def test_paper_has_no_buttons_and_all_that_was_answered(worked: Page) -> None:
    worked.emulate_media(media="print")
    try:
        for what in (
            "button",
            ".cp-button",
            ".cp-file",
            ".contents",
            ".tools",
            ".step-out",
            ".progress",
            ".skip",
        ):
            expect(worked.locator(f"{what}:visible")).to_have_count(0)
        expect(worked.locator("#exercise-is-this-a-menace .cp-feedback:visible").first).to_be_visible()
        assert worked.evaluate("getComputedStyle(document.body).backgroundColor") in (
            "rgb(255, 255, 255)",
            "rgba(0, 0, 0, 0)",
        )
        assert worked.pdf().startswith(b"%PDF")
    finally:
        worked.emulate_media(media="screen")


# settings


def test_text_size_theme_and_contrast_stay_as_they_were_set(server: Server, context: Context) -> None:
    page = open_module(context(server.address).new_page(), server.address)
    size = "(one) => parseFloat(getComputedStyle(one).fontSize)"
    task = page.locator("#exercise-three-drawers .cp-item-text").first
    before = page.locator("body").evaluate(size), task.evaluate(size)
    page.locator(".look > summary").click()
    for label in ("Very large", "Dark", "High"):
        page.get_by_label(label, exact=True).check()
    for path in ("m/1a", "", "m/no-such-module"):
        page.goto(server.address + path)
        root = page.locator("html")
        expect(root).to_have_attribute("data-theme", "dark")
        expect(root).to_have_attribute("data-contrast", "high")
        assert page.locator("body").evaluate(size) > 1.5 * before[0]
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    open_module(page, server.address)
    assert task.evaluate(size) > 1.5 * before[1]
    page.locator(".look > summary").click()
    expect(page.get_by_label("Very large", exact=True)).to_be_checked()
    for label in ("Normal", "Light"):
        page.get_by_label(label, exact=True).check()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_a_page_follows_the_device_until_one_chooses(server: Server, context: Context) -> None:
    page = context(server.address, color_scheme="dark").new_page()
    page.goto(server.address)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


@pytest.mark.parametrize("way", ["the button", "Escape twice"])
def test_stepping_out_covers_the_page_and_one_comes_back(way: str, module_page: Open) -> None:
    page = module_page()
    title = page.title()
    field = page.locator("#exercise-define-it textarea").first
    Mouse(page).write(field, "Still here.")
    if way == "the button":
        page.locator("[data-step-out]").click()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    calm = page.get_by_role("dialog")
    expect(calm).to_be_visible()
    expect(calm).to_contain_text("Nothing you typed is lost")
    expect(page).to_have_title("Take a moment")
    covered = page.evaluate(
        """() => [[5, 5], [innerWidth / 2, innerHeight / 2], [innerWidth - 5, innerHeight - 5], [5, innerHeight - 5]]
          .every(([x, y]) => document.elementFromPoint(x, y)?.closest("dialog"))"""
    )
    assert covered
    background = calm.evaluate("(one) => getComputedStyle(one).backgroundColor")
    assert not re.search(r"rgba\(.*, 0?\.?\d*\)$", background) or background.endswith(", 1)")
    page.get_by_role("button", name="Come back").click()
    expect(calm).to_be_hidden()
    expect(page).to_have_title(title)
    expect(field).to_have_value("Still here.")
