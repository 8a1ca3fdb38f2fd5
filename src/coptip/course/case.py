"""Cases: a story, the facts it shows with the words that show each, and the questions still to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from coptip.course.exercise import FORBID
from coptip.law import Facts


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A fact, its value, and the passage of the case that shows it, word for word."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    fact: str
    value: str
    passage: str


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """A question an officer may ask next, the answer it would bring, and what the answer shows.

    Whether it decides anything is computed: its facts settle a finding that was open, or they do not.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    answer: str
    feedback: str
    """What asking this does, or fails to do, for the finding and for the person."""
    facts: tuple[Shown, ...] = ()
    """Passages here are words of ``answer``."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """An invented case. Facts that no passage shows are unknown."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    title: str
    text: str
    statement: str
    """What one witness says, in direct speech."""
    shown: tuple[Shown, ...]
    unknown: tuple[str, ...] = ()
    """What nobody knows yet, told to the participant in plain words."""
    inquiries: tuple[Inquiry, ...] = ()
    content_note: str = ""

    @property
    def facts(self) -> Facts:
        """The facts that the case shows; the rest unknown."""
        return Facts.from_pairs((s.fact, s.value) for s in self.shown)

    def facts_after(self, inquiry: Inquiry) -> Facts:
        """The facts once ``inquiry`` has been answered."""
        return self.facts.with_((s.fact, s.value) for s in inquiry.facts)
