"""A part of a bench: a process of its own that says what it measures, line by line, and is ended in any case."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.browser.serving import children


def note(what: str, value: float) -> None:
    """Within a part: one measurement. It is kept from now on, whatever becomes of the part."""
    print(json.dumps({"what": what, "value": value}), flush=True)


@dataclass
class Outcome:
    """What a part found, in its order, and in a few words why it did not come to its end; empty where it did."""

    found: list[tuple[str, float]] = field(default_factory=list)
    failed: str = ""


def run(command: Sequence[str], seconds: float, asked: dict[str, Any] | None = None) -> Outcome:
    """Run a part for so many seconds at most. ``asked``: what it is told, as JSON, behind the command."""
    words = [*command, json.dumps(asked)] if asked is not None else list(command)
    with tempfile.TemporaryDirectory(prefix="coptip-bench-") as folder:
        said, moaned = Path(folder) / "said", Path(folder) / "moaned"
        with said.open("wb") as out, moaned.open("wb") as err:
            process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
            )
            try:
                status = process.wait(seconds)
                failed = "" if status == 0 else None
            except subprocess.TimeoutExpired:
                failed = f"did not end within {seconds:.0f} s"
            finally:
                end(process)
        found = []
        for line in said.read_text("utf-8", "replace").splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                one = json.loads(line)
                found.append((str(one["what"]), float(one["value"])))
        last = moaned.read_text("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
        return Outcome(found, last[0][:200] if failed is None else failed)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it has started, whatever they are doing."""
    pids = children(process.pid)
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def asked() -> dict[str, Any]:
    """Within a part: what it was told."""
    told: dict[str, Any] = json.loads(sys.argv[1])
    return told
