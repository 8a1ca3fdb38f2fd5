"""Modules, and the small things that all modules share: terms, instruments, sources, statistics, tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from coptip.course.exercise import FORBID


@dataclass(frozen=True, kw_only=True)
class Statement:
    """An objective, an outcome or a key point, with the inventory ids that it carries."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    guide: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Reading:
    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    instrument: str
    guide: tuple[str, ...]
    read: str = ""
    """Which articles to read for this module, and why."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the module's timetable. ``short``: minutes where time is short (0: leave it out)."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    title: str
    minutes: int
    short: int


@dataclass(frozen=True, kw_only=True)
class Module:
    """A module, as ``data/modules/<id>.yaml`` has it. Its minutes are the sum of its parts'."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    notebook: str
    title: str
    summary: str
    content_note: str
    objectives: tuple[Statement, ...]
    outcomes: tuple[Statement, ...]
    readings: tuple[Reading, ...]
    parts: tuple[Part, ...]
    exercises: tuple[str, ...]
    """Ids, in the notebook's order."""
    key_points: tuple[Statement, ...] = ()
    errata: tuple[str, ...] = ()
    """Ids of ``data/errata.yaml`` told in this module."""
    tables: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    offences: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()
    """Ids of ``data/statistics.yaml`` that the module shows, in order."""
    terms: tuple[str, ...] = ()
    """Ids of ``data/glossary.yaml`` that the module's glossary shows."""

    @property
    def minutes(self) -> int:
        """Minutes for the whole module."""
        return sum(part.minutes for part in self.parts)

    @property
    def short_minutes(self) -> int:
        """Minutes where time is short."""
        return sum(part.short for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """A treaty, declaration or plan. ``articles``: number to what it is about, in our words."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    short: str
    title: str
    adopted: str
    body: str
    in_force: str = ""
    url: str = ""
    articles: dict[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A note of the guide. ``items``: the inventory ids that rest on it. No address was checked by us."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    citation: str
    items: tuple[str, ...]
    urls: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """A figure with everything it needs to be quoted honestly; ``not stated`` where the guide is silent."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    value: str
    unit: str
    population: str
    year: str
    source: str
    cannot_show: str
    guide: tuple[str, ...]
    sources: tuple[str, ...] = ()
    """Ids of ``data/sources.yaml``."""


@dataclass(frozen=True, kw_only=True)
class Erratum:
    """Something the guide gets wrong, or that has changed since; told beside the text."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    where: str
    says: str
    right: str
    sure: str
    check: str
    looked: str
    about: tuple[str, ...] = ()
    """Inventory ids that it is about."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """A glossary entry. ``short``: the abbreviation, where there is one."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    term: str
    meaning: str
    short: str = ""
    source: str = ""
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cell:
    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    guide: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table; ``remark`` tells beside it what to watch for (often an erratum)."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    title: str
    cells: dict[str, Cell]
    guide: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A comparison table: rows by columns, searchable, side by side."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    title: str
    caption: str
    columns: dict[str, str]
    rows: tuple[Row, ...]
    row_title: str = "Element"
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A picture that can be read and changed: a model without tasks, and what to notice in it."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    title: str
    model: str
    notice: str
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Teachable:
    """One teachable thing of the guide (``data/coverage.yaml``): the contract that a module is held to."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    must: bool
    sources: tuple[str, ...] = ()
