"""Kernels as the server sees them: whose they are, how many, how long, and that each comes to its end.

A kernel is a fork of a warm process (:mod:`coptip.serve.warm`) and belongs to one page of one visitor.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
import time
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from coptip.serve.settings import Waits

LOG = logging.getLogger("coptip")
OURS = {"COPTIP_PAGE", "COPTIP_ROLE", "COPTIP_KEEP"}
"""What the server alone decides; the environment that it was started in does not count."""
OVERWRITES = {"PYTHONMALLOC", "GLIBC_TUNABLES"}
"""By these a server may be told to overwrite what it frees (deploy/coptip-kiosk.service). A kernel's memory ends
with it; there it would only cost time and room."""
LARGEST = 32 << 20
"""What a warm process or a kernel may say in one line."""
AHEAD = 64
"""Messages that a page may be ahead of its kernel; then its line waits."""
A_VISITOR = 12
"""Kernels of one visitor; the oldest ends when there would be more."""
AGAIN_SECONDS = 5
"""How long a notebook that could not be prepared is not tried again."""


class CannotStart(Exception):
    """No kernel can be had for this page; the log says why."""


class Full(Exception):
    """As many kernels run as may."""


class Page(Protocol):
    """A page's line, as a kernel needs it."""

    def hear(self, text: str) -> None:
        """A message of the kernel's."""

    def lost(self) -> None:
        """The kernel is gone for good."""

    def close(self) -> None:
        """This line ends; the kernel does not."""


# processes that fork


class Forker:
    """A process that forks when asked to (the base, or a warm one), seen from the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, control: int) -> None:
        self.reader, self.writer = reader, writer
        self.control = socket.socket(fileno=control)
        self.turn = asyncio.Lock()
        self.closed = False

    @property
    def lost(self) -> bool:
        """Whether it has ended, so that nothing can be forked any more."""
        return self.closed or self.reader.at_eof()

    @classmethod
    async def over(cls, mine: socket.socket) -> Forker:
        """One that listens at the other end of this socket."""
        control = os.dup(mine.fileno())
        mine.setblocking(False)
        reader, writer = await asyncio.open_unix_connection(sock=mine, limit=LARGEST)
        return cls(reader, writer, control)

    async def line(self, seconds: float) -> bytes:
        """What it says next. Raises CannotStart where it says nothing in time, or is gone."""
        try:
            async with asyncio.timeout(seconds):
                said = await self.reader.readline()
        except (TimeoutError, OSError, ValueError) as error:
            self.close()
            raise CannotStart("a process did not answer in time") from error
        if not said:
            self.close()
            raise CannotStart("a process has ended")
        return said

    async def fork(self, seconds: float) -> tuple[int, socket.socket]:
        """A fork: its process id, and the socket that leads to it."""
        mine, its = socket.socketpair()
        async with self.turn:
            try:
                socket.send_fds(self.control, [b"f\n"], [its.fileno()])
                pid = int(await self.line(seconds))
            except (OSError, ValueError) as error:
                mine.close()
                self.close()
                raise CannotStart("a process takes no orders") from error
            except CannotStart:
                mine.close()
                raise
            finally:
                its.close()
        return pid, mine

    def kill(self, pid: int) -> None:
        """End a fork at once; one that has ended already is no error."""
        with contextlib.suppress(OSError):
            self.control.send(b"k%d\n" % pid)

    def retire(self) -> None:
        """Let it end when its last fork has."""
        with contextlib.suppress(OSError):
            self.control.send(b"r\n")

    def close(self) -> None:
        """End it and all its forks."""
        self.closed = True
        self.writer.close()
        self.control.close()


@dataclass(frozen=True)
class Notebook:
    """What a warm process is made of: cells by their ids, and ``data``, which changes when the collection does."""

    id: str
    folder: str
    cells: tuple[tuple[str, str], ...]
    data: str


@dataclass
class Warm:
    """A notebook that has run: what its cells show, the state of its Players, and the process to fork from."""

    forker: Forker
    notebook: Notebook
    cells: list[dict[str, Any]]
    states: str
    """All that Players show at first, as JSON."""
    players: frozenset[str]


# kernels


@dataclass
class Kernel:
    """One page's kernel. It runs from when the page opens its line until the page is left."""

    id: str
    owner: str
    module: str
    warm: Warm
    born: float = field(default_factory=time.monotonic)
    pid: int = 0
    writer: asyncio.StreamWriter | None = None
    page: Page | None = None
    alone: float | None = None
    """Since when it has had no line; None while it has one, or has not started."""
    heard: float = field(default_factory=time.monotonic)
    numbers: int = 0
    waiting: OrderedDict[int, tuple[Any, float]] = field(default_factory=OrderedDict)
    room: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    reading: asyncio.Task[None] | None = None

    async def send(self, message: Mapping[str, Any], msg_id: Any) -> None:
        """Hand over a message of the page, waiting while the kernel is far behind."""
        while len(self.waiting) >= AHEAD and not self.ended:
            self.room.clear()
            await self.room.wait()
        if self.ended or self.writer is None:
            return
        self.heard = time.monotonic()
        self.numbers += 1
        self.waiting[self.numbers] = (msg_id, self.heard)
        self.writer.write(json.dumps({"n": self.numbers, **message}).encode() + b"\n")
        with contextlib.suppress(OSError):
            await self.writer.drain()

    def done(self, n: int) -> None:
        """The kernel has dealt with a message."""
        msg_id, _ = self.waiting.pop(n, (None, 0))
        # the next one's time begins now: it could not have been looked at before
        if self.waiting:
            first = next(iter(self.waiting))
            self.waiting[first] = (self.waiting[first][0], time.monotonic())
        self.room.set()
        if self.page is not None:
            self.page.hear(status("idle", msg_id))


