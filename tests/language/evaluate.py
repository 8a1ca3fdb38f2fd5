"""Precision, recall and F1 of the definition checker, by concept, by style and over all."""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
KINDS = ("elements", "misconceptions")
Row = dict[str, Any]
Judge = Callable[[str, str], tuple[set[str], set[str]]]


def is_held_out(id: str) -> bool:
    """A fifth of the texts, by their ids: never looked at while the checker is made."""
    return hashlib.sha256(id.encode()).digest()[0] < 51


def read(path: Path) -> list[Row]:
    """The labelled texts of one file."""
    return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or []


def rows(held_out: bool, without: Iterable[str] = ()) -> list[Row]:
    """The labelled texts of tests/language, one part of them.

    ``definitions-*``: a fifth is held out; the patterns were written on the rest. ``taught-*``: written later, to teach
    the second opinion; ``fresh-*``: written to measure a version, and taught to the next one (``untuned``: no pattern
    was written on them).
    """
    found: list[Row] = []
    for path in sorted(HERE.glob("definitions-*.yaml")):
        found += [row for row in read(path) if is_held_out(row["id"]) == held_out]
    if not held_out:
        for path in sorted((*HERE.glob("fresh-*.yaml"), *HERE.glob("taught-*.yaml"))):
            if path.name not in without:
                found += [row | {"untuned": True} for row in read(path)]
    return found


class Tally:
    """Right, false and missed ids."""

    def __init__(self) -> None:
        self.right = self.false = self.missed = 0

    def add(self, got: set[str], wanted: set[str]) -> None:
        self.right += len(got & wanted)
        self.false += len(got - wanted)
        self.missed += len(wanted - got)

    @property
    def figures(self) -> tuple[float, float, float]:
        """Precision, recall, F1."""
        precision = self.right / (self.right + self.false) if self.right + self.false else 1.0
        recall = self.right / (self.right + self.missed) if self.right + self.missed else 1.0
        return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def evaluate(data: Iterable[Row], judge: Judge) -> dict[tuple[str, str, str], Tally]:
    """Tallies by ("all" | "concept" | "style" | "id", name, kind)."""
    tallies: dict[tuple[str, str, str], Tally] = defaultdict(Tally)
    for row in data:
        told = dict(zip(KINDS, judge(row["concept"], row["text"]), strict=True))
        for kind in KINDS:
            got, wanted = told[kind], set(row[kind] or ())
            for group, name in (("all", "all"), ("concept", row["concept"]), ("style", row["style"])):
                tallies[group, name, kind].add(got, wanted)
            for id in got | wanted:
                tallies["id", id, kind].add(got & {id}, wanted & {id})
    return tallies


def table(tallies: dict[tuple[str, str, str], Tally]) -> Iterator[str]:
    """The tallies as lines of text."""
    yield f"{'':24}{'elements':^24}   {'misconceptions':^24}"
    yield f"{'':24}{'P':>8}{'R':>8}{'F1':>8}   {'P':>8}{'R':>8}{'F1':>8}"
    for group in ("concept", "style", "all"):
        for name in sorted({n for g, n, _ in tallies if g == group}):
            cells = ["".join(f"{x:8.2f}" for x in tallies[group, name, kind].figures) for kind in KINDS]
            yield f"{name:24}{cells[0]}   {cells[1]}"
        yield ""


def patterns() -> Judge:
    """The checker itself."""
    from coptip.content import Library
    from coptip.language.definition import check

    known = Library.load().concepts

    def judge(concept: str, text: str) -> tuple[set[str], set[str]]:
        result = check(known[concept], text)
        return set(result.elements), set(result.misconceptions)

    return judge


def speed(texts: list[Row]) -> str:
    """Seconds to load, milliseconds a text, and the memory of the process; of computing time, not of the clock."""
    import resource
    from time import process_time

    from coptip.content import Library
    from coptip.language.definition import check

    began = process_time()
    known = Library.load().concepts
    for concept in {row["concept"] for row in texts}:
        check(known[concept], "A first text.")
    loaded = process_time()
    for row in texts:
        check(known[row["concept"]], row["text"])
    each = 1000 * (process_time() - loaded) / max(1, len(texts))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{loaded - began:.2f} s to load, {each:.1f} ms a text, {memory:.0f} MB in the whole process"


if __name__ == "__main__":
    named = [arg for arg in sys.argv[1:] if arg.endswith(".yaml")]
    held = "--held-out" in sys.argv
    data = [row for name in named for row in read(HERE / name)] or rows(held)
    print(f"Definition checker, {' '.join(named) or ('texts held out' if held else 'development texts')}")
    print("\n".join(table(evaluate(data, patterns()))))
    print(speed(data[::5]))
