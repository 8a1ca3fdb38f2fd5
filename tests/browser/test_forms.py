"""Work products: every input by mouse and by keys, undo, a file that loses nothing, hostile files, tables, paper."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from coptip.course.exercise import Exercise, Field, Form, Section
from coptip.course.materials import Materials
from coptip.course.view import stage_view

from .bench import bench_page, empty_page
from .hands import Keyboard, Mouse

pytestmark = pytest.mark.browser

FIELDS = (
    Field(id="line", label="A line"),
    Field(id="words", label="Some words", input="paragraph"),
    Field(id="pick", label="One of them", input="choice", options={"a": "First", "b": "Second"}),
    Field(id="lots", label="Several", input="many", options={"a": "Home", "b": "Care", "c": "Court"}),
    Field(id="asked", label="I asked the person", input="tick"),
    Field(id="number", label="How many", input="number", low=0, high=12, unit="people"),
    Field(id="sure", label="How sure", input="scale", low=1, high=10, low_label="not", high_label="fully"),
    Field(id="day", label="Last check", input="date"),
)
SHEET = Section(id="sheet", title="The sheet", fields=FIELDS)
CARDS = Section(
    id="cards",
    title="Hand-overs",
    fields=FIELDS,
    repeat=True,
    start=2,
    most=5,
    card="hand-over",
    print="table",
)
FORM = Form(
    interaction="form",
    id="form",
    prompt="Fill it in.",
    sections=(SHEET, CARDS),
    title="The printed title",
    csv=True,
)
EXERCISE = Exercise(
    id="rich",
    brief="X",
    kind="builder",
    title="Rich",
    outcome="x",
    minutes=5,
    trap="",
    stages=(FORM,),
    guide=(),
)
VIEW = stage_view(EXERCISE, FORM, Materials())
FULL = {
    "line": "A line of it", "words": "One.\n\nTwo.", "pick": "b", "lots": ["a", "c"], "asked": "yes", "number": "7",
    "sure": "10", "day": "2026-11-25",
}  # fmt: skip


@pytest.fixture(scope="module")
def bench(browser: Browser) -> Iterator[Page]:
    with empty_page(browser) as one:
        yield one


@pytest.fixture
def stage(bench: Page) -> Locator:
    return opened(bench)


def opened(bench: Page, *, instructor: bool = False) -> Locator:
    bench.set_viewport_size({"width": 1280, "height": 800})
    bench.goto("about:blank")  # what was kept in the page before is gone
    bench.set_content(bench_page(EXERCISE, instructor=instructor))
    box = bench.locator(".cp-stage")
    expect(box.locator(".cp-entry")).to_have_count(3)
    return box


def saved(stage: Locator, name: str = "Save as a file") -> str:
    """The text of the file that a button gives."""
    stage.get_by_role("button", name=name).click()
    text: str = stage.page.evaluate(
        "window.saved.at(-1).arrayBuffer().then((b) => new TextDecoder('utf-8', {ignoreBOM: true}).decode(b))"
    )
    return text


def sections(stage: Locator) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(saved(stage))["sections"]
    return found


def open_file(stage: Locator, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    stage.locator(".cp-opener input[accept*=json]").first.set_input_files(
        {"name": "work.json", "mimeType": "application/json", "buffer": data}
    )


def file_of(**parts: Any) -> str:
    return json.dumps({"coptip-form": "rich", "stage": "form", "sections": parts})


# --- filling in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Mouse, Keyboard])
def test_every_kind_of_field_is_filled_in_with_a_mouse_and_with_keys_alone(stage: Locator, kind: Any) -> None:
    second = {"line": "Another", "lots": ["b"], "sure": "1"}
    kind(stage.page).fill(stage, VIEW, {"sheet": [FULL], "cards": [FULL, {}, second]})
    assert sections(stage) == {"sheet": [FULL], "cards": [FULL, {}, second]}


def test_a_number_that_does_not_fit_is_said_and_kept_as_it_was_typed(stage: Locator) -> None:
    field = stage.locator("[data-section=sheet] input[inputmode=numeric]")
    field.fill("about 5")
    expect(stage.get_by_text("Write a whole number from 0 to 12.").first).to_be_visible()
    assert sections(stage)["sheet"] == [{"number": "about 5"}]
    field.fill("12")
    expect(stage.get_by_text("Write a whole number from 0 to 12.").first).to_be_hidden()


def test_there_are_no_more_cards_than_there_is_room_for(stage: Locator) -> None:
    for _ in range(4):
        stage.get_by_role("button", name="Add: hand-over").click()
    expect(stage.locator(".cp-card.cp-entry")).to_have_count(5)
    expect(stage.get_by_text("There is room for 5 here.").first).to_be_visible()


# --- taking back --------------------------------------------------------------------------------------------


def lines(stage: Locator) -> list[str]:
    return [
        one.input_value()
        for one in stage.locator(".cp-card.cp-entry input[autocomplete]:not([inputmode])").all()
    ]


def test_cards_are_moved_by_buttons_and_the_focus_stays_on_the_button(stage: Locator) -> None:
    open_file(stage, file_of(cards=[{"line": "a"}, {"line": "b"}, {"line": "c"}]))
    stage.get_by_role("button", name="Move up: hand-over 3").press("Enter")
    assert lines(stage) == ["a", "c", "b"]
    expect(stage.get_by_role("button", name="Move up: hand-over 2")).to_be_focused()
    stage.page.keyboard.press("Enter")
    assert lines(stage) == ["c", "a", "b"]
    stage.get_by_role("button", name="Move up: hand-over 1").press("Enter")
    assert lines(stage) == ["c", "a", "b"]


def test_every_change_is_taken_back_and_done_again_with_keys_alone(stage: Locator) -> None:
    states = [sections(stage)]
    hand, page = Keyboard(stage.page), stage.page
    first = stage.locator(".cp-card.cp-entry").first
    hand.write(first.locator("input[autocomplete]").first, "Police")
    hand.press(stage.get_by_role("button", name="Add: hand-over"))
    states += [{"sheet": [{}], "cards": [{"line": "Police"}, {}]}, sections(stage)]
    hand.press(stage.get_by_role("button", name="Move down: hand-over 1"))
    states.append(sections(stage))
    hand.tick(stage.locator(".cp-card.cp-entry").nth(1).get_by_label("Court"), True)
    states.append(sections(stage))
    hand.press(stage.get_by_role("button", name="Remove hand-over 2"))
    states.append(sections(stage))
    assert all(one != other for one, other in pairwise(states)), "every step changed something"
    for wanted in reversed(states[:-1]):
        hand.reach(stage.get_by_role("button", name="Print"))
        page.keyboard.press("Control+z")
        assert sections(stage) == wanted
    for wanted in states[1:]:
        hand.reach(stage.get_by_role("button", name="Print"))
        page.keyboard.press("Control+Shift+z")
        assert sections(stage) == wanted


def test_inside_a_text_the_keys_undo_letters_and_leave_the_cards_alone(stage: Locator) -> None:
    stage.get_by_role("button", name="Add: hand-over").click()
    field = stage.locator(".cp-card.cp-entry input[autocomplete]").first
    field.press_sequentially("abc")
    field.press("Control+z")
    expect(stage.locator(".cp-card.cp-entry")).to_have_count(3)


def test_starting_again_gives_the_empty_cards_back(stage: Locator) -> None:
    stage.get_by_role("button", name="Remove hand-over 1").click()
    stage.get_by_role("button", name="Start this step again").click()
    stage.get_by_role("button", name="Yes, start again").click()
    expect(stage.locator(".cp-card.cp-entry")).to_have_count(2)


# --- files ----------------------------------------------------------------------------------------------------

text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30).filter(bool)
entry = st.fixed_dictionaries(
    {},
    optional={
        "line": text,
        # a browser ends every line of a text field in the same way
        "words": st.lists(text, min_size=1, max_size=3).map("\n".join),
        "pick": st.sampled_from(["a", "b"]),
        "lots": st.sets(st.sampled_from("abc"), min_size=1).map(sorted),
        "asked": st.just("yes"),
        "number": text,
        "sure": st.integers(1, 10).map(str),
        "day": st.dates().filter(lambda day: day.year > 999).map(str),
    },
)
products = st.fixed_dictionaries(
    {"sheet": st.lists(entry, min_size=1, max_size=1), "cards": st.lists(entry, max_size=5)}
)
on_one_page = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@on_one_page
@given(product=products)
def test_a_saved_work_product_comes_back_whole(stage: Locator, product: dict[str, Any]) -> None:
    open_file(stage, file_of(**product))
    expect(stage.locator(".cp-card.cp-entry")).to_have_count(len(product["cards"]))
    once = saved(stage)
    assert json.loads(once)["sections"] == product
    open_file(stage, file_of(sheet=[{}], cards=[{}]))
    expect(stage.locator(".cp-card.cp-entry")).to_have_count(1)
    open_file(stage, once)
    expect(stage.locator(".cp-card.cp-entry")).to_have_count(len(product["cards"]))
    assert sections(stage) == product


def deep(levels: int) -> str:
    return '{"coptip-form": "rich", "sections": {"sheet": ' + "[" * levels + "]" * levels + "}}"


HOSTILE: dict[str, str | bytes] = {
    "nothing": "",
    "no JSON": "PK\x03\x04 a picture",
    "not UTF-8": b"\xff\xfe{\x00}\x00",
    "a list": "[]",
    "null": "null",
    "a number": "7",
    "a record of the collection": '{"coptip": 1, "work": {}}',
    "another exercise": '{"coptip-form": "local-board", "sections": {}}',
    "another stage": '{"coptip-form": "rich", "stage": "other", "sections": {}}',
    "an id that is an object": '{"coptip-form": {"toString": 1}, "sections": {}}',
    "an unknown section": file_of(secrets=[]),
    "an unknown field": file_of(sheet=[{"line": "x", "passport": "y"}]),
    "a prototype": '{"coptip-form": "rich", "sections": {"__proto__": [{"line": "x"}]}}',
    "a prototype in a card": '{"coptip-form": "rich", "sections": {"cards": [{"__proto__": {"line": "x"}}]}}',
    "a constructor": file_of(constructor=[]),
    "sections in a list": '{"coptip-form": "rich", "sections": []}',
    "entries in a table": file_of(sheet={"0": {"line": "x"}}),
    "two entries of one sheet": file_of(sheet=[{}, {}]),
    "more cards than there is room for": file_of(cards=[{}] * 6),
    "a card that is a text": file_of(cards=["x"]),
    "a card that is nothing": file_of(cards=[None]),
    "a text that is a number": file_of(cards=[{"line": 5}]),
    "a text that is markup in a table": file_of(cards=[{"line": {"html": "<img src=x onerror=alert(1)>"}}]),
    "an option that is none": file_of(cards=[{"pick": "c"}]),
    "options twice": file_of(cards=[{"lots": ["a", "a"]}]),
    "options that are none": file_of(cards=[{"lots": ["a", "z"]}]),
    "options in a text": file_of(cards=[{"lots": "a"}]),
    "a tick that is none": file_of(cards=[{"asked": "maybe"}]),
    "a step that is none": file_of(cards=[{"sure": "11"}]),
    "a day that is none": file_of(cards=[{"day": "2026-02-30"}]),
    "deep": deep(2_000),
    "very deep": deep(200_000),
    "huge": '{"coptip-form": "rich", "sections": {"sheet": [{"line": "' + "x" * 1_100_000 + '"}]}}',
}


@pytest.mark.parametrize("damage", HOSTILE)
def test_a_file_that_does_not_fit_is_refused_with_the_reason_and_changes_nothing(
    bench: Page, damage: str
) -> None:
    stage = opened(bench)
    open_file(stage, file_of(sheet=[FULL], cards=[{"line": "kept"}]))
    expect(stage.locator(".cp-card.cp-entry")).to_have_count(1)
    open_file(stage, HOSTILE[damage])
    problem = stage.locator(".cp-problem:visible")
    expect(problem).to_contain_text("nothing was changed")
    assert len(problem.inner_text()) > len("This file cannot be opened, and nothing was changed. ")
    assert sections(stage) == {"sheet": [FULL], "cards": [{"line": "kept"}]}
    assert bench.evaluate("({}).line") is None


def test_opening_a_file_can_be_taken_back(stage: Locator) -> None:
    stage.locator("[data-section=sheet] input[autocomplete]").first.fill("mine")
    open_file(stage, file_of(sheet=[{"line": "theirs"}]))
    expect(stage.locator("[data-section=sheet] input[autocomplete]").first).to_have_value("theirs")
    stage.get_by_role("button", name="Undo").click()
    expect(stage.locator("[data-section=sheet] input[autocomplete]").first).to_have_value("mine")


def test_the_file_of_a_survey_does_not_say_when_it_was_saved(stage: Locator) -> None:
    assert set(json.loads(saved(stage))) == {"coptip-form", "stage", "sections"}


# --- tables -----------------------------------------------------------------------------------------------------

BEGINNINGS = ["=", "+", "-", "@", "\t", " =", "\u00a0=", "\uff1d", "\ufeff=", '"=', ""]
formulas = st.builds(lambda a, b: a + b, st.sampled_from(BEGINNINGS), text)
FORMULA = re.compile(r"^[\s\ufeff]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


@on_one_page
@given(line=formulas, words=formulas, card=formulas)
def test_no_cell_of_a_table_is_a_formula_and_no_answer_is_lost(
    stage: Locator, line: str, words: str, card: str
) -> None:
    open_file(stage, file_of(sheet=[{"line": line, "words": words}], cards=[{"line": card}]))
    expect(stage.locator(".cp-card.cp-entry")).to_have_count(1)
    kept = sections(stage)
    names, row = csv.reader(
        io.StringIO(saved(stage, "Save the answers as a table").removeprefix("\ufeff"), newline="")
    )
    assert names == [f.label for f in FIELDS] + ["Hand-overs"]
    said = [kept["sheet"][0].get("line", ""), kept["sheet"][0].get("words", "")]
    for cell, answer in zip([*row[:2], row[-1]], [*said, kept["cards"][0].get("line", "")], strict=True):
        assert not FORMULA.match(cell)
        assert cell in (answer, f"'{answer}")


def test_an_instructor_adds_up_the_answers_of_several_files(bench: Page) -> None:
    stage = opened(bench, instructor=True)
    answers = [
        file_of(sheet=[{"sure": "4", "pick": "a", "line": "Good."}]),
        file_of(sheet=[{"sure": "9", "pick": "a", "lots": ["a", "b"]}]),
        "no answers at all",
    ]
    files: list[FilePayload] = [
        {"name": f"{n}.json", "mimeType": "application/json", "buffer": one.encode()}
        for n, one in enumerate(answers)
    ]
    stage.locator(".cp-instructor input[multiple]").set_input_files(files)
    result = stage.locator(".cp-added-up")
    expect(result).to_contain_text("Answers of 2.")
    expect(result).to_contain_text("Left out: 2.json.")
    expect(result).to_contain_text("Mean 6.5; lowest 4, highest 9")
    expect(result).to_contain_text("First: 2")
    expect(result).to_contain_text("Good.")


def test_a_participant_is_not_offered_the_adding_up(stage: Locator) -> None:
    expect(stage.get_by_role("button", name="Add up answers from files")).to_have_count(0)


# --- paper --------------------------------------------------------------------------------------------------------


def test_the_printed_sheet_has_its_title_and_is_marked_on_every_page(stage: Locator) -> None:
    open_file(stage, file_of(sheet=[FULL], cards=[FULL] * 5))
    expect(stage.locator(".cp-card.cp-entry")).to_have_count(5)
    stage.get_by_role("button", name="Print").click()
    page = stage.page
    page.emulate_media(media="print")
    sheet = page.locator(".cp-sheet")
    expect(sheet.locator("h1")).to_have_text("The printed title")
    # heads and feet of a table, and what is fixed, come again on every page of a print
    for part in ("thead", "tfoot"):
        mark = sheet.locator(f"table.cp-pages > {part}")
        expect(mark).to_have_text("Training exercise – no real victim, no real case")
        assert mark.evaluate("(one) => getComputedStyle(one).display") in (
            "table-header-group",
            "table-footer-group",
        )
    assert sheet.locator(".cp-across").evaluate("(one) => getComputedStyle(one).position") == "fixed"
    expect(sheet.locator("table.cp-printed tbody tr")).to_have_count(5)
    expect(sheet).to_contain_text("Home; Court")
    expect(sheet).to_contain_text("7 people")
    expect(stage.get_by_role("button", name="Print")).to_be_hidden()
    page.emulate_media(media="null")
    stage.get_by_role("button", name="Print").click()
    pdf = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) <= 2


# --- a real person ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("Call 081 234 5678", "telephone"),
        ("+66 81 234 5678", "telephone"),
        ("โทร ๐๘๑ ๒๓๔ ๕๖๗๘", "telephone"),
        ("hoa@example.org", "e-mail"),
        ("passport AA1234567", "passport"),
        ("1-2345-67890-12-3", "identity card"),
        ("880101-14-5678", "identity card"),
        ("S1234567D", "identity card"),
        ("12/MaKaNa(N)123456", "identity card"),
        ("3174 0958 0190 0001", "identity card"),
        ("၁၂/မကန(နိုင်)၁၂၃၄၅၆", "identity card"),
    ],
)
def test_what_looks_like_a_real_person_is_noted_beside_the_field_and_never_stops_one(
    stage: Locator, typed: str, what: str
) -> None:
    field = stage.locator("[data-section=sheet] input[autocomplete]").first
    field.fill(typed)
    expect(stage.locator(".cp-warning:visible")).to_contain_text(what)
    assert sections(stage)["sheet"] == [{"line": typed}]


@pytest.mark.parametrize(
    "typed",
    [
        "25 November 2026, 10.30",
        "2026-11-25",
        "ACTIP Art. 14(6), page 213",
        "12 women, 3 men, 2 children",
        "C29, C189",
    ],
)
def test_dates_articles_and_counts_are_not_taken_for_a_person(stage: Locator, typed: str) -> None:
    stage.locator("[data-section=sheet] input[autocomplete]").first.fill(typed)
    expect(stage.locator(".cp-warning:visible")).to_have_count(0)
