"""A second opinion on what a clause says: features of its words, weighed by what labelled texts have taught.

Patterns know wordings; the opinion knows stances. Words that belong to an idea (those that its patterns name) are
seen as one sign, ``I``, and what stands around them is learnt from every idea at once: "no I, no T", "I must be",
"I does not matter". So a stance learnt from borders helps with chains. What is learnt of one idea alone counts, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from coptip.language.pattern import Marked, Pattern

Window = tuple[int, ...]
"""One sentence, or two short ones that follow each other, by their numbers."""
Found = tuple[set[str], set[str]]
"""Features that all ideas share, and those of one idea alone."""

PAIR = 40
"""Words that two sentences may have together to be read as one thought."""
SHORT = 16
"""Words of a window that is looked at even where no word of the idea stands in it."""
REACH = 7
CLASSES = (
    ("@traffic", "TR"), ("@smuggle", "SM"), ("@victim", "VI"), ("@police", "PO"), ("@crime", "CR"), ("@person", "PE"),
)  # fmt: skip
_IGNORED = frozenset({"@filler", "@relation", "@barrier", "@helper"})
_MARKS = (",", ";")


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What was learnt.

    ``shared``: by level (kind or sort of idea), ``own``: by idea; both feature to weight. ``words`` count by
    themselves around an idea; any other is only a word. ``least``: by kind, the score from which an idea counts as
    said. ``classes``: stem to the classes of meaning that it belongs to.
    """

    bias: float
    shared: Mapping[str, Mapping[str, float]]
    own: Mapping[str, Mapping[str, float]]
    words: frozenset[str]
    least: Mapping[str, float]
    classes: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Idea:
    """An element (kind ``E``) or a misconception (``M``) as the opinion sees it.

    ``sorts``: how ideas of its sort are put into words (the templates that its patterns use); ``names``: the words
    and sets that its patterns name.
    """

    id: str
    kind: str
    sorts: tuple[str, ...]
    names: frozenset[str]


@dataclass
class Reading:
    """A text with what patterns found in it: idea to (denied, sentences)."""

    text: Sequence[Marked]
    hits: Mapping[str, tuple[bool, frozenset[int]]]
    _turned: dict[int, list[str]] = field(default_factory=dict)

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        sizes = [len(marked.stems) for marked in self.text]
        pairs = [(i, i + 1) for i in range(len(sizes) - 1) if sizes[i] + sizes[i + 1] <= PAIR]
        return (*((i,) for i in range(len(sizes))), *pairs)

    def marks(self, n: int) -> list[str]:
        """For each word of sentence ``n``: ``D`` said to be wrong, ``!`` under a negation, or nothing."""
        if n not in self._turned:
            marked = self.text[n]
            self._turned[n] = [
                "D" if marked.denied[i] else "!" if marked.reversed([i]) else ""
                for i in range(len(marked.stems))
            ]
        return self._turned[n]


def names_of(patterns: Iterable[Pattern]) -> Iterator[str]:
    """The words and sets that patterns ask for."""
    for pattern in patterns:
        for group in pattern.groups:
            for part in group.all_of:
                for item in part.items:
                    yield from item.names


def features(
    reading: Reading, window: Window, idea: Idea, words: frozenset[str], classes: Mapping[str, Sequence[int]]
) -> Found | None:
    """What speaks for or against an idea in a window; None where nothing of it can be there."""
    signs: list[str] = []
    own: set[str] = set()
    shared: set[str] = set()
    inside = size = 0
    for n in window:
        marked, marks = reading.text[n], reading.marks(n)
        for i, stem in enumerate(marked.stems):
            names = marked.ends[i]
            if stem in _MARKS:
                signs.append(stem)
                continue
            size += 1
            mark = marks[i]
            if not idea.names.isdisjoint(names):
                inside += 1
                sign = "I"
                shared.add("I" + mark)
            elif stem in words:
                sign = stem
            else:
                sign = next((short for name, short in CLASSES if name in names), "x")
            if not (signs and signs[-1] == sign and sign in ("I", "x")):
                signs.append(sign)
            told = [name for name in names if name[0] == "@" and name not in _IGNORED]
            told += [f"w{number}" for number in classes.get(stem, ())]
            if stem not in marked.fillers:
                told.append(stem)
            own.update(f"/{name}" for name in told)
            if mark:
                own.update(f"/{mark}{name}" for name in told)
        signs.append("?" if marked.asked else ".")
    if not inside and size > SHORT:
        return None
    _rows(signs, shared)
    own |= {sign for sign in shared if sign[0] in "<>uI^"}
    shared |= {f"size{min(6, size // 4)}", f"inside{min(4, inside)}"}
    if len(window) > 1:
        shared.add("pair")
    _of_patterns(reading, window, idea, shared, own)
    own.add("|")
    return shared, own


def _rows(signs: Sequence[str], shared: set[str]) -> None:
    """Signs that follow each other, and those that stand on either side of the idea."""
    count = len(signs)
    for i, sign in enumerate(signs):
        shared.add("u" + sign)
        if i + 1 < count:
            shared.add(f"{sign} {signs[i + 1]}")
        if i + 2 < count:
            shared.add(f"{sign} {signs[i + 1]} {signs[i + 2]}")
    for place in [i for i, sign in enumerate(signs) if sign == "I"][:4]:
        for k in range(max(0, place - REACH), min(count, place + REACH + 1)):
            if signs[k] not in ("x", "I", "."):
                side = "<" if k < place else ">"
                shared.add(side + signs[k])
                if abs(k - place) <= 3:
                    shared.add(side + side + signs[k])
    shared.add("^" + signs[0])


def _of_patterns(reading: Reading, window: Window, idea: Idea, shared: set[str], own: set[str]) -> None:
    """Which patterns were found in the window: those of the idea itself, and those of others."""
    elements = 0
    for id, (denied, sentences) in reading.hits.items():
        if sentences.isdisjoint(window):
            continue
        sign = "-" if denied else "+"
        if id == idea.id:
            shared.add("P" + sign)
            own.add("P" + sign)
        elif id.startswith("m."):
            shared.add("other" + sign)
            own.add(f"with{sign}{id}")
        elif not denied:
            elements += 1
    shared.add(f"elements{min(3, elements)}")


def score(found: Found, idea: Idea, weights: Weights) -> float:
    """How strongly the features speak for an idea."""
    shared, own = found
    total = weights.bias
    for level in (idea.kind, *idea.sorts):
        if table := weights.shared.get(level):
            total += sum(table[name] for name in shared if name in table)
    if table := weights.own.get(idea.id):
        total += sum(table[name] for name in own if name in table)
    return total


def best(reading: Reading, idea: Idea, weights: Weights) -> tuple[float, Window]:
    """The window that speaks most for an idea, and how strongly; no window where none can."""
    most: tuple[float, Window] = (-99.0, ())
    for window in reading.windows:
        found = features(reading, window, idea, weights.words, weights.classes)
        if found is not None and (told := score(found, idea, weights)) > most[0]:
            most = told, window
    return most
