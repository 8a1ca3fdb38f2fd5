"""A concept as data: what a good definition of it has, what people get wrong, and the words for both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from coptip.language.normal import Lexicon, beginning
from coptip.language.opinion import Idea, Weights, names_of
from coptip.language.pattern import SETS_OF_USE, Compiler, Pattern, PatternError, Vocabulary

FORBID: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of one language that all concepts share (``data/words.<language>.yaml``)."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    language: str
    forms: str
    """Irregular forms: ``took taken = take``, one base a line."""
    joined: str
    """Phrases that are read as one word, separated by commas."""
    sets: dict[str, str]
    """Sets of words; a pattern names them ``@set``."""
    templates: dict[str, str] = field(default_factory=dict)
    """Patterns with gaps to fill (``$X``), for what is often said of many things; a line ``+name X=@set`` uses one."""
    known: str = ""
    """Correct words that are not to be mended, separated by spaces."""

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The shared sets, ready to be looked up. Raises PatternError."""
        return Vocabulary(lexicon_of(self, {}), self.sets)

    @cached_property
    def spelt(self) -> tuple[frozenset[str], frozenset[str]]:
        """The words of the shared sets, and the beginnings."""
        return spelt(self.sets.values())

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """Phrases that are read as one word."""
        return tuple(" ".join(p.split()) for p in self.joined.lower().split(",") if p.strip())

    @cached_property
    def right(self) -> frozenset[str]:
        """Correct words that are not to be mended."""
        return frozenset(self.known.lower().split())

    @cached_property
    def irregular(self) -> dict[str, str]:
        """Each irregular form with its base."""
        found = {}
        for line in self.forms.splitlines():
            forms, _, base = line.partition("=")
            found.update({form: base.strip() for form in forms.split()})
        return found


@dataclass(frozen=True, kw_only=True)
class Element:
    """One thing that a definition says. ``patterns``: one a line. ``denies``: it is said, too, by whoever denies
    one of these misconceptions."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    title: str
    question: str
    patterns: str
    optional: bool = False
    denies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Misconception:
    """A wrong belief, the patterns that show it, what is right, and the source of that.

    The words of a misconception say nothing else, except the elements in ``carries``: "no victim may ever be
    punished for anything" is wrong, and says that victims are not punished.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    title: str
    correction: str
    source: str
    patterns: str
    carries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Example:
    """A text with what it says: the test that a concept's author writes."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    elements: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Concept:
    """A concept in one language.

    ``topic``: patterns; a text without them that shows ``weak`` elements alone is about something else.
    ``also``: misconceptions of other concepts that are looked for as well (the loader adds them).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    title: str
    language: str
    topic: str
    elements: tuple[Element, ...]
    misconceptions: tuple[Misconception, ...]
    examples: tuple[Example, ...]
    sets: dict[str, str] = field(default_factory=dict)
    weak: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A concept with what it needs of elsewhere: the shared words, misconceptions lent by others, and their sets."""

    concept: Concept
    words: Words
    lent: tuple[Misconception, ...] = ()
    lent_sets: Mapping[str, str] = field(default_factory=dict)
    weights: Weights | None = None
    """A second opinion, where one was trained for this concept; without it the patterns decide alone."""

    @property
    def misconceptions(self) -> tuple[Misconception, ...]:
        """The concept's own misconceptions, then those lent by others."""
        return (*self.concept.misconceptions, *self.lent)

    @cached_property
    def compiled(self) -> Compiled:
        """The patterns, ready to use. Raises PatternError where a set of words cannot be read."""
        return Compiled(self)


