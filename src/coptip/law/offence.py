"""Offences as data: elements in the treaty's terms, each with its instrument and article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from coptip.law.facts import FACTS, nearest, path_of

FORBID = {"extra": "forbid"}

SHORT_NAMES: dict[str, str] = {
    "actip": "ACTIP",
    "palermo": "Palermo Protocol",
    "som": "Smuggling of Migrants Protocol",
    "c29": "ILO C29",
    "p029": "ILO P029",
    "untoc": "UNTOC",
    "uncac": "UNCAC",
}


@dataclass(frozen=True, kw_only=True)
class Citation:
    """An article of an instrument; ``same_as`` names where another instrument says the same."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    instrument: str
    article: str
    same_as: str = ""

    def text(self, short: Mapping[str, str] | None = None) -> str:
        """As it is cited, ``ACTIP Art. 2(a)``; ``short`` gives other short names of instruments by id."""
        names = SHORT_NAMES if short is None else short
        cited = f"{names.get(self.instrument, self.instrument)} Art. {self.article}"
        if not self.same_as:
            return cited
        other, _, article = self.same_as.partition(" ")
        return f"{cited} ({names.get(other, other)} Art. {article})"

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """What is said of an element for each finding, a sentence each, without its source."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    established: str
    not_established: str
    undetermined: str
    not_needed: str = ""


@dataclass(frozen=True, kw_only=True)
class Element:
    """An element of an offence, shown by facts in exactly one of five ways, or by another offence (``base``).

    ``any_of``: one ``yes`` suffices. ``all_of``: every fact ``yes``. ``none_of``: every fact ``no``.
    ``not_all_of``: one ``no`` suffices. ``exception``: shown while that fact is ``none``.
    ``unless`` names the fact and value that make the element unnecessary. ``labels`` give the treaty's terms.

    Raises ValueError, with everything that is wrong, for another number of ways or a fact that does not exist.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    title: str
    question: str
    source: Citation
    reasons: Reasons
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    not_all_of: tuple[str, ...] = ()
    base: str = ""
    exception: str = ""
    unless: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    guide: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that show the element or defeat it."""
        return (
            self.any_of
            or self.all_of
            or self.none_of
            or self.not_all_of
            or ((self.exception,) * bool(self.exception))
        )

    def __post_init__(self) -> None:
        ways = [self.any_of, self.all_of, self.none_of, self.not_all_of, self.base, self.exception]
        problems = []
        if sum(bool(way) for way in ways) != 1:
            problems.append(
                "an element is shown in exactly one way: any_of, all_of, none_of, not_all_of, base or exception"
            )
        problems += [problem for name in (*self.facts, *self.unless) if (problem := _no_fact(name))]
        for name, value in self.unless.items():
            if not _no_fact(name) and value not in FACTS[path_of(name)]:
                problems.append(
                    f"'{name}' is never '{value}'.{nearest(value, FACTS[path_of(name)])}".rstrip(".")
                )
        for name in self.labels:
            if name not in self.facts:
                problems.append(f"a label stands for '{name}', which is no fact of this element")
        if problems:
            raise ValueError("; ".join(problems))


def _no_fact(name: str) -> str:
    """What is wrong with the name of a fact; empty where nothing is."""
    try:
        path_of(name)
    except KeyError as error:
        return str(error.args[0]).rstrip(".")
    return ""


@dataclass(frozen=True, kw_only=True)
class Offence:
    """An offence. Its parts: elements in order, what never matters (``irrelevant``), the routes by which it is
    established, what is owed to the person meanwhile (``protection``), and that national law decides.

    Raises ValueError where an element's id is not the key it stands under.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    title: str
    prefix: str
    source: Citation
    definition: str
    elements: dict[str, Element]
    protection: str
    national_law: str
    irrelevant: dict[str, str] = field(default_factory=dict)
    exceptions: dict[str, str] = field(default_factory=dict)
    routes: dict[str, str] = field(default_factory=dict)
    guide: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        wrong = [
            f"'{element.id}' under '{key}'" for key, element in self.elements.items() if element.id != key
        ]
        if wrong:
            raise ValueError(f"an element's id is the key it stands under, not {', '.join(wrong)}")
