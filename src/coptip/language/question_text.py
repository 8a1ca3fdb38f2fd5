"""A text made ready for patterns: its sentences in small letters, each word with its place in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from coptip.language.question_words import Patterns, QuestionWords

_TOKEN = re.compile(r"[^\W_]+(?:['’`][^\W_]+|-[^\W_]+)*|[.!?;…]+|[,:()]|[\"“”„«»‘’'`]|[—–]|\n+")
_QUOTES = "\"“”„«»‘’'`"
_SHORT = {"n't": "not", "'re": "are", "'m": "am", "'ve": "have", "'ll": "will", "'d": "would"}
_ABBREVIATIONS = {"mr", "mrs", "ms", "dr", "no", "st", "e.g", "i.e"}
WORDS_A_UNIT = 90
"""A sentence longer than this is cut: nobody asks in one breath that long, and patterns stay quick."""


@dataclass(frozen=True)
class Word:
    """A word or a mark, and where in the original text it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Unit:
    """A sentence: its words without those of politeness, and whether a question mark ends it."""

    words: tuple[Word, ...]
    asks: bool

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original text of characters ``start`` to ``end`` of ``text``."""
        at, inside = 0, []
        for word in self.words:
            if at < end and at + len(word.text) > start:
                inside.append(word)
            at += len(word.text) + 1
        return (inside[0].start, inside[-1].end) if inside else (0, 0)


def clean(text: str) -> str:
    """Control characters become spaces, one for one, so that places stay what they were; wide letters narrow."""
    return "".join(
        " " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") and c != "\n" else _narrow(c)
        for c in text
    )


def _narrow(c: str) -> str:
    if c in "？！，：；":
        return "?!,:;"["？！，：；".index(c)]
    plain = unicodedata.normalize("NFKC", c)
    return plain if len(plain) == 1 else c


def other_script(text: str) -> bool:
    """Most letters are not Latin ones."""
    letters = [c for c in text if c.isalpha()]
    latin = sum("LATIN" in unicodedata.name(c, "") for c in letters)
    return bool(letters) and latin * 2 < len(letters)


def read(text: str, words: QuestionWords) -> list[Unit]:
    """The sentences of a text."""
    units: list[Unit] = []
    current: list[Word] = []

    def close(mark: str) -> None:
        nonlocal current
        while current and current[-1].text in (",", ":", "(", ")"):
            current.pop()
        while current and current[0].text in (",", ":", ")"):
            current.pop(0)
        if any(word.text[0].isalnum() for word in current):
            units.append(Unit(tuple(current), "?" in mark))
        elif units and "?" in mark:
            units[-1] = Unit(units[-1].words, True)
        current = []

    for word in _tokens(text, words):
        if word.text[0] in ".!?;…\n":
            if word.text == "." and current and current[-1].text in _ABBREVIATIONS - {"no"}:
                continue
            close(word.text)
        else:
            current.append(word)
            if len(current) >= WORDS_A_UNIT:
                close("")
    close("")
    patterns = words.patterns
    return [unit for unit in (_courteous(unit, patterns) for unit in units) if unit.words]


def _tokens(text: str, words: QuestionWords) -> list[Word]:
    found: list[Word] = []
    lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    for match in _TOKEN.finditer(lowered):
        token, start, end = match.group(), match.start(), match.end()
        if token in "—–":
            token = ","
        if token in _QUOTES:
            token = '"'
        parts = words.spellings.get(token) or words.spellings.get(token.replace("'", "").replace("’", ""))
        if not parts:
            parts = _long(words.opinion.mended(token) if words.opinion else token)
        found += [Word(part, start, end) for part in parts.split(" ") if part]
        if "\n" in token:
            found.append(Word("\n", start, end))
    return found


def _long(token: str) -> str:
    """Short forms written out: ``didn't`` is two words."""
    token = token.replace("’", "'").replace("`", "'")
    if token in ("can't", "won't", "shan't"):
        return {"can't": "can not", "won't": "will not", "shan't": "shall not"}[token]
    if token == "let's":
        return "let us"
    if token.endswith("n't"):
        return f"{token[:-3]} not"
    for short, long in _SHORT.items():
        if token.endswith(short):
            return f"{token[: -len(short)]} {long}"
    if token.endswith("'s"):
        stem = token[:-2]
        return f"{stem} is" if stem in _IS_AFTER else f"{stem} 's"
    return token


_IS_AFTER = {"it", "that", "what", "who", "where", "when", "how", "why", "he", "she", "there", "here", "this"}


def _courteous(unit: Unit, patterns: Patterns) -> Unit:
    """Words of politeness say nothing about the form; without them patterns fit."""
    words = list(unit.words)
    at = 0
    while at < len(words):
        for phrase in patterns.polite:
            if tuple(w.text for w in words[at : at + len(phrase)]) == phrase:
                del words[at : at + len(phrase)]
                if at < len(words) and words[at].text == "," and (at == 0 or words[at - 1].text in ",:"):
                    del words[at]
                break
        else:
            at += 1
    while words and words[-1].text in (",", ":"):
        words.pop()
    while words and words[0].text in (",", ":"):
        words.pop(0)
    return Unit(tuple(words), unit.asks)


def segments(unit: Unit, openers: Sequence[tuple[str, ...]]) -> list[tuple[int, str]]:
    """The parts of a sentence between its marks, each without words that only open it, with its position."""
    found: list[tuple[int, str]] = []
    words = [word.text for word in unit.words]
    starts = [0] + [n + 1 for n, word in enumerate(words) if word in (",", ":", "(", ")")]
    starts += [
        n for n, word in enumerate(words) if n and word in ("and", "but", "so", "because", "then", "or")
    ]
    offset = [0]
    for word in words:
        offset.append(offset[-1] + len(word) + 1)
    for begin in sorted(set(starts)):
        at = begin
        while (step := _opener(words, at, openers)) and at + step < len(words):
            at += step
        if at < len(words):
            found.append((offset[at], " ".join(words[at:])))
    return list(dict.fromkeys(found))


def _opener(words: list[str], at: int, openers: Sequence[tuple[str, ...]]) -> int:
    if at < len(words) and words[at] in (",", ":", "(", ")", '"'):
        return 1
    for opener in openers:
        if tuple(words[at : at + len(opener)]) == opener:
            return len(opener)
    return 0
