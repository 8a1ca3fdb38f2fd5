"""The bench comes to its end whatever its parts do, and keeps what they found; its table says what was reached."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from bench import part
from bench.rivals import COPTIP, STOCK
from bench.run import Bench
from bench.table import CLICK, OURS, TAIL, Results, table

from .browser.serving import Server, until

HANGS = """
import json, os, subprocess, sys
print(json.dumps({"what": "a row", "value": 3}), flush=True)
print("no measurement", flush=True)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
open(json.loads(sys.argv[1])["note"], "w").write(str(child.pid))
child.wait()
"""


def test_a_part_that_hangs_is_ended_with_all_it_started_and_what_it_found_is_kept(tmp_path: Path) -> None:
    note = tmp_path / "note"
    outcome = part.run([sys.executable, "-c", HANGS], 3, {"note": str(note)})
    assert outcome.found == [("a row", 3.0)]
    assert outcome.failed == "did not end within 3 s"
    until(lambda: not _alive(int(note.read_text())), 5)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_part_that_fails_says_why_in_a_line(tmp_path: Path) -> None:
    assert part.run([sys.executable, "-c", "raise SystemExit('no such page')"], 60).failed == "no such page"
    assert part.run([sys.executable, "-c", "pass"], 60) == part.Outcome()


def test_after_its_time_a_bench_begins_nothing_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "deep" / "kept.jsonl"
    found = part.Outcome([("a row", 2.0)], "")
    monkeypatch.setattr(part, "run", lambda *_args: found)
    server = Server("http://127.0.0.1:9/", type("Process", (), {"pid": os.getpid()})(), tmp_path / "log")
    bench = Bench(60, kept)
    bench.part(COPTIP, server, "bench.person", "load 1", 50)
    bench.began = time.monotonic() - 50
    bench.part(STOCK, server, "bench.person", "load 2", 50)
    assert "load 2, stock Voilà: not begun" in capsys.readouterr().out
    again = Results.read(kept)
    assert again == bench.results
    assert again.found == {"coptip": {"a row": [2.0]}}
    assert again.failed == ["load 2, stock Voilà: not begun, the time is over"]


def test_the_table_says_what_was_reached_and_what_is_not_known() -> None:
    results = Results(failed=["load 3, stock Voilà: did not end within 180 s"])
    for name, text, many in (("stock Voilà", 1000.0, 10.0), (OURS, 100.0, 4.0)):
        results.add(name, "text readable, empty cache, ms", text)
        results.add(name, "first exercise answers a click, empty cache, ms", text)
        results.add(name, "30 at once: p95 until a click is answered, s", many)
    for ms in (10.0, 10.0, 10.0, 31.0):
        results.add(OURS, CLICK, ms)
    lines = list(table(results))
    told = {line.split(" | ")[0].strip("| "): line for line in lines}
    assert told["text readable, empty cache, ms"].endswith("| 1000 | 100 | – | 0.10 | 0.15 of stock | yes |")
    # Panel was not there to be beaten
    assert told["first exercise answers a click, empty cache, ms"].endswith("and Panel's |  |")
    assert told["30 at once: p95 until a click is answered, s"].endswith("| 0.40 | 0.25 of stock | no |")
    assert told[CLICK].endswith("| 30 | yes |")
    assert told[TAIL].endswith("| 3.1 | – | – | 3 | no |")
    assert lines[-1] == "- load 3, stock Voilà: did not end within 180 s"
