"""YAML with a place for every fault: file, line and column.

The subset is small on purpose: every scalar is read as a string (the schema says what becomes of it), and
anchors, aliases, tags and second documents are refused, so that a hostile file can neither run anything nor
grow. Faults are collected, not thrown one by one.
"""

from __future__ import annotations

import os
import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

MAX_BYTES = 2_000_000
MAX_DEPTH = 30
NAMES_A_BRANCH = ("interaction", "kind", "engine")
"""The keys by which a data item says which of several shapes it has."""

_BREAKS = re.compile(r"\n+")

Spot = tuple[str | int, ...]
"""Where in a document: keys and positions from the top."""
T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of the content, with its place and what would mend it."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class ContentError(Exception):
    """The content cannot be used. ``faults`` are all of them, in the order of their places."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class Document:
    """A file as data, with the line and column of everything in it."""

    file: str
    data: Any
    places: Mapping[Spot, tuple[int, int]]

    def fault(self, spot: Spot, message: str) -> Fault:
        """A fault at a spot, or at the nearest spot above it that the file has."""
        while spot and spot not in self.places:
            spot = spot[:-1]
        line, column = self.places.get(spot, (1, 1))
        return Fault(self.file, line, column, message)


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence that helps to mend a wrong name: what it may have meant, or what there is."""
    known = sorted(map(str, known))
    close = get_close_matches(str(word), known, n=1, cutoff=0.6)
    some = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    return f" Did you mean '{close[0]}'?" if close else f" Known: {some}." if known else ""


def read_text(path: Path, root: Path) -> str:
    """The text of a file under ``root``. Raises ContentError where it is no plain UTF-8 file of decent size."""
    name = path.relative_to(root.parent).as_posix() if path.is_relative_to(root.parent) else path.name

    def refuse(message: str) -> ContentError:
        return ContentError([Fault(name, 1, 1, message)])

    if not path.resolve().is_relative_to(root.resolve()):
        raise refuse(
            "this file lies outside the data folder. Move it inside; links that lead out are not followed."
        )
    if not path.is_file():
        raise refuse("there is no such file.")
    if (size := path.stat().st_size) > MAX_BYTES:
        raise refuse(f"the file has {size:,} bytes; at most {MAX_BYTES:,} are read. Split it.")
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(f"the file is not UTF-8 (byte {error.start}). Save it as UTF-8.") from None


def read_document(path: Path, root: Path) -> Document:
    """A YAML file as data. Raises ContentError with every fault of its form."""
    name = path.relative_to(root.parent).as_posix() if path.is_relative_to(root.parent) else path.name
    return parse(read_text(path, root), name)


def parse(text: str, name: str) -> Document:
    """YAML text as data. Raises ContentError with every fault of its form."""
    builder = _Builder(name)
    try:
        events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        data = builder.document(events)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = error.problem or "this is not YAML"
        builder.faults.append(Fault(name, line, column, f"{problem}. Check indentation, quotes and colons."))
        raise ContentError(builder.faults) from None
    except yaml.YAMLError as error:
        raise ContentError([Fault(name, 1, 1, f"this is not YAML: {error}")]) from None
    if builder.faults:
        raise ContentError(builder.faults)
    return Document(name, data, builder.places)


