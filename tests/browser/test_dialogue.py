"""A talk on the page: by mouse, by finger and by keys alone; back a turn, begun again, kept, read turn by turn."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from coptip.course.dialogue import Dialogue

from .answers import Sheet, plain, said_line_by_line, way_to
from .conftest import Context, Shoot, open_module
from .hands import Finger, Hands, Keyboard, Mouse, stage_box
from .serving import Server

pytestmark = pytest.mark.browser

MODULE, ID = "m/4", "if-i-call-you"

Sheets = Callable[[str], Sheet]


def talk_of(paper: Sheet) -> Dialogue:
    return next(stage for stage in paper.exercise.stages if isinstance(stage, Dialogue))


def open_page(server: Server, context: Context, **options: object) -> Page:
    return open_module(context(server.address, **options).new_page(), server.address, MODULE)


def hold(hands: Hands, paper: Sheet, *, reached: bool, leave_out: int = 0) -> None:
    """Hold a talk, to its end or to so many lines before it."""
    talk = talk_of(paper)
    box = stage_box(hands.page.locator(f"section#exercise-{ID}"), talk)
    lines = way_to(talk, reached=reached)
    for step in said_line_by_line(lines[: len(lines) - leave_out]):
        hands.do(box, paper.stage_view(talk), step)
        paper.take(talk, step)


@pytest.mark.parametrize("hands_of", [Mouse, Keyboard], ids=["by mouse", "by keyboard alone"])
def test_a_talk_is_held_undone_begun_again_and_read_turn_by_turn(
    hands_of: type[Hands], server: Server, context: Context, sheet: Sheets
) -> None:
    page, paper = open_page(server, context), sheet(ID)
    hands, talk = hands_of(page), talk_of(paper)
    box = stage_box(hands.go_to(ID), talk)
    hold(hands, paper, reached=False)
    expect(box.locator(".cp-ending")).to_be_focused()
    expect(box.locator(".cp-turn")).to_have_count(len(way_to(talk, reached=False)))
    expect(box.locator(".cp-say")).to_be_hidden()
    undo = box.get_by_role("button", name="Go back one turn")
    hands.press(undo)
    expect(box.locator(".cp-turn")).to_have_count(0)
    expect(box.locator(".cp-say")).to_be_visible()
    hands.press(box.get_by_role("button", name="Start the talk again", exact=True))
    hands.press(box.get_by_role("button", name="Yes, start the talk again"))
    expect(box.locator(".cp-talk > .cp-said")).to_have_count(1)
    hold(hands, paper, reached=True)
    expect(box).to_have_attribute("data-status", "done")


def test_meters_and_forms_are_out_of_sight_until_the_talk_has_ended(
    server: Server, context: Context, sheet: Sheets
) -> None:
    page, paper = open_page(server, context), sheet(ID)
    hands, talk = Mouse(page), talk_of(paper)
    box = stage_box(hands.go_to(ID), talk)
    hold(hands, paper, reached=False, leave_out=1)
    names = [meter.text for meter in talk.meters.values()]
    held = plain(box.evaluate("(one) => one.textContent"))
    assert [name for name in names if name in held] == []
    assert [
        form for form in ("Open question", "Blaming or threatening", "Leading question") if form in held
    ] == []
    paper = sheet(ID)
    hands.press(box.get_by_role("button", name="Start the talk again", exact=True))
    hands.press(box.get_by_role("button", name="Yes, start the talk again"))
    expect(box.locator(".cp-talk > .cp-said")).to_have_count(1)
    hold(hands, paper, reached=False)
    for name in names:
        expect(box.locator(".cp-turn").first.locator(".cp-meters")).to_contain_text(name)
    expect(box.locator(".cp-better").first).to_be_visible()


def test_a_talk_half_held_stands_there_again_after_a_reload(
    server: Server, context: Context, sheet: Sheets
) -> None:
    page, paper = open_page(server, context), sheet(ID)
    hands = Mouse(page)
    hands.go_to(ID)
    hold(hands, paper, reached=True, leave_out=1)
    entries = f"section#exercise-{ID} .cp-talk > .cp-said"
    before = page.locator(entries).all_inner_texts()
    assert len(before) > 2
    page.reload()
    expect(page.locator(entries)).to_have_count(len(before), timeout=60_000)
    assert page.locator(entries).all_inner_texts() == before


def test_a_reply_is_read_out_by_the_log_and_the_focus_goes_to_the_next_lines(
    server: Server, context: Context, sheet: Sheets
) -> None:
    page, paper = open_page(server, context), sheet(ID)
    hands, talk = Keyboard(page), talk_of(paper)
    box = stage_box(hands.go_to(ID), talk)
    log = box.get_by_role("log", name=f"The talk with {talk.person}")
    expect(log).to_be_visible()
    first = next(said_line_by_line(way_to(talk, reached=True)))
    hands.do(box, paper.stage_view(talk), first)
    expect(log.locator(".cp-said")).to_have_count(3)
    expect(box.get_by_text("What do you say or do?")).to_be_focused()


def test_a_talk_fits_a_telephone_is_held_by_finger_and_axe_finds_nothing(
    server: Server, context: Context, sheet: Sheets, shoot: Shoot
) -> None:
    page, paper = open_page(server, context, width=360, height=740, has_touch=True), sheet(ID)
    hands: Hands = Finger(page)
    hands.go_to(ID)
    hold(hands, paper, reached=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = stage_box(page.locator(f"section#exercise-{ID}"), talk_of(paper))
    small = box.locator("button:visible").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(small) >= 44
    found = Axe().run(page, context=f"#exercise-{ID}").response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    shoot(box, "dialogue-360")


def test_printing_a_talk_prints_its_turns_and_nothing_else(
    server: Server, context: Context, sheet: Sheets
) -> None:
    page, paper = open_page(server, context), sheet(ID)
    page.evaluate("() => { window.print = () => {}; }")
    hands, talk = Mouse(page), talk_of(paper)
    box = stage_box(hands.go_to(ID), talk)
    hold(hands, paper, reached=False)
    hands.press(box.get_by_role("button", name="Print this talk"))
    page.emulate_media(media="print")
    printed = page.locator(".cp-sheet")
    expect(printed.locator(".cp-turn")).to_have_count(len(way_to(talk, reached=False)))
    expect(printed).to_contain_text(paper.exercise.title)
    expect(page.locator(f"section#exercise-{ID}")).to_be_hidden()
