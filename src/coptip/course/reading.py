"""What a checker of free text says of one text. ``course`` knows the shape; what reads a text is handed to it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from coptip.course.exercise import TextItem


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """Something that words of a text show: a part that a good text has (``part``), or what goes wrong (``amiss``)."""

    kind: Literal["part", "amiss"]
    title: str
    spans: tuple[tuple[int, int], ...] = ()
    """Start and end of the words that show it, in characters of the text."""
    text: str = ""
    """What is right instead, with its source."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A checker's reading of a text. ``asks``: one question for what is missing, or how it could be said."""

    complete: bool
    noticed: tuple[Noticed, ...] = ()
    remarks: tuple[str, ...] = ()
    asks: str = ""
    reply: str = ""
    """What the person who was asked answers, where an exercise lets somebody answer."""
    limits: str = ""

    @property
    def amiss(self) -> bool:
        """Whether something in it goes wrong."""
        return any(one.kind == "amiss" for one in self.noticed)

    @property
    def said(self) -> str:
        """Remarks, what is right instead of what went wrong, and the question."""
        told = [*self.remarks, *(one.text for one in self.noticed if one.text), self.asks]
        return " ".join(filter(None, told))


@dataclass(frozen=True)
class Ease:
    """How easily a text reads: ``score`` from 0 (hard) to 100, and how many words a sentence has on average."""

    score: int
    words: int


class Reader(Protocol):
    """Reads free text for the items that name a concept or a checker."""

    def ease(self, text: str) -> Ease | None:
        """How easily an English text reads; None where it is too short to say."""
        ...

    def read(self, item: TextItem, text: str) -> Reading:
        """What ``text`` says, as an answer to ``item``."""
        ...


class NoReader:
    """Stands where no checker is at hand."""

    def ease(self, text: str) -> Ease | None:
        return None

    def read(self, item: TextItem, text: str) -> Reading:
        return Reading(complete=True, remarks=("Kept. No checker is at hand for this text.",))


def is_read(item: TextItem) -> bool:
    """Whether a checker reads what is written here."""
    return bool(item.concept or item.checker)


def view(reading: Reading, text: str) -> dict[str, Any]:
    """A reading as JSON-ready data: the text in parts, each with the numbers of what its words show."""
    edges = sorted({0, len(text), *(edge for one in reading.noticed for span in one.spans for edge in span)})
    parts = []
    for start, end in itertools.pairwise(edges):
        shows = [
            n
            for n, one in enumerate(reading.noticed, 1)
            if any(a <= start and end <= b for a, b in one.spans)
        ]
        parts.append({"text": text[start:end], "shows": shows})
    noticed = [
        {
            "n": n,
            "kind": one.kind,
            "title": one.title,
            "words": [" ".join(text[a:b].split()) for a, b in one.spans],
        }
        for n, one in enumerate(reading.noticed, 1)
    ]
    return {"parts": parts, "noticed": noticed, "reply": reading.reply, "limits": reading.limits}
