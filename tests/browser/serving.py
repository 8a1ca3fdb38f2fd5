"""Servers and browsers for the tests: our own server in a process of its own, Debian's Chromium without a net."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip
"""Every host but this machine is unknown to the browser."""

START_SECONDS = 60
"""No wait is without an end; none of them is an assertion about speed."""


def browser_path() -> str:
    """The Chromium on this machine. Its absence is a failure, not a skip."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise AssertionError("The browser tests need Chromium. Type: sudo apt-get install chromium")


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser, closed afterwards."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path(), args=ARGS)
        yield browser
        browser.close()


@dataclass
class Elsewhere:
    """What a context asked of other machines (the browser knows none of them), and what went wrong in it."""

    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext, *allowed: str) -> None:
        """List every request and socket that does not go to one of ``allowed``, and every error of a script."""
        hosts = tuple(one.partition("://")[2].partition("/")[0] for one in allowed)

        def judge(url: str) -> None:
            scheme, _, rest = url.partition("://")
            known = scheme in ("http", "ws") and rest.split("/")[0] in hosts
            if not known and not url.startswith(("blob:", "data:", "about:", "file:")):
                self.asked.append(url)

        def hear(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.errors.append(f"{message.text} ({message.location.get('url', '')})")

        def greet(page: Page) -> None:
            page.on("websocket", lambda socket: judge(socket.url))

        def ask(request: Request) -> None:
            judge(request.url)

        context.on("request", ask)
        context.on("console", hear)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("page", greet)


@dataclass
class Server:
    """A running server: its address, the process behind it, and what it has printed."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        """All that the server has printed so far."""
        return self.log.read_text("utf-8", "replace")

    def kernels(self) -> list[int]:
        """The process ids of its kernels."""
        return [pid for pid in children(self.process.pid) if _name(pid) == "coptip-kernel"]

    def kill_kernels(self) -> None:
        """End every kernel at once, as an accident would."""
        for pid in self.kernels():
            os.kill(pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    """The processes that a process has started, and theirs."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    own = [int(one) for one in found.stdout.split()]
    return own + [grandchild for child in own for grandchild in children(child)]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text("utf-8").strip()
    except OSError:
        return ""


@contextmanager
def running(
    command: Sequence[str | Path], ready: str, *, env: dict[str, str] | None = None, cwd: Path | None = None
) -> Iterator[Server]:
    """A server that is ready once it has printed what the pattern ``ready`` finds: its address. Ended afterwards."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
    with tempfile.TemporaryDirectory(prefix="coptip-browser-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                list(map(str, command)), env=environment, cwd=cwd, stdout=said, stderr=subprocess.STDOUT
            )
        server = Server("", process, log)
        try:
            until(lambda: re.search(ready, server.said) or process.poll() is not None, START_SECONDS)
            found = re.search(ready, server.said)
            assert found, f"the server did not start: {server.said}"
            server.address = found[0]
            yield server
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                for pid in children(process.pid):
                    os.kill(pid, signal.SIGKILL)
                process.kill()
                process.wait()


@contextmanager
def serving(
    *arguments: str,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    command: str = "serve",
    port: int | None = None,
) -> Iterator[Server]:
    """``coptip serve`` (or ``kiosk``) with some arguments on a free port, ended afterwards."""
    port = port or free_port()
    command_line = [sys.executable, "-m", "coptip", command, "--port", str(port), *arguments]
    with running(command_line, rf"http://\S+:{port}\S*", env=env, cwd=cwd) as server:
        server.address = f"http://127.0.0.1:{port}{server.address.partition(str(port))[2]}"
        wait_until_it_answers(server.address)
        yield server


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Ask again and again until a condition holds. Raises AssertionError where it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.05)  # asking again is the condition; there is nothing else to wait on


def wait_until_it_answers(address: str, seconds: float = START_SECONDS) -> None:
    """Wait until an address answers anything at all."""

    def answers() -> bool:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    until(answers, seconds)