class _Builder:
    """Builds plain data from YAML events, noting places and faults."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self.places: dict[Spot, tuple[int, int]] = {}

    def refuse(self, event: Any, message: str) -> None:
        mark = event.start_mark
        self.faults.append(Fault(self.name, mark.line + 1, mark.column + 1, message))

    def document(self, events: Iterable[Any]) -> Any:
        stream = iter(events)
        data: Any = None
        documents = 0
        for event in stream:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(event, "a second document begins here. Keep one a file.")
                    break
            elif isinstance(event, yaml.NodeEvent):
                data = self.node(event, stream, ())
        return data

    def node(self, event: Any, stream: Any, spot: Spot) -> Any:
        self.places.setdefault(spot, (event.start_mark.line + 1, event.start_mark.column + 1))
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, "aliases (*name) are not used here. Write the value out.")
            return None
        if event.anchor is not None:
            self.refuse(event, "anchors (&name) are not used here. Write the value out.")
        if event.tag is not None and event.tag != "!":
            self.refuse(event, f"tags ({event.tag}) are not used here. Leave the tag out.")
        if len(spot) > MAX_DEPTH:
            raise ContentError([*self.faults, Fault(self.name, *self.places[spot], "nested too deep.")])
        if isinstance(event, yaml.ScalarEvent):
            # Folding turns one blank line into one line break; everywhere else a paragraph begins after two.
            return event.value if event.style == "|" else _BREAKS.sub("\n\n", event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(stream, spot)
        return self.mapping(stream, spot)

    def sequence(self, stream: Any, spot: Spot) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(stream), yaml.SequenceEndEvent):
            values.append(self.node(event, stream, (*spot, len(values))))
        return values

    def mapping(self, stream: Any, spot: Spot) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(stream), yaml.MappingEndEvent):
            key = self.node(event, stream, (*spot, "?"))
            self.places.pop((*spot, "?"), None)
            if not isinstance(key, str):
                self.refuse(event, "a key must be a plain word.")
                key = "?"
            inside = (*spot, key)
            if key in values:
                self.refuse(event, f"the key '{key}' stands twice in one place. Keep one of them.")
            self.places[inside] = (event.start_mark.line + 1, event.start_mark.column + 1)
            values[key] = self.node(next(stream), stream, inside)
        return values


class UnknownId(KeyError):
    """An id that nothing has; the message says what it may have meant."""

    def __init__(self, what: str, id: str, known: Iterator[str] | list[str]) -> None:
        self.sentence = f"No {what} called '{id}'.{nearest(id, known)}"
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return self.sentence


def collection_root() -> Path:
    """The folder that holds ``data`` and ``notebooks``: COPTIP_ROOT, the installed collection, or the checkout.

    Raises FileNotFoundError where there is none.
    """
    here = Path(__file__).resolve()
    given = os.environ.get("COPTIP_ROOT")
    for root in [Path(given)] if given else [here.parents[1] / "_collection", here.parents[3]]:
        if (root / "data" / "modules").is_dir():
            return root
    raise FileNotFoundError("No collection found: expected a folder with data/modules. Reinstall coptip.")


# --- validation ------------------------------------------------------------------------------------------


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """The validator of a dataclass, made once."""
    return TypeAdapter(kind)


def validate(document: Document, kind: type[T], spot: Spot = ()) -> T:
    """The document (or the part of it at ``spot``) as a ``kind``. Raises ContentError with every fault."""
    data = document.data
    for part in spot:
        data = data[part]
    try:
        return typing.cast(T, adapter(typing.cast(Any, kind)).validate_python(data))
    except ValidationError as error:
        raise ContentError(_faults(document, kind, data, spot, error)) from None


def _faults(document: Document, kind: Any, data: Any, spot: Spot, error: ValidationError) -> list[Fault]:
    faults = []
    for problem in error.errors(include_url=False, include_context=True):
        where, holder = _follow(kind, data, problem["loc"])
        if where is not None:
            faults.append(document.fault((*spot, *where), _say(dict(problem), where, holder)))
    return faults or [document.fault(spot, f"this is no {kind.__name__}.")]


def _follow(kind: Any, data: Any, loc: tuple[str | int, ...]) -> tuple[Spot | None, Any]:
    """The spot in the data that pydantic's location means, and the dataclass that holds it.

    Pydantic names the branch of a union it tried; a branch other than the one the data itself names
    (by ``interaction``, ``kind`` or ``engine``) is no fault of the author's: None.
    """
    where: list[str | int] = []
    holder: Any = kind if is_dataclass(kind) else None
    union: tuple[Any, ...] = ()
    for part in loc:
        branches = _branches(kind)
        if branches:
            branch = next((b for b in branches if getattr(b, "__name__", str(b)) == part), None)
            meant = _meant(branches, data)
            if meant is not None and branch is not meant:
                return None, None
            if branch is not None:
                kind, holder, union = branch, branch if is_dataclass(branch) else holder, branches
                continue
            if not isinstance(part, int) and isinstance(data, str | list):
                continue
        where.append(part)
        kind = _inner(kind, part)
        holder = kind if is_dataclass(kind) else holder
        data = data[part] if _has(data, part) else None
    if union and where and where[-1] in NAMES_A_BRANCH:
        return tuple(where), union
    return tuple(where), holder if not where or not is_dataclass(kind) else kind


def _has(data: Any, part: str | int) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


def _branches(kind: Any) -> tuple[Any, ...]:
    return (
        typing.get_args(kind)
        if isinstance(kind, UnionType) or typing.get_origin(kind) is typing.Union
        else ()
    )


def _meant(branches: tuple[Any, ...], data: Any) -> Any:
    """The branch of a union that the data names by its literal field; the first where it names none well."""
    for branch in branches:
        if is_dataclass(branch) and isinstance(data, dict):
            hints = _hints(typing.cast(Any, branch))
            for name in NAMES_A_BRANCH:
                if typing.get_origin(hints.get(name)) is typing.Literal:
                    if data.get(name) in typing.get_args(hints[name]):
                        return branch
                    break
    known = [b for b in branches if is_dataclass(b)]
    return known[0] if known and isinstance(data, dict) else None


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(typing.cast(Any, kind))


def _inner(kind: Any, part: str | int) -> Any:
    if is_dataclass(kind):
        return _hints(typing.cast(Any, kind)).get(str(part))
    args = typing.get_args(kind)
    if typing.get_origin(kind) is dict and len(args) == 2:
        return args[1]
    return args[0] if args else None


def _say(problem: dict[str, Any], where: Spot, holder: Any) -> str:
    last = where[-1] if where else ""
    kind = problem["type"]
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        known = [f.name for f in fields(holder)] if holder is not None and is_dataclass(holder) else []
        return f"there is no key '{last}' here.{nearest(str(last), known)}"
    if kind in ("missing", "missing_argument", "missing_keyword_only_argument"):
        return f"the key '{last}' is missing."
    if kind == "literal_error" and isinstance(holder, tuple):
        named = (typing.get_args(_hints(branch).get(str(last))) for branch in holder)
        return f"'{problem['input']}' is no {last}.{nearest(str(problem['input']), [n for ns in named for n in ns])}"
    if kind == "literal_error":
        return f"'{problem['input']}' does not fit '{last}'. Expected {problem['ctx']['expected']}."
    if kind == "dataclass_type":
        return "expected a block of keys and values here."
    return f"'{last}': {problem['msg'][:1].lower()}{problem['msg'][1:]}."
