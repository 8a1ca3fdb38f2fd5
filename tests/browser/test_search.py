"""The search of the start page: over all modules, without a network, by keyboard, and nothing is sent."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import Context
from .serving import Server
from .test_look import SMALL, WIDER, faults

pytestmark = pytest.mark.browser


@pytest.fixture
def start(server: Server, context: Context) -> Page:
    page = context(server.address).new_page()
    page.goto(server.address)
    return page


def ask(page: Page, question: str) -> None:
    page.get_by_role("searchbox", name="Search all modules").fill(question)


def test_words_are_found_by_their_beginnings_and_lead_to_their_place(start: Page) -> None:
    ask(start, "menace penal")
    expect(start.locator("[data-search] [role=status]")).to_contain_text("found")
    first = start.locator("[data-search] li").first
    expect(first.locator("mark").first).to_be_visible()
    where = str(first.get_by_role("link").get_attribute("href"))
    first.get_by_role("link").click()
    expect(start).to_have_url(f"{start.url.split('/m/')[0]}{where}")
    expect(start.locator(f"[id='{where.partition('#')[2]}']")).to_be_in_viewport(timeout=20_000)


def test_a_question_is_not_sent_and_what_stands_in_it_is_only_text(start: Page) -> None:
    asked: list[str] = []
    start.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    for question in ("hoax <img src=x onerror=window.__ran=1>", "ឧក្រិដ្ឋកម្ម", "zz(.*"):
        ask(start, question)
        expect(start.locator("[data-search] [role=status]")).to_contain_text("Nothing found")
    ask(start, "(\\")
    expect(start.locator("[data-search] [role=status]")).to_be_empty()
    assert [url for url in asked if "/static/" not in url] == []
    assert "hoax" not in "".join(asked)


def test_no_answer_that_has_to_be_earned_is_found(start: Page) -> None:
    index = start.evaluate(
        "async () => (await fetch(document.querySelector('[data-search]').dataset.index)).json()"
    )
    text = " ".join(row[3] for row in index)
    assert "Short of time" not in text
    assert "nobody has yet done anything to him" not in text.lower()
    assert len(index) > 30


def test_the_search_is_accessible_and_fits_a_telephone(start: Page) -> None:
    ask(start, "traffick")
    expect(start.locator("[data-search] li")).not_to_have_count(0)
    start.set_viewport_size({"width": 360, "height": 740})
    assert start.evaluate(WIDER) == []
    assert start.evaluate(SMALL) == []
    assert faults(start) == []
    start.keyboard.press("Tab")
    expect(start.locator("[data-search] li a").first).to_be_focused()