class Compiled:
    """A concept's patterns and the vocabulary that they share."""

    def __init__(self, ready: Ready) -> None:
        concept = ready.concept
        sets = {**ready.lent_sets, **concept.sets}
        self.lexicon = lexicon_of(ready.words, sets)
        self.vocabulary = Vocabulary(self.lexicon, sets, ready.words.vocabulary)
        compiler = Compiler(self.vocabulary)
        self.problems: list[tuple[tuple[str | int, ...], str]] = []
        """Where in the concept a pattern cannot be read, and why."""

        def patterns(spot: tuple[str | int, ...], text: str) -> tuple[Pattern, ...]:
            found = []
            try:
                for line in expanded(text, ready.words.templates):
                    found.append(compiler.compile(line))
            except PatternError as error:
                self.problems.append((spot, str(error)))
            return tuple(found)

        self.topic = patterns(("topic",), concept.topic)
        self.elements: Mapping[str, tuple[Pattern, ...]] = {
            e.id: patterns(("elements", n, "patterns"), e.patterns) for n, e in enumerate(concept.elements)
        }
        self.misconceptions: Mapping[str, tuple[Pattern, ...]] = {
            m.id: patterns(("misconceptions", n, "patterns"), m.patterns)
            for n, m in enumerate(ready.misconceptions)
        }
        self.ideas = tuple(self._ideas(ready))

    def _ideas(self, ready: Ready) -> Iterator[Idea]:
        """What is looked for, as the second opinion sees it; words that every idea uses tell nothing of one."""
        general = {"@" + name for name in (*SETS_OF_USE, *_GENERAL_SETS)} | {
            "=" + word for word in _GENERAL_WORDS
        }
        for template in ready.words.templates.values():
            general |= {"=" + word for word in re.findall(r"(?<![@$\w])\w+", template)}
        for e in ready.concept.elements:
            names = frozenset(names_of(self.elements[e.id])) - general
            yield Idea(e.id, "E", ("E-" if e.denies else "E+",), names)
        for m in ready.misconceptions:
            names = frozenset(names_of(self.misconceptions[m.id])) - general
            sorts = sorted({f"M{name}" for name in re.findall(r"^\s*\+(\w+)", m.patterns, re.MULTILINE)})
            yield Idea(m.id, "M", tuple(sorts) or ("Mother",), names)


_GENERAL_SETS = (
    "need", "only", "helper", "required", "same", "excludes", "notonly", "nocount", "traffic", "victim",
    "traffickers", "person", "police", "crime",
)  # fmt: skip
_GENERAL_WORDS = re.findall(
    r"\w+",
    "be a the of to in on for with and or not no it they he she we who that this must need only never if when can do "
    "have so by as at from",
)


def expanded(text: str, templates: Mapping[str, str]) -> Iterator[str]:
    """The lines of a text of patterns, with the templates that it uses written out. Raises PatternError."""
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if not line.startswith("+"):
            yield line
            continue
        name, *given = line[1:].split()
        if name not in templates:
            raise PatternError(f"there is no template called '+{name}'.")
        filled = templates[name]
        for gap in given:
            key, _, value = gap.partition("=")
            filled = filled.replace("$" + key, value)
        if "$" in filled:
            raise PatternError(f"the template '+{name}' needs more than '{line}' gives: say what each $ is.")
        yield from expanded(filled, templates)


def lexicon_of(words: Words, sets: Mapping[str, str]) -> Lexicon:
    """The lexicon of a concept: a misspelt word may mean any word of its sets."""
    targets, beginnings = words.spelt
    more, begin = spelt(sets.values())
    return Lexicon(
        forms=words.irregular,
        joined=words.phrases,
        known=words.right,
        targets=targets | more,
        beginnings=tuple(sorted(beginnings | begin)),
    )


def spelt(sets: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The words of some sets as they are spelt, and how the words begin that ``word*`` means."""
    targets, beginnings = set(), set()
    for value in sets:
        for phrase in value.split(","):
            if "*" not in phrase and "@" not in phrase:
                targets |= {w for w in phrase.replace("-", " ").lower().split() if w.isalpha()}
                continue
            beginnings |= {beginning(w) for w in phrase.split() if w.endswith("*") and len(w) > 5}
    return frozenset(targets), frozenset(beginnings)
