"""The processes that kernels are forked from. Nothing here ever sees a person before the last fork.

``python -m coptip.serve.warm FD`` reads the collection once (the *base*). Asked to, it forks a *warm* process,
which runs a notebook's cells and says what they show. Asked to, that one forks a *kernel* for one page: its
memory is shared with the warm one until it is written to, and gone when the page is left.

Base and warm process are told on a socket, a line each: ``f`` with a file descriptor asks for a fork, answered by
a line with its process id; ``k PID`` ends a fork at once; ``r`` says to stop when the last fork has. A kernel gets
lines of JSON, ``{"n", "to", "content"}``, and answers with lines that begin with ``m`` (a message for the page),
``f`` (a fault, for the log) or ``d`` (message n is done).
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import itertools
import json
import logging
import os
import resource
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import comm
from comm.base_comm import BaseComm

SMALL = 4096
NAME, PARENT_DIES = 15, 1
"""Of prctl: what a process is called, and what it gets when its parent ends."""


class Ended(Exception):
    """The other side has gone."""


# comms: what a widget says goes to the page's line, when there is one

_line: socket.socket | None = None


class Comm(BaseComm):
    """A widget's side of its talk with the page. Ids are counted: a notebook that runs again has the same ones."""

    count = itertools.count(1)

    def __init__(self, *args: Any, **keys: Any) -> None:
        super().__init__(*args, **{"comm_id": f"{next(self.count):032x}", **keys})

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Send state or a message to the page; before there is a page, nobody needs to hear it."""
        if _line is not None and msg_type == "comm_msg":
            tell(self.comm_id, data)


def tell(id: str, data: Any) -> None:
    """A message of Jupyter's protocol to the page, as text that the server passes on unread."""
    header = {"msg_type": "comm_msg"}
    text = json.dumps(
        {"channel": "iopub", "header": header, "parent_header": {}, "content": {"comm_id": id, "data": data}}
    )
    _send("m" + text)


def _send(text: str) -> None:
    assert _line is not None
    try:
        _line.sendall(text.encode() + b"\n")
    except OSError:
        os._exit(0)


# forks


def forks(control: socket.socket, become: Callable[[socket.socket], None]) -> None:
    """Fork whenever asked; returns, in the parent, when the other side has gone. ``become`` never returns."""
    children: set[int] = set()
    retired, rest = False, b""
    while not (retired and not children):
        ready, _, _ = select.select([control], [], [], 1.0)
        _reap(children)
        if not ready:
            continue
        data, fds, _, _ = socket.recv_fds(control, SMALL, 16)
        if not data:
            break
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            if line == b"f":
                children.add(_fork(control, socket.socket(fileno=fds.pop(0)), become))
            elif line.startswith(b"k"):
                _kill({int(line[1:])} & children)
            elif line == b"r":
                retired = True
    _kill(children)
    os._exit(0)


