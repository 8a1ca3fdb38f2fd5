"""Patterns over clauses: a small notation in which an author says how an idea is put into words.

A pattern is a line of parts. ``&`` asks for another part in the same sentence, ``&&`` for one in this or the next two
sentences, ``!`` forbids a part near by. A part is a row of words and sets:

- ``word`` in any of its forms, ``word*`` any word that begins so, ``two_words`` a phrase
- ``@set`` a set of words of the data, ``a|b|@set`` one of several, ``word?`` may be missing
- ``..`` up to four other words, ``...`` up to twelve; a "not" ends such a gap, unless it is written ``~`` or ``~~``
- ``^`` the beginning and ``$`` the end of the sentence
- ``!not`` forbids "not only", "not yet" and "need not" (the set ``qualified``) as well
- ``any:`` before a part: a negation around it does not matter (a denial, "it is wrong to say", still does);
  ``not:`` it must be negated or denied; ``any:`` at the beginning of a line holds for all its parts

``brief:`` before the whole line: only in texts of up to 60 words.

Small words (a, the, his ...) between two neighbours do not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from coptip.language.normal import Lexicon, Sentence, Token, beginning

_GAPS = {"..": (4, False), "...": (12, False), "~": (4, True), "~~": (11, True)}
SETS_OF_USE = (
    "filler", "negator", "barrier", "denial", "contrast", "claim", "objection", "relation", "waived", "qualified",
)  # fmt: skip
"""Sets of words that the reading of clauses itself needs."""


ANYWHERE = 1_000_000
BRIEF = 60
"""Words of a text to which a ``brief:`` pattern applies."""


class PatternError(ValueError):
    """A pattern or a list of words that cannot be read; the message says why."""


class Polarity(Enum):
    """What a negation around a part does to it."""

    ASSERTED = ""
    EITHER = "any:"
    NEGATED = "not:"


@dataclass(frozen=True, slots=True)
class Item:
    """One step of a part: a word to be one of ``names``, or a gap (``names`` empty)."""

    names: tuple[str, ...] = ()
    optional: bool = False
    gap: int = 0
    over_not: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A row of items within a sentence."""

    items: tuple[Item, ...]
    polarity: Polarity
    needed: tuple[frozenset[str], ...]
    """For each item that must be there the names of which one has to stand in the sentence."""


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of one sentence: all of ``all_of``, none of ``none_of``."""

    all_of: tuple[Part, ...]
    none_of: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Groups, each of which some sentence of the text has to meet."""

    text: str
    groups: tuple[Group, ...]
    brief: bool = False
    """Only for short texts: a long one names many ideas that it does not share."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a part was found: positions of its words in the sentence; whether a negation reverses it."""

    sentence: int
    words: tuple[int, ...]
    denied: bool


class Vocabulary:
    """Sets of words, ready to be looked up.

    Args:
        lexicon: gives stems.
        sets: name to its words, separated by commas; ``@other`` includes another set.
        base: a vocabulary whose sets are known here, too.
    """

    def __init__(self, lexicon: Lexicon, sets: Mapping[str, str], base: Vocabulary | None = None) -> None:
        self.lexicon = lexicon
        self.base = base
        self.sets: dict[str, str] = {**(base.sets if base else {}), **sets}
        self._words: dict[str, set[str]] = {}
        self._prefixes: dict[str, set[str]] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.fillers: frozenset[str] = frozenset()
        self.fillers = frozenset(lexicon.base(w) for w in self._members("filler", ()) if " " not in w)
        for name in sets:
            for word in set(self._members(name, ())):
                self.add(word, "@" + name)

    def _members(self, name: str, above: tuple[str, ...]) -> Iterator[str]:
        if name not in self.sets:
            raise PatternError(f"there is no set of words called '@{name}'.")
        if name in above:
            raise PatternError(f"the set of words '@{name}' contains itself.")
        for word in self.sets[name].split(","):
            word = " ".join(word.split()).lower()
            if word.startswith("@"):
                yield from self._members(word[1:], (*above, name))
            elif word:
                yield word

    def add(self, word: str, name: str) -> None:
        """Let a word, a beginning (``word*``) or a phrase be found under a name."""
        words = word.replace("-", " ").replace("'", "").split()
        if len(words) == 1 and words[0].endswith("*"):
            self._prefixes.setdefault(beginning(words[0]), set()).add(name)
        elif len(words) == 1:
            self._words.setdefault(self.lexicon.base(words[0]), set()).add(name)
        else:
            stems = self.lexicon.join(
                [beginning(w) + "*" if w.endswith("*") else self.lexicon.base(w) for w in words]
            )
            bare = tuple(s for s in stems if s not in self.fillers)
            stems = bare if len(bare) > 1 else stems
            if len(stems) == 1:
                self._words.setdefault(stems[0], set()).add(name)
            else:
                self._phrases.setdefault(stems[0], []).append((stems[1:], name))

    def names_of(self, stem: str) -> frozenset[str]:
        """The names of a single word."""
        found = set(self._words.get(stem, ()))
        for length in range(3, len(stem) + 1 if "_" not in stem else 0):
            found |= self._prefixes.get(stem[:length], set())
        return frozenset(found) | self.base.names_of(stem) if self.base else frozenset(found)

    def annotate(self, sentence: Sentence) -> Marked:
        """A sentence with the names of every word and phrase of it."""
        stems = [token.stem for token in sentence.tokens]
        ends: list[dict[str, list[int]]] = []
        for i, word in enumerate(stems):
            here: dict[str, list[int]] = {name: [i + 1] for name in self.names_of(word)}
            for rest, name in self._phrases_from(word):
                if (end := self._phrase_end(stems, i + 1, rest)) is not None:
                    here.setdefault(name, []).append(end)
            ends.append(here)
        return Marked(sentence, stems, ends, self.fillers)

    def _phrases_from(self, stem: str) -> Iterator[tuple[tuple[str, ...], str]]:
        yield from self._phrases.get(stem, ())
        for length in range(3, len(stem) + 1):
            yield from self._phrases.get(stem[:length] + "*", ())
        if self.base:
            yield from self.base._phrases_from(stem)

    def _phrase_end(self, stems: Sequence[str], i: int, rest: Sequence[str]) -> int | None:
        for want in rest:
            while i < len(stems) and stems[i] in self.fillers and stems[i] != want:
                i += 1
            if i >= len(stems):
                return None
            if not (stems[i].startswith(want[:-1]) if want.endswith("*") else stems[i] == want):
                return None
            i += 1
        return i


