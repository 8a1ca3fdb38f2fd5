"""Each known fault of a stock server, as something a stranger does: it works on stock Voilà, and not here."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from coptip.serve.extension import REASON

from ..browser.serving import Server, children, serving, until
from .conftest import MARK, NOTEBOOK, collection, jupyter, stock_voila
from .visitor import Line, Visitor

pytestmark = pytest.mark.browser

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
BETRAYS = re.compile(
    r"Traceback|File \"|site-packages|/home/|/root/|/tmp/|\.py\b|[Tt]ornado|[Jj]upyter|Voil|\d+\.\d+\.\d+"
)


@pytest.fixture(autouse=True)
def none_left(ours: Server) -> Iterator[None]:
    """Every test leaves the number of kernels where it was."""
    yield
    until(lambda: not ours.kernels())


def opened(server: Server, path: str = "m/1a") -> tuple[Visitor, str]:
    visitor = Visitor(server.address)
    return visitor, visitor.open(path).kernel


def stock_page(server: Server) -> tuple[Visitor, str]:
    return opened(server, "")


# 2: a page that is left


def left_behind(visitor: Visitor, kernel: str) -> bool:
    """Whether a kernel is still there after its page was left."""
    visitor.leave(kernel)
    return visitor.ask(f"api/kernels/{kernel}").status == 200


def test_a_page_that_is_left_ends_its_kernel(ours: Server, stock: Server) -> None:
    assert left_behind(*stock_page(stock))
    visitor, kernel = opened(ours)
    line = Line(visitor, kernel)
    until(lambda: len(ours.kernels()) == 1)
    assert not left_behind(visitor, kernel)
    until(lambda: not ours.kernels(), 2)
    line.close()


# 3: a stranger


def let_in(server: Server, kernel: str) -> list[str]:
    """What a stranger with a kernel's id is not refused."""
    stranger = Visitor(server.address)
    stranger.ask("")
    token = next((value for name, value in stranger.cookies.items() if name.startswith("_xsrf")), "")
    found = []
    for path in (f"api/kernels/{kernel}", f"api/kernels/{kernel}/interrupt", f"api/kernels/{kernel}/restart",
                 f"voila/api/shutdown/{kernel}", f"api/kernels/{kernel}/channels"):  # fmt: skip
        for verb in VERBS:
            body = f"_xsrf={token}" if verb not in ("GET", "HEAD", "OPTIONS") else None
            if (got := stranger.ask(path, verb, body=body, headers={"Origin": stranger.origin})).status != 403:
                found.append(f"{verb} {path}: {got.status}")
    line = Line(stranger, kernel)
    if line.status != 403:
        found.append(f"line: {line.status}")
    line.close()
    return found


def test_a_stranger_with_a_kernels_id_gets_403_on_every_path_and_verb(ours: Server, stock: Server) -> None:
    _, kernel = stock_page(stock)
    assert "line: 101" in let_in(stock, kernel)
    visitor, kernel = opened(ours)
    mine = Line(visitor, kernel)
    assert mine.status == 101
    assert let_in(ours, kernel) == []
    assert visitor.ask(f"api/kernels/{kernel}").status == 200
    mine.close()
    visitor.leave(kernel)
    assert let_in(ours, kernel) == []


# 4: widgets by remote control


def set_from_afar(line: Line) -> int:
    """A disabled number's value after somebody has set it over the line."""
    [(id, _)] = [(id, s) for id, s in line.states().items() if s.get("_model_name") == "IntTextModel"]
    line.tell(id, {"method": "update", "state": {"value": 99}, "buffer_paths": []}, id="set")
    line.until_idle("set")
    return int(line.states()[id]["value"])


