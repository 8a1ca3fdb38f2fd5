"""A dead kernel, a cut line, a slow start, a cell that fails: calm words, a way on, and nothing typed is lost."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

from ..conftest import ROOT
from .answers import Sheet
from .conftest import Context, everything, open_module
from .hands import Mouse, stage_box
from .serving import Server, serving

pytestmark = pytest.mark.browser

TYPED = "Half a sentence, and then"


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server whose kernels may be killed."""
    with serving() as one:
        yield one


def trouble(page: Page) -> str:
    expect(page.locator("[data-trouble]")).not_to_be_empty(timeout=12_000)
    return page.locator("[data-trouble]").inner_text()


def test_a_killed_kernel_is_told_calmly_and_nothing_typed_is_lost(
    own_server: Server, context: Context, sheet: Callable[[str], Sheet]
) -> None:
    page = open_module(context(own_server.address).new_page(), own_server.address)
    hands, paper = Mouse(page), sheet("is-this-a-menace")
    stage = paper.exercise.stages[0]
    box = stage_box(hands.go_to(paper.exercise.id), stage)
    for step in paper.wrong_steps(stage):
        hands.do(box, paper.stage_view(stage), step)
        paper.take(stage, step)
    picked = box.locator("input:checked").count()
    field = hands.go_to("define-it").locator("textarea").first
    hands.write(field, TYPED)
    own_server.kill_kernels()
    # one goes on writing: the page has to say by itself that the kernel is gone
    page.keyboard.insert_text(" on it went.")
    banner = page.locator("[data-trouble]")
    expect(banner).to_contain_text("Everything you typed is still here", timeout=10_000)
    expect(field).to_have_value(f"{TYPED} on it went.")
    expect(box.locator("input:checked")).to_have_count(picked)
    assert not re.search(r"Traceback|Error|Exception|/home/|site-packages", banner.inner_text())
    banner.get_by_role("button", name="Go on").click()
    everything(page)
    expect(page.locator("[data-trouble]")).to_be_empty()
    expect(page.locator("#exercise-define-it textarea").first).to_have_value(f"{TYPED} on it went.")
    box = stage_box(page.locator("#exercise-is-this-a-menace"), stage)
    expect(box.locator("input:checked")).to_have_count(picked)
    expect(box.locator(".cp-summary")).to_have_text(paper.told()[stage.id]["summary"])
    for step in paper.right_steps(stage):
        hands.do(box, paper.stage_view(stage), step)
    expect(box).to_have_attribute("data-status", "done")


def test_a_cut_line_is_told_and_mends_itself(
    own_server: Server, context: Context, sheet: Callable[[str], Sheet]
) -> None:
    one = context(own_server.address)
    lines: list[WebSocketRoute] = []
    cut = False

    def carry(line: WebSocketRoute) -> None:
        if cut:
            line.close(code=1001)
            return
        lines.append(line)
        line.connect_to_server()

    def probe(route: Route) -> None:
        if cut:
            route.abort()
        else:
            route.continue_()

    one.route_web_socket(re.compile(r"/api/kernels/"), carry)
    one.route(re.compile(r"/api/kernels/[^/]+$"), probe)
    page = open_module(one.new_page(), own_server.address)
    hands, paper = Mouse(page), sheet("is-this-a-menace")
    stage = paper.exercise.stages[0]
    box = stage_box(hands.go_to(paper.exercise.id), stage)
    step = next(paper.wrong_steps(stage))
    hands.fill(box, paper.stage_view(stage), step.responses)
    cut = True
    lines[-1].close(code=1001)
    assert "The connection is lost. Everything you typed is still here." in trouble(page)
    cut = False
    page.locator("[data-trouble]").get_by_role("button", name="Try now").click()
    expect(page.locator("[data-trouble]")).to_be_empty()
    hands.check(box)
    expect(box.locator(".cp-summary")).to_have_text(paper.take(stage, step)["summary"])
    assert len(lines) > 1


def test_what_is_checked_without_a_line_is_marked_once_it_is_back(
    own_server: Server, context: Context, sheet: Callable[[str], Sheet]
) -> None:
    one = context(own_server.address)
    page = open_module(one.new_page(), own_server.address)
    hands, paper = Mouse(page), sheet("is-this-a-menace")
    stage = paper.exercise.stages[0]
    box = stage_box(hands.go_to(paper.exercise.id), stage)
    step = next(paper.wrong_steps(stage))
    one.set_offline(True)
    hands.fill(box, paper.stage_view(stage), step.responses)
    box.locator(".cp-main").click()
    expect(box.locator(".cp-problem")).to_have_text(re.compile("What you wrote is kept"), timeout=60_000)
    expect(box.locator("input:checked")).to_have_count(len(step.responses))
    one.set_offline(False)
    expect(page.locator("[data-trouble]")).to_be_empty(timeout=60_000)
    expect(box.locator(".cp-summary")).to_have_text(paper.take(stage, step)["summary"], timeout=60_000)
    expect(box.locator("input:checked")).to_have_count(len(step.responses))


