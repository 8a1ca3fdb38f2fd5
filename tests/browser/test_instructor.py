"""For whoever teaches: notes, timer, answers at once, steps on a projector; a password where others can come in."""

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from coptip.content import Library

from .answers import Sheet, plain
from .conftest import Context, Shoot, open_module
from .hands import Mouse, stage_box
from .serving import Server, free_port, serving, until
from .test_pages import walk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def teaching() -> Iterator[Server]:
    with serving("--instructor") as one:
        yield one


@pytest.fixture
def page(teaching: Server, context: Context) -> Page:
    """The module at the size of a projector."""
    return open_module(context(teaching.address, width=1280, height=720).new_page(), teaching.address)


def test_notes_stand_beside_the_text_and_the_exercises(page: Page, library: Library) -> None:
    expect(page.locator(".cell.notes").first).to_be_visible()
    notes = page.locator("#exercise-three-drawers .cp-instructor")
    notes.locator("summary").click()
    exercise = library.exercises["three-drawers"]
    for text in (exercise.trap, exercise.instructor.debrief):
        assert plain(text)[:80] in plain(notes.inner_text())
    rubric = page.locator("#exercise-profiles-and-enablers .cp-instructor")
    rubric.locator("summary").click()
    expect(rubric.get_by_role("table").first).to_be_visible()


def test_answers_are_shown_at_once(page: Page, sheet: Callable[[str], Sheet]) -> None:
    paper = sheet("smuggled-or-trafficked")
    stage = paper.exercise.stages[0]
    box = stage_box(Mouse(page).go_to(paper.exercise.id), stage)
    box.get_by_role("button", name="Show the answers at once").click()
    expect(box).to_have_attribute("data-status", "shown")
    expect(box.locator(".cp-feedback[data-verdict=missed]")).to_have_count(
        len(paper.stage_view(stage)["items"])
    )


def test_a_class_is_counted_and_a_timer_runs(page: Page) -> None:
    timer = Mouse(page).go_to("profiles-and-enablers").locator(".cp-timer")
    before = timer.get_by_role("timer").inner_text()
    timer.get_by_role("button", name="Start the timer").click()
    until(lambda: timer.get_by_role("timer").inner_text() != before)
    timer.get_by_role("button", name="Pause the timer").click()
    timer.get_by_role("button", name="Back to the beginning").click()
    expect(timer.get_by_role("timer")).to_have_text(before)


def test_one_steps_by_arrow_keys_on_a_projector(page: Page, shoot: Shoot) -> None:
    page.get_by_role("button", name="Present").click()
    count = walk(page)
    assert count > 15
    page.keyboard.press("Home")
    shoot(page, "1280/presenter")
    clock = page.locator(".present-bar .clock")
    before = clock.inner_text()
    page.keyboard.press("t")
    until(lambda: clock.inner_text() != before)
    page.keyboard.press("n")
    expect(page.locator(".notes-panel")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator(".notes-panel")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".present-bar")).to_be_hidden()
    expect(page.locator(".contents")).to_be_visible()


def presented(page: Page, id: str) -> Locator:
    """An exercise that the presenter has been started at."""
    Mouse(page).go_to(id)
    exercise = page.locator(f"#exercise-{id}")
    exercise.locator("h3").evaluate("(one) => one.scrollIntoView()")
    page.keyboard.press("p")
    return exercise


def test_keys_do_not_step_while_one_types_or_answers(page: Page) -> None:
    field = presented(page, "define-it").locator("textarea").first
    expect(field).to_be_visible()
    count = page.locator(".count").inner_text()
    field.click()
    page.keyboard.type("pnt ")
    for key in ("ArrowLeft", "ArrowRight", "Home", "End", "PageDown"):
        page.keyboard.press(key)
    expect(field).to_have_value("pnt ")
    expect(page.locator(".count")).to_have_text(count)


def test_keys_do_not_step_while_one_picks(page: Page) -> None:
    choice = presented(page, "smuggled-or-trafficked").locator(".cp-segment").first
    expect(choice).to_be_visible()
    count = page.locator(".count").inner_text()
    choice.click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".count")).to_have_text(count)


def test_instructors_pages_for_others_need_a_password() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "coptip",
            "serve",
            "--instructor",
            "--ip",
            "0.0.0.0",
            "--port",
            str(free_port()),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "choose a password with --password" in done.stdout + done.stderr
    assert len((done.stdout + done.stderr).strip().splitlines()) <= 2


def test_a_password_is_asked_for(context: Context) -> None:
    with serving("--instructor", "--ip", "0.0.0.0", "--password", "sunrise") as server:
        page = context(server.address).new_page()
        for path in ("", "m/1a"):
            page.goto(server.address + path)
            expect(page.get_by_label("Password")).to_be_visible()
            assert "Prepare" not in page.content()
        assert server.kernels() == []
        page.get_by_label("Password").fill("moonrise")
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_text("That is not the password.")).to_be_visible()
        page.get_by_label("Password").fill("sunrise")
        page.get_by_role("button", name="Open").click()
        open_module(page, server.address)
        expect(page.locator(".cell.notes").first).to_be_visible()
        kernel = page.locator("[data-kernel]").get_attribute("data-kernel")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{server.address}api/kernels/{kernel}", timeout=10)
        assert "sunrise" not in server.said
