"""The log: what failed and where, nothing that anybody typed, and no more of it than a disk can bear."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path

import pytest

from coptip.serve.log import A_MINUTE, AT_ONCE, LONGEST, Bounded

from ..browser.serving import serving, until
from .visitor import Visitor

MARK = "Somchai-wrote-this"


def record(text: str, name: str = "coptip", error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, "/a/b/place.py", 7, text, None, info)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still until it is set."""
    now = [0.0]
    monkeypatch.setattr("coptip.serve.log.time.monotonic", lambda: now[0])
    return now


def test_so_many_lines_at_once_and_so_many_a_minute_and_the_rest_is_counted(clock: list[float]) -> None:
    stream = io.StringIO()
    handler = Bounded(stream)
    for _ in range(5000):
        handler.emit(record("It failed."))
    assert stream.getvalue().count("It failed.") == AT_ONCE
    clock[0] = 60.0
    for _ in range(5000):
        handler.emit(record("Again."))
    assert stream.getvalue().count("Again.") == A_MINUTE
    assert f"{5000 - AT_ONCE} lines were left out" in stream.getvalue()


def test_a_day_of_the_longest_lines_is_three_megabytes_at_most(clock: list[float]) -> None:
    stream = io.StringIO()
    handler = Bounded(stream)
    for minute in range(24 * 60):
        clock[0] = 60.0 * minute
        for _ in range(200):
            handler.emit(record("x" * 10_000))
    assert len(stream.getvalue()) < 3.5e6
    assert max(map(len, stream.getvalue().splitlines())) < LONGEST + 40


def test_neither_an_exceptions_words_nor_other_peoples_messages_are_written() -> None:
    try:
        raise ValueError(MARK)
    except ValueError as error:
        ours, others = record("A page failed", error=error), record(MARK, "tornado.application", error)
    stream = io.StringIO()
    for one in (ours, others):
        Bounded(stream).emit(one)
    assert MARK not in stream.getvalue()
    assert "A page failed: ValueError at test_log.py:" in stream.getvalue()
    assert "tornado.application at place.py:7: ValueError at test_log.py:" in stream.getvalue()


def test_what_is_logged_stays_on_its_line() -> None:
    stream = io.StringIO()
    Bounded(stream).emit(record("one\ntwo\x1b[31m\u2028three"))
    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()


def test_a_log_that_nobody_reads_stops_nothing() -> None:
    stream = io.StringIO()
    stream.close()
    Bounded(stream).emit(record("It failed."))


@pytest.mark.browser
def test_a_visitor_who_makes_everything_fail_fills_no_disk(tampered: Path) -> None:
    with serving("--rate", "0", "--most", "1", env={"COPTIP_ROOT": str(tampered)}) as server:
        visitor = Visitor(server.address)
        page = visitor.open()
        line = page.line()
        until(lambda: server.kernels())
        said = {"action": "check", "stage": "please-raise", "responses": {"x": {"text": MARK}}}
        for n in range(3 * AT_ONCE):
            line.tell(page.player("define-it"), {"method": "custom", "content": said}, id=str(n))
        line.until_idle(str(3 * AT_ONCE - 1))
        for _ in range(AT_ONCE):
            assert visitor.ask("m/1a").status == 503
        line.close()
        assert "ValueError at" in server.said
        assert MARK not in json.dumps(server.said)
        assert len(server.said.splitlines()) < 2 * AT_ONCE
        assert len(server.said) < 2 * AT_ONCE * LONGEST
        visitor.leave(page.kernel)


@pytest.mark.browser
def test_a_start_says_where_the_pages_are_and_logs_nothing(tampered: Path) -> None:
    with serving(env={"COPTIP_ROOT": str(tampered)}) as server:
        until(lambda: "Stop with Ctrl+C." in server.said)
        Visitor(server.address).open()
        assert " at " not in server.said.partition("Preparing the pages")[2]