# a slow kernel

HOLD = """
import os, sys, time
if "coptip.serve.warm" in " ".join(sys.orig_argv):
    while not os.path.exists({gate!r}):
        time.sleep(0.05)
"""


def test_the_text_is_readable_before_the_kernel_is_ready(context: Context, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    (tmp_path / "sitecustomize.py").write_text(HOLD.format(gate=str(gate)))
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    with serving(env={"PYTHONPATH": path}) as server:
        page = context(server.address).new_page()
        page.goto(server.address + "m/1a", wait_until="commit")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Understanding trafficking")
        expect(page.locator(".lesson > .cell.prose").last).to_be_attached()
        expect(page.locator("[data-exercise='three-drawers'].cp-static")).to_be_visible()
        assert len(page.locator(".lesson").inner_text()) > 10_000
        line = page.locator("[data-progress-line]")
        expect(line).to_have_text("The text is ready. The exercises are being prepared.")
        # nothing that looks alive is there before it is alive
        expect(page.locator("section.cp-exercise, .cp-static button, .cp-static input")).to_have_count(0)
        # the contents list, the settings and stepping out need no kernel
        page.get_by_text("Text and colours").click()
        page.get_by_label("Dark", exact=True).check()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        gate.touch()
        expect(line).to_have_text(
            re.compile(r"Exercises and tables: \d+ of \d+|Everything is ready|opening"), timeout=60_000
        )
        everything(page)
        expect(page.locator(".cp-static[data-exercise]")).to_have_count(0)


def test_a_kernel_that_cannot_start_leaves_the_text_and_says_so(context: Context, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        'import os, sys\nif "coptip.serve.warm" in " ".join(sys.orig_argv):\n    os._exit(1)\n'
    )
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    with serving(env={"PYTHONPATH": path}) as server:
        page = context(server.address).new_page()
        page.goto(server.address + "m/1a", wait_until="commit")
        banner = page.locator("[data-trouble]")
        expect(banner).to_contain_text("could not start. You can read everything", timeout=60_000)
        expect(page.locator("[data-exercise='three-drawers'].cp-static")).to_be_attached()
        banner.get_by_role("button", name="Keep reading").click()
        expect(banner).to_be_empty()


# what no page may show

BETRAYS = re.compile(
    r"Traceback|File \"|site-packages|ipykernel|NameError|ZeroDivision|/home/|/root/|/tmp/|/usr/|\.py\b"
)


@pytest.fixture
def broken_collection(tmp_path: Path) -> Path:
    """A collection whose notebook has a cell that fails, and one that asks for what there is not."""
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    path = tmp_path / "notebooks" / "1a-understanding-trafficking.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    live = [cell for cell in notebook["cells"] if "m.exercise(" in "".join(cell["source"])]
    live[0]["source"] = ["secret_name = 1 / 0"]
    live[1]["source"] = ['m.exercise("three-drawer")']
    path.write_text(json.dumps(notebook), "utf-8")
    return tmp_path


def test_a_cell_that_fails_is_one_readable_sentence_and_the_others_work(
    context: Context, broken_collection: Path
) -> None:
    with serving(env={"COPTIP_ROOT": str(broken_collection)}, cwd=broken_collection) as server:
        page = open_module(context(server.address).new_page(), server.address)
        words = page.locator("body").inner_text()
        assert not BETRAYS.search(words), BETRAYS.search(words)
        assert "secret_name" not in page.content()
        expect(page.locator(".failed")).to_have_count(1)
        expect(page.locator(".failed")).to_be_visible()
        expect(page.get_by_text("Did you mean 'three-drawers'?")).to_be_visible()
        assert page.locator("section.cp-exercise").count() > 10


def test_no_page_shows_code_or_a_path(server: Server, context: Context, browser: Browser) -> None:
    page = open_module(context(server.address).new_page(), server.address)
    words = page.locator("body").inner_text()
    assert not BETRAYS.search(words), BETRAYS.search(words)
    assert "import coptip" not in page.content()
    assert "m.exercise(" not in page.content()
    for path in (
        "m/99",
        "nowhere",
        "voila/render/..%2F..%2Fetc",
        "static/../app.py",
        "api/contents",
        "m/1a.ipynb",
    ):
        answer = page.goto(server.address + path)
        assert answer is not None
        assert answer.status >= 400
        assert not BETRAYS.search(page.locator("body").inner_text())
