"""On paper: every work product of the collection, filled in as a group would do it, stands on one or two pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from coptip.content import Library
from coptip.course.exercise import Field, Form

from ..conftest import ROOT
from .bench import bench_page, empty_page

LIBRARY = Library(ROOT)
FORMS = [
    (id, stage.id)
    for module in LIBRARY.modules.values()
    for id in module.exercises
    for stage in LIBRARY.exercises[id].stages
    if isinstance(stage, Form)
]
MOST_PAGES = 2
CARDS = 6
"""So many cards at most; who fills in thirty prints more."""
LINE = "The women's savings group behind the market, on Fridays"
PARAGRAPH = (
    "Most of them sew in the houses by the river, and nobody asks who keeps their papers there. "
    "In the dry season an agent comes by boat; who goes with him is heard of again at the feast, or not at all."
)


def filled(field: Field) -> Any:
    """What a group would write into a field."""
    match field.input:
        case "line":
            return LINE
        case "paragraph":
            return PARAGRAPH
        case "choice":
            return next(iter(field.options))
        case "many":
            return list(field.options)[:2]
        case "tick":
            return "yes"
        case "number" | "scale":
            return str(field.high if field.high is not None else 7)
        case "date":
            return "2026-11-25"


def product(form: Form) -> dict[str, Any]:
    """A form with something in every field, and cards as many as stand there at first (three at least)."""
    cards = {s.id: min(CARDS, s.most, max(3, s.start)) if s.repeat else 1 for s in form.sections}
    return {s.id: [{f.id: filled(f) for f in s.fields}] * cards[s.id] for s in form.sections}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with empty_page(browser) as one:
        yield one


@pytest.mark.parametrize(("id", "stage_id"), FORMS, ids=["/".join(one) for one in FORMS])
def test_a_work_product_prints_on_two_pages_at_most(page: Page, id: str, stage_id: str) -> None:
    form = LIBRARY.exercises[id].stage(stage_id)
    assert isinstance(form, Form)
    exercise = replace(LIBRARY.exercises[id], stages=(replace(form, change=None),))
    page.goto("about:blank")
    page.set_content(bench_page(exercise, materials=LIBRARY.materials))
    stage = page.locator(".cp-stage")
    file = json.dumps({"coptip-form": id, "stage": form.id, "sections": product(form)})
    stage.locator(".cp-opener input[accept*=json]").first.set_input_files(
        {"name": "work.json", "mimeType": "application/json", "buffer": file.encode()}
    )
    expect(stage.locator(".cp-undo-text")).to_contain_text("The file is open.")
    stage.get_by_role("button", name="Print", exact=True).click()
    expect(page.locator(".cp-sheet h1")).to_be_attached()
    pdf = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) <= MOST_PAGES
