"""Two hundred scripts, in every place where text is shown: none runs, and none becomes an element."""

# ruff: noqa: E501

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, expect

from coptip.content import Library

from ..browser.serving import Server, serving
from ..conftest import ROOT
from .conftest import collection
from .people import Person

pytestmark = pytest.mark.browser

RUN = "window.__ran=1"
WATCH = """window.__ran = 0; window.__blocked = [];
addEventListener("securitypolicyviolation", (event) => window.__blocked.push(event.violatedDirective));
window.alert = window.confirm = window.prompt = () => { window.__ran = 1; };"""

TAGS = ("img src=x", "svg", "video src=x", "audio src=x", "body", "input autofocus", "details open", "marquee",
        "iframe src=x", "object data=x", "embed src=x", "select autofocus", "textarea autofocus", "keygen autofocus",
        "a href=x autofocus tabindex=1", "style", "link rel=stylesheet href=x", "div style=animation-name:x")  # fmt: skip
EVENTS = ("onerror", "onload", "onfocus", "ontoggle", "onstart", "onanimationstart", "onpointerenter")
SHELLS = (
    "<script>{0}</script>", "<ScRiPt>{0}</sCrIpT>", "<script/x>{0}</script>", "<script\n>{0}</script\n>",
    "<svg><script>{0}</script></svg>", "<math><mtext><script>{0}</script></mtext></math>", "<<script>{0}//<</script>",
    "<script src='data:text/javascript,{0}'></script>", "<script type=module>{0}</script>",
    "<iframe srcdoc='<script>parent.{0}</script>'></iframe>", "<iframe src='javascript:parent.{0}'></iframe>",
    "<a href='javascript:{0}'>x</a>", "<a href='java\tscript:{0}'>x</a>", "<form action='javascript:{0}'><button>",
    "<object data='javascript:{0}'></object>", "<embed src='javascript:{0}'>", "<base href='javascript:{0}//'>",
    "<meta http-equiv=refresh content='0;url=javascript:{0}'>", "<style>@import 'javascript:{0}';</style>",
    "<link rel=import href='data:text/html,<script>{0}</script>'>", "<template><script>{0}</script></template>",
    "<noscript><p title='</noscript><img src=x onerror={0}>'></noscript>", "<title></title><script>{0}</script>",
    "<textarea></textarea><script>{0}</script>", "<xmp></xmp><img src=x onerror={0}>", "<!--><img src=x onerror={0}>-->",
    "<![CDATA[<script>{0}</script>]]>", "<?xml version='1.0'?><script>{0}</script>", "<plaintext><script>{0}</script>",
    "\"><script>{0}</script>", "'><script>{0}</script>", "`><script>{0}</script>", "</script><script>{0}</script>",
    "</style><script>{0}</script>", "</textarea><script>{0}</script>", "</title><script>{0}</script>",
    "\" autofocus onfocus=\"{0}", "' autofocus onfocus='{0}", "\"-{0}-\"", "'-{0}-'", "`-{0}-`", "\\\"-{0}//", "${{{0}}}",
    "{{{{constructor.constructor('{0}')()}}}}", "{{% {0} %}}", "#{{{0}}}", "<%= {0} %>", "javascript:{0}",
    "[x](javascript:{0})", "![x](x \"onerror={0}\")", "<javascript:{0}>", "&lt;script&gt;{0}&lt;/script&gt;",
    "&#60;script&#62;{0}&#60;/script&#62;", "%3Cscript%3E{0}%3C/script%3E", "\\u003cscript\\u003e{0}\\u003c/script\\u003e",
    "\\x3cscript\\x3e{0}\\x3c/script\\x3e", "＜script＞{0}＜/script＞", "<scr\u200bipt>{0}</script>", "<script>{0}\u2028</script>",
    "\u202e<script>{0}</script>", "<svg/onload={0}>", "<svg><animate onbegin={0} attributeName=x dur=1s>",
    "<svg><set onbegin={0} attributename=x>", "<svg><use href='data:image/svg+xml,<svg onload={0}>'/></svg>",
    "<svg><a xlink:href='javascript:{0}'><text>x</text></a></svg>", "<img src=x:x onerror&equals;{0}>",
    "<img/src=x/onerror={0}>", "<img src=`x`onerror={0}>", "<img src='x' onerror='{0}' ", "<img src=x onerror={0}//",
    "<math href='javascript:{0}'>x</math>", "<table background='javascript:{0}'>", "<p onclick={0} style=position:fixed>",
    "<video><source onerror={0}></video>", "<picture><source srcset=x><img onerror={0}></picture>",
    "<input type=image src=x onerror={0}>", "<isindex action='javascript:{0}'>", "<frameset onload={0}>",
    "<body background=x onload={0}>", "<bgsound src='javascript:{0}'>", "<layer src='javascript:{0}'>",
    "<dialog open onfocus={0} tabindex=1 autofocus>", "<portal src='javascript:{0}'>", "<custom-x onfocus={0} autofocus>",
)  # fmt: skip
PAYLOADS = tuple(dict.fromkeys(
    [shell.format(RUN) for shell in SHELLS] + [f"<{tag} {event}={RUN}>" for tag in TAGS for event in EVENTS]
))  # fmt: skip
assert len(PAYLOADS) >= 200
HANDFUL = 10
CHUNKS = tuple("\n".join(PAYLOADS[n : n + HANDFUL]) for n in range(0, len(PAYLOADS), HANDFUL))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    shown = ("define-it", "local-board", "profiles-and-enablers", "table-smuggling-and-trafficking")
    root = collection(tmp_path_factory.mktemp("payloads"), shown=shown)
    with serving("--rate", "0", env={"COPTIP_ROOT": str(root)}) as one:
        yield one


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    one = browser.new_context()
    one.set_default_timeout(20_000)
    one.add_init_script(WATCH)
    yield one
    one.close()


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Page:
    page = context.new_page()
    page.goto(server.address + "m/1a")
    page.locator("section#exercise-review").wait_for(state="attached")
    expect(page.locator("[data-player] > .cp-static")).to_have_count(0)
    return page