def _fork(control: socket.socket, line: socket.socket, become: Callable[[socket.socket], None]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        control.close()
        _prctl(PARENT_DIES, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)
        try:
            become(line)
        finally:
            os._exit(0)
    line.close()
    control.sendall(b"%d\n" % pid)
    return pid


def _reap(children: set[int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            children.discard(pid)


def _kill(children: set[int]) -> None:
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _prctl(what: int, value: Any) -> None:
    """Where the system has it (Linux); elsewhere the end of a line ends a process too."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(what, value, 0, 0, 0)


# the base


def base(control: socket.socket) -> None:
    """Read what every notebook needs, then fork a warm process for each that is asked for."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from coptip.content import ContentError
    from coptip.lesson import library

    comm.create_comm = Comm
    with tempfile.TemporaryDirectory(prefix="coptip-ipython-") as nowhere:
        os.environ["IPYTHONDIR"] = nowhere  # nobody's profile, history or start-up files
        InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    books = library()
    for shelf in (books.exercises, books.cases, books.tables, books.figures, books.models, books.offences):
        for id in shelf:
            with contextlib.suppress(ContentError):
                shelf[id]
    for id in books.modules:  # what a first cell makes Python read is shared by all
        run("base", f"import coptip\ncoptip.module({id!r}).overview", 10)
        break
    gc.collect()
    gc.freeze()
    control.sendall(b"ready\n")
    forks(control, warm)


# a warm process


def warm(control: socket.socket) -> None:
    """Run the cells that come first on the socket, say what they show, then fork kernels."""
    with control.makefile("rb", buffering=0) as stream:
        asked = json.loads(_counted(stream))
    _prctl(NAME, b"coptip-warm")
    os.chdir(asked["folder"])
    cells = [run(cell["id"], cell["source"], asked["seconds"]) for cell in asked["cells"]]
    players = _players()
    strings: dict[str, str] = {}
    states = {}
    for id, player in players.items():
        state = {name: getattr(player, name) for name in ("exercise", "responses", "feedback", "_anywidget_id")}
        strings, states[id] = player.strings, state
    ready = {"cells": cells, "strings": strings, "states": states}
    gc.collect()
    gc.freeze()
    control.sendall(json.dumps(ready).encode() + b"\n")
    forks(control, lambda line: kernel(line, players, asked["megabytes"]))


def _counted(stream: Any) -> bytes:
    """What comes after a line that says how long it is, and not a byte more: forks are asked for on the same socket."""
    size, found = b"", bytearray()
    while not size.endswith(b"\n"):
        size += _some(stream, 1)
    while len(found) < int(size):
        found += _some(stream, int(size) - len(found))
    return bytes(found)


def _some(stream: Any, size: int) -> bytes:
    piece: bytes = stream.read(size)
    if not piece:
        raise Ended
    return piece


class TooLong(BaseException):
    """A cell has run for longer than any may."""


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(id: str, source: str, seconds: float) -> dict[str, Any]:
    """Run a cell; its outputs in the notebook format. One that fails or takes too long has an error among them."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    failed: str | None = None
    with capture_output() as got:
        # what a cell's last line gives is shown as if it had been asked for
        shell.display_trap.hook = lambda value: None if value is None else display(value)
        try:
            with within(seconds):
                done = shell.run_cell(source, store_history=False)
            problem = done.error_before_exec or done.error_in_exec
            failed = None if problem is None else type(problem).__name__
        except TooLong:
            failed = TooLong.__name__
    if failed:
        print(f"The cell '{id}' failed: {failed}.", file=sys.stderr, flush=True)
        return {"id": id, "outputs": [{"output_type": "error", "ename": failed, "evalue": "", "traceback": []}]}
    outputs: list[dict[str, Any]] = []
    if got.stdout:
        outputs.append({"output_type": "stream", "name": "stdout", "text": got.stdout})
    outputs += [{"output_type": "display_data", "data": o.data, "metadata": {}} for o in got.outputs]
    return {"id": id, "outputs": outputs}


def _players() -> dict[str, Any]:
    from coptip.render.widget import PLAYERS

    return dict(PLAYERS)


# a kernel


def kernel(line: socket.socket, players: dict[str, Any], megabytes: int) -> None:
    """Serve one page until its line ends: hand messages to Players, and what they say to the page."""
    global _line
    _alone(megabytes)
    _line = line
    with line.makefile("rb") as asked:
        for text in asked:
            message = json.loads(text)
            try:
                answer(message, players)
            except MemoryError:
                os._exit(1)
            except Exception as error:
                _fault(error)
            _send(f"d{message['n']}")
    os._exit(0)


def answer(message: dict[str, Any], players: dict[str, Any]) -> None:
    """One message of the page: for a Player, or the wish to hear every state again."""
    if "states" in message:
        told = {
            id: {"state": {"responses": player.responses, "feedback": player.feedback}}
            for id, player in players.items()
        }
        tell(message["states"], {"method": "update_states", "states": told})
        return
    player = players[message["to"]]
    said = {"method": "custom", "content": message["content"]}
    player.comm.handle_msg({"content": {"data": said}, "buffers": []})


def _alone(megabytes: int) -> None:
    """Nobody's output but the page's, no core dump, a bound on memory, and the first to go when memory is short."""
    from IPython.core.interactiveshell import InteractiveShell

    _prctl(NAME, b"coptip-kernel")
    nothing = os.open(os.devnull, os.O_RDWR)
    for n in (0, 1, 2):
        os.dup2(nothing, n)
    logging.getLogger().handlers[:] = [Faults()]
    shell: Any = InteractiveShell.instance()
    shell.showtraceback = lambda *_args, **_kwargs: _fault(sys.exc_info()[1])
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate = [], True
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        Path("/proc/self/oom_score_adj").write_text("500")


class Faults(logging.Handler):
    """Says in the server's log what went wrong and where, and nothing of what a person typed."""

    def emit(self, record: logging.LogRecord) -> None:
        """Send the kind of an exception and its place."""
        _fault(record.exc_info[1] if record.exc_info else None)


def _fault(error: BaseException | None) -> None:
    if error is not None:
        _send("f" + where(error))
    if isinstance(error, MemoryError):
        # full to the brim it could answer nothing any more: the page is told, and a new one has everything
        os._exit(1)


def where(error: BaseException) -> str:
    """An exception's kind and place, without its words: they may hold a person's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
    return type(error).__name__ + place


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(NAME, b"coptip-base")
    base(socket.socket(fileno=int(sys.argv[1])))
