"""What a form draws of its own fields, takes over from another, and what a record of mistakes puts first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from coptip.content import Library
from coptip.sitting import Sitting

from ..conftest import ROOT
from .bench import bench_page, empty_page

LIBRARY = Library(ROOT)
PARTNERS = [
    {"name": "Fish sellers' union", "kind": "union", "reach": "high", "contact": "none", "their-interest": "Fair ice"},
    {"name": "Clinic at the pier", "kind": "health", "reach": "high", "contact": "strong"},
    {"name": "Youth club", "kind": "school"},
]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with empty_page(browser) as one:
        yield one


def opened(page: Page, id: str, stage: str, **more: Any) -> Locator:
    """One stage of an exercise, on a page of its own."""
    exercise = LIBRARY.exercises[id]
    one = replace(exercise, stages=tuple(s for s in exercise.stages if s.id == stage))
    page.goto("about:blank")
    page.set_content(bench_page(one, materials=LIBRARY.materials, **more))
    return page.locator(f"[data-stage={stage}]")


def row(table: Locator, head: str) -> Locator:
    return table.locator("tbody tr").filter(has=table.page.get_by_role("rowheader", name=head, exact=True))


def test_the_hours_of_a_station_are_drawn_as_they_are_typed_with_number_and_share(page: Page) -> None:
    stage = opened(page, "four-themes", "own-hours")
    drawn = stage.locator("table.cp-drawn")
    expect(row(drawn, "Prevention")).to_contain_text("not said yet")
    stage.get_by_role("textbox", name="Prevention").fill("10")
    expect(stage.get_by_role("slider", name="Prevention")).to_have_value("10")
    stage.get_by_role("slider", name="Law enforcement").fill("30")
    expect(stage.get_by_role("textbox", name="Law enforcement")).to_have_value("30")
    expect(row(drawn, "Prevention")).to_contain_text("10 hours")
    expect(row(drawn, "Prevention")).to_contain_text("25 %")
    bar = row(drawn, "Law enforcement and prosecution").locator(".cp-bar")
    assert bar.evaluate("one => one.style.inlineSize") == "100%"
    expect(row(drawn, "Cooperation across borders")).to_contain_text("–")


def test_partners_are_laid_out_by_reach_and_contact_and_the_hole_to_begin_with_is_named(page: Page) -> None:
    kept = {"community-partner-map": {"map": {"partners": PARTNERS}}}
    stage = opened(page, "community-partner-map", "map", kept=kept)
    grid = stage.locator(".cp-drawn")
    well = row(grid.locator("table"), "Well")
    expect(well.locator("td .cp-cell")).to_have_text(["Clinic at the pier", "nobody yet", "Fish sellers' union"])
    expect(grid.locator(".cp-look")).to_contain_text("Fish sellers' union")
    expect(grid).to_contain_text("Not placed yet: Youth club.")
    expect(stage.locator(".cp-counts li").filter(has_text="Faith")).to_contain_text("none yet")


def test_cards_are_taken_over_from_the_map_once_and_can_be_taken_back(page: Page) -> None:
    kept = {"community-partner-map": {"map": {"partners": PARTNERS}}}
    stage = opened(page, "partnership-plan", "plan", kept=kept)
    take = stage.get_by_role("button", name="Take over the cards of “Community partner map”")
    take.click()
    names = stage.locator("[data-section=partners] fieldset").get_by_label("Partner, as a role or group")
    expect(names).to_have_count(3)
    assert [names.nth(n).input_value() for n in range(3)] == [one["name"] for one in PARTNERS]
    worry = stage.locator("[data-section=partners] fieldset").first.get_by_label("What the partner worries about")
    expect(worry).to_have_value("Fair ice")
    take.click()
    expect(names).to_have_count(3)
    stage.get_by_role("button", name="Undo").click()
    expect(names.first).to_have_value("")


def test_where_no_map_is_kept_it_says_so_and_changes_nothing(page: Page) -> None:
    stage = opened(page, "partnership-plan", "plan")
    stage.get_by_role("button", name="Take over the cards").click()
    expect(stage.locator(".cp-collect")).to_contain_text("No partner map of Module 1B is kept here.")
    expect(stage.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")


def test_the_myth_round_begins_with_what_one_went_wrong_at(page: Page) -> None:
    exercise = LIBRARY.exercises["myth-round"]
    sitting = Sitting(exercise, LIBRARY.materials)
    items = LIBRARY.exercises["person-first-papers-later"].stage("today-wait-never").items  # type: ignore[union-attr]
    bad = {i.id: [next(o.id for o in i.options if not o.correct)] for i in items}  # type: ignore[union-attr]
    did = {"person-first-papers-later": [{"action": "check", "stage": "today-wait-never", "responses": bad}]}

    def asked(message: dict[str, Any]) -> dict[str, Any] | None:
        return {"kind": "missed", **sitting.missed(message)} if message["action"] == "missed" else None

    page.expose_function("asked", asked)
    stage = opened(page, "myth-round", "twenty", did=did)
    first = stage.locator(".cp-tile").first
    before = first.inner_text()
    page.evaluate("() => { window.kernel = (message) => window.asked(message); }")
    stage.get_by_role("button", name="Put first what I missed before").click()
    expect(first).to_contain_text("missed before")
    expect(first).to_contain_text("Without papers she has to be handed to immigration first.")
    assert first.inner_text() != before
    expect(stage.locator(".cp-tile")).to_have_count(20)
    expect(stage.locator(".cp-tile").last).to_contain_text("20 of 20")


def test_without_a_record_the_myths_stay_in_their_usual_order(page: Page) -> None:
    stage = opened(page, "myth-round", "twenty")
    before = stage.locator(".cp-tile").all_inner_texts()
    stage.get_by_role("button", name="Put first what I missed before").click()
    expect(stage.locator(".cp-collect")).to_contain_text("Nothing of the other modules is kept here")
    assert stage.locator(".cp-tile").all_inner_texts() == before