MADE = "object, embed, [onerror], [onload], [onfocus], a[href^='javascript'], iframe:not([title='Training pages'])"
"""What a payload would be as an element. A kiosk's own outer page holds one frame."""


def unharmed(page: Page) -> None:
    """Nothing has run, and nothing even had to be stopped: no text became an element."""
    for frame in page.frames:
        assert frame.evaluate("window.__ran") == 0
        assert frame.evaluate("window.__blocked") == []
        assert frame.locator(MADE).count() == 0


def typed(page: Page, field: Locator) -> Iterator[str]:
    for chunk in CHUNKS:
        text = chunk if field.evaluate("(one) => one.tagName") == "TEXTAREA" else chunk.replace("\n", " ")
        field.fill(text)
        assert str(field.input_value()).split() == text.split()
        yield text
    unharmed(page)


@pytest.mark.parametrize("place", ["text", "board", "discussion"])
def test_what_a_person_types_stays_text_where_it_is_typed_marked_kept_and_printed(place: str, page: Page) -> None:
    page.evaluate("window.print = () => {}")
    box = page.locator({"text": "#exercise-define-it", "board": "#exercise-local-board",
                        "discussion": "#exercise-profiles-and-enablers"}[place])  # fmt: skip
    if place == "board":
        box.locator(".cp-section").first.locator(":scope > .cp-button").click()
    field = box.locator(".cp-entry input, .cp-entry textarea" if place == "board" else "textarea").first
    stage = field.locator("xpath=ancestor::*[contains(concat(' ', @class, ' '), ' cp-stage ')]")
    for _ in typed(page, field):
        stage.locator(".cp-main").click()
        expect(stage).to_have_attribute("aria-busy", "false")
        expect(stage.locator(".cp-problem")).to_be_hidden()
        button = box.get_by_role("button", name=re.compile("^Print")).first
        if button.count() and button.is_visible():
            button.click()
    page.reload()
    page.locator("section#exercise-review").wait_for(state="attached")
    last = CHUNKS[-1].split()
    expect(field).to_have_value(re.compile(r"\s+".join(map(re.escape, last))))
    unharmed(page)


