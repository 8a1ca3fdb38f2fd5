"""The server's log: what failed and where, never what a person sent, and never more than a disk can bear."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from typing import TextIO

from coptip.serve.guard import Rate

AT_ONCE = 100
A_MINUTE = 4.0
LONGEST = 500
"""Lines at once, lines a minute after that, characters of a line: 3 MB a day at most."""
OURS = "coptip"


class Bounded(logging.Handler):
    """Writes a line a record, so many at once and so many a minute; then says how many were left out.

    Our own messages are written as they are. Other people's may quote a request, so of theirs only the place is
    written; of an exception, its kind and its places.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__(logging.WARNING)
        self.stream = stream or sys.stderr
        self.rate, self.left_out = Rate(A_MINUTE, AT_ONCE), 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or count it."""
        if self.rate.take("log"):
            self.left_out += 1
            return
        lines = [told(record)]
        if self.left_out:
            lines.insert(0, f"{self.left_out} lines were left out: there were too many.")
            self.left_out = 0
        try:
            when = time.strftime("%Y-%m-%d %H:%M:%S")
            self.stream.write("".join(f"{when} {line}\n" for line in lines))
            self.stream.flush()
        except (OSError, ValueError):
            pass  # nobody reads the log any more: that stops no server


def told(record: logging.LogRecord) -> str:
    """A record as one line."""
    ours = record.name == OURS
    line = record.getMessage() if ours else f"{record.name} at {record.filename}:{record.lineno}"
    if record.exc_info and record.exc_info[1] is not None:
        line += f": {places(record.exc_info[1])}"
    return "".join(sign if sign.isprintable() else " " for sign in line[:LONGEST])


def places(error: BaseException) -> str:
    """An exception's kind, and where it came from, innermost first; not its words, which may hold a person's."""
    found, trace = [], error.__traceback__
    while trace is not None:
        found.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return type(error).__name__ + "".join(f" at {place}" for place in reversed(found))


def bound() -> None:
    """Send every logger's records through one bounded handler."""
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate = [], True
    logging.getLogger().handlers[:] = [Bounded()]
