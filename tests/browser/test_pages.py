"""The start page, a module as an app of its own, slides, a taken port: what is served, and what never is."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coptip.content import Library

from .answers import plain
from .conftest import Context, Shoot, open_module
from .hands import Mouse
from .serving import Server, serving

pytestmark = pytest.mark.browser


def coptip(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "coptip", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_start_page_lists_modules_minutes_and_outcomes(
    server: Server, context: Context, library: Library
) -> None:
    page = context(server.address).new_page()
    page.goto(server.address)
    modules = page.locator(".modules > .module")
    expect(modules).to_have_count(10)
    written = modules.filter(has=page.get_by_role("link"))
    expect(written).to_have_count(len(library.modules))
    one = library.modules["1a"]
    box = modules.filter(has_text=one.title)
    expect(box).to_contain_text("hours")
    for outcome in one.outcomes:
        expect(box).to_contain_text(plain(outcome.text))
    for entry in modules.all():
        if entry.get_by_role("link").count() == 0:
            expect(entry).to_contain_text("In preparation")
    box.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(one.title)
    page.get_by_role("link", name="All modules").click()
    expect(page.locator(".modules")).to_be_visible()


def test_pages_have_title_language_landmarks_and_one_heading(server: Server, context: Context) -> None:
    page = context(server.address).new_page()
    for path in ("", "m/1a", "m/no-such-module"):
        page.goto(server.address + path)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert len(page.title()) > 8
        for landmark in ("main", "navigation", "contentinfo", "banner"):
            expect(page.get_by_role(landmark).first).to_be_attached()
        expect(page.get_by_role("main")).to_have_count(1)
        expect(page.locator("h1")).to_have_count(1)


def test_an_address_leads_to_its_exercise(server: Server, context: Context) -> None:
    page = context(server.address).new_page()
    page.goto(server.address + "m/1a#exercise-iceberg")
    expect(page.locator("section#exercise-iceberg h3")).to_be_in_viewport(timeout=20_000)


def test_one_module_is_served_as_an_app_of_its_own(context: Context, tmp_path: Path) -> None:
    with serving("1a", cwd=tmp_path) as server:
        page = open_module(context(server.address).new_page(), server.address, path="")
        expect(page.get_by_role("link", name="All modules")).to_have_count(0)
        expect(page.locator("[rel=next], [rel=prev]")).to_have_count(0)
        box = Mouse(page).go_to("smuggled-or-trafficked").locator(".cp-stage").first
        box.locator(".cp-segment").first.click()
        Mouse(page).check(box)
        expect(box.locator(".cp-summary")).to_contain_text("stand")


def test_everything_works_under_a_path_prefix(context: Context) -> None:
    with serving("--base-url", "/user/somebody/coptip/") as server:
        page = context(server.address).new_page()
        page.goto(server.address)
        page.locator(".modules").get_by_role("link", name="1A").click()
        box = Mouse(page).go_to("smuggled-or-trafficked").locator(".cp-stage").first
        box.locator(".cp-segment").first.click()
        Mouse(page).check(box)
        expect(box.locator(".cp-summary")).to_contain_text("stand")


# slides


def test_slides_are_one_file_that_asks_for_nothing(context: Context, tmp_path: Path, shoot: Shoot) -> None:
    done = coptip("slides", "1a", "--out", str(tmp_path / "slides.html"))
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["slides.html"]
    one = context(width=1280, height=720)
    asked: list[str] = []
    one.on("request", lambda request: asked.append(request.url))
    page = one.new_page()
    page.goto((tmp_path / "slides.html").as_uri())
    asked_first = [url for url in asked if not url.startswith(("file:", "data:"))]
    page.keyboard.press("p")
    steps = walk(page)
    assert steps > 15
    page.keyboard.press("Home")
    expect(page.locator(".count")).to_have_text(f"1 of {steps}")
    page.keyboard.press("n")
    notes = page.locator(".notes-panel")
    expect(notes).to_be_visible()
    while "No notes" in notes.inner_text():
        page.keyboard.press("ArrowRight")
    assert len(notes.inner_text()) > 40
    shoot(page, "1280/slides")
    assert asked_first == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


TOO_WIDE = """() => [document.documentElement, document.querySelector(".lesson")]
  .map((one) => one.scrollWidth - one.clientWidth)"""


def walk(page: Page) -> int:
    """Step from the first to the last with the arrow key; returns how many steps there are."""
    page.keyboard.press("Home")
    count = int(page.locator(".count").inner_text().split()[-1])
    for n in range(1, count + 1):
        expect(page.locator(".count")).to_have_text(f"{n} of {count}")
        expect(page.locator(".lesson > .cell:not(.off):visible").first).to_be_attached()
        wide = page.evaluate(TOO_WIDE)
        assert max(wide) <= 1, f"step {n} is wider than the screen"
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".count")).to_have_text(f"{count - 1} of {count}")
    return count


# ports


def test_a_taken_port_is_told_in_one_sentence_with_the_remedy(server: Server) -> None:
    port = server.address.rpartition(":")[2].strip("/")
    done = coptip("serve", "--port", port)
    assert done.returncode == 1
    said = (done.stdout + done.stderr).strip()
    assert len(said.splitlines()) == 1
    assert f"Port {port}" in said
    assert f"PORT={int(port) + 1} make serve" in said


def test_a_module_that_is_not_written_is_told(server: Server) -> None:
    done = coptip("serve", "9z")
    assert done.returncode == 1
    assert "No module called '9z'" in done.stderr
    assert "Traceback" not in done.stderr