def test_a_disabled_widget_cannot_be_set_and_no_widget_but_a_player_is_heard(ours: Server, stock: Server) -> None:
    line = Line(*stock_page(stock))
    assert set_from_afar(line) == 99
    line.close()
    visitor = Visitor(ours.address)
    page = visitor.open()
    line = page.line()
    known = line.states()
    assert set(known) == set(page.states)
    assert all(set(state) == {"responses", "feedback"} for state in known.values())
    # a Player's own state is the kernel's to say
    player = page.player("smuggled-or-trafficked")
    for data in (
        {"method": "update", "state": {"feedback": {"x": 1}, "exercise": {}}},
        {"method": "request_state"},
        {"method": "custom", "content": "text"},
        {"method": "custom", "content": {"action": "show", "stage": "statements"}},
    ):
        line.tell(player, data, id=json.dumps(data))
    assert line.states()[player] == known[player]
    line.close()
    visitor.leave(page.kernel)


def answered(line: Line, player: str, said: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What the page is told when it says something (nothing, or a problem), and the Player's state afterwards."""
    line.tell(player, {"method": "custom", "content": said}, id="said")
    heard = [message["content"].get("data", {}) for message in line.until_idle("said")]
    problems = [one["content"]["text"] for one in heard if one.get("method") == "custom"]
    return " ".join(problems), line.states()[player]


TOO_MUCH = "x" * 10_001
UNEARNED: list[tuple[str, str, str, dict[str, Any]]] = [
    # out of range
    ("1a", "iceberg", "check", {"stage": "under-water", "responses": {"guess-boats": 101}}),
    ("1a", "iceberg", "check", {"stage": "under-water", "responses": {"guess-boats": -0.5}}),
    ("1a", "define-it", "check", {"stage": "trafficking", "responses": {"trafficking-in-persons": {"text": TOO_MUCH}}}),
    ("1a", "define-it", "check", {"stage": "trafficking", "responses": {str(n): "" for n in range(501)}}),
    ("1a", "define-it", "check", {"stage": "trafficking", "responses": [TOO_MUCH]}),
    ("1a", "define-it", "check", {"stage": "no-such-stage"}),
    ("1a", "define-it", "check", {"stage": ["trafficking"]}),
    ("1b", "caller-from-across-the-border", "say", {"stage": "the-call", "responses": {"said": ["no-such-line"]}}),
    # hidden, or disabled on the page: before it is earned
    ("1a", "iceberg", "lift", {"stage": "under-water"}),
    ("1a", "smuggled-or-trafficked", "reveal", {"stage": "statements"}),
    ("1a", "define-it", "reveal", {"stage": "trafficking"}),
    ("1b", "caller-from-across-the-border", "reveal", {"stage": "the-call"}),
    ("1b", "caller-from-across-the-border", "check", {"stage": "the-call"}),
    # an instructor's
    ("1a", "smuggled-or-trafficked", "show", {"stage": "statements"}),
    ("1a", "eight-files", "show", {"stage": "seamstress-debt"}),
    # nobody's
    ("1a", "define-it", "exec", {"stage": "trafficking"}),
    ("1a", "define-it", "", {}),
]


def test_what_is_out_of_range_hidden_disabled_or_an_instructors_is_refused_and_changes_nothing() -> None:
    with serving("--rate", "0") as server:
        visitor = Visitor(server.address)
        pages = {module: visitor.open(f"m/{module}") for module in ("1a", "1b")}
        lines = {module: page.line() for module, page in pages.items()}
        before = {module: line.states() for module, line in lines.items()}
        for module, id, action, more in UNEARNED:
            player = pages[module].player(id)
            problem, after = answered(lines[module], player, {"action": action, **more})
            assert problem, (id, action)
            assert not BETRAYS.search(problem), problem
            assert after == before[module][player], (id, action)
        # what is no answer earns nothing; a dial stays within its bounds
        nonsense = {"relative-as-offender": "nonsense", "another": ["x"]}
        said = {"action": "check", "stage": "statements", "responses": nonsense}
        _, after = answered(lines["1a"], pages["1a"].player("smuggled-or-trafficked"), said)
        assert after["feedback"]["statements"]["items"] == {}
        dials = pages["1b"].player("demand-dials")
        at_first = before["1b"][dials]["feedback"]["ten-years"]["settings"]
        for wrong in (10**9, -5, "much", None, [1], True, 1e308):
            said = {"action": "set", "stage": "ten-years", "responses": {"settings": {"coverage": wrong, "no-dial": 1}}}
            _, after = answered(lines["1b"], dials, said)
            settings = after["feedback"]["ten-years"]["settings"]
            assert set(settings) == set(at_first)
            assert 0 <= settings["coverage"] <= 100, wrong
        for module, line in lines.items():
            line.close()
            visitor.leave(pages[module].kernel)


NOT_OURS: list[Callable[[Line, str], None]] = [
    lambda line, _: line.say("execute_request", {"code": "1 / 0", "silent": False}),
    lambda line, _: line.say("shutdown_request", {"restart": False}, channel="control"),
    lambda line, _: line.say("interrupt_request", {}, channel="control"),
    lambda line, _: line.say("input_reply", {"value": "x"}, channel="stdin"),
    lambda line, _: line.say("complete_request", {"code": "imp", "cursor_pos": 3}),
    lambda line, _: line.say("comm_close", {"comm_id": "x", "data": {}}),
    lambda line, _: line.say("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {"state": {}}}),
    lambda line, p: line.say("comm_msg", {"comm_id": p, "data": {"method": "custom", "content": {}}}, "control"),
    lambda line, p: line.tell(p, {"method": "custom", "content": {"a": _deep(3000)}}),
    lambda line, _: line.tell("f" * 32, {"method": "custom", "content": {}}),
    lambda line, _: line.send("{"),
    lambda line, _: line.send("[" * 50_000),
    lambda line, _: line.send('{"channel": "shell", "header": null}'),
    lambda line, _: line.send(b"\x00\x00\x00\xff" * 20, binary=True),
    lambda line, _: line.send(""),
    lambda line, _: line.send("null"),
]  # fmt: skip


def _deep(levels: int) -> object:
    return json.loads("[" * 900 + "]" * 900) if levels > 900 else None


def test_no_frame_but_a_pages_own_reaches_a_kernel_and_a_line_full_of_them_is_closed(ours: Server) -> None:
    visitor = Visitor(ours.address)
    page = visitor.open()
    line, player = page.line(), page.player("define-it")
    for send in NOT_OURS:
        send(line, player)
    # the line still works, and nothing of it was answered
    line.tell("c", {"method": "request_states"}, id="after")
    heard = line.until_idle("after")
    assert [m["header"]["msg_type"] for m in heard] == ["comm_msg", "status"]
    assert len(ours.kernels()) == 1
    for send in NOT_OURS[:8]:
        send(line, player)
    assert line.hear() is None
    other = page.line()
    other.send("x" * ((1 << 20) + 1))
    assert other.hear() is None
    again = page.line()
    assert set(again.states()) == set(page.states)
    for one in (line, other, again):
        one.close()
    visitor.leave(page.kernel)


# 5: beside terminals


def powers(visitor: Visitor, kernel: str) -> set[str]:
    """What somebody who has opened a page can do beside it."""
    paths = ("api/contents", "api/terminals", "api/sessions", f"files/{NOTEBOOK}")
    found = {path for path in paths if visitor.ask(path).status == 200}
    line = Line(visitor, kernel)
    asked = {"code": "print(6 * 7)", "silent": False, "store_history": False, "user_expressions": {}}
    line.say("execute_request", {**asked, "allow_stdin": False}, id="run")
    line.tell("c", {"method": "request_states"}, id="after")
    if any(message["content"].get("text") == "42\n" for message in line.until_idle("after")):
        found.add("code")
    line.close()
    return found


def test_whoever_opens_a_page_runs_no_code_and_reaches_no_file_and_no_terminal(ours: Server, tampered: Path) -> None:
    with jupyter(tampered, "voila.server_extension") as stock:
        found = powers(*opened(stock, f"voila/render/{NOTEBOOK}"))
        assert {"code", "api/contents", f"files/{NOTEBOOK}"} <= found
    visitor, kernel = opened(ours)
    assert powers(visitor, kernel) == set()
    visitor.leave(kernel)


def test_inside_a_jupyter_server_no_page_of_ours_is_served_and_the_log_says_why(tampered: Path) -> None:
    with jupyter(tampered, "coptip.serve.extension") as server:
        until(lambda: REASON in server.said)
        visitor = Visitor(server.address)
        for path in ("m/1a", "in/m/1a", "health", "leave"):
            assert visitor.ask(path).status == 404, path


# 6: exceptions


def test_an_exception_in_a_callback_sends_neither_source_nor_text_and_logs_no_text(
    ours: Server, stock: Server
) -> None:
    line = Line(*stock_page(stock))
    [button] = [id for id, s in line.states().items() if s.get("_model_name") == "ButtonModel"]
    line.tell(button, {"method": "custom", "content": {"event": "click"}}, id="click")
    told = json.dumps(line.until_idle("click"))
    assert "ValueError" in told
    assert MARK in told
    line.close()
    visitor = Visitor(ours.address)
    page = visitor.open()
    line = page.line()
    said = {"action": "check", "stage": "please-raise", "responses": {"x": {"text": MARK}}}
    line.tell(page.player("define-it"), {"method": "custom", "content": said}, id="raise")
    told = json.dumps(line.until_idle("raise"))
    assert "That did not work. What you typed is kept" in told
    assert MARK not in told
    assert not BETRAYS.search(told)
    until(lambda: "ValueError at" in ours.said)
    assert MARK not in ours.said
    assert "Traceback" not in ours.said
    line.close()
    visitor.leave(page.kernel)


# 7: a kernel that is killed


def killed_and_replaced(server: Server) -> bool:
    """Kill every kernel of a stock server; whether each has been replaced."""
    before = children(server.process.pid)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: len(now := children(server.process.pid)) == len(before) and not set(now) & set(before))
    return True


def states_anew(visitor: Visitor, kernel: str) -> dict[str, Any] | None:
    """The states of a kernel's widgets; None while it starts and answers nobody."""
    line = Line(visitor, kernel)
    try:
        return line.states(5)
    except TimeoutError:
        return None
    finally:
        line.close()


def test_no_empty_kernel_takes_the_place_of_one_that_was_killed(ours: Server, stock: Server) -> None:
    visitor, kernel = stock_page(stock)
    line = Line(visitor, kernel)
    assert line.states()
    assert killed_and_replaced(stock)
    line.close()
    until(lambda: states_anew(visitor, kernel) == {}, 60)
    assert visitor.ask(f"api/kernels/{kernel}").status == 200
    visitor, kernel = opened(ours)
    line = Line(visitor, kernel)
    assert line.states()
    ours.kill_kernels()
    assert line.until_idle("none")[-1]["content"] == {"execution_state": "dead"}
    assert line.hear() is None
    assert visitor.ask(f"api/kernels/{kernel}").status == 404
    assert Line(visitor, kernel).status == 404
    line.close()


# 8: waits without an end

IN_VAIN, AT_MOST = 10, 60
"""Seconds that stock Voilà is waited for in vain, and after which ours is given up."""
HANGS = "import time\nwhile True:\n    time.sleep(1)"


def whole(server: Server, path: str, seconds: float) -> str | None:
    """A page's text once it is complete; None where it is not within so many seconds."""
    host, _, port = Visitor(server.address).host.partition(":")
    until_then, found = time.monotonic() + seconds, b""
    line = http.client.HTTPConnection(host, int(port), timeout=seconds)
    line.request("GET", f"/{path}")
    answer = line.getresponse()
    try:
        while piece := answer.read1(65536):
            found += piece
            left = until_then - time.monotonic()
            if left <= 0:
                return None
            line.sock.settimeout(left)
    except TimeoutError:
        return None
    finally:
        line.close()
    return found.decode("utf-8", "replace")


def test_a_page_whose_cell_hangs_comes_to_its_end_and_says_so(tmp_path: Path) -> None:
    root = collection(tmp_path, HANGS)
    with stock_voila(root) as server:
        assert whole(server, "", IN_VAIN) is None
    with serving("--waits", "cell=1", env={"COPTIP_ROOT": str(root)}) as server:
        page = whole(server, "m/1a", AT_MOST)
        assert page is not None
        assert page.rstrip().endswith("</html>")
        assert "cannot be shown" in page
        assert "data-kernel=" in page


def test_of_thirty_pages_at_once_each_has_a_kernel_or_says_that_there_is_none(ours: Server) -> None:
    with ThreadPoolExecutor(30) as at_once:
        pages = list(at_once.map(lambda _: Visitor(ours.address).ask("m/1a"), range(30)))
    for page in pages:
        assert page.body.rstrip().endswith("</html>")
        if page.status == 200:
            assert "data-kernel=" in page.body
        else:
            assert page.status == 503
            assert "This page tries again by itself" in page.body


# 9: kernels without end


def test_another_sites_requests_start_nothing(ours: Server, stock: Server) -> None:
    image = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    frame = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    before = len(_kernels_of_stock(stock))
    assert Visitor(stock.address).ask("", headers=image).status == 200
    assert len(_kernels_of_stock(stock)) > before
    for headers in (image, frame, {"Origin": "http://elsewhere.example"}):
        got = Visitor(ours.address).ask("m/1a", headers=headers)
        assert got.status == 403
        assert "data-kernel" not in got.body
    # even a page that is opened starts none before its script opens the line
    Visitor(ours.address).open()
    assert ours.kernels() == []


def _kernels_of_stock(server: Server) -> list[int]:
    return children(server.process.pid)


def test_beyond_the_cap_a_page_says_so_and_tries_again(ours: Server) -> None:
    pages = [Visitor(ours.address).open() for _ in range(6)]
    lines = [page.line() for page in pages]
    until(lambda: len(ours.kernels()) == 6)
    got = Visitor(ours.address).ask("m/1a")
    assert got.status == 503
    assert got.header("Retry-After") == "5"
    assert '<meta http-equiv="refresh" content="5">' in got.body
    assert "This page tries again by itself" in got.body
    assert json.loads(Visitor(ours.address).ask("health").body)["status"] == "full"
    for page, line in zip(pages, lines, strict=True):
        line.close()
        page.visitor.leave(page.kernel)
    until(lambda: Visitor(ours.address).ask("health").body.find('"ok"') > 0)
    assert Visitor(ours.address).ask("m/1a").status == 200


def test_a_visitor_has_a_dozen_pages_and_the_oldest_ends_for_one_more(tampered: object) -> None:
    with serving("--rate", "0", env={"COPTIP_ROOT": str(tampered)}) as server:
        visitor = Visitor(server.address)
        first, line = (page := visitor.open()).kernel, page.line()
        until(lambda: len(server.kernels()) == 1)
        others = [visitor.open().kernel for _ in range(12)]
        assert line.until_idle("none")[-1]["content"] == {"execution_state": "dead"}
        until(lambda: not server.kernels())
        answers = [visitor.ask(f"api/kernels/{kernel}").status for kernel in (first, *others)]
        assert answers == [404] + [200] * 12
        line.close()


def test_an_address_that_asks_too_often_is_told_to_wait(tampered: object) -> None:
    with serving("--rate", "20", env={"COPTIP_ROOT": str(tampered)}) as server:
        found = [Visitor(server.address).ask("m/1a") for _ in range(14)]
        assert {one.status for one in found[:8]} == {200}
        assert found[-1].status == 429
        assert '<meta http-equiv="refresh"' in found[-1].body
        assert Visitor(server.address).ask("").status == 200


# 10: other names


def test_another_hosts_name_is_refused_also_on_the_line(ours: Server, stock: Server) -> None:
    evil = "attacker.example"
    visitor, kernel = stock_page(stock)
    assert visitor.ask("", headers={"Host": evil}).status == 200
    line = Line(visitor, kernel, Host=evil, Origin=f"http://{evil}")
    assert line.status == 101
    line.close()
    visitor, kernel = opened(ours)
    for host in (evil, f"{evil}:80", f"127.0.0.1.{evil}", "", "[::1", "10.0.0.1"):
        for path in ("", "m/1a", "static/page.css", "health", "nowhere", f"api/kernels/{kernel}"):
            assert visitor.ask(path, headers={"Host": host}).status in (400, 403), (host, path)
    for headers in ({"Host": evil}, {"Origin": f"http://{evil}"}, {"Origin": ""}, {"Origin": "null"},
                    {"Origin": f"http://{visitor.host}.{evil}"}):  # fmt: skip
        line = Line(visitor, kernel, **headers)
        assert line.status == 403, headers
        line.close()
    visitor.leave(kernel)


def test_allowed_hosts_and_a_prefix_work_as_behind_a_proxy(tampered: object) -> None:
    arguments = ("--allow-host", "Training.example", "--base-url", "/user/a/coptip", "--behind-proxy")
    with serving(*arguments, env={"COPTIP_ROOT": str(tampered)}) as server:
        visitor = Visitor(server.address)
        proxied = {"Host": "training.example", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        got = visitor.ask("m/1a", headers=proxied)
        assert got.status == 200
        assert "Secure" in got.header("Set-Cookie")
        assert "/user/a/coptip/static/" in got.body
        from .visitor import Opened

        kernel = Opened(visitor, got.body).kernel
        line = Line(visitor, kernel, Host="training.example", Origin="https://training.example")
        assert line.status == 101
        line.close()
        assert visitor.ask("m/1a", headers={"Host": "other.example"}).status == 403


# 12: headers, cookies, other hosts


def test_every_answer_has_a_strict_policy_and_no_cookie_outlives_the_browser(ours: Server, stock: Server) -> None:
    bare = Visitor(stock.address).ask("")
    assert "Expires" in bare.header("Set-Cookie") or "expires" in bare.header("Set-Cookie")
    assert "https://" in bare.body
    assert "script-src" not in bare.header("Content-Security-Policy")
    visitor = Visitor(ours.address)
    for path in ("", "m/1a", "static/page.css", "static/icon.svg", "nowhere", "health"):
        got = visitor.ask(path)
        assert not re.search(r"<(link|script|img|iframe)\b[^>]*=[\"']?(https?:)?//", got.body), path
        policy = got.header("Content-Security-Policy")
        assert "default-src 'none'; script-src 'self';" in policy, path
        assert "unsafe-eval" not in policy
        assert policy.count("unsafe-inline") == 1  # styles alone
        assert got.header("X-Content-Type-Options") == "nosniff"
        assert got.header("Server") == "coptip"
        for cookie in [value for key, value in got.headers if key == "Set-Cookie"]:
            assert "SameSite=Strict" in cookie
            assert "HttpOnly" in cookie
            assert "expires" not in cookie.lower()


# what the server says of itself


def raw(server: Server, text: bytes) -> str:
    """What bytes on a socket are answered with."""
    host, port = Visitor(server.address).host.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(text)
        line.shutdown(socket.SHUT_WR)
        found = b""
        while piece := line.recv(65536):
            found += piece
    return found.decode("utf-8", "replace")


def test_no_answer_to_anything_odd_tells_of_the_machine(ours: Server) -> None:
    visitor, kernel = opened(ours)
    paths = ("nowhere", "m/../../etc/passwd", "m/%00", "m/" + "a" * 5000, "static/..%2f..%2fapp.py", "static/0/x",
             "voila/files/x.py", "api/contents", "api/terminals", "api/kernelspecs", "terminals/websocket/1", "login",
             "m/1a?theme=%22%3E%3Cscript%3E", "m/1a?template=nonsense", "api/kernels/not-an-id", "metrics",
             f"api/kernels/{kernel}/channels", "%ff%fe")  # fmt: skip
    for path in paths:
        for verb in (*VERBS, "TRACE", "BREW"):
            got = visitor.ask(path, verb)
            shown = re.sub(r"HTTP/1\.1|data-\S+|<script.*?</script>", "", got.body, flags=re.DOTALL)
            if got.status >= 400:
                assert not BETRAYS.search(re.sub(r"127\.0\.0\.1", "", shown)), (verb, path, BETRAYS.search(shown))
                assert got.body in ("", "Not found\n") or "· coptip</title>" in got.body, (verb, path)
            assert not re.search("tornado|jupyter|python", str(got.headers), re.IGNORECASE), (verb, path)
    for text in (b"GET\r\n\r\n", b"\x16\x03\x01\x00", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                 b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\n\r\n",
                 b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n"):  # fmt: skip
        told = raw(ours, text)
        assert not BETRAYS.search(told.replace("HTTP/1.1", "")), told[:300]
    visitor.leave(kernel)
