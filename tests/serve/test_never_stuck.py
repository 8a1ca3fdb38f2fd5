"""Whatever stops, the person sees it within ten seconds, with all that was typed, and can go on."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, WebSocketRoute, expect

from ..browser.serving import Server, free_port, serving, until
from .conftest import TAMPERED, collection
from .people import STILL_HERE, Person

pytestmark = pytest.mark.browser

PROMISED = 10_000
"""Milliseconds within which a person sees what has happened."""
WAITS = "answer=2,grace=4,ping=1,idle=600"


@pytest.fixture(scope="module")
def kiosk(tampered: Path) -> Iterator[Server]:
    with serving("--waits", WAITS, "--rate", "0", "--memory", "64", env={"COPTIP_ROOT": str(tampered)},
                 command="kiosk") as one:  # fmt: skip
        yield one


@pytest.fixture
def context(browser: Browser, kiosk: Server) -> Iterator[BrowserContext]:
    one = browser.new_context()
    one.set_default_timeout(20_000)
    yield one
    one.close()
    until(lambda: not kiosk.kernels())


@pytest.mark.parametrize("fate", ["please-hang", "please-die", "killed"])
def test_a_kernel_that_hangs_or_dies_or_is_killed_is_told_and_one_goes_on(
    fate: str, context: BrowserContext, kiosk: Server
) -> None:
    person = Person(context, kiosk).ready()
    text = f"What I wrote: {fate}"
    person.write(text)
    if fate == "killed":
        kiosk.kill_kernels()
    else:
        person.check()
    expect(person.trouble).to_contain_text(STILL_HERE, timeout=PROMISED)
    expect(person.field).to_have_value(text)
    person.can_go_on(text)
    assert "Traceback" not in kiosk.said


def test_a_kernel_that_wants_all_memory_gets_its_share_and_says_so(context: BrowserContext, kiosk: Server) -> None:
    person = Person(context, kiosk).ready()
    person.write("What I wrote: please-eat")
    [kernel] = kiosk.kernels()
    person.check()
    told = person.stage.locator(".cp-problem").or_(person.trouble).filter(has_text="typed is")
    expect(told.first).to_be_visible(timeout=PROMISED)
    expect(person.field).to_have_value("What I wrote: please-eat")
    if kernel in kiosk.kernels():
        person.write("Somebody recruits a person by fraud for the purpose of exploitation.")
        person.check()
        expect(person.stage).to_have_attribute("data-status", re.compile("tried|done"), timeout=PROMISED)
    else:
        person.can_go_on("What I wrote: please-eat")


def test_ten_thousand_clicks_are_one_question_and_leave_the_page_alive(
    context: BrowserContext, kiosk: Server
) -> None:
    person = Person(context, kiosk).ready()
    person.write("A child was recruited.")
    person.stage.locator(".cp-main").evaluate("(one) => { for (let n = 0; n < 10000; n += 1) one.click(); }")
    expect(person.stage).to_have_attribute("data-status", re.compile("tried|done"), timeout=PROMISED)
    expect(person.stage).to_have_attribute("aria-busy", "false")
    assert len(kiosk.kernels()) == 1
    person.write("A child was recruited for exploitation.")
    person.check()
    expect(person.stage).to_have_attribute("aria-busy", "false", timeout=PROMISED)
    expect(person.trouble).to_be_empty()


def test_frames_damaged_on_their_way_cost_a_new_line_and_nothing_else(
    context: BrowserContext, kiosk: Server
) -> None:
    lines: list[WebSocketRoute] = []

    def carry(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server()

    context.route_web_socket(re.compile("/api/kernels/"), carry)
    person = Person(context, kiosk).ready()
    person.write("Still mine.")
    for damage in ("{", "null", "\u0000"):
        lines[-1].send(damage)
        until(partial(_new_line, person, lines, len(lines)), PROMISED / 1000)
    person.check()
    expect(person.stage).to_have_attribute("data-status", re.compile("tried|done"), timeout=PROMISED)
    expect(person.field).to_have_value("Still mine.")


def _new_line(person: Person, lines: list[WebSocketRoute], before: int) -> bool:
    """Whether the page has opened a new line; to ask the page anything lets the browser's news through."""
    person.page.title()
    return len(lines) > before


# the network


class Cable:
    """A way to a server that can be cut: while it is, nothing passes and nothing is said."""

    def __init__(self, server: Server) -> None:
        self.port = free_port()
        self.goal = int(server.address.rstrip("/").rpartition(":")[2])
        self.whole = threading.Event()
        self.whole.set()
        self.over = False
        self.entry = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while not self.over:
            try:
                one, _ = self.entry.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(one,), daemon=True).start()

    def _carry(self, one: socket.socket) -> None:
        self.whole.wait()
        try:
            with one, socket.create_connection(("127.0.0.1", self.goal)) as other:
                while True:
                    ready, _, _ = select.select([one, other], [], [], 1)
                    self.whole.wait()
                    for end in ready:
                        data = end.recv(65536)
                        if not data:
                            return
                        (other if end is one else one).sendall(data)
        except OSError:
            return

    def close(self) -> None:
        """No more."""
        self.over = True
        self.whole.set()
        self.entry.close()


