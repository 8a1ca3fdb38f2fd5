"""Whatever stops, the person sees it within ten seconds, with all that was typed, and can go on.

Each case is tried at a kiosk and at pages that are served without one, in a real browser.
"""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, WebSocketRoute, expect

from coptip.serve.settings import KIOSK_WAITS, Waits

from ..browser.serving import Server, children, free_port, serving, until
from .conftest import TAMPERED, collection
from .people import STILL_HERE, Person
from .visitor import Line, Visitor

pytestmark = pytest.mark.browser

PROMISED = 10_000
"""Milliseconds within which a person sees what has happened."""
WAITS = "answer=2,grace=4,ping=1,idle=600"
SHORTER = 10
"""The network is cut for a tenth of 5, 45 and 150 seconds, and what has to do with a line waits a tenth as long."""
OF_A_LINE = ("ping", "grace", "sign", "late", "reach", "again")
ANSWERED = re.compile("tried|done")
SERVED = pytest.mark.parametrize("command", ["kiosk", "serve"])


@pytest.fixture(scope="module", params=["kiosk", "serve"])
def command(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def server(tampered: Path, command: str) -> Iterator[Server]:
    with serving("--waits", WAITS, "--rate", "0", "--memory", "64", env={"COPTIP_ROOT": str(tampered)},
                 command=command) as one:  # fmt: skip
        yield one


@pytest.fixture
def alone(browser: Browser) -> Iterator[BrowserContext]:
    one = browser.new_context()
    one.set_default_timeout(20_000)
    yield one
    one.close()


@pytest.fixture
def context(alone: BrowserContext, server: Server) -> Iterator[BrowserContext]:
    yield alone
    alone.close()
    until(lambda: not server.kernels())


def arriving(context: BrowserContext, server: Server, command: str) -> Person:
    """Somebody who opens a page."""
    return Person(context, server, kiosk=command == "kiosk")


def test_with_the_waits_as_delivered_ten_seconds_are_enough_to_see_that_something_is_wrong() -> None:
    for waits in (Waits(), Waits(**KIOSK_WAITS)):
        assert waits.sign + waits.late < 10, "a line that is cut"
        assert waits.answer + 1 < 10, "a kernel that hangs; the page waits a second longer than the server"
        assert 3.6 * waits.beat < 10, "a page that is no longer written"
        assert waits.reach + waits.late < 10, "the exercises' scripts that do not come"


# kernels


@pytest.mark.parametrize("fate", ["please-hang", "please-die", "killed"])
def test_a_kernel_that_hangs_or_dies_or_is_killed_is_told_and_one_goes_on(
    fate: str, context: BrowserContext, server: Server, command: str
) -> None:
    person = arriving(context, server, command).ready()
    text = f"What I wrote: {fate}"
    person.write(text)
    if fate == "killed":
        server.kill_kernels()
    else:
        person.check()
    expect(person.trouble).to_contain_text(STILL_HERE, timeout=PROMISED)
    expect(person.field).to_have_value(text)
    person.can_go_on(text)
    assert "Traceback" not in server.said


@pytest.mark.parametrize("fate", ["please-eat", "please-fill"])
def test_a_kernel_out_of_memory_ends_and_says_so_and_one_goes_on(
    fate: str, context: BrowserContext, server: Server, command: str
) -> None:
    """It wants more at once than its share, or fills its share to the brim with what it never gives back."""
    person = arriving(context, server, command).ready()
    text = f"What I wrote: {fate}"
    person.write(text)
    [kernel] = server.kernels()
    before = server.said
    person.check()
    expect(person.trouble).to_contain_text(STILL_HERE, timeout=PROMISED)
    until(lambda: kernel not in server.kernels(), 2)
    assert server.said.removeprefix(before).count("MemoryError") <= 1
    assert fate not in server.said
    person.can_go_on(text)


def test_whoever_reads_on_after_a_kernel_has_stopped_is_told_again_when_something_is_checked(
    context: BrowserContext, server: Server, command: str
) -> None:
    person = arriving(context, server, command).ready()
    person.write("Read on.")
    server.kill_kernels()
    person.trouble.get_by_role("button", name="Keep reading").click(timeout=PROMISED)
    expect(person.trouble).to_be_empty()
    person.check()
    expect(person.trouble).to_contain_text(STILL_HERE, timeout=PROMISED)
    person.can_go_on("Read on.")


def test_ten_thousand_clicks_are_one_question_and_leave_the_page_alive(
    context: BrowserContext, server: Server, command: str
) -> None:
    person = arriving(context, server, command).ready()
    person.write("A child was recruited.")
    person.stage.locator(".cp-main").evaluate("(one) => { for (let n = 0; n < 10000; n += 1) one.click(); }")
    expect(person.stage).to_have_attribute("data-status", ANSWERED, timeout=PROMISED)
    expect(person.stage).to_have_attribute("aria-busy", "false")
    assert len(server.kernels()) == 1
    person.write("A child was recruited for exploitation.")
    person.check()
    expect(person.stage).to_have_attribute("aria-busy", "false", timeout=PROMISED)
    expect(person.trouble).to_be_empty()


# frames


def test_frames_damaged_on_their_way_to_the_page_cost_a_new_line_and_nothing_else(
    context: BrowserContext, server: Server, command: str
) -> None:
    lines: list[WebSocketRoute] = []

    def carry(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server()

    context.route_web_socket(re.compile("/api/kernels/"), carry)
    person = arriving(context, server, command).ready()
    person.write("Still mine.")
    for damage in ("{", "null", "\u0000"):
        lines[-1].send(damage)
        until(partial(_new_line, person, lines, len(lines)), PROMISED / 1000)
    person.check()
    expect(person.stage).to_have_attribute("data-status", ANSWERED, timeout=PROMISED)
    expect(person.field).to_have_value("Still mine.")


def _new_line(person: Person, lines: list[WebSocketRoute], before: int) -> bool:
    """Whether the page has opened a new line; to ask the page anything lets the browser's news through."""
    person.page.title()
    return len(lines) > before


def test_frames_damaged_on_their_way_to_the_kernel_are_told_and_can_be_sent_again(
    context: BrowserContext, server: Server, command: str
) -> None:
    damaged = threading.Event()

    def carry(line: WebSocketRoute) -> None:
        there = line.connect_to_server()
        line.on_message(lambda said: there.send(said[:20] if damaged.is_set() else said))

    context.route_web_socket(re.compile("/api/kernels/"), carry)
    person = arriving(context, server, command).ready()
    person.write("Still mine.")
    damaged.set()
    person.check()
    expect(person.trouble).to_contain_text(STILL_HERE, timeout=PROMISED)
    expect(person.stage.locator(".cp-problem")).to_contain_text("kept", timeout=PROMISED)
    damaged.clear()
    goes_on_by_itself_or_by_a_press(person)
    person.check()
    expect(person.stage).to_have_attribute("data-status", ANSWERED, timeout=PROMISED)
    expect(person.field).to_have_value("Still mine.")


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

    def leading_to(self, server: Server) -> Server:
        """The server as it is reached through this way."""
        return Server(f"http://127.0.0.1:{self.port}/", server.process, server.log)


@pytest.fixture
def cable(server: Server) -> Iterator[Cable]:
    one = Cable(server)
    yield one
    one.close()


def goes_on_by_itself_or_by_a_press(person: Person) -> None:
    """Wait until nothing is wrong any more, and press what the page offers where it does not mend itself."""
    go_on = person.trouble.get_by_role("button", name="Go on")
    nothing = person.trouble.locator(":scope:empty")
    until(lambda: nothing.count() or go_on.count(), 2 * PROMISED / 1000)
    if go_on.count():
        go_on.click()
    expect(person.trouble).to_be_empty(timeout=PROMISED)


def test_a_cut_network_is_told_within_ten_seconds(
    context: BrowserContext, server: Server, command: str, cable: Cable
) -> None:
    """With the page's own waits as they are delivered."""
    person = arriving(context, cable.leading_to(server), command).ready()
    person.write("Before the cut.")
    cable.whole.clear()
    person.write("Before the cut, and in it.")
    expect(person.trouble).to_contain_text(STILL_HERE, timeout=PROMISED)
    expect(person.trouble).to_contain_text("The connection is lost")
    cable.whole.set()
    goes_on_by_itself_or_by_a_press(person)
    expect(person.field).to_have_value("Before the cut, and in it.", timeout=PROMISED)


@SERVED
@pytest.mark.parametrize("seconds", [5, 45, 150])
def test_after_a_cut_of_so_many_seconds_one_goes_on_with_all_that_was_typed(
    seconds: int, command: str, alone: BrowserContext, tampered: Path
) -> None:
    """All that has to do with a line waits a tenth as long as it is delivered, and so does the cut."""
    delivered = Waits(**(KIOSK_WAITS if command == "kiosk" else {}))
    waits = ",".join(f"{name}={getattr(delivered, name) / SHORTER}" for name in OF_A_LINE)
    with serving("--waits", f"{waits},idle=600", env={"COPTIP_ROOT": str(tampered)}, command=command) as server:
        cable = Cable(server)
        try:
            person = arriving(alone, cable.leading_to(server), command).ready()
            person.write("Before the cut.")
            [kernel] = server.kernels()
            cable.whole.clear()
            person.write("Before the cut, and in it.")
            person.page.wait_for_timeout(seconds * 1000 / SHORTER)  # the cut itself
            if seconds > delivered.sign + delivered.late:
                expect(person.trouble).to_contain_text(STILL_HERE)
            if seconds > delivered.ping * 2 + delivered.grace:
                until(lambda: kernel not in server.kernels())
            cable.whole.set()
            goes_on_by_itself_or_by_a_press(person)
            expect(person.field).to_have_value("Before the cut, and in it.", timeout=PROMISED)
            person.check()
            expect(person.stage).to_have_attribute("data-status", ANSWERED, timeout=PROMISED)
            if seconds < delivered.grace:
                assert server.kernels() == [kernel], "the kernel waits for its line as long as it should"
        finally:
            cable.close()


# what does not come when a page opens


class Held:
    """Requests that get no answer, until it is over or they are let go."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.over, self.waiting = False, list[Route]()
        context.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        if self.over:
            route.continue_()
        else:
            self.waiting.append(route)

    def go(self) -> None:
        """Let them go."""
        self.over = True
        for one in self.waiting:
            one.continue_()


def test_scripts_that_do_not_come_are_told_and_the_text_can_be_read(
    context: BrowserContext, server: Server, command: str
) -> None:
    held = Held(context, "**/client.js")
    person = Person(context, server, kiosk=command == "kiosk", loaded="commit")
    told = person.inside.locator("[data-unopened]")
    expect(told).to_be_attached(timeout=PROMISED)
    expect(told).not_to_be_visible()
    expect(told).to_be_visible(timeout=PROMISED)
    expect(person.inside.locator("h1")).to_contain_text("1A")
    held.over = True
    told.get_by_role("link", name="Try again").click()
    person.ready()
    expect(told).to_have_count(0)


def test_exercises_whose_scripts_do_not_come_are_told_and_come_when_they_do(
    context: BrowserContext, server: Server, command: str
) -> None:
    held = Held(context, "**/player/player.js")
    person = arriving(context, server, command)
    expect(person.trouble).to_contain_text("could not start. You can read everything", timeout=PROMISED)
    held.go()
    person.ready()
    expect(person.trouble).to_be_empty()


def test_a_page_that_does_not_begin_is_told_at_a_kiosk(alone: BrowserContext, tampered: Path) -> None:
    """Without a kiosk the browser itself shows that it waits."""
    with serving("--waits", WAITS, env={"COPTIP_ROOT": str(tampered)}, command="kiosk") as server:
        person = Person(alone, server).ready()
        person.write("Typed before it went.")
        held = Held(alone, "**/in/")
        person.inside.get_by_role("link", name="All modules").click()
        lost = person.page.locator("[data-lost]")
        expect(lost).to_contain_text(STILL_HERE, timeout=PROMISED)
        expect(person.field).to_have_value("Typed before it went.")
        held.over = True
        expect(lost).to_be_hidden(timeout=PROMISED)
        person.inside.locator(".modules a[href$='m/1a']").click(timeout=PROMISED)
        expect(person.field).to_have_value("Typed before it went.", timeout=30_000)


def test_a_search_whose_index_does_not_come_says_so(
    context: BrowserContext, server: Server, command: str
) -> None:
    held = Held(context, "**/search.json")
    person = Person(context, server, "", kiosk=command == "kiosk")
    form = person.inside.locator("[data-search]")
    form.locator("input").fill("consent")
    expect(form.get_by_role("status")).to_contain_text("cannot be reached", timeout=PROMISED)
    held.over = True
    form.locator("input").fill("consents")
    form.locator("input").fill("consent")
    expect(form.get_by_role("status")).to_contain_text("found", timeout=PROMISED)


def test_an_attempt_that_a_page_gave_up_may_come_late_and_stops_nothing(
    context: BrowserContext, server: Server, command: str
) -> None:
    person = arriving(context, server, command).ready()
    [kernel] = server.kernels()
    cookies = {one["name"]: one["value"] for one in context.cookies()}
    own = person.inside.locator("[data-kernel]").get_attribute("data-kernel")
    assert own
    with ThreadPoolExecutor() as beside:  # a loop of its own, beside the browser's
        beside.submit(lambda: Line(Visitor(server.address, cookies), own).close()).result()
    person.write("Still mine.")
    person.check()
    expect(person.stage).to_have_attribute("data-status", ANSWERED, timeout=PROMISED)
    expect(person.trouble).to_be_empty()
    assert server.kernels() == [kernel]


# the server


@SERVED
def test_a_server_that_is_started_again_loses_nothing_of_the_person(
    command: str, alone: BrowserContext, tampered: Path
) -> None:
    port = free_port()
    env = {"COPTIP_ROOT": str(tampered)}
    with serving("--waits", WAITS, env=env, command=command, port=port) as first:
        person = arriving(alone, first, command).ready()
        person.write("Typed before it went.")
        orphans = first.kernels()
        os.kill(first.process.pid, signal.SIGKILL)
        expect(person.trouble).to_contain_text(STILL_HERE, timeout=PROMISED)
        # what hung on the server ends with it
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans), 10)
        if command == "kiosk":
            # to go on is no way into a browser's own page of errors
            person.inside.get_by_role("link", name="All modules").click()
            expect(person.page.locator("[data-lost]")).to_contain_text(STILL_HERE, timeout=PROMISED)
        expect(person.field).to_have_value("Typed before it went.")
    with serving("--waits", WAITS, env=env, command=command, port=port) as second:
        person.server = second
        if command == "kiosk":
            person.inside.locator(".modules").wait_for(timeout=30_000)
            person.inside.locator(".modules a[href$='m/1a']").click()
            expect(person.field).to_have_value("Typed before it went.", timeout=30_000)
            person.check()
            expect(person.stage).to_have_attribute("data-status", ANSWERED, timeout=30_000)
        else:
            # the new server does not know the old one's kernels
            expect(person.trouble).to_contain_text("has stopped", timeout=2 * PROMISED)
            person.can_go_on("Typed before it went.")


@SERVED
def test_what_lies_behind_the_server_and_dies_is_made_anew(
    command: str, alone: BrowserContext, tmp_path: Path
) -> None:
    root = collection(tmp_path, TAMPERED)
    with serving("--waits", WAITS, env={"COPTIP_ROOT": str(root)}, command=command) as server:
        person = arriving(alone, server, command).ready()
        person.write("Still mine.")
        for pid in children(server.process.pid):
            os.kill(pid, signal.SIGKILL)
        expect(person.trouble).to_contain_text(STILL_HERE, timeout=PROMISED)
        person.can_go_on("Still mine.")


# cells


@SERVED
def test_a_cell_that_never_ends_costs_itself_alone(command: str, alone: BrowserContext, tmp_path: Path) -> None:
    root = collection(tmp_path, "while True:\n    pass")
    with serving("--waits", "cell=1", env={"COPTIP_ROOT": str(root)}, command=command) as server:
        person = arriving(alone, server, command)
        expect(person.inside.locator(".failed")).to_contain_text("cannot be shown", timeout=PROMISED)
        person.ready().write("The others work.")
        person.check()
        expect(person.stage).to_have_attribute("data-status", ANSWERED, timeout=15_000)


@SERVED
def test_a_notebook_that_cannot_be_prepared_can_still_be_read(
    command: str, alone: BrowserContext, tmp_path: Path
) -> None:
    stubborn = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\nwhile True:\n    pass"
    root = collection(tmp_path, stubborn)
    with serving("--waits", "cell=1,start=5", env={"COPTIP_ROOT": str(root)}, command=command) as server:
        person = arriving(alone, server, command)
        expect(person.inside.locator("h1")).to_contain_text("1A", timeout=PROMISED)
        expect(person.trouble).to_contain_text("could not start. You can read everything", timeout=PROMISED)
        assert server.kernels() == []
