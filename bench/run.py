"""``make bench``: stock Voilà, coptip and Panel with the same module, interleaved in one run; medians and ranges.

Ratios in one run count; absolute times move with the machine. Nothing here asserts anything.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import TimeoutError as NeverAlive
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httputil import HTTPHeaders
from tornado.websocket import websocket_connect

from tests.browser.serving import (
    Server,
    children,
    chromium,
    free_port,
    running,
    serving,
    wait_until_it_answers,
)

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "notebooks" / "1a-understanding-trafficking.ipynb"
SLOW = 60_000
"""After this many milliseconds a page counts as one that never came alive."""


@dataclass
class Rival:
    """One of those that are measured: how to reach it, and what to press on its page."""

    name: str
    server: Server
    path: str
    text: str
    option: str
    check: str
    told: str
    found: dict[str, list[float]] = field(default_factory=dict)
    failed: int = 0

    def note(self, what: str, value: float) -> None:
        """One measurement."""
        self.found.setdefault(what, []).append(value)


@contextmanager
def rivals(panel: str | None) -> Iterator[list[Rival]]:
    """All servers, started; each has answered once."""
    with ExitStack() as open:
        port = free_port()
        command = [sys.executable, "-m", "voila", NOTEBOOK.name, "--no-browser", "--port", str(port)]
        # with its usual limit it drops the states of as many widgets as this page has, and never shows them
        command.append("--ZMQChannelsWebsocketConnection.limit_rate=False")
        stock = open.enter_context(running(command, rf"http://localhost:{port}/\S*", cwd=NOTEBOOK.parent))
        stock.address = f"http://127.0.0.1:{port}/"
        ours = open.enter_context(serving("--rate", "0", "--most", "400"))
        exercise = "#exercise-three-drawers .cp-stage"
        press = (f"{exercise} select, {exercise} input, {exercise} .cp-segment", f"{exercise} .cp-main")
        told = "#exercise-three-drawers .cp-stage .cp-summary:not([hidden])"
        found = [
            Rival("stock Voilà", stock, "", "h1", *press, told),
            Rival("coptip", ours, "m/1a", "h1", *press, told),
        ]
        if panel:
            port = free_port()
            command = [panel, "serve", str(ROOT / "bench" / "panel_page.py"), "--port", str(port)]
            env = {"NOTEBOOK": str(NOTEBOOK), "PYTHONPATH": ""}
            peer = open.enter_context(running(command, rf"http://\S+:{port}/panel_page", env=env))
            peer.address = f"http://localhost:{port}/"
            press = (".bk-btn-group button >> nth=0", ".check button >> nth=0")
            found.append(Rival("Panel", peer, "panel_page", "h1", *press, "text=1 of 6 stand"))
        for rival in found:
            wait_until_it_answers(rival.server.address + rival.path)
        yield found


# a person in a browser


def load(rival: Rival, context: BrowserContext, cache: str) -> Page:
    """Open the page; note when the text can be read, when a click is answered, and how many bytes came."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    size = [0.0]
    session.on("Network.loadingFinished", lambda event: size.__setitem__(0, size[0] + event["encodedDataLength"]))
    start = time.perf_counter()
    page.goto(rival.server.address + rival.path, wait_until="commit")
    page.locator(rival.text).first.wait_for(state="visible", timeout=SLOW)
    rival.note(f"text readable, {cache} cache, ms", (time.perf_counter() - start) * 1000)
    option = page.locator(rival.option).first
    option.wait_for(state="attached", timeout=SLOW)
    act(page, option)
    page.locator(rival.check).first.click(timeout=SLOW)
    page.locator(rival.told).first.wait_for(state="attached", timeout=SLOW)
    rival.note(f"first exercise answers a click, {cache} cache, ms", (time.perf_counter() - start) * 1000)
    if cache == "empty":
        rival.note("bytes, empty cache, kB", size[0] / 1000)
    return page


def act(page: Page, option: Any) -> None:
    """Answer something, whatever it is made of."""
    if option.evaluate("(one) => one.tagName") == "SELECT":
        option.select_option(index=1, timeout=SLOW)
    else:
        option.click(timeout=SLOW, force=True)


CLICKS = """async ([check, box]) => {
  const found = [], button = document.querySelector(check), stage = document.querySelector(box);
  for (let n = 0; n < 40; n += 1) {
    const start = performance.now();
    const told = new Promise((done) => new MutationObserver((_, one) => {
      if (stage.getAttribute("aria-busy") === "false") { one.disconnect(); done(); }
    }).observe(stage, { attributes: true, subtree: true, childList: true }));
    button.click();
    await told;
    found.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 60));
  }
  return found;
}"""


