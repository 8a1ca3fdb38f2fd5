"""``make bench``: stock Voilà, coptip and Panel with the same module, interleaved in one run; medians and ranges.

Ratios in one run count; absolute times move with the machine. Nothing here asserts anything. Each part is a process
of its own that is ended after its time; one that fails says so below the table, and the others go on. What was
measured is kept line by line in a file, from which ``--show FILE`` prints the table again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import part
from bench.rivals import COPTIP, ROOT, STOCK, Rival, panel, up
from bench.table import Results, table
from tests.browser.serving import Server

PERSON_SECONDS = 180
CROWD_SECONDS = 240
LEAST = 15
"""Seconds that must be left for a part to be begun."""


class Bench:
    """Runs the parts, one after another, within the time that there is."""

    def __init__(self, seconds: float, kept: Path) -> None:
        """``kept``: the file that measurements are written to."""
        self.began, self.seconds, self.results = time.monotonic(), seconds, Results()
        kept.parent.mkdir(parents=True, exist_ok=True)
        self.kept = kept
        kept.write_text("", "utf-8")

    @property
    def gone(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began

    def say(self, text: str) -> None:
        """How far it is."""
        minutes, seconds = divmod(int(self.gone), 60)
        print(f"[{minutes:2}:{seconds:02} of {self.seconds / 60:.0f}:00] {text}", flush=True)

    def keep(self, one: dict[str, Any]) -> None:
        """Write a measurement, or a failure, to the file."""
        with self.kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps(one, ensure_ascii=False) + "\n")

    def fail(self, what: str) -> None:
        """Something did not come to its end."""
        self.results.failed.append(what)
        self.keep({"failed": what})
        self.say(what)

    def part(self, rival: Rival, server: Server, module: str, title: str, most: float, **asked: Any) -> None:
        """Run a part for a rival and keep what it found."""
        left = self.seconds - self.gone
        if left < LEAST:
            self.fail(f"{title}, {rival.name}: not begun, the time is over")
            return
        told = {
            "address": server.address, "path": rival.path, "option": rival.option, "check": rival.check,
            "told": rival.told, "ours": rival.ours, "pid": server.process.pid, **asked,
        }  # fmt: skip
        start = time.monotonic()
        outcome = part.run([sys.executable, "-m", module], min(most, left), told)
        for what, value in outcome.found:
            self.results.add(rival.name, what, value)
            self.keep({"name": rival.name, "what": what, "value": value})
        if outcome.failed:
            self.fail(f"{title}, {rival.name}: {outcome.failed}")
        else:
            self.say(f"{title}, {rival.name}: {time.monotonic() - start:.0f} s")

    def start(self, rival: Rival, open: ExitStack) -> Server | None:
        """Its server, or None where it does not start, or there is no time left."""
        if self.seconds - self.gone < LEAST:
            self.fail(f"{rival.name}: not started, the time is over")
            return None
        try:
            return open.enter_context(up(rival))
        except (AssertionError, OSError) as error:
            self.fail(f"{rival.name} does not start: {(str(error).strip().splitlines() or ['no reason'])[-1][:200]}")
            return None

    # the parts

    def in_a_browser(self, rivals: Sequence[Rival], rounds: int) -> None:
        """What a person sees, one rival after the other, over and over, each being the first in its turn."""
        with ExitStack() as open:
            started = [(rival, server) for rival in rivals if (server := self.start(rival, open))]
            for n in range(rounds):
                for k in range(len(started)):
                    rival, server = started[(n + k) % len(started)]
                    self.part(rival, server, "bench.person", f"load {n + 1} of {rounds}", PERSON_SECONDS)

    def crowds(self, kind: str, rivals: Sequence[Rival], many: int) -> None:
        """Many people, one rival after the other, each with a server that nobody has used."""
        for rival in rivals:
            with ExitStack() as open:
                if server := self.start(rival, open):
                    self.part(rival, server, "bench.crowd", f"{many}, {kind}", CROWD_SECONDS, kind=kind, many=many)


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each page is opened (7)")
    parser.add_argument("--panel", help="the command 'panel' of the bench's own environment")
    parser.add_argument("--many", type=int, default=30, help="how many arrive at once (30)")
    parser.add_argument("--crowds", type=int, default=2, help="how often they do (2)")
    parser.add_argument("--sessions", type=int, default=150, help="how many stay (150)")
    parser.add_argument("--minutes", type=float, default=25, help="what is not begun by then is left out (25)")
    parser.add_argument("--kept", type=Path, default=ROOT / "build" / "bench.jsonl", help="where measurements are kept")
    parser.add_argument("--show", type=Path, metavar="FILE", help="only print the table of an earlier run")
    args = parser.parse_args()
    if args.show:
        print(*table(Results.read(args.show)), sep="\n")
        return 0
    signal.signal(signal.SIGTERM, _stop)
    bench = Bench(args.minutes * 60, args.kept)
    rivals = [STOCK, COPTIP]
    if args.panel and Path(args.panel).exists():
        rivals.append(panel(args.panel))
    else:
        bench.fail("Panel is not installed here")
    with contextlib.suppress(KeyboardInterrupt):
        bench.in_a_browser(rivals, args.rounds)
        for _ in range(args.crowds):
            bench.crowds("at once", (STOCK, COPTIP), args.many)
        bench.crowds("memory", (STOCK, COPTIP), 10)
        bench.crowds("sessions", (COPTIP,), args.sessions)
    bench.say(f"over; the measurements are in {args.kept}")
    print("", *table(bench.results), sep="\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
