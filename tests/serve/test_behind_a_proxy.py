"""The proxies' configuration as it stands in deploy/: right in its syntax, and a person works through it."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ..browser.serving import chromium, free_port, running, serving
from ..conftest import ROOT

pytestmark = pytest.mark.browser

MAIN = """
pid {folder}/pid; error_log stderr warn; daemon off; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; default_type application/octet-stream;
  include {folder}/coptip.conf;
}}
"""


def nginx() -> str:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert found, "This test needs nginx. Type: sudo apt-get install nginx-light"
    return found


@pytest.mark.parametrize("base", ["/", "/training/"])
def test_a_person_works_behind_nginx_with_tls_also_under_a_path(base: str, tmp_path: Path) -> None:
    port, inner = free_port(), free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    here = {
        "listen 443": f"listen 127.0.0.1:{port}",
        "training.example;": "localhost;",
        "/etc/ssl/coptip": str(tmp_path),
        "127.0.0.1:8866": f"127.0.0.1:{inner}",
        "location / ": f"location {base} ",
    }
    for what, instead in here.items():
        assert what in text
        text = text.replace(what, instead)
    (tmp_path / "coptip.conf").write_text(text)
    (tmp_path / "nginx.conf").write_text(MAIN.format(folder=tmp_path))
    command = [nginx(), "-c", tmp_path / "nginx.conf", "-p", tmp_path]
    checked = subprocess.run([*map(str, command), "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr.replace('"user" directive', "")
    script = f"import os; print('proxied', flush=True); os.execv({nginx()!r}, {[*map(str, command)]!r})"
    address = f"https://localhost:{port}{base}"
    arguments = ("--behind-proxy", "--allow-host", "localhost", "--public-url", address, "--base-url", base)
    with serving(*arguments, command="kiosk", port=inner), running([sys.executable, "-c", script], "proxied"):
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


def expect_answer(page, address: str) -> None:  # type: ignore[no-untyped-def]
    """Ask until the proxy answers."""
    for _ in range(100):
        try:
            page.goto(address + "health")
            return
        except Exception:
            page.wait_for_timeout(100)
    raise AssertionError("nginx does not answer")


def test_the_service_files_start_what_there_is() -> None:
    for name in ("coptip-kiosk.service", "coptip-browser.service"):
        text = (ROOT / "deploy" / name).read_text("utf-8")
        assert text.count("[Service]") == text.count("[Unit]") == text.count("[Install]") == 1
    assert "coptip kiosk" in (ROOT / "deploy" / "coptip-kiosk.service").read_text("utf-8")
