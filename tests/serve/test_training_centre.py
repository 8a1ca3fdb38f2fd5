"""The page for training centres: its files are ones that systemd takes, and all that it names exists."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Page, expect, sync_playwright

from coptip.cli import _parser
from coptip.serve.app import public_address
from coptip.serve.settings import KIOSK_WAITS, ServeOptions, Waits

from ..browser.serving import ARGS, Server, browser_path, chromium, serving, until
from ..conftest import ROOT

DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "training-centre.md").read_text("utf-8")
UNITS = {"coptip-kiosk.service": "/opt/coptip/bin/coptip", "coptip-browser.service": "/usr/bin/chromium"}
"""Each with the program that it starts."""


def command(unit: str) -> list[str]:
    """What a unit starts, word by word."""
    text = (DEPLOY / unit).read_text("utf-8").replace("\\\n", " ")
    [found] = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    return shlex.split(found)


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_one_that_systemd_takes_without_a_word(unit: str, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    assert analyze, "This test needs systemd-analyze. Type: make proxies"
    text = (DEPLOY / unit).read_text("utf-8")
    assert command(unit)[0] == UNITS[unit]
    # the program itself is not there; everything else is looked at as it stands
    (tmp_path / unit).write_text(text.replace(UNITS[unit], "/bin/true"))
    whose = "--system" if "DynamicUser" in text else "--user"
    env = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        [analyze, whose, "verify", tmp_path / unit], env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_kiosks_unit_and_the_pages_commands_say_what_the_program_knows() -> None:
    commented = re.findall(r"(coptip kiosk --behind-proxy .*)", "".join(
        (DEPLOY / name).read_text("utf-8") for name in ("nginx.conf", "Caddyfile")))  # fmt: skip
    added = re.findall(r"^# .* add: (--.*)$", (DEPLOY / "coptip-kiosk.service").read_text("utf-8"), re.MULTILINE)
    on_the_page = re.findall(r"`(--[a-z].*?)`", PAGE.replace("\n", " "))
    values = {"--most": "1", "--rate": "1", "--memory": "1", "--waits": "idle=1", "--ip": "0.0.0.0"}
    given = [options if " " in options else f"{options} {values[options]}" for options in [*added, *on_the_page]]
    lines = [" ".join(command("coptip-kiosk.service")), *commented, *(f"coptip kiosk {one}" for one in given)]
    assert len(lines) > 10
    for line in lines:
        args = _parser().parse_args(shlex.split(line)[1:])
        Waits.of(args.waits)
    for verb in re.findall(r"(?<![\w/-])(?:/opt/coptip/bin/)?coptip ([a-z]+)`", PAGE):
        _parser().parse_args([verb])


def test_the_waits_on_the_page_are_those_that_a_server_starts_with() -> None:
    rows = re.findall(r"^\| (`[a-z]+`(?:, `[a-z]+`)*) \| .* \| ([\d; kiosk]+) \|$", PAGE, re.MULTILINE)
    told: dict[str, str] = {}
    for names, values in rows:
        told |= dict(zip(re.findall(r"[a-z]+", names), re.findall(r"\d+", values), strict=False))
    assert len(told) == 10
    for name, value in told.items():
        assert getattr(Waits(), name) == float(value), name
    assert f"kiosk {KIOSK_WAITS['grace']:.0f} |" in PAGE


def test_what_the_page_says_one_may_see_is_what_the_program_says() -> None:
    files = [path for path in (ROOT / "src" / "coptip" / "serve").rglob("*") if path.suffix in (".py", ".js")]
    source = "".join(path.read_text("utf-8") for path in files)
    seen = re.findall(r'^\| "(.+?)" \|', PAGE, re.MULTILINE)
    assert len(seen) > 4
    for words in seen:
        assert words in source, words


def test_every_file_that_the_page_names_is_in_the_bundle() -> None:
    bundle = (DEPLOY / "bundle.sh").read_text("utf-8")
    named = set(re.findall(r"(?:bundle/|`)([\w.-]+\.(?:service|desktop|conf|sh)|Caddyfile)\b", PAGE))
    assert named == {
        "coptip-kiosk.service", "coptip-browser.service", "coptip-browser.desktop", "install.sh", "nginx.conf",
        "Caddyfile",
    }  # fmt: skip
    for name in named:
        assert (DEPLOY / name).is_file()
        assert name in bundle or f"*{Path(name).suffix}" in bundle


# seen by a browser


@pytest.fixture(scope="module")
def room() -> Iterator[Server]:
    """A kiosk that listens to the room."""
    with serving("--ip", "0.0.0.0", command="kiosk") as one:
        yield one


@pytest.mark.browser
def test_the_start_page_shows_the_address_in_the_room_and_a_code_that_leads_there(room: Server) -> None:
    port = int(room.address.rstrip("/").rpartition(":")[2])
    address = public_address(ServeOptions(notebooks=Path(), module=None, port=port, ip="0.0.0.0"))
    assert re.fullmatch(rf"http://\d+\.\d+\.\d+\.\d+:{port}/", address)
    assert "//127." not in address
    with urllib.request.urlopen(address + "health") as got:
        assert json.load(got) == {"status": "ok", "pages": 0, "most": 200}
    with chromium() as browser:
        page = browser.new_page()
        page.goto(room.address)
        shown = page.frame_locator("iframe").locator(".code")
        expect(shown).to_contain_text(address)
        drawn = shown.locator("svg path").last.get_attribute("d")
    wanted = segno.make(address, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff", omitsize=True)
    assert drawn
    assert drawn in wanted


@contextmanager
def as_the_unit_starts_it(profile: Path, address: str) -> Iterator[Page]:
    """The browser as its unit starts it, without a screen, and looked into from outside."""
    words = [word.replace("%t/coptip-browser", str(profile)) for word in command("coptip-browser.service")]
    words = [word.replace("http://127.0.0.1:8866/", address) for word in words]
    more = [*ARGS, "--headless=new", "--remote-debugging-port=0"]
    process = subprocess.Popen([browser_path(), *more, *words[1:]], stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        port = profile / "DevToolsActivePort"
        until(lambda: port.exists() and port.read_text().count("\n"))
        with sync_playwright() as play:
            there = play.chromium.connect_over_cdp(f"http://127.0.0.1:{port.read_text().splitlines()[0]}")
            until(lambda: any(page.url == address for one in there.contexts for page in one.pages))
            yield next(page for one in there.contexts for page in one.pages if page.url == address)
            there.close()
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.browser
def test_the_browsers_unit_opens_the_kiosk_with_a_profile_that_goes_with_it(room: Server, tmp_path: Path) -> None:
    unit = (DEPLOY / "coptip-browser.service").read_text("utf-8")
    # systemd makes this folder in memory, and removes it whenever the browser stops
    assert "\nRuntimeDirectory=coptip-browser\n" in unit
    assert "RuntimeDirectoryPreserve" not in unit
    assert "--user-data-dir=%t/coptip-browser" in command("coptip-browser.service")
    with as_the_unit_starts_it(tmp_path / "profile", room.address) as page:
        inside = page.frame_locator("iframe")
        expect(inside.get_by_role("heading", name="The modules")).to_be_visible()
        expect(page.get_by_role("button", name="Finish")).to_be_visible()
    desktop = (DEPLOY / "coptip-browser.desktop").read_text("utf-8")
    assert "Exec=systemctl --user start coptip-browser\n" in desktop
