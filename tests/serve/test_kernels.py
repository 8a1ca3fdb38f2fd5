"""What the server keeps of kernels, where no browser is needed to see it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from pathlib import Path

from coptip.serve.kernels import Kernels, Notebook, Warm
from coptip.serve.settings import Waits

from ..browser.serving import children, serving, until
from .visitor import Visitor

NOTEBOOK = Notebook("1a", "", (), "")


class Slow:
    """A warm process that takes its time to fork."""

    def __init__(self) -> None:
        self.go, self.forks, self.killed = asyncio.Event(), 0, 0
        self.ends: list[socket.socket] = []

    async def fork(self, _seconds: float) -> tuple[int, socket.socket]:
        self.forks += 1
        await self.go.wait()
        mine, its = socket.socketpair()
        self.ends.append(its)
        return 10**8, mine

    def kill(self, _pid: int) -> None:
        self.killed += 1


class Line:
    """A page's line."""

    gone = closed = False

    def hear(self, text: str) -> None:
        pass

    def lost(self) -> None:
        self.gone = True

    def close(self) -> None:
        self.closed = True


def test_a_page_that_asks_again_while_its_kernel_starts_gets_one_process_not_two() -> None:
    async def ask() -> None:
        slow = Slow()
        kernels = Kernels({}, Waits(), 10, 64)
        kernel = kernels.reserve("somebody", "1a", Warm(slow, NOTEBOOK, [], "{}", frozenset()))  # type: ignore[arg-type]
        first, second = Line(), Line()
        opening = [asyncio.create_task(kernels.open(kernel, line)) for line in (first, second)]
        await asyncio.sleep(0)
        slow.go.set()
        await asyncio.gather(*opening)
        assert (slow.forks, kernels.running) == (1, 1)
        assert first.closed
        assert (first.gone, second.closed, second.gone) == (False, False, False)
        kernels.end(kernel)
        assert (slow.killed, kernels.running) == (1, 0)
        assert second.gone
        slow.ends[0].close()

    asyncio.run(ask())


def test_a_page_written_before_its_warm_process_died_is_answered_all_the_same(tampered: Path) -> None:
    with serving(env={"COPTIP_ROOT": str(tampered)}) as server:
        page = Visitor(server.address).open()
        behind = children(server.process.pid)
        assert behind
        for pid in behind:
            os.kill(pid, signal.SIGKILL)
        until(lambda: not set(children(server.process.pid)) & set(behind))
        line = page.line()
        assert line.status == 101
        assert set(line.states()) == set(page.states)
        line.close()
