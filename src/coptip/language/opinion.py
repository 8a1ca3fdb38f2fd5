"""A second opinion on what a clause says: features of its words, weighed by what labelled texts have taught.

Patterns know wordings; the opinion knows stances. Words that belong to an idea (those that its patterns name) are
seen as one sign, ``I``, and what stands around them is learnt from every idea at once: "no I, no T", "I must be",
"I does not matter". So a stance learnt from borders helps with chains. What is learnt of one idea alone counts, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Protocol, TypeVar

from coptip.language.pattern import Marked, Pattern

_T = TypeVar("_T")


class Window(NamedTuple):
    """One sentence, two short ones that follow each other (by their numbers), or some words of one."""

    sentences: tuple[int, ...]
    start: int = 0
    end: int | None = None

    def of(self, words: Sequence[_T]) -> Sequence[_T]:
        """Those words of a sentence that stand in the window."""
        return words[self.start : self.end] if self.start or self.end is not None else words


Found = tuple[set[str], set[str]]
"""Features that all ideas share, and those of one idea alone."""

PAIR = 40
"""Words that two sentences may have together to be read as one thought."""
SHORT = 16
"""Words of a window that is looked at even where no word of the idea stands in it."""
REACH = 7
NEXT = 8
"""Words of the next sentence that tell what it makes of this one."""
CLASSES = (
    ("@traffic", "TR"), ("@smuggle", "SM"), ("@victim", "VI"), ("@police", "PO"), ("@crime", "CR"), ("@person", "PE"),
)  # fmt: skip
_IGNORED = frozenset({"@filler", "@relation", "@barrier", "@helper"})
ALL = 1_000_000
LONG, LONGEST, CLAUSE = 12, 60, 5
"""Words of a sentence whose clauses are looked at by themselves, and the fewest words of a clause."""
_MARKS = (",", ";")
_TURNS = frozenset(
    {"but", "unless", "becaus", "sinc", "whil", "wherea", "although", "though", "so", "and", "if", "wher", "when"}
)


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


@dataclass(slots=True)
class Word:
    """A word as every idea sees it: ``sign`` where it stands around an idea, ``told`` what it tells by itself."""

    stem: str
    sign: str
    mark: str
    told: frozenset[str]


@dataclass
class Reading:
    """A text with what patterns found in it: idea to (denied, positions of the words by sentence)."""

    text: Sequence[Marked]
    hits: Mapping[str, tuple[bool, Mapping[int, Sequence[int]]]]
    _words: dict[int, list[Word]] = field(default_factory=dict)
    _told: dict[Window, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """Sentences, pairs of short ones, and clauses."""
        sizes = [len(marked.stems) for marked in self.text]
        found = [Window((i,)) for i in range(len(sizes))]
        found += [Window((i, i + 1)) for i in range(len(sizes) - 1) if sizes[i] + sizes[i + 1] <= PAIR]
        for i, marked in enumerate(self.text):
            found += [Window((i,), start, end) for start, end in clauses(marked)]
        return tuple(found)

    def words(self, n: int, weights: Known) -> list[Word]:
        """The words of sentence ``n``; ``D`` marks what is said to be wrong, ``!`` what stands under a negation."""
        if n not in self._words:
            marked = self.text[n]
            self._words[n] = [_word(marked, i, weights) for i in range(len(marked.stems))]
        return self._words[n]

    def told(self, window: Window, weights: Known) -> frozenset[str]:
        """What the words of a window tell by themselves, whatever the idea."""
        if window not in self._told:
            rows = (word.told for n in window.sentences for word in window.of(self.words(n, weights)))
            self._told[window] = frozenset().union(*rows)
        return self._told[window]


def _word(marked: Marked, i: int, known: Known) -> Word:
    stem, names = marked.stems[i], marked.ends[i]
    if stem in _MARKS:
        return Word(stem, stem, "", frozenset())
    mark = "D" if marked.denied[i] else "!" if marked.reversed([i]) else ""
    told = [name for name in names if name[0] == "@" and name not in _IGNORED]
    told += [f"w{number}" for number in known.classes.get(stem, ())]
    if stem not in marked.fillers:
        told.append(stem)
    signs = [f"/{name}" for name in told]
    if mark:
        signs += [f"/{mark}{name}" for name in told]
    sign = (
        stem if stem in known.words else next((short for name, short in CLASSES if name in names), "x")
    )
    return Word(stem, sign, mark, frozenset(signs))


def clauses(marked: Marked) -> Iterator[tuple[int, int]]:
    """Where the clauses of a longer sentence begin and end, and two that follow each other."""
    size = len(marked.stems)
    if not LONG <= size <= LONGEST:
        return
    cuts = [0]
    for i, stem in enumerate(marked.stems):
        if (stem in _MARKS or stem in _TURNS) and i - cuts[-1] >= CLAUSE and size - i > CLAUSE:
            cuts.append(i)
    cuts.append(size)
    for length in (1, 2):
        for k in range(len(cuts) - length):
            if cuts[k + length] - cuts[k] < size:
                yield cuts[k], cuts[k + length]


def names_of(patterns: Iterable[Pattern]) -> Iterator[str]:
    """The words and sets that patterns ask for."""
    for pattern in patterns:
        for group in pattern.groups:
            for part in group.all_of:
                for item in part.items:
                    yield from item.names


class Known(Protocol):
    """The words that count by themselves, and the classes of meaning of a stem."""

    @property
    def words(self) -> frozenset[str]: ...
    @property
    def classes(self) -> Mapping[str, Sequence[int]]: ...


def features(reading: Reading, window: Window, idea: Idea, known: Known) -> Found | None:
    """What speaks for or against an idea in a window; None where nothing of it can be there."""
    signs: list[str] = []
    shared: set[str] = set()
    inside = size = 0
    for n in window.sentences:
        marked = reading.text[n]
        for word, names in zip(
            window.of(reading.words(n, known)), window.of(marked.ends), strict=True
        ):
            if word.stem in _MARKS:
                signs.append(word.stem)
                continue
            size += 1
            if idea.names.isdisjoint(names):
                sign = word.sign
            else:
                inside += 1
                sign = "I"
                shared.add("I" + word.mark)
            if not (signs and signs[-1] == sign and sign in ("I", "x")):
                signs.append(sign)
        signs.append("?" if marked.asked else ".")
    if not inside and size > SHORT:
        return None
    _rows(signs, shared)
    own = {sign for sign in shared if sign[0] in "<>uI^"}
    own |= reading.told(window, known)
    shared |= {f"size{min(6, size // 4)}", f"inside{min(4, inside)}"}
    if len(window.sentences) > 1:
        shared.add("pair")
    _of_patterns(reading, window, idea, shared, own)
    _around(reading, window, idea, known, shared)
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


def _around(reading: Reading, window: Window, idea: Idea, known: Known, shared: set[str]) -> None:
    """How what stands before and after begins: what is told may be taken back, or be told of others."""
    first, last = window.sentences[0], window.sentences[-1]
    before: Sequence[Word] = ()
    after: Sequence[Word] = ()
    if window.start or window.end is not None:
        shared.add("clause")
        words = reading.words(first, known)
        before, after = words[: window.start], words[window.end :] if window.end is not None else ()
    if idea.kind == "M":
        if not after and last + 1 < len(reading.text):
            after = reading.words(last + 1, known)
            shared.add("n.")
        if not before and first:
            before = reading.words(first - 1, known)
            shared.add("p?" if reading.text[first - 1].asked else "p.")
    signs = [word.stem for word in after[:NEXT] if word.stem in known.words]
    shared.update("n>" + sign for sign in signs)
    shared.update(f"n>{one} {other}" for one, other in pairwise(signs))
    shared.update("p<" + word.stem for word in before if word.stem in known.words)


def _of_patterns(reading: Reading, window: Window, idea: Idea, shared: set[str], own: set[str]) -> None:
    """Which patterns were found in the window: those of the idea itself, and those of others."""
    elements = 0
    for id, (denied, places) in reading.hits.items():
        if not any(_reaches(window, places[n]) for n in window.sentences if n in places):
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


def _reaches(window: Window, words: Sequence[int]) -> bool:
    """Whether most of the words stand in a window."""
    if not window.start and window.end is None:
        return True
    end = ALL if window.end is None else window.end
    return 2 * sum(window.start <= i < end for i in words) > len(words)


def score(found: Found, idea: Idea, weights: Weights) -> float:
    """How strongly the features speak for an idea."""
    shared, own = found
    total = weights.bias
    for level in (idea.kind, *idea.sorts):
        if table := weights.shared.get(level):
            total += sum(map(table.__getitem__, table.keys() & shared))
    if table := weights.own.get(idea.id):
        total += sum(map(table.__getitem__, table.keys() & own))
    return total


def best(reading: Reading, idea: Idea, weights: Weights) -> tuple[float, Window]:
    """The window that speaks most for an idea, and how strongly; no window where none can."""
    most = -99.0, Window(())
    for window in reading.windows:
        found = features(reading, window, idea, weights)
        if found is not None and (told := score(found, idea, weights)) > most[0]:
            most = told, window
    return most
