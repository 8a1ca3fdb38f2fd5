"""How easily an English text reads: Flesch's formula, from the length of sentences and of words. Pure.

R. Flesch, "A new readability yardstick", Journal of Applied Psychology 32 (1948): 206.835 - 1.015 words a sentence
- 84.6 syllables a word. Syllables are counted by the letters, right for nine words in ten; the score is good to some
five points. It knows no other language, and no sense: words in any order score the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FEWEST_WORDS = 20
"""In fewer words one long name decides the score."""

_SENTENCE = re.compile(r"[.!?]+(?=\s|$)|\n+")
_WORD = re.compile(r"[A-Za-z]+(?:['\u2019-][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?<=[aeiouy])[^aeiouy]+(?<![td])ed$"  # asked, but: wanted
    r"|(?<=[aeiouy])(?![^aeiouy]*(?:[sxzcg]|[cs]h)es$)(?![^aeiouy]+les?$)[^aeiouy]+es?$"  # hope, but: houses, table
    r"|(?<=[aeiouy])[^aeiouy]+e(?=(?:ly|ment|ful|less|body|thing|times?|where|one)s?$)"  # safely, somebody
)
_APART = re.compile(
    r"[aeouy](?=ing)|[ao]y(?=e[er])|ie(?=t)|(?<![tc])ie(?=n[ct])|(?<=[aeiouy][^aeiouy])ea$|(?<=cr)ea(?=t)|eo$"
    r"|io(?=$|[dl])|ia(?=$|t)|(?<![tcs])ia(?=l)|(?<![qg])ua(?=[tl])"
)
"""Two vowels side by side that are two syllables: being, society, area, violence, situation."""


@dataclass(frozen=True)
class Ease:
    """Words and syllables counted, and the score: from 0 (hard) to 100 (easy), as a rule."""

    words: int
    sentences: int
    syllables: int

    @property
    def score(self) -> int:
        """The reading ease, held between 0 and 100."""
        flesch = 206.835 - 1.015 * self.words / self.sentences - 84.6 * self.syllables / self.words
        return round(min(100.0, max(0.0, flesch)))


def ease(text: str) -> Ease | None:
    """The reading ease of an English text, each line a sentence; None for fewer than twenty words."""
    words = _WORD.findall(text)
    if len(words) < FEWEST_WORDS:
        return None
    sentences = sum(bool(_WORD.search(part)) for part in _SENTENCE.split(text))
    return Ease(len(words), sentences, sum(map(syllables, words)))


def syllables(word: str) -> int:
    """How many syllables an English word has, by its letters; one at least."""
    small = word.lower().replace("\u2019", "'").split("'")[0]
    return max(1, sum(map(_syllables, small.split("-"))))


def _syllables(word: str) -> int:
    return len(_VOWELS.findall(word)) + len(_APART.findall(word)) - len(_SILENT.findall(word))
