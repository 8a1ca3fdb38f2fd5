"""What the browser keeps: a reload, a new tab, another browser, the record in a file; and two people at once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .answers import Sheet, Step
from .conftest import Context, Open, everything, open_module
from .hands import Mouse, stage_box
from .serving import Server, serving, until

pytestmark = pytest.mark.browser

TYPED = "A patrol sees people, not proofs."


@pytest.fixture
def work(sheet: Callable[[str], Sheet]) -> Callable[[Page], Sheet]:
    """Does some work on a page: an answer checked in one exercise, a text typed and not checked in another."""

    def do(page: Page) -> Sheet:
        paper = sheet("is-this-a-menace")
        hands = Mouse(page)
        stage = paper.exercise.stages[0]
        box = stage_box(hands.go_to("is-this-a-menace"), stage)
        for step in paper.wrong_steps(stage):
            hands.do(box, paper.stage_view(stage), step)
            paper.take(stage, step)
        hands.write(hands.go_to("define-it").locator("textarea").first, TYPED)
        until(lambda: TYPED in str(page.evaluate("localStorage.getItem('coptip:work:define-it')")))
        return paper

    return do


def assert_back(page: Page, paper: Sheet) -> None:
    """What :func:`work` did is there, the feedback too."""
    exercise = page.locator("#exercise-is-this-a-menace")
    stage = paper.exercise.stages[0]
    box = stage_box(exercise, stage)
    expect(box.locator("input:checked")).to_have_count(len(paper.progress(stage).responses))
    expect(box.locator(".cp-summary")).to_have_text(paper.told()[stage.id]["summary"])
    expect(page.locator("#exercise-define-it textarea").first).to_have_value(TYPED)


def assert_empty(page: Page) -> None:
    """Nothing of it is there."""
    expect(page.locator("#exercise-is-this-a-menace input:checked")).to_have_count(0)
    expect(page.locator("#exercise-define-it textarea").first).to_have_value("")


def test_a_reload_brings_back_what_was_typed_and_checked_without_asking(
    module_page: Open, work: Callable[[Page], Sheet]
) -> None:
    page = module_page()
    paper = work(page)
    page.reload()
    everything(page)
    assert_back(page, paper)
    expect(page.locator(".cp-offer:visible")).to_have_count(0)
    mark = page.locator(".contents [data-mark='is-this-a-menace']")
    expect(mark).to_have_text("begun")


def test_a_new_tab_is_offered_the_work_and_another_browser_sees_nothing(
    module_page: Open, work: Callable[[Page], Sheet], server: Server
) -> None:
    page = module_page()
    paper = work(page)
    tab = open_module(page.context.new_page(), server.address)
    assert_empty(tab)
    offer = tab.locator("#exercise-is-this-a-menace .cp-offer")
    expect(offer).to_contain_text("Earlier work on this exercise is kept in this browser.")
    offer.get_by_role("button", name="Bring everything back").click()
    assert_back(tab, paper)
    expect(tab.locator(".cp-offer:visible")).to_have_count(0)
    stranger = module_page()
    assert_empty(stranger)
    expect(stranger.locator(".cp-offer:visible")).to_have_count(0)


def test_one_exercise_is_brought_back_or_discarded_by_itself(
    module_page: Open, work: Callable[[Page], Sheet], server: Server
) -> None:
    page = module_page()
    work(page)
    tab = open_module(page.context.new_page(), server.address)
    tab.locator("#exercise-define-it .cp-offer").get_by_role("button", name="Bring it back").click()
    expect(tab.locator("#exercise-define-it textarea").first).to_have_value(TYPED)
    offer = tab.locator("#exercise-is-this-a-menace .cp-offer")
    offer.get_by_role("button", name="Discard", exact=True).click()
    offer.get_by_role("button", name="Yes, discard it").click()
    expect(offer).to_be_hidden()
    tab.reload()
    everything(tab)
    expect(tab.locator("#exercise-define-it textarea").first).to_have_value(TYPED)
    expect(tab.locator("#exercise-is-this-a-menace input:checked")).to_have_count(0)


def test_two_people_at_once_do_not_see_each_others_answers(
    module_page: Open, sheet: Callable[[str], Sheet]
) -> None:
    first, second = module_page(), module_page()
    for page, text in ((first, "The first person's words."), (second, "The second person's words.")):
        hands = Mouse(page)
        box = hands.go_to("define-it").locator(".cp-stage").first
        hands.write(box.locator("textarea"), text)
        hands.check(box)
        expect(box.locator(".cp-summary")).not_to_be_empty()
    paper = sheet("is-this-a-menace")
    stage = paper.exercise.stages[0]
    step = next(paper.right_steps(stage))
    box = stage_box(Mouse(first).go_to("is-this-a-menace"), stage)
    Mouse(first).do(box, paper.stage_view(stage), step)
    expect(box).to_have_attribute("data-status", "done")
    other = stage_box(Mouse(second).go_to("is-this-a-menace"), stage)
    expect(other).to_have_attribute("data-status", "open")
    for page, mine, theirs in ((first, "first", "second"), (second, "second", "first")):
        page.reload()
        everything(page)
        field = page.locator("#exercise-define-it textarea").first
        expect(field).to_have_value(f"The {mine} person's words.")
        assert f"The {theirs} person's words." not in page.content()


def test_kernels_end_when_pages_are_left(context: Context) -> None:
    with serving() as server:
        one = context(server.address)
        pages = [open_module(one.new_page(), server.address) for _ in range(2)]
        assert len(server.kernels()) == 2
        pages[0].goto(server.address)  # left for another page
        until(lambda: len(server.kernels()) == 1)
        pages[1].close()
        until(lambda: not server.kernels())
        hasty = one.new_page()
        hasty.goto(server.address + "m/1a", wait_until="commit")
        hasty.goto(server.address)  # left before it was ready
        pages[0].wait_for_load_state()
        until(lambda: not server.kernels())
        for page in one.pages:
            page.close()


# the record


def review(page: Page) -> Locator:
    return page.locator("section#exercise-review")


def save_record(page: Page, folder: Path) -> Path:
    with page.expect_download() as waited:
        review(page).get_by_role("button", name="Save my record").click()
    path = folder / waited.value.suggested_filename
    waited.value.save_as(path)
    return path


def open_record(page: Page, content: Any) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    with page.expect_file_chooser() as waited:
        review(page).get_by_text("Open a record").click()
    waited.value.set_files({"name": "record.json", "mimeType": "application/json", "buffer": text.encode()})


def test_the_record_is_saved_forgotten_and_opened_again(
    module_page: Open, work: Callable[[Page], Sheet], tmp_path: Path
) -> None:
    page = module_page()
    paper = work(page)
    expect(review(page)).to_contain_text("Begun: 2")
    saved = save_record(page, tmp_path)
    assert saved.name.startswith("coptip-record-")
    record = json.loads(saved.read_text("utf-8"))
    assert set(record["work"]) == {"is-this-a-menace", "define-it"}
    review(page).get_by_role("button", name="Forget everything on this browser").click()
    review(page).get_by_role("button", name="Yes, forget everything").click()
    assert_empty(page)
    expect(review(page)).to_contain_text("Begun: 0")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('coptip:work'))") == []
    open_record(page, saved.read_text("utf-8"))
    expect(review(page)).to_contain_text("The record is open.")
    assert_back(page, paper)
    page.reload()
    everything(page)
    assert_back(page, paper)


def test_a_record_opens_in_another_browser_too(
    module_page: Open, work: Callable[[Page], Sheet], tmp_path: Path
) -> None:
    page = module_page()
    paper = work(page)
    saved = save_record(page, tmp_path)
    other = module_page()
    open_record(other, saved.read_text("utf-8"))
    assert_back(other, paper)


NO_WORK = {"events": [], "drafts": {}, "version": "x"}
DAMAGED: dict[str, Any] = {
    "no JSON": "{",
    "another file": {"hello": "world"},
    "a list": [],
    "work that is none": {
        "coptip": 1,
        "saved": "",
        "work": {"define-it": {"events": 3, "drafts": {}, "version": "x"}},
    },
    "from the future": {"coptip": 99, "saved": "", "work": {}},
    "deep": '{"coptip": 1, "saved": "", "work": {"define-it": ' + "[" * 100_000 + "]" * 100_000 + "}}",
    "deep in a draft": {
        "coptip": 1,
        "saved": "",
        "work": {"define-it": {"events": [], "drafts": {"a": json.loads("[" * 30 + "]" * 30)}, "version": "x"}},
    },
    "huge": '{"coptip": 1, "saved": "", "work": {"define-it": "' + "x" * 3_000_000 + '"}}',
    "hostile": {"coptip": 1, "saved": "", "work": {"<img src=x onerror=window.__ran=1>": NO_WORK}},
    "a name of the language's own": {"coptip": 1, "saved": "", "work": {"__proto__": NO_WORK}},
}


@pytest.fixture(scope="module")
def kept_page(browser: Any, server: Server) -> Any:
    one: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 800})
    page = open_module(one.new_page(), server.address)
    Mouse(page).write(Mouse(page).go_to("define-it").locator("textarea").first, TYPED)
    until(lambda: TYPED in str(page.evaluate("localStorage.getItem('coptip:work:define-it')")))
    yield page
    one.close()


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_record_is_refused_and_changes_nothing(damage: str, kept_page: Page) -> None:
    before = kept_page.evaluate("JSON.stringify(localStorage)")
    # what was said of the file before is no answer
    review(kept_page).locator("[role=status]").evaluate("(one) => (one.textContent = '')")
    open_record(kept_page, DAMAGED[damage])
    expect(review(kept_page).locator("[role=status]")).to_contain_text("nothing was changed")
    expect(review(kept_page)).not_to_contain_text("The record is open")
    assert kept_page.evaluate("JSON.stringify(localStorage)") == before
    expect(kept_page.locator("#exercise-define-it textarea").first).to_have_value(TYPED)


def test_a_board_is_saved_to_a_file_and_opened_again(
    module_page: Open, sheet: Callable[[str], Sheet], tmp_path: Path
) -> None:
    page, paper = module_page(), sheet("local-board")
    hands = Mouse(page)
    box = hands.go_to("local-board").locator(".cp-stage").first
    stage = paper.exercise.stages[0]
    hands.fill(box, paper.stage_view(stage), next(paper.wrong_steps(stage)).responses)
    words = box.locator(".cp-entry input").first.input_value()
    with page.expect_download() as waited:
        box.get_by_role("button", name="Save as a file").click()
    waited.value.save_as(tmp_path / "board.json")
    box.get_by_role("button", name="Remove profile card 1").click()
    expect(box.locator(".cp-entry")).to_have_count(0)
    with page.expect_file_chooser() as chosen:
        box.get_by_text("Open a file").click()
    chosen.value.set_files(tmp_path / "board.json")
    expect(box.locator(".cp-entry input").first).to_have_value(words)
    for bad in (
        {"coptip-form": "another", "sections": {}},
        {"coptip-form": "local-board", "sections": {"x": []}},
    ):
        with page.expect_file_chooser() as chosen:
            box.get_by_text("Open a file").click()
        chosen.value.set_files(
            {"name": "b.json", "mimeType": "application/json", "buffer": json.dumps(bad).encode()}
        )
        expect(box.locator(".cp-problem")).to_contain_text("nothing was changed")
        expect(box.locator(".cp-entry input").first).to_have_value(words)


def test_an_earlier_step_is_not_lost_when_the_exercise_was_done(
    module_page: Open, sheet: Callable[[str], Sheet]
) -> None:
    page, paper = module_page(), sheet("smuggled-or-trafficked")
    hands = Mouse(page)
    stage = paper.exercise.stages[0]
    step: Step = next(paper.right_steps(stage))
    hands.do(stage_box(hands.go_to(paper.exercise.id), stage), paper.stage_view(stage), step)
    expect(page.locator(".contents [data-mark='smuggled-or-trafficked']")).to_have_text("done")
    page.reload()
    expect(page.locator(".contents [data-mark='smuggled-or-trafficked']")).to_have_text("done")
    box = stage_box(hands.go_to(paper.exercise.id), stage)
    expect(box).to_have_attribute("data-status", "done")
    expect(page.locator("#exercise-smuggled-or-trafficked .cp-takeaway")).to_be_visible()