class Marked:
    """A sentence in which every position has names; knows which words a negation reverses."""

    def __init__(
        self, sentence: Sentence, stems: list[str], ends: list[dict[str, list[int]]], fillers: frozenset[str]
    ) -> None:
        self.tokens: tuple[Token, ...] = sentence.tokens
        self.asked = sentence.asked
        self.stems = stems
        self.ends = ends
        self.fillers = fillers
        self.names = frozenset(name for here in ends for name in here)
        self.denied = [False] * len(stems)
        self.not_at = [("@negator" in here) for here in ends]
        self.wall = [word in (",", ";") or "@barrier" in here for word, here in zip(stems, ends, strict=True)]

    def deny(self, start: int = 0, end: int | None = None) -> None:
        """The words from start to end are said to be wrong."""
        for i in range(start, len(self.stems) if end is None else end):
            self.denied[i] = True

    def reversed(self, words: Sequence[int]) -> bool:
        """Whether a negation outside of the words found bears on them."""
        if any(self.denied[i] for i in words):
            return True
        first, last, own = words[0], words[-1], set(words)
        steps = 0
        for i in range(first - 1, -1, -1):
            if self.wall[i]:
                break
            if i in own:
                continue
            if self.not_at[i]:
                return True
            steps += self.stems[i] not in self.fillers
            if steps > 5:
                break
        return self._waived_after(last + 1)

    def _waived_after(self, i: int) -> bool:
        """'... is not needed', '... need not be shown', '... does not matter', '... is irrelevant'."""
        end = min(len(self.stems), i + 7)
        helper = False
        for k in range(i, end):
            here = self.ends[k]
            if "@waived" in here:
                return True
            if self.wall[k]:
                return False
            if "@helper" in here:
                helper = True
            elif self.not_at[k]:
                return helper and any(
                    "@required" in self.ends[m] for m in range(k, min(len(self.ends), k + 4))
                )
            elif k > i + 3 and not helper:
                return False
        return False

    def find(self, part: Part) -> Iterator[tuple[int, ...]]:
        """The positions of the words of a part, at every place where it begins."""
        for names in part.needed:
            if self.names.isdisjoint(names):
                return
        for start in range(len(self.stems)):
            words = self._match(part.items, 0, start, (), fresh=True)
            if words:
                yield words

    def _match(
        self, items: tuple[Item, ...], k: int, i: int, words: tuple[int, ...], fresh: bool = False
    ) -> tuple[int, ...] | None:
        if k == len(items):
            return words
        item = items[k]
        size = len(self.stems)
        if item.anchor == "^":
            return (
                self._match(items, k + 1, i, words, True)
                if all(s in self.fillers for s in self.stems[:i])
                else None
            )
        if item.anchor == "$":
            return (
                self._match(items, k + 1, i, words)
                if all(s in self.fillers for s in self.stems[i:])
                else None
            )
        if item.gap:
            gone = 0
            for j in range(i, size + 1):
                found = self._match(items, k + 1, j, words, True)
                if found:
                    return found
                if j == size or self.stems[j] == ";" or (self.not_at[j] and not item.over_not):
                    return None
                gone += self.stems[j] not in self.fillers
                if gone > item.gap:
                    return None
            return None
        j = i
        while True:
            if j < size:
                here = self.ends[j]
                for name in item.names:
                    for end in here.get(name, ()):
                        found = self._match(items, k + 1, end, (*words, *range(j, end)))
                        if found:
                            return found
            if fresh or j >= size or self.stems[j] not in self.fillers:
                break
            j += 1
        return self._match(items, k + 1, i, words, fresh) if item.optional else None


