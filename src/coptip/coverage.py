"""Coverage: which teachable things of the guide a module carries, and the text that carries each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coptip.content import Library
from coptip.content.source import read_document

MOST_IDS_A_CELL = 6


@dataclass(frozen=True)
class Carrier:
    """A place that names an inventory id: its file, where in it, and the text that says it."""

    id: str
    place: str
    text: str


def carriers(library: Library) -> Iterator[Carrier]:
    """Every place in data and notebooks that names an inventory id."""
    for path in sorted(library.data.rglob("*.yaml")):
        if path.name != "coverage.yaml":
            document = read_document(path, library.data)
            yield from _in_data(document.data, document.file)
    for path in sorted((library.root / "notebooks").glob("*.ipynb")):
        yield from _in_notebook(path)


def _in_data(node: Any, place: str) -> Iterator[Carrier]:
    if isinstance(node, dict):
        guide = node.get("guide")
        if isinstance(guide, list):
            text = " ".join(_words({k: v for k, v in node.items() if k != "guide"}))
            for id in guide:
                yield Carrier(id, f"{place} {node.get('id', '')}".strip(), text)
        for value in node.values():
            yield from _in_data(value, place)
    elif isinstance(node, list):
        for value in node:
            yield from _in_data(value, place)


def _words(node: Any) -> Iterator[str]:
    """The longer texts of a data item: what a reader would see."""
    if isinstance(node, str):
        if " " in node:
            yield " ".join(node.split())
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in ("instructor", "trap"):
                yield from _words(value)
    elif isinstance(node, list):
        for value in node:
            yield from _words(value)


def _in_notebook(path: Path) -> Iterator[Carrier]:
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for id in cell["metadata"].get("guide", []):
            yield Carrier(id, f"notebooks/{path.name} cell {cell['id']}", "".join(cell["source"]))


@dataclass(frozen=True)
class Report:
    """A module's coverage: what each item is carried by; an item that must be carried and is not is open."""

    module: str
    rows: tuple[tuple[str, str, bool, tuple[Carrier, ...]], ...]
    """Id, what it is, whether it must be carried, and its carriers."""

    @property
    def open(self) -> list[str]:
        """The ids that must be carried and are not."""
        return [id for id, _, must, found in self.rows if must and not found]

    @property
    def must(self) -> int:
        """How many must be carried."""
        return sum(must for _, _, must, _ in self.rows)


def report(library: Library, module: str) -> Report:
    """The coverage of one module. Raises KeyError for a module that the inventory does not have."""
    found: dict[str, list[Carrier]] = {}
    for carrier in carriers(library):
        found.setdefault(carrier.id, []).append(carrier)
    rows = ((t.id, t.text, t.must, tuple(found.get(t.id, ()))) for t in library.coverage[module])
    return Report(module, tuple(rows))
