"""What there is to serve: the collection's modules in their order, written or still in preparation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from coptip.course.module import Module

PLANNED = {
    "0": "Introduction: the concept of community policing",
    "1a": "Understanding trafficking in persons in the ASEAN context",
    "1b": "Regional responses: ASEAN and other actors",
    "2": "Human rights-based approaches",
    "3": "Community-oriented policing against trafficking",
    "4": "Community-oriented policing and victim identification",
    "5": "Gender in community-oriented approaches",
    "6": "Partnership of police and public",
    "7": "National and regional referral mechanisms",
    "8": "Reflection, evaluation, ways forward",
}
"""The ten modules of the guide, in its order; a written module's own title takes precedence."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A module as the pages show it; this one is still in preparation."""

    id: str
    title: str
    module: Module | None = None

    @property
    def label(self) -> str:
        """The module's number as people write it: 1A."""
        return self.id.upper()

    @property
    def ready(self) -> bool:
        """Whether it can be opened."""
        return isinstance(self, Written)


@dataclass(frozen=True, kw_only=True)
class Written(Entry):
    """A module that can be opened: its data and its notebook are there."""

    module: Module
    notebook: Path


class Collection:
    """The modules that a server shows, by id and in order.

    ``notebooks``: the folder of the notebooks. ``modules``: the library's modules by id.
    ``only``: the id of the single module served as an app of its own, or None for all of them.
    """

    def __init__(self, notebooks: Path, modules: Mapping[str, Module], only: str | None = None) -> None:
        self.folder = notebooks.resolve()
        self.only = only
        ids = [*PLANNED, *(id for id in modules if id not in PLANNED)]
        self._entries = {id: self._entry(id, modules) for id in ids if only in (None, id)}
        self._by_file = {entry.notebook.name: entry for entry in self.written}

    def _entry(self, id: str, modules: Mapping[str, Module]) -> Entry:
        if id not in modules:
            return Entry(id=id, title=PLANNED[id])
        module = modules[id]
        notebook = self.folder / module.notebook
        if not notebook.is_file():
            return Entry(id=id, title=module.title, module=module)
        return Written(id=id, title=module.title, module=module, notebook=notebook)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    @property
    def written(self) -> list[Written]:
        """The modules that can be opened."""
        return [entry for entry in self if isinstance(entry, Written)]

    def find(self, id: str) -> Written | None:
        """The written module of that id, or None."""
        return next((entry for entry in self.written if entry.id == id.lower()), None)

    def of_file(self, name: str) -> Written | None:
        """The written module whose notebook has that file name, or None."""
        return self._by_file.get(name)

    def around(self, id: str) -> tuple[Written | None, Written | None]:
        """The written modules before and after one."""
        written = self.written
        at = next(n for n, entry in enumerate(written) if entry.id == id)
        return (written[at - 1] if at else None, written[at + 1] if at + 1 < len(written) else None)
