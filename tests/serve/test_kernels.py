"""What the server keeps of kernels, where no browser is needed to see it."""

from __future__ import annotations

import asyncio
import socket

from coptip.serve.kernels import Kernels, Warm
from coptip.serve.settings import Waits


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

    gone = False

    def hear(self, text: str) -> None:
        pass

    def lost(self) -> None:
        self.gone = True


def test_a_page_that_asks_again_while_its_kernel_starts_gets_one_process_not_two() -> None:
    async def ask() -> None:
        slow = Slow()
        kernels = Kernels({}, Waits(), 10, 64)
        kernel = kernels.reserve("somebody", "1a", Warm(slow, "", [], "{}", frozenset()))  # type: ignore[arg-type]
        first, second = Line(), Line()
        opening = [asyncio.create_task(kernels.open(kernel, line)) for line in (first, second)]
        await asyncio.sleep(0)
        slow.go.set()
        await asyncio.gather(*opening)
        assert (slow.forks, kernels.running) == (1, 1)
        assert first.gone
        assert not second.gone
        kernels.end(kernel)
        assert (slow.killed, kernels.running) == (1, 0)
        assert second.gone
        slow.ends[0].close()

    asyncio.run(ask())
