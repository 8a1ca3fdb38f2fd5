"""What reaches across modules: work brought in, earlier answers, what has changed, the summary, the planner."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from coptip import planning
from coptip.content import Library
from coptip.course.exercise import (
    Change,
    ChangeRow,
    Choice,
    ChoiceItem,
    Collect,
    Earlier,
    Exercise,
    Field,
    Form,
    Made,
    Option,
    Section,
    Text,
    TextItem,
)
from coptip.course.materials import Materials
from coptip.course.view import stage_view
from coptip.render.widget import strings

from ..conftest import ROOT
from .bench import bench_page, bench_view, empty_page

pytestmark = pytest.mark.browser

SCALE = Field(
    id="find", label="Find victims", input="scale", low=1, high=10, low_label="not", high_label="fully"
)
ASKED = Field(id="child", label="A child?", input="choice", options={"two": "Two elements", "three": "Three"})
SURVEY = Form(
    interaction="form",
    id="line",
    prompt="Rate.",
    sections=(Section(id="ready", title="Ready", fields=(SCALE, ASKED)),),
)
BOARD = Form(
    interaction="form",
    id="board",
    prompt="",
    sections=(Section(id="cause", title="Causes", fields=(Field(id="what", label="What"),), repeat=True),),
)
NOTE = Text(interaction="text", id="note", prompt="", items=(TextItem(id="mine", text="In your words?"),))


def exercise(id: str, *stages: Any) -> Exercise:
    return Exercise(
        id=id,
        brief="X",
        kind="survey",
        title=f"Title of {id}",
        outcome="x",
        minutes=5,
        trap="",
        stages=stages,
        guide=(),
    )


START, LOCAL, WORDS = exercise("start", SURVEY), exercise("local", BOARD), exercise("words", NOTE)
MATERIALS = Materials(exercises={"start": START, "local": LOCAL, "words": WORDS})
KEPT = {
    "start": {"line": {"ready": [{"find": "8", "child": "three"}]}},
    "local": {"board": {"cause": [{"what": "Debts at the shop"}, {}]}},
}
INVENTORY = Section(
    id="tools",
    title="Tools",
    repeat=True,
    card="tool",
    fields=(Field(id="tool", label="Tool"), Field(id="where", label="Where first")),
    collect=Collect(
        of=(
            Made(exercise="local", stage="board", title="The board"),
            Made(exercise="words", stage="note", title="My words"),
        ),
        into="tool",
        text="Nothing is kept here.",
    ),
)
COLLECTING = exercise("inventory", Form(interaction="form", id="tools", prompt="", sections=(INVENTORY,)))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with empty_page(browser) as one:
        yield one


def test_what_was_made_elsewhere_is_brought_in_and_can_be_read_beneath_its_card(page: Page) -> None:
    page.set_content(bench_page(COLLECTING, materials=MATERIALS, kept=KEPT))
    page.get_by_role("button", name="Bring in what I made").click()
    card = page.locator(".cp-card.cp-entry")
    expect(card).to_have_count(1)
    expect(card.get_by_role("textbox", name="Tool")).to_have_value("The board")
    card.get_by_text("What you wrote there").click()
    expect(card).to_contain_text("Debts at the shop")
    expect(page.locator(".cp-collect")).to_contain_text("Not made yet, or not kept here:My words")
    page.get_by_role("button", name="Bring in what I made").click()
    expect(card).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(card).to_have_count(0)


def test_where_nothing_is_kept_a_sentence_says_so(page: Page) -> None:
    page.set_content(bench_page(COLLECTING, materials=MATERIALS))
    page.get_by_role("button", name="Bring in what I made").click()
    expect(page.locator(".cp-collect")).to_contain_text("Nothing is kept here.")
    expect(page.locator(".cp-card.cp-entry")).to_have_count(0)


AGAIN = Form(
    interaction="form",
    id="now",
    prompt="",
    sections=(
        Section(
            id="ready",
            title="Ready",
            fields=(
                Field(
                    id="find",
                    label="Find victims",
                    input="scale",
                    low=1,
                    high=10,
                    low_label="not",
                    high_label="fully",
                    earlier=Earlier(exercise="start", stage="line"),
                ),
            ),
        ),
    ),
)
QUESTIONS = Choice(
    interaction="choice",
    id="asked",
    prompt="",
    earlier=Earlier(exercise="start", stage="line", section="ready"),
    items=(
        ChoiceItem(
            id="child",
            text="A child?",
            options=(
                Option(id="two", text="Two elements", feedback="Yes.", correct=True),
                Option(id="three", text="Three", feedback="No."),
            ),
        ),
    ),
)
CHANGED = Form(
    interaction="form",
    id="changed",
    prompt="",
    sections=(Section(id="s", title="S", fields=(Field(id="b", label="B"),)),),
    change=Change(
        ratings="now",
        questions="asked",
        rows=(
            ChangeRow(text="Finding victims", rating="ready.find", questions=("child",), again="Module 4."),
        ),
    ),
)
REVISITED = exercise("revisited", AGAIN, QUESTIONS, CHANGED)


def test_an_earlier_answer_stands_beside_the_new_one_and_one_who_feels_surer_than_he_was_is_told(
    page: Page,
) -> None:
    page.set_content(bench_page(REVISITED, materials=MATERIALS, kept=KEPT))
    page.locator("[data-stage=now] input[value='9']").check(force=True)
    expect(page.locator("[data-stage=now] .cp-earlier")).to_have_text("You said before: 8")
    # the kernel's answers, as the page would get them: wrong at first, right then
    page.evaluate("document.querySelectorAll('.cp-stage').forEach((one) => (one.hidden = false))")
    asked = page.locator("[data-stage=asked]")
    expect(asked.locator(".cp-earlier")).to_be_hidden()
    asked.locator("input[value='three']").check()
    asked.get_by_role("button", name="Check your answer").click()
    marks = {"child": {"verdict": "right", "text": "Yes."}}
    told = {
        "status": "done",
        "tries": 2,
        "summary": "Right.",
        "items": marks,
        "notes": [],
        "answer": {"child": "two"},
    }
    page.evaluate(
        "([told, sent]) => window.answer({asked: told, '': {done: false}}, {asked: sent})",
        [told, {"child": "two"}],
    )
    expect(asked.locator(".cp-earlier")).to_have_text("You said before: Three")
    row = page.locator(".cp-change tbody tr")
    expect(row).to_contain_text("8\u00a0→ 9")
    expect(row).to_contain_text("0\u00a0/\u00a01\u00a0→ 0\u00a0/\u00a01")
    expect(row).to_contain_text("You feel surer than your answers were. Module 4.")


def test_what_was_written_before_stands_beneath_the_new_text_once_that_was_checked(page: Page) -> None:
    once_more = TextItem(
        id="now", text="Once more?", earlier=Earlier(exercise="words", stage="note", field="mine")
    )
    again = exercise("again", Text(interaction="text", id="again", prompt="", items=(once_more,)))
    kept = {"words": {"note": {"mine": {"text": "Trust, mostly. <b>And</b> time."}}}}
    told = {
        "status": "done",
        "tries": 1,
        "summary": "Kept.",
        "items": {"now": {"verdict": "right", "text": "Kept."}},
        "notes": [],
    }
    for there, expected in (
        (kept, "You wrote before:Trust, mostly. <b>And</b> time."),
        ({}, "No earlier answer is kept here."),
    ):
        page.goto("about:blank")
        page.set_content(bench_page(again, materials=MATERIALS, kept=there))
        before = page.locator(".cp-earlier")
        expect(before).to_be_hidden()
        page.get_by_role("textbox").fill("Partners.")
        expect(before).to_be_hidden()
        page.evaluate(
            "([told, sent]) => window.answer({again: told, '': {done: true}}, {again: sent})",
            [told, {"now": {"text": "Partners.", "ticks": {}}}],
        )
        expect(before).to_have_text(expected)


def test_the_summary_prints_what_was_written_and_is_empty_with_a_sentence_where_nothing_is_kept(
    page: Page,
) -> None:
    stages = {
        one.id: [stage_view(one, stage, MATERIALS) for stage in one.stages] for one in (START, LOCAL, WORDS)
    }
    view = {
        "type": "summary",
        "id": "summary",
        "title": "What I wrote and made",
        "modules": [
            {
                "id": "1a",
                "title": "1A Module",
                "exercises": [{"id": id, "title": f"Title of {id}", "stages": stages[id]} for id in stages],
            },
        ],
    }
    page.set_content(bench_view(view, kept=KEPT))
    expect(page.locator(".cp-summary")).to_have_text("Exercises done: 2. With something that you wrote: 2.")
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="Print my summary").click()
    sheet = page.locator(".cp-sheet")
    for said in ("Debts at the shop", "8 (1: not; 10: fully)", "Title of local", "no real victim"):
        expect(sheet).to_contain_text(said)
    expect(sheet).not_to_contain_text("Title of words")
    page.goto("about:blank")
    page.set_content(bench_view(view))
    expect(page.locator(".cp-summary")).to_have_text(strings()["summary_empty"])
    expect(page.get_by_role("button", name="Print my summary")).to_be_hidden()


def test_the_planner_shows_a_timetable_what_is_left_over_and_what_a_proposal_makes_of_it(page: Page) -> None:
    library = Library(ROOT)
    modules = tuple(library.modules.values())
    page.expose_function(
        "kernel", lambda message: json.loads(json.dumps(planning.answer(modules, {"4": 45}, message)))
    )
    page.set_content(bench_view(planning.view(modules)))
    expect(page.locator(".cp-plan h4", has_text="Day 1")).to_be_visible()
    expect(page.locator(".cp-plan h4", has_text="Left over")).to_be_visible()
    page.locator(".cp-planner input[value='3']").check(force=True)
    expect(page.locator(".cp-plan h4", has_text="Day 3")).to_be_visible()
    page.get_by_role("button", name="Propose what fits").click()
    expect(page.locator(".cp-plan li", has_text=re.compile(r"Short: .*1B"))).to_be_visible()
    page.get_by_text("Choose for each module").click()
    four = page.locator(".cp-plan-modules .cp-field").nth([m.id for m in modules].index("4"))
    four.get_by_role("radio", name="Leave out").check(force=True)
    expect(page.locator(".cp-plan li", has_text="Left out: 4. With them go 45 things")).to_be_visible()
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="Print").click()
    sheet = page.locator(".cp-sheet")
    expect(sheet.locator("th", has_text="Local case").first).to_be_attached()
    expect(sheet).not_to_contain_text("Training exercise")