def test_what_is_searched_for_stays_text(page: Page, server: Server) -> None:
    for address, label in ((None, "Search in the table"), (server.address, "Search all modules")):
        if address:
            page.goto(address)
        field = page.get_by_label(label).first
        for payload in PAYLOADS:
            field.fill(payload)
            assert "".join(payload.split()).startswith("".join(field.input_value().split()))
        unharmed(page)


def test_what_stands_in_an_address_stays_there(page: Page, server: Server) -> None:
    for n in range(0, len(PAYLOADS), 40):
        few = "&".join(f"{name}={quote(p)}" for p in PAYLOADS[n : n + 40] for name in ("theme", "template")[:1])
        page.goto(f"{server.address}m/1a?{few}#{quote(PAYLOADS[n])}")
        unharmed(page)
    fetched = page.context.request
    for payload in PAYLOADS:
        answer = fetched.get(server.address + "m/" + quote(payload, safe=""))
        assert answer.status in (400, 403, 404)
        assert payload not in answer.text()
    for payload in PAYLOADS[:20]:
        page.goto(server.address + "m/" + quote(payload, safe=""))
        unharmed(page)


def test_what_stands_in_a_file_or_in_the_browsers_storage_stays_text(page: Page, server: Server) -> None:
    def work(text: str) -> dict[str, Any]:
        return {"version": text, "events": [{"action": text, "stage": text, "responses": {text: text}, "at": text}],
                "drafts": {"trafficking": {"trafficking-in-persons": {"text": text, "ticks": {text: text}}}, text: {text: text}},
                "status": text, "module": text, "title": text, "at": text, "earlier": None, "asked": text}  # fmt: skip

    for chunk in CHUNKS:
        stored = {f"coptip:work:{id}": work(chunk) for id in ("define-it", "local-board", chunk)}
        page.evaluate(
            "(all) => { for (const [key, one] of Object.entries(all)) localStorage.setItem(key, JSON.stringify(one)); }",
            stored,
        )
    page.reload()
    page.locator("section#exercise-review").wait_for(state="attached")
    page.get_by_role("button", name="Bring everything back").or_(page.locator("h1")).first.click()
    unharmed(page)
    review = page.locator("#exercise-review")
    for chunk in CHUNKS:
        record = json.dumps({"coptip": 1, "saved": chunk, "work": {chunk: work(chunk), "define-it": work(chunk)}})
        with page.expect_file_chooser() as choosing:
            review.get_by_role("button", name="Open a record").click()
        choosing.value.set_files({"name": "r.json", "mimeType": "application/json", "buffer": record.encode()})
        expect(review.locator("[role=status]").first).not_to_be_empty()
    unharmed(page)


# a kiosk, and every module

MODULES = tuple(Library(ROOT).modules)
ROOM = 9_500
"""Characters that a field takes and a kernel still reads."""
FILL = """(payloads) => {
  const fields = document.querySelectorAll("main textarea, main input:is([type=text], [type=search], [type=number], [type=date])");
  [...fields].forEach((field, n) => {
    // in every field another payload comes first, as one may hide those behind it
    const turned = [...payloads.slice(n % payloads.length), ...payloads.slice(0, n % payloads.length)];
    let text = "";
    for (const one of turned) if (text.length + one.length < ROOM) text += one + (field.tagName === "TEXTAREA" ? "\\n" : " ");
    field.value = text;
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
  });
  return [...fields].every((one) => one.value || ["number", "date"].includes(one.type)) ? fields.length : 0;
}""".replace("ROOM", str(ROOM))
PRESS = """(words) => {
  const seen = [...document.querySelectorAll("main button")].filter((one) => one.checkVisibility());
  const wanted = seen.filter((one) => words.some((word) => one.textContent.startsWith(word)) && !one.dataset.pressed);
  for (const one of wanted) {
    one.dataset.pressed = "1";
    one.click();
  }
  return wanted.length;
}"""
HOSTILE_MEMORY = """([ids, stages, texts]) => {
  const memory = window[Symbol.for("coptip.memory")];
  ids.forEach((id, n) => {
    const text = texts[n % texts.length];
    const said = { said: [text], order: [text], phrases: [text], settings: { plays: [{ [text]: text }], [text]: text }, [text]: text };
    const every = Object.fromEntries([...stages[n], text].map((stage) => [stage, { ...said, [stage]: [{ [text]: text }] }]));
    const events = [...stages[n], text].flatMap((stage) =>
      ["check", "say", "set", "lift", text].map((action) => ({ action, stage, responses: said, at: text })));
    memory.set(id, { version: text, module: text, title: text, status: text, at: text, earlier: null, asked: text, events, drafts: every });
  });
  memory.set(texts[0], { version: texts[0], module: "1a", title: texts[0], status: "open", at: texts[0], events: [{}], drafts: {} });
}"""


