"""A kiosk: nothing of a person outlives the visit, and going from module to module is no leaving."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, expect

from coptip.serve.settings import KIOSK_WAITS, Waits

from ..browser.serving import Server, children, serving, until
from ..conftest import ROOT
from .people import EMPTY, Person, stored
from .visitor import Visitor

pytestmark = pytest.mark.browser

MARK = "Somsri-wrote-this-here"
"""What a person types."""
LEAVING = 2
"""Seconds after leaving in which a kernel is gone: promised."""


def of_the_unit() -> dict[str, str]:
    """The environment that the service of deploy/ gives a kiosk."""
    unit = (ROOT / "deploy" / "coptip-kiosk.service").read_text("utf-8")
    pairs = " ".join(re.findall(r"^Environment=(.*)", unit, re.MULTILINE)).split()
    return dict(pair.split("=", 1) for pair in pairs)


@pytest.fixture(scope="module")
def kiosk(tampered: Path) -> Iterator[Server]:
    waits = "grace=1.5,ping=1,idle=600"
    env = {**of_the_unit(), "COPTIP_ROOT": str(tampered)}
    with serving("--waits", waits, "--rate", "0", env=env, command="kiosk") as one:
        yield one


@pytest.fixture
def context(browser: Browser, kiosk: Server) -> Iterator[BrowserContext]:
    one = browser.new_context()
    one.set_default_timeout(20_000)
    yield one
    one.close()
    until(lambda: not kiosk.kernels(), 10)


def gone(server: Server) -> None:
    until(lambda: not server.kernels(), LEAVING)


def test_the_promised_waits_are_what_a_kiosk_starts_with() -> None:
    waits = Waits.of("", **KIOSK_WAITS)
    assert waits.idle == 180
    assert 2 * waits.ping + waits.grace + 1 <= 60
    assert waits.answer <= 8


def test_going_from_module_to_module_keeps_the_text_and_leaves_no_trace(
    context: BrowserContext, kiosk: Server
) -> None:
    person = Person(context, kiosk).ready()
    person.write(MARK)
    entries = person.page.evaluate("history.length")
    person.inside.get_by_role("link", name=re.compile("^Next:|^Before:")).first.click()
    person.inside.locator("h1").filter(has_not_text="1A").wait_for()
    person.inside.get_by_role("link", name="All modules").click()
    expect(person.inside.locator("[data-begun='1a']")).to_contain_text("You have begun 1 exercise here")
    person.inside.locator(".modules a[href$='m/1a']").click()
    expect(person.field).to_have_value(MARK, timeout=30_000)
    person.check()
    expect(person.stage).to_have_attribute("data-status", re.compile("tried|done"))
    until(lambda: len(kiosk.kernels()) == 1)
    assert person.page.evaluate("history.length") == entries
    assert stored(person.page).replace(" ", "") == EMPTY * len(person.page.frames)
    assert MARK not in person.page.url
    for cookie in context.cookies():
        assert cookie["expires"] == -1, "a cookie outlives the browser"
        assert MARK not in cookie["value"]
    # a link inside the page, and one that leads elsewhere
    person.inside.locator(".contents a").last.click()
    assert person.page.evaluate("history.length") == entries


def test_finish_erases_everything_and_the_next_person_is_a_new_one(context: BrowserContext, kiosk: Server) -> None:
    person = Person(context, kiosk).ready()
    person.write(MARK)
    person.check()
    expect(person.stage).to_have_attribute("data-status", re.compile("tried|done"))
    before = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    assert any(held(pid, MARK.encode()) for pid in kiosk.kernels())
    person.page.get_by_role("button", name="Finish", exact=True).click()
    person.page.get_by_role("button", name="No, go back").click()
    expect(person.field).to_have_value(MARK)
    person.page.get_by_role("button", name="Finish", exact=True).click()
    person.page.get_by_role("button", name="Yes, finish and erase").click()
    gone(kiosk)
    person.inside.locator(".modules").wait_for()
    after = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    assert set(before) == set(after)
    assert all(before[name] != after[name] for name in before)
    assert stored(person.page).replace(" ", "") == EMPTY * len(person.page.frames)
    assert MARK not in "".join(frame.content() for frame in person.page.frames)
    # what lies behind in the browser's history is a page that begins anew
    person.page.go_back()
    expect(person.page.locator("html")).to_be_attached()
    assert MARK not in "".join(frame.content() for frame in person.page.frames)
    person.page.go_forward()
    person.inside.locator(".modules").wait_for()
    assert MARK not in "".join(frame.content() for frame in person.page.frames)
    following = Person(context, kiosk).ready()
    expect(following.field).to_have_value("")
    # neither the process that the next kernel is forked from, nor that kernel, ever held it
    for pid in children(kiosk.process.pid):
        assert not held(pid, MARK.encode()), "a process that the next person gets holds the last one's text"
    # and what passed it on has overwritten it
    assert not held(kiosk.process.pid, MARK.encode())
    assert MARK not in kiosk.said


def held(pid: int, what: bytes) -> bool:
    """Whether these bytes stand anywhere in what a process has written to its memory."""
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            place, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(x, 16) for x in place.split("-"))
            try:
                memory.seek(start)
                if what in memory.read(end - start):
                    return True
            except (OSError, ValueError, OverflowError):
                continue
    return False


@pytest.mark.parametrize("way", ["reload", "leave", "close"])
def test_reload_and_leaving_end_the_kernel_at_once(way: str, context: BrowserContext, kiosk: Server) -> None:
    person = Person(context, kiosk).ready()
    person.write(MARK)
    [kernel] = kiosk.kernels()
    match way:
        case "reload":
            person.page.reload()
        case "leave":
            person.page.goto("about:blank")
        case _:
            person.page.close(run_before_unload=True)
    until(lambda: kernel not in kiosk.kernels(), LEAVING)
    if way == "reload":
        person.ready()
        expect(person.field).to_have_value("")
        assert stored(person.page).replace(" ", "") == EMPTY * len(person.page.frames)


def test_after_a_crash_of_the_browser_the_kernel_ends(context: BrowserContext, kiosk: Server) -> None:
    person = Person(context, kiosk).ready()
    with pytest.raises(Error, match="crash"):
        person.page.goto("chrome://crash", timeout=10_000)
    until(lambda: not kiosk.kernels(), 10)


def test_a_person_who_is_away_is_counted_down_and_any_touch_stops_it(browser: Browser, tampered: Path) -> None:
    waits = "idle=9,countdown=6,grace=1.5,ping=1"
    with serving("--waits", waits, env={"COPTIP_ROOT": str(tampered)}, command="kiosk") as server:
        context = browser.new_context()
        person = Person(context, server).ready()
        person.write(MARK)
        box = person.page.locator("[data-idle-box]")
        expect(box).to_be_visible(timeout=9_000)
        expect(box.locator("[data-left]")).to_have_text(re.compile("^[1-6]$"))
        person.page.mouse.click(3, 300)
        expect(box).to_be_hidden()
        expect(person.field).to_have_value(MARK)
        expect(box).to_be_visible(timeout=9_000)
        person.page.keyboard.press("Shift")
        expect(box).to_be_hidden()
        until(lambda: not server.kernels(), 15)
        person.inside.locator(".modules").wait_for(timeout=15_000)
        assert stored(person.page).replace(" ", "") == EMPTY * len(person.page.frames)
        assert MARK not in "".join(frame.content() for frame in person.page.frames)
        assert MARK not in server.said
        context.close()


def test_a_page_of_a_kiosk_opened_alone_goes_into_its_place(context: BrowserContext, kiosk: Server) -> None:
    person = Person(context, kiosk, "in/m/1a").ready()
    assert person.page.url == kiosk.address + "m/1a"


def test_a_file_would_stay_on_a_kiosk_so_none_is_offered(context: BrowserContext, kiosk: Server) -> None:
    person = Person(context, kiosk).ready()
    review = person.inside.locator("#exercise-review")
    review.wait_for(state="attached")
    expect(review.get_by_role("button", name="Save my record")).to_have_count(0)
    expect(review.get_by_role("button", name=re.compile("Print"))).to_have_count(1)


def test_leaving_needs_the_pages_own_token(kiosk: Server) -> None:
    visitor = Visitor(kiosk.address)
    visitor.ask("")
    assert visitor.ask("leave", "POST", body="_xsrf=guess", headers={"Origin": visitor.origin}).status == 403
    assert visitor.ask("leave").status == 405