@pytest.mark.parametrize(("cut", "survives"), [("short", True), ("long", False)])
def test_a_cut_network_is_told_and_when_it_is_back_one_goes_on(
    cut: str, survives: bool, context: BrowserContext, kiosk: Server
) -> None:
    """A cut of 5, 45 and 150 seconds: shorter and longer than the time that a kernel waits for its line."""
    cable = Cable(kiosk)
    try:
        through = Server(f"http://127.0.0.1:{cable.port}/", kiosk.process, kiosk.log)
        person = Person(context, through).ready()
        person.write("Before the cut.")
        [kernel] = kiosk.kernels()
        cable.whole.clear()
        person.write("Before the cut, and in it.")
        if survives:
            # mended before the kernel is given up; a cut shorter than a sign of life need not be told at all
            cable.whole.set()
            person.check()
            expect(person.stage).to_have_attribute("data-status", re.compile("tried|done"), timeout=PROMISED)
            assert kiosk.kernels() == [kernel]
        else:
            expect(person.trouble).to_contain_text(STILL_HERE, timeout=PROMISED)
            expect(person.trouble).to_contain_text("The connection is lost")
            until(lambda: kernel not in kiosk.kernels(), 15)
            cable.whole.set()
            expect(person.trouble).to_contain_text("has stopped", timeout=PROMISED)
            person.can_go_on("Before the cut, and in it.")
    finally:
        cable.close()


def test_a_server_that_is_started_again_loses_nothing_of_the_person(
    browser: Browser, tampered: Path
) -> None:
    port = free_port()
    context = browser.new_context()
    env = {"COPTIP_ROOT": str(tampered)}
    with serving("--waits", WAITS, env=env, command="kiosk", port=port) as first:
        person = Person(context, first).ready()
        person.write("Typed before it went.")
        orphans = first.kernels()
        os.kill(first.process.pid, signal.SIGKILL)
        expect(person.trouble).to_contain_text(STILL_HERE, timeout=PROMISED)
        # what hung on the server ends with it
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans), 10)
        # to go on is no way into a browser's own page of errors
        person.inside.get_by_role("link", name="All modules").click()
        expect(person.page.locator("[data-lost]")).to_contain_text(STILL_HERE, timeout=PROMISED)
        expect(person.field).to_have_value("Typed before it went.")
    with serving("--waits", WAITS, env=env, command="kiosk", port=port) as second:
        person.server = second
        person.inside.locator(".modules").wait_for(timeout=30_000)
        person.inside.locator(".modules a[href$='m/1a']").click()
        expect(person.field).to_have_value("Typed before it went.", timeout=30_000)
        person.check()
        expect(person.stage).to_have_attribute("data-status", re.compile("tried|done"), timeout=30_000)
    context.close()


# cells


def test_a_cell_that_never_ends_costs_itself_alone(context: BrowserContext, tmp_path: Path) -> None:
    root = collection(tmp_path, "while True:\n    pass")
    with serving("--waits", "cell=1", env={"COPTIP_ROOT": str(root)}, command="kiosk") as server:
        person = Person(context, server)
        expect(person.inside.locator(".failed")).to_contain_text("cannot be shown", timeout=PROMISED)
        person.ready().write("The others work.")
        person.check()
        expect(person.stage).to_have_attribute("data-status", re.compile("tried|done"), timeout=15_000)


def test_a_notebook_that_cannot_be_prepared_can_still_be_read(context: BrowserContext, tmp_path: Path) -> None:
    stubborn = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\nwhile True:\n    pass"
    root = collection(tmp_path, stubborn)
    with serving("--waits", "cell=1,start=5", env={"COPTIP_ROOT": str(root)}, command="kiosk") as server:
        person = Person(context, server)
        expect(person.inside.locator("h1")).to_contain_text("1A", timeout=PROMISED)
        expect(person.trouble).to_contain_text("could not start. You can read everything", timeout=PROMISED)
        assert server.kernels() == []


def test_a_busy_server_process_that_dies_is_made_anew(tmp_path: Path, context: BrowserContext) -> None:
    root = collection(tmp_path, TAMPERED)
    with serving("--waits", WAITS, env={"COPTIP_ROOT": str(root)}, command="kiosk") as server:
        person = Person(context, server).ready()
        person.write("Still mine.")
        from ..browser.serving import children

        for pid in children(server.process.pid):
            os.kill(pid, signal.SIGKILL)
        expect(person.trouble).to_contain_text(STILL_HERE, timeout=PROMISED)
        person.can_go_on("Still mine.")