@pytest.fixture(scope="module")
def kiosk() -> Iterator[Server]:
    with serving("--rate", "0", "--waits", "idle=600", command="kiosk") as one:
        yield one


@pytest.fixture(scope="module")
def person(browser: Browser, kiosk: Server) -> Iterator[Person]:
    """Somebody who goes from module to module, with all that they have typed so far."""
    context = browser.new_context()
    context.set_default_timeout(20_000)
    context.add_init_script(WATCH + "window.print = () => {};")
    yield Person(context, kiosk, "")
    context.close()


def inside(person: Person, module: str) -> Frame:
    """A module's page in a kiosk, with all its exercises alive."""
    [frame] = person.page.frames[1:]
    frame.goto(f"{person.server.address}in/m/{module}")
    frame.locator("section#exercise-review").wait_for(state="attached")
    expect(frame.locator("[data-player] > .cp-static")).to_have_count(0)
    return frame


def press(frame: Frame, *words: str) -> int:
    """Press every button that begins with one of these words, and wait until the kernel has said something."""
    pressed = int(frame.evaluate(PRESS, list(words)))
    expect(frame.locator("[aria-busy='true']")).to_have_count(0, timeout=60_000)
    return pressed


@pytest.mark.parametrize("module", MODULES)
def test_every_field_of_every_module_on_a_kiosk_shows_payloads_as_text(module: str, person: Person) -> None:
    """Also in the fields of other modules that show again what was typed in these."""
    frame = inside(person, module)
    while press(frame, "Continue anyway"):
        pass
    press(frame, "Add")
    assert frame.evaluate(FILL, PAYLOADS) >= 1
    assert press(frame, "Check", "Keep", "Compare", "Guess", "Done") >= 1
    press(frame, "Print")
    unharmed(person.page)
    expect(frame.locator("[data-trouble]")).to_be_empty()


@pytest.mark.parametrize("module", MODULES)
def test_hostile_work_on_a_kiosk_stays_text_also_in_talks_and_models(module: str, person: Person) -> None:
    exercises = [Library(ROOT).exercises[id] for id in Library(ROOT).modules[module].exercises]
    stages = [[stage.id for stage in one.stages] for one in exercises]
    person.page.evaluate(HOSTILE_MEMORY, [[one.id for one in exercises], stages, PAYLOADS])
    frame = inside(person, module)
    press(frame, "Print", "Start the talk again", "Go back one turn")
    unharmed(person.page)
    expect(frame.locator("[data-trouble]")).to_be_empty()


def test_what_is_searched_for_on_a_kiosks_start_page_stays_text(person: Person) -> None:
    [frame] = person.page.frames[1:]
    frame.goto(f"{person.server.address}in/")
    field = frame.get_by_label("Search all modules")
    for payload in PAYLOADS[::3]:
        field.fill(payload)
    unharmed(person.page)


def test_a_password_page_and_its_next_address_stay_text(context: BrowserContext, tmp_path: Path) -> None:
    with serving("--instructor", "--password", "x", "--ip", "127.0.0.1") as server:
        page = context.new_page()
        for payload in PAYLOADS[::10]:
            page.goto(server.address + "login?next=" + quote(payload, safe=""))
            assert page.locator("input[name=next]").get_attribute("value") == payload
            unharmed(page)