class Compiler:
    """Reads patterns; single words that patterns name are added to the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._names: dict[str, str] = {}

    def compile(self, text: str) -> Pattern:
        """A pattern from its line. Raises PatternError."""
        brief = text.startswith("brief:")
        text = text.removeprefix("brief:").strip()
        either = text.startswith(Polarity.EITHER.value)
        groups = tuple(self._group(group, either) for group in text.split("&&"))
        if not any(group.all_of for group in groups):
            raise PatternError(f"the pattern '{text}' forbids only; it has to ask for something.")
        return Pattern(text, groups, brief)

    def _group(self, text: str, either: bool) -> Group:
        all_of, none_of = [], []
        for part in text.split("&"):
            part = part.strip()
            if not part:
                raise PatternError(f"the pattern '{text.strip()}' has an empty part beside '&'.")
            if part.startswith("!"):
                none_of.append(self._part("any:" + part[1:].strip(), forbidden=True))
            else:
                named = part.startswith(("any:", "not:")) or not either
                all_of.append(self._part(part if named else "any:" + part))
        return Group(tuple(all_of), tuple(none_of))

    def _part(self, text: str, forbidden: bool = False) -> Part:
        polarity = Polarity.ASSERTED
        for other in (Polarity.EITHER, Polarity.NEGATED):
            if text.startswith(other.value):
                polarity, text = other, text[len(other.value) :]
        items = tuple(self._item(word, forbidden) for word in text.split())
        if not any(item.names for item in items):
            raise PatternError(f"the part '{text}' names no word.")
        needed = tuple(frozenset(item.names) for item in items if item.names and not item.optional)
        return Part(items, polarity, needed)

    def _item(self, word: str, forbidden: bool) -> Item:
        if word in _GAPS:
            length, over_not = _GAPS[word]
            return Item(gap=length, over_not=over_not)
        if word in ("^", "$"):
            return Item(anchor=word)
        optional = word.endswith("?")
        words = word.rstrip("?").split("|")
        if forbidden and "not" in words:
            words.append("@qualified")
        return Item(tuple(self._name(w) for w in words), optional)

    def _name(self, word: str) -> str:
        if word not in self._names:
            self._names[word] = self._named(word)
        return self._names[word]

    def _named(self, word: str) -> str:
        if word.startswith("@"):
            if word[1:] not in self.vocabulary.sets:
                raise PatternError(f"there is no set of words called '{word}'.")
            return word
        if word == ",":
            self.vocabulary.add(word, "=,")
            return "=,"
        if not word.replace("_", "").replace("*", "").isalnum():
            raise PatternError(f"'{word}' is no word.")
        word = word.lower()
        name = "=" + word
        self.vocabulary.add(word.replace("_", " "), name)
        return name


def find(pattern: Pattern, text: Sequence[Marked], near: int = ANYWHERE) -> Iterable[Hit] | None:
    """The places of a pattern in a text: asserted, or (where that fails) denied; None where it is not there.

    A forbidden part forbids when it begins no more than ``near`` words away.
    """
    if pattern.brief and sum(len(marked.stems) for marked in text) > BRIEF:
        return None
    asserted: list[Hit] = []
    denied: list[Hit] = []
    before, near_by = 0, False
    for group in pattern.groups:
        if not group.all_of:
            if any(_occurs(part, marked) for part in group.none_of for marked in text):
                return None
            continue
        best: list[Hit] | None = None
        for n in range(before, min(before + 3, len(text)) if near_by else len(text)):
            marked = text[n]
            hits = _group_hits(group, marked, n, near)
            if hits and (best is None or not any(hit.denied for hit in hits)):
                best = hits
                if not any(hit.denied for hit in hits):
                    break
        if best is None:
            return None
        before, near_by = best[0].sentence, True
        (denied if any(hit.denied for hit in best) else asserted).extend(best)
    return denied + asserted


def _group_hits(group: Group, marked: Marked, n: int, near: int) -> list[Hit] | None:
    for part in group.all_of:
        for names in part.needed:
            if marked.names.isdisjoint(names):
                return None
    hits = []
    for part in group.all_of:
        hit = _part_hit(part, marked, n)
        if hit is None:
            return None
        hits.append(hit)
    first, last = min(hit.words[0] for hit in hits) - near, max(hit.words[-1] for hit in hits) + near
    return None if any(_occurs(part, marked, first, last) for part in group.none_of) else hits


def _part_hit(part: Part, marked: Marked, n: int) -> Hit | None:
    denied: Hit | None = None
    for words in marked.find(part):
        back = (
            any(marked.denied[i] for i in words)
            if part.polarity is Polarity.EITHER
            else marked.reversed(words)
        )
        if back == (part.polarity is Polarity.NEGATED):
            return Hit(n, words, False)
        if part.polarity is not Polarity.NEGATED:
            denied = denied or Hit(n, words, True)
    return denied


def _occurs(part: Part, marked: Marked, first: int = 0, last: int = ANYWHERE) -> bool:
    return any(first <= words[0] <= last for words in marked.find(part))
