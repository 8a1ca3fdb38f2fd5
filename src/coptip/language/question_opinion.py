"""A second opinion on form and technique: words, kinds of words and what the patterns found, weighed together.

Patterns know the wordings that they were written for; blame, summaries and feelings are put into new words each time.
The weights come from the labelled utterances of the tests (a linear support vector machine) and are data, so that
reading them needs nothing but the standard library.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from coptip.language.normal import stem

if TYPE_CHECKING:
    from coptip.language.question_text import Unit

_MARKS = frozenset(',:()"')
SHORTEST, LONGEST = 5, 24
"""Letters of the words that are mended: shorter ones are too often other words, longer ones are none."""
LONGEST_SHOWN = 8
PAIR, OF_A_PAIR = "SS ", 0.6
Signs = Sequence[tuple[str, re.Pattern[str]]]


@dataclass(frozen=True)
class Opinion:
    """How much each feature speaks for each form and technique (above 0), or against it.

    ``classes``: the names that the numbers in ``weights`` stand for; ``together``: each form with each technique it
    can have. ``vocabulary``: words that a misspelt one may be meant for. ``known``: words and stems that are correct.
    """

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Mapping[int, float]]
    together: tuple[tuple[str, str], ...]
    vocabulary: frozenset[str] = frozenset()
    known: frozenset[str] = field(default=frozenset(), repr=False)

    def scores(self, found: Iterable[str]) -> dict[str, float]:
        """How strongly these features speak for each form and each technique."""
        total = list(self.bias)
        for feature in sorted(found):
            for number, weight in self.weights.get(feature, {}).items():
                total[number] += weight * size(feature)
        return dict(zip(self.classes, total, strict=True))

    def best(self, found: Iterable[str]) -> tuple[str, str]:
        """The form and the technique that go together and weigh most."""
        scores = self.scores(found)
        return max(self.together, key=lambda pair: scores[pair[0]] + scores[pair[1]])

    def telling(self, units: Sequence[Unit], signs: Signs, form: str, against: str) -> tuple[int, int]:
        """Where in the original text the words stand that speak most for one form against another."""
        one, other = self.classes.index(form), self.classes.index(against)

        def weight(feature: str) -> float:
            numbers = self.weights.get(feature, {})
            return numbers.get(one, 0.0) - numbers.get(other, 0.0)

        best = (-1.0, units[-1].words[0].start, units[-1].words[-1].end)
        for unit in units:
            words = [word for word in unit.words if word.text not in _MARKS]
            of_word = [0.0] * len(words)
            texts = [word.text for word in words]
            for size in (1, 2, 3):
                for at in range(len(texts) - size + 1):
                    share = weight(f"{size} " + " ".join(texts[at : at + size])) / size
                    for n in range(at, at + size):
                        of_word[n] += share
            _of_signs(texts, signs, weight, of_word)
            for at in range(len(words)):
                total = 0.0
                for end in range(at, min(len(words), at + LONGEST_SHOWN)):
                    total += of_word[end]
                    if total > best[0]:
                        best = (total, words[at].start, words[end].end)
        return best[1:]

    def mended(self, word: str) -> str:
        """The word that a misspelt one is meant for: one letter off and the only one; otherwise the word itself."""
        if not (SHORTEST <= len(word) <= LONGEST and word.isalpha()):
            return word
        if word in self._correct or stem(word) in self._correct:
            return word
        near = {w for key in _without_a_letter(word) for w in self._near.get(key, ()) if _one_off(word, w)}
        return near.pop() if len(near) == 1 else word

    @cached_property
    def _correct(self) -> frozenset[str]:
        return self.known | self.vocabulary | {stem(word) for word in self.vocabulary}

    @cached_property
    def _near(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in sorted(self.vocabulary):
            if len(word) >= SHORTEST - 1:
                for key in _without_a_letter(word):
                    found.setdefault(key, []).append(word)
        return found


def _of_signs(
    texts: list[str], signs: Signs, weight: Callable[[str], float], of_word: list[float]
) -> None:
    """Words that give a sign share its weight."""
    text = " ".join(texts)
    starts = list(itertools.accumulate((len(t) + 1 for t in texts), initial=0))
    for name, pattern in signs:
        if (worth := weight(f"S {name}")) and (match := pattern.search(text)):
            inside = [n for n in range(len(texts)) if match.start() <= starts[n] < match.end()]
            for n in inside:
                of_word[n] += worth / len(inside)


def _without_a_letter(word: str) -> Iterator[str]:
    yield word
    for n in range(1, len(word)):
        yield word[:n] + word[n + 1 :]


def _one_off(word: str, other: str) -> bool:
    """One letter is changed, added, left out or swapped with its neighbour; never the first."""
    if word[0] != other[0] or abs(len(word) - len(other)) > 1:
        return False
    if len(word) == len(other):
        wrong = [n for n, (a, b) in enumerate(zip(word, other, strict=True)) if a != b]
        return len(wrong) == 1 or (
            len(wrong) == 2 and wrong[1] == wrong[0] + 1 and Counter(word) == Counter(other)
        )
    short, long = sorted((word, other), key=len)
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def size(feature: str) -> float:
    """How large a feature counts: pairs of signs are many, so each counts less."""
    return OF_A_PAIR if feature.startswith(PAIR) else 1.0


def features(units: Sequence[Unit], signs: Signs, evidence: Iterable[str] = ()) -> set[str]:
    """What counts: words, pairs and triples, beginnings and ends, signs and pairs of signs, the patterns' evidence.

    Of punctuation only the question mark is seen, and where sentences end.
    """
    rows = [([w.text for w in unit.words if w.text not in _MARKS], unit.asks) for unit in units]
    rows = [(words, asks) for words, asks in rows if words]
    if not rows:
        return {"empty"}
    found = {f"P {one}" for one in evidence}
    for words, asks in rows:
        row = ["^", *words, "?" if asks else "$"]
        stems = [stem(word) for word in words]
        for size in (1, 2, 3):
            found.update(f"{size} " + " ".join(row[n : n + size]) for n in range(len(row) - size + 1))
        found.update(f"s {one}" for one in stems)
        found.update(f"s {one} {two}" for one, two in itertools.pairwise(stems))
    first, last = rows[0][0], rows[-1][0]
    for size in (1, 2, 3):
        found.add("F " + " ".join(first[:size]))
        found.add("L " + " ".join(last[:size]))
        found.add("E " + " ".join(last[-size:]))
    asked = [asks for _, asks in rows]
    found.add(f"first asks {asked[0]}")
    found.add(f"last asks {asked[-1]}")
    found.add(f"any asks {any(asked)}")
    found.add(f"words {min(8, sum(len(words) for words, _ in rows) // 5)}")
    found.add(f"sentences {min(4, len(rows))}")
    found.update(_signs(rows, signs))
    return found


def _signs(rows: list[tuple[list[str], bool]], signs: Signs) -> Iterator[str]:
    """Which signs stand in the text, where, how often, and with which others."""
    texts = [" ".join(words) for words, _ in rows]
    any_asked, last_asked = any(asks for _, asks in rows), rows[-1][1]
    names = []
    for name, pattern in signs:
        counts = [len(pattern.findall(text)) for text in texts]
        if not any(counts):
            continue
        names.append(name)
        yield f"S {name}"
        yield f"S{'?' if any_asked else '.'} {name}"
        if counts[-1]:
            yield f"SL{'?' if last_asked else '.'} {name}"
        if pattern.match(texts[0]):
            yield f"SF {name}"
        if pattern.match(texts[-1]):
            yield f"SB {name}"
        if sum(counts) > 1:
            yield f"S{min(3, sum(counts))} {name}"
    for one, two in itertools.combinations(sorted(names), 2):
        yield f"{PAIR}{one} {two}"
