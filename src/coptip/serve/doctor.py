"""Is this machine fit to serve? Each check gives a sentence, and what to type where something is to be mended."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

LEAST = {
    "voila": "0.5.6",
    "jupyter_server": "2.20.0",
    "nbconvert": "7.17.1",
    "tornado": "6.5.8",
    "jupyterlab": "4.6.4",
}
"""Versions below these have known vulnerabilities."""
FONTS = {"th": "Thai", "km": "Khmer", "lo": "Lao", "my": "Burmese", "vi": "Vietnamese"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox", "firefox-esr")
SPACE_MB = 500
SERVER_MB, PAGE_MB = 400, 12
"""What the server needs with ten modules, and what a page more needs, both measured with room to spare."""
State = Literal["good", "look", "bad"]


@dataclass(frozen=True)
class Found:
    """What one check found. ``bad`` must be mended before strangers come; ``look`` should be looked at."""

    state: State
    text: str


def doctor(port: int, ip: str = "127.0.0.1", faults: Callable[[], int] = lambda: 0) -> Iterator[Found]:
    """All checks. ``faults``: how many faults the content has."""
    yield from versions()
    yield system()
    yield port_free(port, ip)
    yield disk()
    yield memory()
    yield browser()
    yield from fonts()
    if n := faults():
        yield Found("bad", f"The content has {n} faults. Type: coptip check")
    else:
        yield Found("good", "The content is whole.")


def numbers(text: str) -> tuple[int, ...]:
    """A version's numbers, for comparing."""
    return tuple(int(n) for n in re.findall(r"\d+", re.split(r"[a-z+]", text)[0]))


def versions(installed: Callable[[str], str] = version) -> Iterator[Found]:
    """Packages with known vulnerabilities below a version."""
    for name, least in LEAST.items():
        try:
            has = installed(name)
        except PackageNotFoundError:
            yield Found("look", f"{name} is not installed here.")
            continue
        if numbers(has) < numbers(least):
            yield Found("bad", f"{name} {has} has known vulnerabilities: it has to be {least} or newer. Update coptip.")
        else:
            yield Found("good", f"{name} {has}: no known vulnerability below it ({least} or newer is needed).")


def system() -> Found:
    """Python and the operating system."""
    if not hasattr(os, "fork"):
        return Found("bad", f"{sys.platform} cannot fork processes: serve from Linux (or from WSL on Windows).")
    return Found("good", f"Python {sys.version.split()[0]} on {sys.platform}.")


def port_free(port: int, ip: str) -> Found:
    """Whether the server can listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, port))
        except OSError as error:
            why = error.strerror
            return Found("look", f"Port {port} cannot be used ({why}): coptip runs already, or choose --port.")
    return Found("good", f"Port {port} is free.")


def disk() -> Found:
    """Room where the server writes what little it writes."""
    free = shutil.disk_usage(tempfile.gettempdir()).free >> 20
    if free < SPACE_MB:
        return Found("bad", f"Only {free} MB are free on the disk; {SPACE_MB} MB are needed.")
    return Found("good", f"{free} MB are free on the disk.")


def memory(meminfo: Path = Path("/proc/meminfo")) -> Found:
    """How many people there is memory for."""
    try:
        found = re.search(r"MemAvailable:\s+(\d+)", meminfo.read_text())
    except OSError:
        found = None
    if found is None:
        return Found("look", "How much memory is free cannot be seen here.")
    free = int(found[1]) >> 10
    people = max(0, (free - SERVER_MB) // PAGE_MB)
    least = SERVER_MB + 5 * PAGE_MB
    if free < least:
        return Found("bad", f"Only {free} MB of memory are free; {least} MB are needed. Close programs.")
    return Found("good", f"{free} MB of memory are free: enough for {people} people at once.")


def browser(which: Callable[[str], str | None] = shutil.which) -> Found:
    """A browser for the kiosk itself; a server for others needs none."""
    name = next((one for one in BROWSERS if which(one)), None)
    if name is None:
        return Found("look", "No browser found. For a kiosk on this machine type: sudo apt-get install chromium")
    return Found("good", f"A browser: {name}.")


def fonts(listed: Callable[[str], str] | None = None) -> Iterator[Found]:
    """Fonts for the scripts of the region."""
    if listed is None and shutil.which("fc-list") is None:
        yield Found("look", "Fonts cannot be listed here. Type: sudo apt-get install fontconfig")
        return
    for code, name in FONTS.items():
        if (listed or _fonts_for)(code).strip():
            yield Found("good", f"A font for {name}.")
        else:
            yield Found("look", f"No font for {name}. Type: sudo apt-get install fonts-noto-core")


def _fonts_for(language: str) -> str:
    done = subprocess.run(
        ["fc-list", f":lang={language}", "family"], capture_output=True, text=True, timeout=30, check=False
    )
    return done.stdout
