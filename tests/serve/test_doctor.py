"""The doctor: each thing that may be wrong with a machine is found, and told with what to type."""

from __future__ import annotations

import socket
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from coptip.cli import main
from coptip.serve import doctor
from coptip.serve.extension import REASON, Refused, _load_jupyter_server_extension
from coptip.serve.guard import Hosts, Rate, elsewhere, from_here
from coptip.serve.settings import ServeOptions, Waits


def test_this_machine_is_looked_at_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--port", "0"]) == 0
    told = capsys.readouterr().out
    for about in ("voila", "tornado", "Port", "disk", "memory", "browser", "Thai", "Khmer", "Lao", "Burmese",
                  "Vietnamese", "content is whole"):  # fmt: skip
        assert about in told


def test_a_version_with_known_vulnerabilities_is_bad_and_a_newer_one_good() -> None:
    old = dict.fromkeys(doctor.LEAST, "0.1") | {"tornado": "6.5.10", "voila": "0.5.6rc1"}
    found = {one.text.split()[0]: one.state for one in doctor.versions(lambda name: old[name])}
    assert found["tornado"] == "good"
    assert found["nbconvert"] == "bad"
    assert found["jupyterlab"] == "bad"

    def none(_name: str) -> str:
        raise PackageNotFoundError

    assert {one.state for one in doctor.versions(none)} == {"look"}


def test_a_taken_port_little_memory_no_browser_and_missing_fonts_are_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} cannot be used" in doctor.port_free(port, "127.0.0.1").text
    (tmp_path / "meminfo").write_text("MemAvailable:   120000 kB\n")
    assert doctor.memory(tmp_path / "meminfo").state == "bad"
    assert doctor.memory(tmp_path / "none").state == "look"
    assert "apt-get install chromium" in doctor.browser(lambda _: None).text
    found = list(doctor.fonts(lambda code: "" if code == "km" else "Noto"))
    assert [one.text for one in found if one.state != "good"] == [
        "No font for Khmer. Type: sudo apt-get install fonts-noto-core"
    ]


def test_a_full_disk_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    free = [400 << 20]
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": free[0]}))
    assert doctor.disk() == doctor.Found("bad", "Only 400 MB are free on the disk; 500 MB are needed.")
    free[0] = 4000 << 20
    assert doctor.disk().state == "good"


def test_faulty_content_is_bad() -> None:
    found = list(doctor.doctor(0, faults=lambda: 3))
    assert found[-1] == doctor.Found("bad", "The content has 3 faults. Type: coptip check")


def test_inside_a_jupyter_server_it_refuses_and_says_why() -> None:
    import coptip

    class Server:
        class log:  # noqa: N801
            said = ""

            @classmethod
            def critical(cls, text: str) -> None:
                cls.said = text

    assert coptip._jupyter_server_extension_points() == [{"module": "coptip.serve.extension"}]
    with pytest.raises(Refused, match="coptip kiosk"):
        _load_jupyter_server_extension(Server)
    assert Server.log.said == REASON


# hosts, origins, rates, waits


def options(**given: object) -> ServeOptions:
    return ServeOptions(notebooks=Path(), module=None, port=8866, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "local", "room", "named"),
    [
        ("127.0.0.1:8866", True, True, True),
        ("localhost", True, True, True),
        ("[::1]:8866", True, True, True),
        ("192.168.1.20:8866", False, True, False),
        ("training.example", False, False, True),
        ("TRAINING.example:443", False, False, True),
        ("evil.training.example", False, False, False),
        ("training.example.evil", False, False, False),
        ("", False, False, False),
        ("[", False, False, False),
        (None, False, False, False),
    ],
)
def test_a_host_is_known_or_refused(header: str | None, local: bool, room: bool, named: bool) -> None:
    assert Hosts(options()).allow(header) is local
    assert Hosts(options(ip="0.0.0.0")).allow(header) is room
    assert Hosts(options(allowed=("training.example",))).allow(header) is named
    assert Hosts(options(allowed=("*",))).allow(header)


def test_an_origin_is_the_host_itself_whatever_the_scheme() -> None:
    assert from_here("https://a.example", "a.example:443")
    assert from_here("http://a.example:8866", "A.example:8866")
    for origin in ("http://b.example", "null", "", None, "a.example", "file://a.example", "http://a.example.b"):
        assert not from_here(origin, "a.example")


def test_from_another_site_only_a_followed_link_is_let_in() -> None:
    assert not elsewhere("cross-site", "navigate", "document")
    assert not elsewhere("same-origin", "cors", "empty")
    assert not elsewhere(None, None, None)
    for mode, dest in (("navigate", "iframe"), ("no-cors", "image"), ("cors", "empty"), ("websocket", "websocket")):
        assert elsewhere("cross-site", mode, dest)


def test_a_rate_is_each_addresss_own_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("coptip.serve.guard.time.monotonic", lambda: now[0])
    rate = Rate(60)
    assert [rate.take("a") for _ in range(30)] == [0.0] * 30
    assert rate.take("a") == pytest.approx(1)
    assert rate.take("b") == 0
    now[0] += 1
    assert rate.take("a") == 0
    assert rate.take("a") > 0
    for n in range(10_000):
        rate.take(str(n))
    assert len(rate._left) <= 4096
    assert Rate(0).take("a") == 0


def test_waits_are_read_or_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert Waits.of("idle=9,grace=1.5", grace=30).grace == 1.5
    for text, told in (("idel=9", "no wait called 'idel'"), ("idle=x", "no number"), ("idle=0", "more than 0")):
        assert main(["kiosk", "--waits", text, "--port", "0"]) == 1
        assert told in capsys.readouterr().err