def in_a_browser(browser: Browser, all: list[Rival], runs: int) -> None:
    """Everything that a person sees, one rival after the other, over and over."""
    for _ in range(runs):
        for rival in all:
            context = browser.new_context()
            try:
                load(rival, context, "empty").close()
                page = load(rival, context, "warm")
            except NeverAlive:
                rival.failed += 1
                context.close()
                continue
            if rival.name != "Panel":
                stage = rival.check.replace(" .cp-main", "")
                for ms in page.evaluate(CLICKS, [rival.check, stage]):
                    rival.note("click to feedback, ms", ms)
            context.close()


# many at once, over sockets


async def session(
    rival: Rival, stay: asyncio.Event | None = None, there: asyncio.Future[float] | None = None
) -> float:
    """One person without a browser: from asking for the page until a click is answered. The seconds it took."""
    start = time.perf_counter()
    client = AsyncHTTPClient(force_instance=True)
    answer = await client.fetch(
        rival.server.address + rival.path, request_timeout=300, headers={"Accept-Encoding": "gzip"}
    )
    html = answer.body.decode()
    cookies = "; ".join(value.partition(";")[0] for value in answer.headers.get_list("Set-Cookie"))
    found = re.search(r"""(?:data-kernel="|kernelId['"]?:\s*['"])([0-9a-f-]{36})""", html)
    if found is None:
        raise RuntimeError("a page without a kernel")
    origin = rival.server.address.rstrip("/")
    address = f"{origin.replace('http', 'ws')}/api/kernels/{found[1]}/channels?session_id={os.urandom(8).hex()}"
    headers = HTTPHeaders({"Cookie": cookies, "Origin": origin})
    line = await websocket_connect(HTTPRequest(address, headers=headers, request_timeout=300), max_message_size=1 << 27)
    states = re.search(r"<script type=\"application/json\" data-states>(.*?)</script>", html, re.DOTALL)
    models = json.loads(states[1])["models"] if states else await asked(line)
    id = next(id for id, one in models.items() if (one.get("exercise") or {}).get("id") == "three-drawers")
    stage = models[id]["exercise"]["stages"][0]["id"]
    data = {"method": "custom", "content": {"action": "check", "stage": stage, "responses": {}}}
    await idle_after(line, "comm_msg", {"comm_id": id, "data": data})
    took = time.perf_counter() - start
    if there is not None:
        there.set_result(took)
    if stay is not None:
        await stay.wait()
    token = next((part.partition("=")[2] for part in cookies.split("; ") if part.startswith("_xsrf")), "")
    await client.fetch(
        f"{origin}/voila/api/shutdown/{found[1]}", method="POST", body=f"_xsrf={token}", headers=headers,
        raise_error=False,
    )  # fmt: skip
    line.close()
    client.close()
    return took


async def asked(line: Any) -> dict[str, Any]:
    """Widget states, as stock Voilà's page asks for them."""
    control = {"comm_id": os.urandom(8).hex(), "target_name": "jupyter.widget.control", "data": {}}
    await idle_after(line, "comm_open", control)
    data = {"method": "request_states"}
    for content in await idle_after(line, "comm_msg", {"comm_id": control["comm_id"], "data": data}):
        told = content.get("data", {})
        if isinstance(told, dict) and told.get("method") == "update_states":
            return {id: one["state"] for id, one in told["states"].items()}
    raise RuntimeError("no states")


async def idle_after(line: Any, kind: str, content: Any) -> list[Any]:
    """Say something; what comes back until it has been dealt with."""
    id = os.urandom(8).hex()
    header = {"msg_id": id, "msg_type": kind, "session": id, "username": "", "version": "5.3", "date": ""}
    message = {"channel": "shell", "header": header, "parent_header": {}, "content": content, "buffers": []}
    await line.write_message(json.dumps({**message, "metadata": {"version": "1.0.0"}}))
    heard = []
    while (got := await line.read_message()) is not None:
        text = got if isinstance(got, str) else got[int.from_bytes(got[4:8], "big") :].decode("utf-8", "replace")
        one = json.JSONDecoder().raw_decode(text)[0]
        heard.append(one["content"])
        state = one["content"].get("execution_state")
        if state == "idle" and one["parent_header"].get("msg_id") == id:
            return heard
        if state == "dead":
            break
    raise RuntimeError("a kernel was lost")


