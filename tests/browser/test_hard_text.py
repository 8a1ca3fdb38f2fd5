"""Text that is hostile or hard, wherever a person can type: nothing of it runs, and it comes back unchanged."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .answers import Sheet
from .conftest import Open, everything, open_module
from .hands import Keyboard, Mouse
from .serving import Server, until
from .test_what_is_kept import open_record, review

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>window.__ran=1</script>",
    '<img src=x onerror="window.__ran=1">',
    '"><svg/onload=window.__ran=1>',
    "'-window.__ran++-'",
    "{{7*7}} ${window.__ran=1} {n} {of}",
    "<!-- </textarea></template><iframe srcdoc='<script>parent.__ran=1</script>'>",
)
SCRIPTS = (
    "👮🏽‍♀️ 🧕🏾 🏳️‍🌈 👨‍👩‍👧‍👦",
    "การค้ามนุษย์เป็นอาชญากรรม",
    "ការជួញដូរមនុស្សគឺជាឧក្រិដ្ឋកម្ម",
    "လူကုန်ကူးမှုသည် ရာဇဝတ်မှုဖြစ်သည်",
    "مكافحة الاتجار \u202e بالبشر",
    "e\u0301 \u200b \ufeff \u2028 end",
)
EVERYTHING = " · ".join((*HOSTILE, *SCRIPTS))
LONG = "ข้อความยาว " * 9_100

assert len(LONG) > 100_000


def fields(page: Page) -> dict[str, Locator]:
    """A place to type of every kind."""
    return {
        "text": page.locator("#exercise-define-it textarea").first,
        "board": page.locator("#exercise-local-board .cp-entry input").first,
        "discussion": page.locator("#exercise-profiles-and-enablers textarea").first,
        "reflection": page.locator("#exercise-profiles-and-enablers textarea").nth(1),
    }


def stage_of(field: Locator) -> Locator:
    return field.locator("xpath=ancestor::*[contains(concat(' ', @class, ' '), ' cp-stage ')]")


def add_card(page: Page) -> None:
    page.locator("#exercise-local-board .cp-section").first.locator(":scope > .cp-button").click()


def kept(page: Page, text: str) -> bool:
    """Whether the browser keeps this text, wherever."""
    return bool(page.evaluate(
        """(text) => Object.entries(localStorage).some(([key, value]) =>
          key.startsWith("coptip:work:") && value.includes(JSON.stringify(text).slice(1, -1)))""",
        text,
    ))  # fmt: skip


def test_what_is_hostile_or_hard_stays_text_everywhere_and_comes_back(
    module_page: Open, server: Server
) -> None:
    page = module_page()
    add_card(page)
    for name, field in fields(page).items():
        Mouse(page).write(field, f"{name}: {EVERYTHING}")
        expect(field).to_have_value(f"{name}: {EVERYTHING}")
        if name != "reflection":
            Mouse(page).check(stage_of(field))
    until(lambda: all(kept(page, f"{name}: {EVERYTHING}") for name in fields(page)))
    page.reload()
    everything(page)
    assert_unchanged(page)
    tab = open_module(page.context.new_page(), server.address)
    tab.get_by_role("button", name="Bring everything back").first.click()
    assert_unchanged(tab)
    # no element was made of it
    assert page.locator("iframe, svg[onload], img[onerror]").count() == 0
    # and none is made in print
    page.evaluate("window.print = () => {}")
    page.locator("#exercise-profiles-and-enablers").get_by_role("button", name="Print the notes").click()
    sheet = page.locator(".cp-sheet")
    assert HOSTILE[1] in str(sheet.evaluate("(one) => one.textContent"))
    assert sheet.locator("img, script, svg").count() == 0


def assert_unchanged(page: Page) -> None:
    for name, field in fields(page).items():
        expect(field).to_have_value(f"{name}: {EVERYTHING}")
    assert page.evaluate("window.__ran") == 0


def test_a_very_long_text_is_kept_and_calmly_not_checked(module_page: Open) -> None:
    page = module_page()
    add_card(page)
    places = fields(page)
    for name in ("text", "discussion", "board"):
        field = places[name]
        Mouse(page).write(field, LONG)
        box = stage_of(field)
        box.locator(".cp-main").click()
        expect(box.locator(".cp-problem")).to_contain_text("kept as you wrote it")
        expect(box.locator("[aria-invalid='true']").first).to_be_attached()
        assert len(field.input_value()) == len(LONG)
        expect(box).to_have_attribute("data-status", "open")
    until(lambda: kept(page, LONG[:1000]))
    page.reload()
    everything(page)
    for name in ("text", "discussion", "board"):
        assert fields(page)[name].input_value() == LONG
    # shortened, it is checked
    field = fields(page)["text"]
    Mouse(page).write(field, LONG[:9000])
    Mouse(page).check(stage_of(field))
    expect(stage_of(field).locator(".cp-summary")).not_to_be_empty()


def test_a_record_full_of_hostile_text_opens_as_text(
    module_page: Open, sheet: Callable[[str], Sheet]
) -> None:
    page = module_page()
    version = page.evaluate("""() => 0""")
    text = {"trafficking": {"text": f"text: {EVERYTHING}", "ticks": {}}}
    event = {"action": "check", "stage": "trafficking", "responses": text, "at": HOSTILE[1]}
    work = {"define-it": {"version": str(version), "events": [event], "drafts": {}, "at": HOSTILE[1]}}
    record = {"coptip": 1, "saved": HOSTILE[0], "work": work}
    # the first item's own id
    stage = sheet("define-it").exercise.stages[0]
    item = stage.items[0].id  # type: ignore[union-attr]
    event["responses"] = {item: text["trafficking"]}
    open_record(page, record)
    expect(review(page)).to_contain_text("The record is open.")
    expect(fields(page)["text"]).to_have_value(f"text: {EVERYTHING}")
    hostile = {"coptip": 1, "saved": "", "work": {HOSTILE[1]: work["define-it"]}}
    open_record(page, hostile)
    expect(review(page).locator("[role=status]")).not_to_be_empty()
    assert page.evaluate("window.__ran") == 0
    assert page.locator("img[onerror]").count() == 0


@pytest.mark.parametrize(
    "damage",
    ["{", "null", "[]", '{"events": [], "drafts": []}', '{"events": [null], "drafts": {}}',
     json.dumps({"version": "x", "events": [{"action": "check", "stage": "no", "responses": {"a": HOSTILE}}],
                 "drafts": {"trafficking": {"x": 3}, "no": [1]}, "status": HOSTILE[1], "module": HOSTILE[1], "at": 7})],
)  # fmt: skip
def test_damaged_storage_costs_nothing_but_itself(damage: str, module_page: Open) -> None:
    page = module_page()
    page.evaluate(
        """(damage) => {
          for (const key of ["coptip:work:define-it", "coptip:look"]) localStorage.setItem(key, damage);
          sessionStorage.setItem("coptip:mine", "1");
        }""",
        damage,
    )
    page.reload()
    everything(page)
    field = fields(page)["text"]
    Mouse(page).write(field, "It still works.")
    Mouse(page).check(stage_of(field))
    expect(stage_of(field).locator(".cp-summary")).not_to_be_empty()
    assert page.evaluate("window.__ran") == 0


def test_a_search_in_a_table_marks_words_and_runs_nothing(module_page: Open) -> None:
    page = module_page()
    table = page.locator("section.cp-is-table").first
    search = table.get_by_label("Search in the table")
    Keyboard(page).write(search, "border")
    expect(table.locator("mark").first).to_be_visible()
    for text in (*HOSTILE, ".*", "[a-"):
        Mouse(page).write(search, text)
        expect(table.locator(".cp-progress")).to_contain_text("0 of")
    assert page.evaluate("window.__ran") == 0
    Mouse(page).write(search, "")
    expect(table.locator("tbody tr").first).to_be_visible()


def test_what_looks_like_a_real_person_is_warned_of(module_page: Open) -> None:
    page = module_page()
    field = fields(page)["text"]
    for text in ("call +66 81 234 5678", "write to a.b@example.org", "passport AB1234567"):
        Mouse(page).write(field, text)
        expect(
            stage_of(field).get_by_text("Write nothing by which a real person could be found.")
        ).to_be_visible()
    Mouse(page).write(field, "In 2016 there were 24 cases among 1,200.")
    expect(stage_of(field).locator(".cp-warning:visible")).to_have_count(0)
