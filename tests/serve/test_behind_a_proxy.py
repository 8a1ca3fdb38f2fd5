"""The proxies' configuration as it stands in deploy/: right in its syntax, and a person works through it."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from ..browser.serving import chromium, free_port, running, serving, until
from ..conftest import ROOT

pytestmark = pytest.mark.browser

NGINX = """
pid {folder}/pid; error_log stderr warn; daemon off; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; default_type application/octet-stream;
  include {folder}/coptip.conf;
}}
"""
"""What stands round a site's configuration on a real machine, kept to one folder."""
CADDY = """
{{
	admin off
	skip_install_trust
	auto_https disable_redirects
	storage file_system {folder}/kept
}}
import {folder}/coptip.conf
"""


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    assert found, f"This test needs {name}. Type: make proxies"
    return found


def configured(file: str, around: str, folder: Path, here: dict[str, str]) -> Path:
    """A file of deploy/ with what belongs to a machine put in, and what stands round it there."""
    text = (ROOT / "deploy" / file).read_text("utf-8")
    for what, instead in here.items():
        assert what in text
        text = text.replace(what, instead)
    (folder / "coptip.conf").write_text(text)
    (folder / file).write_text(around.format(folder=folder))
    return folder / file


def nginx(folder: Path, port: int, inner: int, base: str) -> list[str]:
    """The command that starts it, its configuration having been found right in its syntax."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    here = {
        "listen 443": f"listen 127.0.0.1:{port}",
        "training.example;": "localhost;",
        "/etc/ssl/coptip": str(folder),
        "127.0.0.1:8866": f"127.0.0.1:{inner}",
        "location / ": f"location {base} ",
    }
    file = configured("nginx.conf", NGINX, folder, here)
    command = [program("nginx"), "-c", str(file), "-p", str(folder)]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr.replace('"user" directive', "")
    return command


def caddy(folder: Path, port: int, inner: int, _base: str) -> list[str]:
    """The same for caddy, which passes on every path."""
    here = {"\ntraining.example {": f"\nlocalhost:{port} {{", "127.0.0.1:8866": f"127.0.0.1:{inner}"}
    file = configured("Caddyfile", CADDY, folder, here)
    one, told = program("caddy"), ["--adapter", "caddyfile", "--config"]
    delivered = [one, "validate", *told, str(ROOT / "deploy" / "Caddyfile")]
    checked = subprocess.run(
        delivered, capture_output=True, text=True, check=False, env={**os.environ, "HOME": str(folder)}
    )
    assert checked.returncode == 0, checked.stderr
    # it warns of what is not written as it should be, too
    assert '"level":"warn"' not in checked.stderr
    return [one, "run", *told, str(file)]


@pytest.mark.parametrize("base", ["/", "/training/"])
@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_a_person_works_behind_a_proxy_with_tls_also_under_a_path(
    proxy: Callable[[Path, int, int, str], list[str]], base: str, tmp_path: Path
) -> None:
    port, inner = free_port(), free_port()
    command = proxy(tmp_path, port, inner, base)
    script = f"import os; print('proxied', flush=True); os.execv({command[0]!r}, {command!r})"
    address = f"https://localhost:{port}{base}"
    arguments = ("--behind-proxy", "--allow-host", "localhost", "--public-url", address, "--base-url", base)
    with (
        serving(*arguments, "--rate", "40", command="kiosk", port=inner),
        running([sys.executable, "-c", script], "proxied", env={"HOME": str(tmp_path)}),
    ):
        unchecked = ssl._create_unverified_context()
        with chromium() as browser:
            context = browser.new_context(ignore_https_errors=True)
            page = context.new_page()
            expect_answer(page, address)
            page.goto(address)
            inside = page.frame_locator("iframe")
            expect(inside.get_by_text(address)).to_be_visible()
            expect(inside.locator(".code svg")).to_be_visible()
            page.goto(address + "m/1a")
            box = inside.locator("#exercise-smuggled-or-trafficked .cp-stage").first
            box.locator(".cp-segment").first.click()
            box.locator(".cp-main").click()
            expect(box.locator(".cp-summary")).to_contain_text("stand")
            assert all(cookie["secure"] for cookie in context.cookies())
        request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request, context=unchecked) as got:
            assert got.headers["Content-Encoding"] == "gzip"
            assert "max-age" in got.headers["Strict-Transport-Security"]
        with urllib.request.urlopen(address, context=unchecked) as got:
            found = re.search(rf'href="{base}(static/[^"]+page\.css)"', got.read().decode())
        assert found
        with urllib.request.urlopen(address + found[1], context=unchecked) as got:
            assert "immutable" in got.headers["Cache-Control"]
        # who claims to be somebody else each time is still counted as one
        statuses = {asked(f"{address}in/m/1a", unchecked, {"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(25)}
        assert statuses == {200, 429}


def asked(address: str, context: ssl.SSLContext, headers: dict[str, str]) -> int:
    """The status of an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), context=context) as got:
            return int(got.status)
    except urllib.error.HTTPError as error:
        return error.code


def expect_answer(page: Page, address: str) -> None:
    """Ask until the proxy answers."""

    def answers() -> bool:
        try:
            page.goto(address + "health")
        except Error:
            return False
        return True

    until(answers)
