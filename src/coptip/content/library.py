"""The library: everything under ``data/``, read when it is first asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from coptip.content.concepts import Concepts
from coptip.content.questions import question_words
from coptip.content.reader import Checkers
from coptip.content.source import (
    ContentError,
    Document,
    Fault,
    UnknownId,
    collection_root,
    nearest,
    read_document,
    validate,
)
from coptip.course.case import Case
from coptip.course.chain import ChainModel
from coptip.course.exercise import Exercise
from coptip.course.levers import LeversModel
from coptip.course.materials import Materials
from coptip.course.module import (
    Erratum,
    Figure,
    Instrument,
    Module,
    Source,
    Statistic,
    Table,
    Teachable,
    Term,
)
from coptip.course.rounds import RoundsModel
from coptip.course.simulation import DetectionModel, DiagramModel, FlowsModel, LawModel, SharesModel
from coptip.law import Offence

__all__ = ["Library", "Listing", "Shelf", "UnknownId", "collection_root"]

T = TypeVar("T")
MODELS: dict[str, Any] = {
    "law": LawModel,
    "detection": DetectionModel,
    "shares": SharesModel,
    "flows": FlowsModel,
    "levers": LeversModel,
    "rounds": RoundsModel,
    "chain": ChainModel,
    "diagram": DiagramModel,
}


class Shelf(Mapping[str, T], Generic[T]):
    """The files of one folder, each an item; read and validated when asked for, once."""

    def __init__(self, root: Path, folder: str, kind: Any, what: str, pattern: str = "*.yaml") -> None:
        self.root, self.kind, self.what = root, kind, what
        self.paths = {path.stem: path for path in sorted((root / folder).glob(pattern))}
        self._read: dict[str, T] = {}
        self.documents: dict[str, Document] = {}

    def __getitem__(self, id: str) -> T:
        if id not in self._read:
            if id not in self.paths:
                raise UnknownId(self.what, id, list(self.paths))
            document = read_document(self.paths[id], self.root)
            self.documents[id] = document
            self._read[id] = validate(document, self._kind_of(document))
        return self._read[id]

    def _kind_of(self, document: Document) -> Any:
        if not isinstance(self.kind, dict):
            return self.kind
        engine = document.data.get("engine") if isinstance(document.data, dict) else None
        if engine not in self.kind:
            message = f"'engine' is '{engine}'.{nearest(str(engine), self.kind)}"
            raise ContentError([document.fault(("engine",), message)])
        return self.kind[engine]

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


class Listing(Mapping[str, T], Generic[T]):
    """One file that holds a list of items, found by their ids."""

    def __init__(self, root: Path, file: str, kind: Any, what: str) -> None:
        self.what = what
        path = root / file
        self.document = (
            read_document(path, root) if path.exists() else Document(f"{root.name}/{file}", [], {})
        )
        if not isinstance(self.document.data, list):
            raise ContentError([self.document.fault((), "expected a list of items here.")])
        self._items: dict[str, T] = {}
        faults: list[Fault] = []
        for n in range(len(self.document.data)):
            try:
                item = validate(self.document, kind, (n,))
            except ContentError as error:
                faults += error.faults
                continue
            id = item.id
            if id in self._items:
                faults.append(self.document.fault((n, "id"), f"the id '{id}' stands twice in this file."))
            self._items[id] = item
        if faults:
            raise ContentError(faults)

    def __getitem__(self, id: str) -> T:
        if id not in self._items:
            raise UnknownId(self.what, id, list(self._items))
        return self._items[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


class Library:
    """Everything the collection teaches, by id. Reading is lazy; faults raise ContentError."""

    def __init__(self, root: Path | None = None) -> None:
        """``root``: the folder that holds ``data`` and ``notebooks``; without it the collection's own."""
        self.root = (root or collection_root()).resolve()
        self.data = self.root / "data"

    @classmethod
    def load(cls) -> Library:
        """The collection's own library."""
        return cls()

    def _shelf(self, folder: str, kind: Any, what: str, pattern: str = "*.yaml") -> Shelf[Any]:
        return Shelf(self.data, folder, kind, what, pattern)

    @cached_property
    def modules(self) -> Shelf[Module]:
        return self._shelf("modules", Module, "module")

    @cached_property
    def exercises(self) -> Shelf[Exercise]:
        return self._shelf("exercises", Exercise, "exercise", "*/*.yaml")

    @cached_property
    def offences(self) -> Shelf[Offence]:
        return self._shelf("offences", Offence, "offence")

    @cached_property
    def cases(self) -> Shelf[Case]:
        return self._shelf("cases", Case, "case")

    @cached_property
    def models(self) -> Shelf[Any]:
        return self._shelf("models", MODELS, "model")

    @cached_property
    def tables(self) -> Shelf[Table]:
        return self._shelf("tables", Table, "table")

    @cached_property
    def figures(self) -> Shelf[Figure]:
        return self._shelf("figures", Figure, "figure")

    @cached_property
    def instruments(self) -> Listing[Instrument]:
        return Listing(self.data, "instruments.yaml", Instrument, "instrument")

    @cached_property
    def statistics(self) -> Listing[Statistic]:
        return Listing(self.data, "statistics.yaml", Statistic, "statistic")

    @cached_property
    def sources(self) -> Listing[Source]:
        return Listing(self.data, "sources.yaml", Source, "source")

    @cached_property
    def errata(self) -> Listing[Erratum]:
        return Listing(self.data, "errata.yaml", Erratum, "erratum")

    @cached_property
    def glossary(self) -> Listing[Term]:
        return Listing(self.data, "glossary.yaml", Term, "term")

    @cached_property
    def coverage(self) -> dict[str, tuple[Teachable, ...]]:
        """The guide's teachable things by module id, in the guide's order."""
        document = read_document(self.data / "coverage.yaml", self.data)
        return {
            module: tuple(validate(document, Teachable, (module, n)) for n in range(len(items)))
            for module, items in document.data.items()
        }

    @cached_property
    def concepts(self) -> Concepts:
        """The concepts that the definition checker knows."""
        return Concepts(self.data)

    @cached_property
    def materials(self) -> Materials:
        """What exercises refer to."""
        sources_of: dict[str, tuple[str, ...]] = {}
        for id, source in self.sources.items():
            for item in source.items:
                sources_of[item] = (*sources_of.get(item, ()), id)
        return Materials(
            offences=self.offences,
            cases=self.cases,
            models=self.models,
            statistics=self.statistics,
            exercises=self.exercises,
            sources=self.sources,
            sources_of=sources_of,
            reader=Checkers(lambda: self.concepts, lambda: question_words(data=self.data)),
        )

    def module_of(self, exercise: str) -> str:
        """The id of the module whose folder holds an exercise."""
        return self.exercises.paths[exercise].parent.name if exercise in self.exercises.paths else ""

    def notebook(self, module: str) -> Path:
        """The notebook of a module."""
        return self.root / "notebooks" / self.modules[module].notebook

    def placed(self, module: str) -> tuple[str, ...]:
        """The exercises that a module's notebook shows, in its order, by the code of its cells."""
        cells = json.loads(self.notebook(module).read_text("utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        return tuple(re.findall(r'\bm\.exercise\("([\w-]+)"\)', code))
