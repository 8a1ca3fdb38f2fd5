"""A part of the bench: a person in a browser of its own opens a page, with an empty cache and again, and clicks."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import BrowserContext, Page

from bench.part import asked, note
from tests.browser.serving import chromium

SLOW = 60_000
"""After this many milliseconds a page counts as one that never came alive."""
REST_SECONDS, PAUSE_SECONDS, REST_SHARE = 8, 0.25, 0.04
"""A browser that needs less than this share of a core in a pause is at rest; the first bounds the waiting."""
READABLE = """(() => {
  const find = (root) => root.querySelector("h1")
    ?? [...root.querySelectorAll("*")].reduce((found, one) => found ?? (one.shadowRoot && find(one.shadowRoot)), null);
  const look = () => {
    const one = find(document);
    if (one?.getClientRects().length && one.checkVisibility({ visibilityProperty: true })) {
      window.readableAt = performance.timeOrigin + performance.now();
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
"""Notes, in the page itself, the picture in which its heading is first seen: whoever asks from outside waits until the
page has nothing else to do."""
CLICKS = """async ([check, box, many]) => {
  const found = [], button = document.querySelector(check), stage = document.querySelector(box);
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let n = 0; n < many; n += 1) {
    const start = performance.now();
    const told = new Promise((done) => new MutationObserver((_, one) => {
      if (stage.getAttribute("aria-busy") === "false") { one.disconnect(); done(true); }
    }).observe(stage, { attributes: true, subtree: true, childList: true }));
    button.click();
    if (!(await Promise.race([told, wait(10000)]))) break;
    found.push(performance.now() - start);
    await wait(60);
  }
  return found;
}"""


def at_rest(context: BrowserContext) -> None:
    """Wait until the browser has built its new window: it loads pages of its own for that, whosever page is meant."""
    assert context.browser is not None
    session, before, end = context.browser.new_browser_cdp_session(), 0.0, time.monotonic() + REST_SECONDS
    while time.monotonic() < end:
        used = sum(one["cpuTime"] for one in session.send("SystemInfo.getProcessInfo")["processInfo"])
        if used - before < REST_SHARE * PAUSE_SECONDS:
            break
        before = used
        time.sleep(PAUSE_SECONDS)
    session.detach()


def load(context: BrowserContext, who: dict[str, Any], cache: str) -> Page:
    """Open the page; note when the text can be read, when a click is answered, and how many bytes came."""
    page = context.new_page()
    page.set_default_timeout(SLOW)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    size = [0.0]
    session.on("Network.loadingFinished", lambda event: size.__setitem__(0, size[0] + event["encodedDataLength"]))
    page.add_init_script(READABLE)
    at_rest(context)
    start, wall = time.perf_counter(), time.time()
    page.goto(who["address"] + who["path"], wait_until="commit")
    page.locator("h1").first.wait_for(state="visible")
    page.wait_for_function("window.readableAt")
    note(f"text readable, {cache} cache, ms", page.evaluate("readableAt") - wall * 1000)
    option = page.locator(who["option"]).first
    option.wait_for(state="attached")
    if option.evaluate("(one) => one.tagName") == "SELECT":
        option.select_option(index=1)
    else:
        option.click(force=True)
    page.locator(who["check"]).first.click()
    page.locator(who["told"]).first.wait_for(state="attached")
    note(f"first exercise answers a click, {cache} cache, ms", (time.perf_counter() - start) * 1000)
    if cache == "empty":
        note("bytes, empty cache, kB", size[0] / 1000)
    return page


def main() -> None:
    """What a person sees, once."""
    who = asked()
    with chromium() as browser:
        # a browser that has just started is slow at its first page, whosever that is
        browser.new_page().goto(who["address"] + "no-such-page", timeout=SLOW)
        context = browser.new_context()
        load(context, who, "empty").close()
        page = load(context, who, "warm")
        if who["ours"]:
            for ms in page.evaluate(CLICKS, [who["check"], who["check"].replace(" .cp-main", ""), 40]):
                note("click to feedback, ms", ms)


if __name__ == "__main__":
    main()
