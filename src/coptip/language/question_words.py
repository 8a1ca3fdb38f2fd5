"""The question checker's words and patterns: data of one language, as written and as compiled.

A pattern is a regular expression over a text as ``question_text.read`` gives it: small letters, short forms
written out, words and marks set apart by one space. ``<name>`` stands for the list of that name in ``words``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from coptip.language.question_opinion import Opinion

Form = Literal["open", "closed", "leading", "blaming_or_threatening", "statement"]
Technique = Literal["encourage", "elicit", "restate", "clarify", "empathize", "summarize", "reframe", "none"]
_LIST = re.compile(r"(?<!\?P)(?<!\?)<(\w+)>")
FORMS: tuple[Form, ...] = get_args(Form)
TECHNIQUES: tuple[Technique, ...] = get_args(Technique)


@dataclass(frozen=True)
class Head:
    """A way a sentence begins to ask. ``request`` asks for an account or for a fact, as its object decides.

    ``where``: anywhere; at the beginning of a sentence, elsewhere only before a question mark
    (``start_or_asked``); only before a question mark (``asked``); only at the beginning (``start``).
    """

    form: Literal["open", "closed", "request"]
    pattern: str
    unless: str = ""
    where: Literal["anywhere", "start_or_asked", "asked", "start"] = "anywhere"
    why: str = ""


@dataclass(frozen=True)
class Cue:
    """A wording that makes a question leading, blaming or threatening, and why.

    ``at``: anywhere in a sentence; at the beginning of one of its segments; its whole; or in a question that
    has the word order of a statement. ``asks``: only in a sentence (``asks_text``: a text) with a question mark.
    ``check``: does not count where the speaker checks back his own words.
    """

    id: str
    form: Literal["leading", "blaming_or_threatening"]
    pattern: str
    why: str
    at: Literal["anywhere", "segment", "unit_end", "declarative"] = "anywhere"
    unless: str = ""
    asks: bool = False
    asks_text: bool = False
    check: bool = False


@dataclass(frozen=True)
class Listening:
    """A wording that shows a technique of listening, in an utterance of one of the ``forms``.

    ``within``: looked for in the sentence that asks, in the first one, or in the whole text.
    """

    technique: Technique
    forms: list[Form]
    pattern: str
    within: Literal["asking", "first", "text"] = "text"
    unless: str = ""


@dataclass(frozen=True)
class Rewrite:
    """A rewriting: a pattern with named groups, and the open question made of them."""

    forms: list[Form]
    pattern: str
    say: str
    unless: str = ""


@dataclass(frozen=True)
class Messages:
    """What the checker says; ``{...}`` is filled in."""

    forms: dict[Form, str]
    names: dict[Form, str]
    techniques: dict[Technique, str]
    cue: str
    closed_fact: str
    closed_yes_no: str
    closed_stated: str
    closed_unmarked: str
    check_back: str
    stacked: str
    rewrite: str
    threat: str
    doubts: dict[Form, str]
    empty: str
    too_long: str
    other_script: str
    limits: str


@dataclass(frozen=True)
class QuestionWords:
    """One language's data. ``patterns`` compiles it once."""

    language: str
    words: dict[str, str]
    spellings: dict[str, str]
    correct: list[str]
    polite: list[str]
    openers: list[str]
    heads: list[Head]
    not_heads: list[str]
    request_closed: str
    cues: list[Cue]
    frames: str
    checks: str
    starting_checks: str
    techniques: list[Listening]
    rewrites: list[Rewrite]
    past_to_base: dict[str, str]
    signs: dict[str, str]
    messages: Messages
    opinion: Opinion | None = None

    @cached_property
    def patterns(self) -> Patterns:
        """The patterns, compiled. Raises ValueError, naming the pattern, where one cannot be read."""
        return Patterns(self)

    @cached_property
    def named(self) -> frozenset[str]:
        """Words that stand in patterns and lists."""
        patterns = [
            *self.words.values(),
            *self.correct,
            *self.polite,
            *self.openers,
            *(head.pattern for head in self.heads),
            *(cue.pattern for cue in self.cues),
            *(listening.pattern for listening in self.techniques),
            *self.signs.values(),
        ]
        return frozenset(word for pattern in patterns for word in re.findall(r"[a-z]{4,}", pattern))

    def expand(self, pattern: str) -> str:
        """A pattern with its word lists written out."""
        return _LIST.sub(self._list, pattern)

    def _list(self, found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in self.words:
            raise ValueError(f"No word list called '{name}' (in the pattern '{found.string[:60]}').")
        return self.words[name]


class Patterns:
    """The compiled patterns of a language."""

    def __init__(self, words: QuestionWords) -> None:
        self._words = words
        self.heads = [(h, self._whole(h.pattern), self._anywhere(h.unless)) for h in words.heads]
        self.not_heads = [self._whole(p) for p in words.not_heads]
        self.request_closed = self._compile(words.expand(words.request_closed))
        self.cues = [
            (c, (self._whole if c.at == "unit_end" else self._cue)(c.pattern), self._anywhere(c.unless))
            for c in words.cues
        ]
        self.frames, self.checks = self._whole(words.frames), self._whole(words.checks)
        self.starting_checks = self._whole(words.starting_checks)
        self.check_end = self._compile(f".* (?:{words.expand(words.checks)})$")
        self.techniques = [(t, self._cue(t.pattern), self._anywhere(t.unless)) for t in words.techniques]
        self.rewrites = [(r, self._whole(r.pattern), self._anywhere(r.unless)) for r in words.rewrites]
        self.signs = [(name, self._anywhere(pattern)) for name, pattern in words.signs.items()]
        self.auxiliaries = set(words.words["aux"].split("|"))
        phrases = sorted(words.polite, key=len, reverse=True)
        self.polite = [tuple(phrase.split()) for phrase in phrases]
        self.openers = sorted((tuple(o.split()) for o in words.openers), key=len, reverse=True)

    def _cue(self, pattern: str) -> re.Pattern[str]:
        """A cue's tail (``( .*)?``) would only lengthen the words that are shown: it is cut."""
        pattern = re.sub(r"(?:\( \.\*\)\?| ?\.\*)(?=\||$)", "", self._words.expand(pattern))
        return self._compile(rf"(?:^|(?<= ))(?:{pattern})(?:(?= |$)|(?<= ))")

    def _anywhere(self, pattern: str) -> re.Pattern[str]:
        pattern = self._words.expand(pattern)
        return self._compile(rf"(?:^|(?<= ))(?:{pattern})(?= |$)" if pattern else r"(?!)")

    def _whole(self, pattern: str) -> re.Pattern[str]:
        return self._compile(rf"^(?:{self._words.expand(pattern)})$")

    def _compile(self, pattern: str) -> re.Pattern[str]:
        try:
            return re.compile(pattern)
        except re.error as error:
            raise ValueError(f"The pattern '{pattern[:80]}' cannot be read: {error}.") from None


def groups(found: re.Match[str]) -> Mapping[str, str]:
    """The named groups that a match filled."""
    return {name: value for name, value in found.groupdict().items() if value}
