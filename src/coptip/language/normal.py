"""Text to tokens: lower case, plain letters, stems, mended spelling; every token knows where it stood.

Nothing here knows a concept. ``Lexicon`` holds the words of one language (they are data), ``Lexicon.read``
gives the sentences of a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

_TOKEN = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*|[.!?]+|;+|[,:()\[\]{}/|–—•·…+=&]|-+")
_ENDS = frozenset(".!?…")
_SIGNS = {"+": "plus", "=": "equal", "&": "and"}
_NOT = {"t": "not", "re": "are", "m": "am", "ll": "will", "ve": "have"}
_CUT = {"can": "can", "won": "will", "shan": "shall", "ain": "is"}
_VOWELS = "aeiouy"


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is compared (``stem``), and where it stands in the text. A comma has the stem ','."""

    stem: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """The tokens up to a full stop, question mark, or exclamation mark. A semicolon is a word of its own (';')."""

    tokens: tuple[Token, ...]
    asked: bool = False
    """It ends with a question mark."""


@lru_cache(100_000)
def stem(word: str) -> str:
    """A word without its endings: 'exploiting' and 'exploited' become 'exploit'; British and American agree."""
    if len(word) <= 3 or not word.isascii():
        return word
    if word.endswith("ies"):
        word = word[:-3] + ("y" if len(word) > 4 else "ie")
    elif word.endswith(("sses", "xes", "ches", "shes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ied"):
        word = word[:-3] + "y"
    for ending in ("ing", "ed"):
        if (
            word.endswith(ending)
            and len(word) - len(ending) >= 3
            and any(v in word[: -len(ending)] for v in _VOWELS)
        ):
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sz":
                word = word[:-1]
            break
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    word = word.replace("isation", "ization").replace("yse", "yze")
    if len(word) > 4 and word.endswith("is") and word[-3] not in _VOWELS:
        word = word[:-2] + "iz"
    return word.replace("our", "or") if len(word) > 4 else word


def beginning(word: str) -> str:
    """How the stems of the words begin that ``word*`` means."""
    word = word.rstrip("*")
    word = word[:-1] if len(word) > 3 and word.endswith("e") else word
    return word.replace("isat", "izat").replace("our", "or") if len(word) > 4 else word


def distance(one: str, other: str, most: int) -> int:
    """Letters to change, add, drop or swap to make one word of the other; ``most + 1`` where it takes more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?:ti|si|ci|shi)(?:o|u|e)?n|shun", "xn"), (r"ph", "f"), (r"sh|sch|ch|tch", "x"), (r"gh", ""),
        (r"ck|q", "k"), (r"c(?=[eiy])", "s"), (r"c", "k"), (r"z", "s"), (r"(?<=.)[hw]", ""),
        (r"(?<=.)[aeiouy]+", ""), (r"^[aeiouy]+", "a"), (r"(.)\1+", r"\1"),
    )
]  # fmt: skip


@lru_cache(50_000)
def sound(word: str) -> str:
    """A rough key of how a word sounds: 'filosophy' and 'philosophy' share it."""
    for pattern, key in _SOUNDS:
        word = pattern.sub(key, word)
    return word


@dataclass(frozen=True)
class Lexicon:
    """The words of one language.

    ``forms``: irregular forms and their base. ``joined``: phrases read as one word ('forced labour').
    ``known``: correct words that must not be mended. ``targets``: words that a misspelt one may
    mean. ``beginnings``: whatever begins so is correct.
    """

    forms: Mapping[str, str] = field(default_factory=dict)
    joined: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()

    @cached_property
    def _stems(self) -> dict[str, str]:
        return {}

    @cached_property
    def _known_stems(self) -> frozenset[str]:
        return frozenset(
            stem(word) for word in (*self.known, *self.targets, *self.forms, *self.forms.values())
        )

    @cached_property
    def _joins(self) -> dict[str, list[tuple[str, ...]]]:
        """Phrases by their first stem, the longest first."""
        joins: dict[str, list[tuple[str, ...]]] = {}
        for phrase in self.joined:
            stems = tuple(self.base(word) for word in phrase.split())
            joins.setdefault(stems[0], []).append(stems)
        return {first: sorted(rest, key=len, reverse=True) for first, rest in joins.items()}

    @cached_property
    def _sounds(self) -> dict[str, list[str]]:
        by_sound: dict[str, list[str]] = {}
        for word in sorted(self.targets):
            by_sound.setdefault(sound(word), []).append(word)
        return by_sound

    @cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        by_letter: dict[str, list[str]] = {}
        for word in sorted(self.targets):
            by_letter.setdefault(word[0], []).append(word)
        return by_letter

    def base(self, word: str) -> str:
        """The stem of a correctly written word."""
        return stem(self.forms.get(word, word))

    def stem(self, word: str) -> str:
        """The stem of a word as somebody wrote it."""
        if (known := self._stems.get(word)) is not None:
            return known
        result = self.base(word)
        if not self._is_known(word, result):
            result = self.base(self._mended(word))
        if len(self._stems) < 20_000:
            self._stems[word] = result
        return result

    def _is_known(self, word: str, base: str) -> bool:
        if len(word) <= 3 or not (word.isascii() and word.isalpha()):
            return True
        return word in self.forms or base in self._known_stems or base.startswith(self.beginnings)

    def _mended(self, word: str) -> str:
        most = 2 if len(word) >= 7 else 1
        near: list[tuple[int, str]] = [
            (gap, target)
            for target in self._by_letter.get(word[0], ())
            if len(target) > 3
            and (gap := distance(word, target, most)) <= most
            and (gap < 2 or len(target) >= 7)
        ]
        alike = [
            (distance(word, target, 4) - 1, target)
            for target in self._sounds.get(sound(word), ())
            if distance(word, target, 4) <= max(1, len(target) // 3)
        ]
        best = min([*near, *alike], default=None)
        return best[1] if best else word

    def read(self, text: str) -> tuple[Sentence, ...]:
        """The sentences of a text. Spaces of any kind and length are one space; quotation marks are nothing."""
        letters, places = _plain(text)
        sentences: list[Sentence] = []
        tokens: list[Token] = []
        for match in _TOKEN.finditer(letters):
            word = match.group()
            if word[0] in _ENDS:
                if tokens:
                    sentences.append(Sentence(self._join(tokens), "?" in word))
                    tokens = []
                continue
            start, end = places[match.start()], places[match.end() - 1] + 1
            if word[0].isalnum():
                tokens += [Token(self.stem(part), start, end) for part in _parts(word)]
            elif word in _SIGNS:
                tokens.append(Token(_SIGNS[word], start, end))
            elif word == "-" and _inside(letters, match):
                continue
            elif tokens and word[0] == ";":
                tokens.append(Token(";", start, end))
            elif tokens and tokens[-1].stem not in (",", ";"):
                tokens.append(Token(",", start, end))
        if tokens:
            sentences.append(Sentence(self._join(tokens)))
        return tuple(sentences)

    def join(self, stems: Sequence[str]) -> tuple[str, ...]:
        """Stems with the joined phrases among them as one."""
        return tuple(token.stem for token in self._join([Token(s, 0, 0) for s in stems]))

    def _join(self, tokens: list[Token]) -> tuple[Token, ...]:
        joined: list[Token] = []
        i = 0
        while i < len(tokens):
            for stems in self._joins.get(tokens[i].stem, ()):
                if tuple(token.stem for token in tokens[i : i + len(stems)]) == stems:
                    joined.append(Token("_".join(stems), tokens[i].start, tokens[i + len(stems) - 1].end))
                    i += len(stems)
                    break
            else:
                joined.append(tokens[i])
                i += 1
        while joined and joined[-1].stem in (",", ";"):
            joined.pop()
        return tuple(joined)


def _inside(letters: str, match: re.Match[str]) -> bool:
    """A hyphen between two words without spaces."""
    return letters[: match.start()][-1:].isalnum() and letters[match.end() : match.end() + 1].isalnum()


def _parts(word: str) -> list[str]:
    """A written word as one or two: "isn't" is 'is not', "victim's" is 'victim'."""
    word = word.replace("’", "'").replace("`", "'")
    if "'" not in word:
        return ["can", "not"] if word in ("cannot", "cant") else [word]
    head, _, tail = word.partition("'")
    if tail == "t" and head.endswith("n"):
        return [_CUT.get(head, head[:-1]), "not"]
    return [head, _NOT[tail]] if tail in _NOT else [head]


def _plain(text: str) -> tuple[str, list[int]]:
    """Lower-case text in plain letters, and for each character its place in the text given.

    Accents go, full-width letters become plain, invisible characters vanish, control characters are spaces.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char.isascii():
            plain = char.lower() if char.isprintable() else " "
        else:
            category = unicodedata.category(char)
            if category in ("Cf", "Mn", "Cs", "Co", "Cn"):
                continue
            folded = unicodedata.normalize("NFKD", char)[:1].lower()
            plain = (
                folded
                if folded.isascii() and folded.isalnum()
                else " "
                if category[0] in "ZC"
                else char.lower()[:1]
            )
        letters.append(plain)
        places.append(place)
    return "".join(letters), places


def has_any(text: str, words: str) -> bool:
    """Whether a text has one of some words (separated by commas; ``job*`` begins so) in any of their forms."""
    lexicon = Lexicon()
    stems = [token.stem for sentence in lexicon.read(text) for token in sentence.tokens]
    for phrase in words.split(","):
        wanted = [beginning(w) + "*" if w.endswith("*") else stem(w) for w in phrase.lower().split()]
        if not wanted:
            continue
        for i in range(len(stems) - len(wanted) + 1):
            if all(
                have.startswith(want[:-1]) if want.endswith("*") else have == want
                for have, want in zip(stems[i:], wanted, strict=False)
            ):
                return True
    return False