def status(state: str, msg_id: Any = None) -> str:
    """A kernel's state in Jupyter's protocol; with ``msg_id``, as what follows that message."""
    parent = {} if msg_id is None else {"msg_id": msg_id}
    content = {"execution_state": state}
    return json.dumps(
        {"channel": "iopub", "header": {"msg_type": "status"}, "parent_header": parent, "content": content}
    )


class Kernels:
    """All kernels of a server, and the processes behind them."""

    def __init__(self, environment: Mapping[str, str], waits: Waits, most: int, megabytes: int) -> None:
        """``environment``: what kernels are told, beside the server's own. ``most``: the cap on kernels.

        ``megabytes``: what a kernel may take beyond what it shares with its warm process.
        """
        self.environment, self.waits, self.most, self.megabytes = environment, waits, most, megabytes
        self.kernels: dict[str, Kernel] = {}
        self.gone: OrderedDict[str, str] = OrderedDict()
        self._base: Forker | None = None
        self._processes: list[subprocess.Popen[bytes]] = []
        self._made_for = ""
        self._warm: dict[str, asyncio.Task[Warm]] = {}
        self._failed: dict[str, float] = {}
        self._base_turn = asyncio.Lock()

    # processes

    async def warm(self, notebook: Notebook) -> Warm:
        """A warm process for a notebook, made once for each version of it. Raises CannotStart."""
        known = self._warm.get(notebook.id)
        if known is not None and not self._serves(known, notebook):
            if known.done() and not known.exception():
                known.result().forker.retire()
            known = None
        if known is None:
            if time.monotonic() - self._failed.get(notebook.id, -AGAIN_SECONDS) < AGAIN_SECONDS:
                raise CannotStart("it failed a moment ago")
            known = self._warm[notebook.id] = asyncio.create_task(self._make(notebook))
            known.add_done_callback(lambda task: self._told(task, notebook.id))
        return await asyncio.shield(known)

    def _told(self, task: asyncio.Task[Warm], id: str) -> None:
        """A failure is in the log once, also when nobody waits for it any more."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed[id] = time.monotonic()
            LOG.error("A notebook could not be prepared: %s", error)

    def ready(self, notebook: Notebook) -> Warm | None:
        """The warm process of a notebook where it need not be waited for."""
        known = self._warm.get(notebook.id)
        if known is None or not known.done() or not self._serves(known, notebook):
            return None
        return known.result()

    @staticmethod
    def _serves(task: asyncio.Task[Warm], notebook: Notebook) -> bool:
        if not task.done():
            return True
        if task.cancelled() or task.exception():
            return False
        return task.result().notebook == notebook and not task.result().forker.lost

    async def _make(self, notebook: Notebook) -> Warm:
        base, (pid, mine) = await self._warm_fork(notebook.data)
        forker = await Forker.over(mine)
        asked = {
            "folder": notebook.folder,
            "cells": [{"id": id, "source": source} for id, source in notebook.cells],
            "seconds": self.waits.cell,
            "megabytes": self.megabytes,
        }
        text = json.dumps(asked).encode()
        forker.writer.write(b"%d\n" % len(text) + text)
        try:
            said = json.loads(await forker.line(self.waits.start))
        except CannotStart:
            base.kill(pid)
            raise
        states = json.dumps({"strings": said["strings"], "models": said["states"]}).replace("<", "\\u003c")
        return Warm(forker, notebook, said["cells"], states, frozenset(said["states"]))

    async def _warm_fork(self, data: str) -> tuple[Forker, tuple[int, socket.socket]]:
        """A fork of the base. One that has died unnoticed is made anew."""
        base = await self._ready_base(data)
        try:
            return base, await base.fork(self.waits.start)
        except CannotStart:
            base = await self._ready_base(data)
            return base, await base.fork(self.waits.start)

    async def _ready_base(self, data: str) -> Forker:
        async with self._base_turn:
            if self._base is not None and (self._base.lost or self._made_for != data):
                self._base.retire()
                self._base = None
            if self._base is None:
                self._base, self._made_for = await self._start_base(), data
            return self._base

    async def _start_base(self) -> Forker:
        kept = {name: value for name, value in os.environ.items() if name not in OURS | OVERWRITES}
        mine, its = socket.socketpair()
        with its:
            process = subprocess.Popen(
                [sys.executable, "-m", "coptip.serve.warm", str(its.fileno())],
                env={**kept, **self.environment},
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._processes.append(process)
        forker = await Forker.over(mine)
        await forker.line(self.waits.start)
        return forker

    # kernels

    def reserve(self, owner: str, module: str, warm: Warm) -> Kernel:
        """A kernel for a page that is being written; it starts when the page opens its line."""
        mine = [one for one in self.kernels.values() if one.owner == owner]
        for old in mine[: max(0, len(mine) + 1 - A_VISITOR)]:
            self.end(old)
        kernel = Kernel(str(uuid.uuid4()), owner, module, warm)
        self.kernels[kernel.id] = kernel
        return kernel

    @property
    def running(self) -> int:
        """How many kernels run."""
        return sum(one.pid > 0 for one in self.kernels.values())

    @property
    def full(self) -> bool:
        """Whether no further page should be opened."""
        now = time.monotonic()
        soon = sum(one.pid == 0 and now - one.born < self.waits.fresh for one in self.kernels.values())
        return self.running + soon >= self.most

    async def open(self, kernel: Kernel, page: Page) -> None:
        """Give a kernel its page's line, starting it where need be. Raises Full and CannotStart.

        After a cut an attempt that the page gave up may arrive behind its last one: a line that has to go is told
        nothing of the kernel, so that a page which still uses it comes back.
        """
        if kernel.page is not None:
            kernel.page.close()
        kernel.page, kernel.alone = page, None
        # a page that has waited for long asks again: still it gets one process, not two
        async with kernel.starting:
            if kernel.writer is None and not kernel.ended:
                await self._start(kernel)

    async def _start(self, kernel: Kernel) -> None:
        if self.running >= self.most:
            self.end(kernel)
            raise Full
        kernel.pid, mine = await self._kernel_fork(kernel)
        if kernel.ended:  # the page was left meanwhile
            mine.close()
            kernel.warm.forker.kill(kernel.pid)
            return
        mine.setblocking(False)
        reader, kernel.writer = await asyncio.open_unix_connection(sock=mine, limit=LARGEST)
        kernel.reading = asyncio.create_task(self._listen(kernel, reader))

    async def _kernel_fork(self, kernel: Kernel) -> tuple[int, socket.socket]:
        """A fork of its warm process. One that died since the page was written is made anew, if it shows the same."""
        before = kernel.warm
        try:
            return await before.forker.fork(self.waits.start)
        except CannotStart:
            kernel.warm = await self.warm(before.notebook)
            if kernel.warm.states != before.states:
                raise
            return await kernel.warm.forker.fork(self.waits.start)

    def leave(self, kernel: Kernel, page: Page) -> None:
        """The line of a page has closed; unless it comes back soon, its kernel ends."""
        if kernel.page is page:
            kernel.page, kernel.alone = None, time.monotonic()

    async def _listen(self, kernel: Kernel, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := await reader.readline():
                kind, text = line[:1], line[1:-1].decode()
                if kind == b"d":
                    kernel.done(int(text))
                elif kind == b"f":
                    LOG.error("A message could not be dealt with: %s", text)
                elif kernel.page is not None:
                    kernel.page.hear(text)
        self.end(kernel)

    def end(self, kernel: Kernel) -> None:
        """End a kernel at once: it holds nothing that is to be saved."""
        if kernel.ended:
            return
        kernel.ended = True
        self.kernels.pop(kernel.id, None)
        self.gone[kernel.id] = kernel.owner
        while len(self.gone) > 1000:
            self.gone.popitem(last=False)
        if kernel.pid:
            kernel.warm.forker.kill(kernel.pid)
        if kernel.writer is not None:
            kernel.writer.close()
        kernel.waiting.clear()
        kernel.room.set()
        if kernel.page is not None:
            kernel.page.lost()

    def end_all_of(self, owner: str) -> None:
        """End every kernel of a visitor."""
        for kernel in [one for one in self.kernels.values() if one.owner == owner]:
            self.end(kernel)

    def sweep(self) -> None:
        """End what nobody came back to, what never was opened, and what does not answer."""
        self._processes = [process for process in self._processes if process.poll() is None]
        now = time.monotonic()
        for kernel in list(self.kernels.values()):
            left = kernel.alone is not None and now - kernel.alone > self.waits.grace
            unopened = kernel.pid == 0 and kernel.page is None and now - kernel.born > self.waits.unopened
            unheard = now - kernel.heard > self.waits.unheard
            hung = any(now - since > self.waits.answer for _, since in list(kernel.waiting.values())[:1])
            if hung:
                LOG.error("A kernel did not answer within %s seconds and was ended.", self.waits.answer)
            if left or unopened or unheard or hung:
                self.end(kernel)

    def close(self) -> None:
        """End everything."""
        for kernel in list(self.kernels.values()):
            self.end(kernel)
        if self._base is not None:
            self._base.close()
        for process in self._processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(2)
            if process.poll() is None:
                process.kill()
