"""A second opinion on blame, where no pattern knows the wording: words and word pairs weighed together.

Patterns know the blame that they were written for; threats are new each time. The weights come from the labelled
utterances of the tests (logistic regression) and are data, so that reading them needs nothing but the standard library.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coptip.language.question_text import Unit


@dataclass(frozen=True)
class Opinion:
    """How much each word or word pair speaks for blame (above 0) or against it."""

    bias: float
    weights: dict[str, float]

    def chance(self, found: Iterable[str]) -> float:
        """How likely a text with these features blames or threatens, from 0 to 1."""
        score = self.bias + sum(self.weights.get(feature, 0.0) for feature in found)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))

    def telling(self, unit: Unit) -> tuple[float, int, int]:
        """The words of a sentence that speak most for blame: how much, and their place in the original text."""
        best = (0.0, unit.words[0].start, unit.words[-1].end)
        for n, word in enumerate(unit.words):
            pair = unit.words[n : n + 2]
            weight = self.weights.get(word.text, 0.0)
            weight += self.weights.get(" ".join(w.text for w in pair), 0.0) if len(pair) == 2 else 0.0
            best = max(best, (weight, pair[0].start, pair[-1].end))
        return best


def features(units: Iterable[Unit]) -> set[str]:
    """Words and word pairs of each sentence, its beginning and a question mark among them."""
    found: set[str] = set()
    for unit in units:
        words = ["^", *(word.text for word in unit.words), "?" if unit.asks else "$"]
        found.update(words)
        found.update(f"{a} {b}" for a, b in itertools.pairwise(words))
        found.update(f"{a} {b} {c}" for a, b, c in zip(words, words[1:], words[2:], strict=False))
    return found