async def at_once(rival: Rival, many: int) -> tuple[list[float], int]:
    """Many people at the same moment: how long each took, and how many failed."""
    done = await asyncio.gather(*(session(rival) for _ in range(many)), return_exceptions=True)
    took = [one for one in done if isinstance(one, float)]
    return took, len(done) - len(took)


def memory(server: Server) -> float:
    """MB that a server and its processes take; what they share counts once."""
    total = 0
    for pid in [server.process.pid, *children(server.process.pid)]:
        try:
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        except OSError:
            continue
        total += int(found[1]) if found else 0
    return total / 1024


async def settled(server: Server) -> float:
    """The memory once it no longer moves: a server that has just started still prepares its notebooks."""
    last = memory(server)
    for _ in range(30):
        await asyncio.sleep(3)
        now = memory(server)
        if abs(now - last) < 1:
            return now
        last = now
    return last


async def a_further_session(rival: Rival, many: int) -> tuple[float, float]:
    """MB of each session while many are open, and MB above the start after all have left."""
    await session(rival)
    before = await settled(rival.server)
    stay = asyncio.Event()
    people = []
    for _ in range(many):
        people.append(asyncio.create_task(session(rival, stay)))
        await asyncio.sleep(0.3)
    during = await settled(rival.server)
    stay.set()
    await asyncio.gather(*people, return_exceptions=True)
    return (during - before) / many, await settled(rival.server) - before


async def one_after_another(rival: Rival, many: int) -> tuple[list[float], int]:
    """Many people who come one after another and all stay: how long each took, and how many failed."""
    stay, people, took = asyncio.Event(), [], []
    for _ in range(many):
        there: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        people.append(asyncio.create_task(session(rival, stay, there)))
        await asyncio.wait({there, people[-1]}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        if there.done():
            took.append(there.result())
    stay.set()
    await asyncio.gather(*people, return_exceptions=True)
    return took, many - len(took)


# telling


def table(all: list[Rival]) -> None:
    """Medians and ranges beside each other, and ours as a share of stock's."""
    names = [rival.name for rival in all]
    print("\n| | " + " | ".join(names) + " | coptip / stock |")
    print("|---|" + "---|" * (len(names) + 1))
    rows = list(dict.fromkeys(what for rival in all for what in rival.found))
    for what in rows:
        middle = {rival.name: statistics.median(rival.found[what]) for rival in all if what in rival.found}
        told = [
            f"{middle[r.name]:.4g} ({min(r.found[what]):.4g} to {max(r.found[what]):.4g})" if what in r.found else "–"
            for r in all
        ]
        both = "coptip" in middle and "stock Voilà" in middle
        share = f"{middle['coptip'] / middle['stock Voilà']:.2f}" if both else "–"
        print(f"| {what} | " + " | ".join(told) + f" | {share} |", flush=True)


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="how often each page is opened")
    parser.add_argument("--panel", help="the command 'panel' of the bench's own environment")
    parser.add_argument("--many", type=int, default=30, help="how many arrive at once")
    parser.add_argument("--sessions", type=int, default=150)
    args = parser.parse_args()
    with rivals(args.panel) as all:
        with chromium() as browser:
            in_a_browser(browser, all, args.runs)
        for rival in all:
            if rival.failed:
                told = f"{rival.failed} of {args.runs} loads never came alive and are left out"
                print(f"{rival.name}: {told}", flush=True)
        ours = next(rival for rival in all if rival.name == "coptip")
        clicks = ours.found["click to feedback, ms"]
        middle, most = statistics.median(clicks), percentile(clicks, 0.95)
        print(f"click to feedback, coptip: median {middle:.1f} ms, p95 {most:.1f} ms")
        for rival in all:
            if rival.name != "Panel":
                each, left = asyncio.run(a_further_session(rival, 10))
                rival.note("memory a further session, MB", each)
                rival.note("memory after all have left, MB more", left)
                took, failed = asyncio.run(at_once(rival, args.many))
                rival.note(f"{args.many} at once: p95 until a click is answered, s", percentile(took, 0.95))
                rival.note(f"{args.many} at once: failed", failed)
        took, failed = asyncio.run(one_after_another(ours, args.sessions))
        print(f"{args.sessions} sessions, coptip: {failed} failed; first {took[0]:.3f} s, last {took[-1]:.3f} s")
        table(all)
    return 0


if __name__ == "__main__":
    sys.exit(main())
