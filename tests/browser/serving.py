"""Servers and browsers for the tests: our own server in a process of its own, Debian's Chromium without a net."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


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
    """The requests that tried to leave the machine; each was stopped."""

    asked: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext, allowed: str) -> None:
        """Stop and list every request of a context that does not go to ``allowed``."""

        def judge(route: Route) -> None:
            url = route.request.url
            if url.startswith((allowed, "blob:", "data:")):
                route.continue_()
            else:
                self.asked.append(url)
                route.abort()

        context.route("**/*", judge)


@dataclass
class Server:
    """A running server: its address, and the process behind it."""

    address: str
    process: subprocess.Popen[str]

    def kernels(self) -> list[int]:
        """The process ids of its kernels."""
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in found.stdout.split() if "ipykernel" in _command(int(pid))]

    def kill_kernels(self) -> None:
        """End every kernel at once, as an accident would."""
        for pid in self.kernels():
            os.kill(pid, signal.SIGKILL)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8").replace("\0", " ")
    except OSError:
        return ""


@contextmanager
def serving(*arguments: str, env: dict[str, str] | None = None, cwd: Path | None = None) -> Iterator[Server]:
    """``coptip serve`` with some arguments on a free port, ended afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "coptip", "serve", "--port", str(port), *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
    process = subprocess.Popen(
        command, env=environment, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://\S+", line):
            break
    else:
        raise AssertionError(f"the server did not start: {said}")
    address = f"http://127.0.0.1:{port}{found[0].partition(str(port))[2]}"
    try:
        wait_until_it_answers(address)
        yield Server(address, process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_until_it_answers(address: str, seconds: float = 30) -> None:
    """Wait until an address answers anything at all."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)  # asking again is the condition; there is nothing else to wait on
