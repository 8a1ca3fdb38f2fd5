"""How an officer asks: the form of a question or utterance, and the technique of listening that it shows.

The guide, Module 6, 1.11-1.16: open questions ask for an account; questions that threaten, blame or shame, and
leading ones, do not. A checker reads words, not minds: tone of voice and what was said before are not in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from textwrap import shorten
from typing import cast

from coptip.language.question_opinion import Opinion, features
from coptip.language.question_rewrite import candidates, texts_of
from coptip.language.question_text import Unit, clean, other_script, read, segments
from coptip.language.question_words import FORMS, Cue, Form, Patterns, QuestionWords, Technique

MAX_CHARACTERS = 10_000


class QuestionError(ValueError):
    """The text cannot be checked; the message says why, and what would help."""


@dataclass(frozen=True)
class Found:
    """Words of the text that make it what it is: where they stand, and what they do."""

    form: Form
    start: int
    end: int
    why: str
    cue: str


@dataclass(frozen=True)
class Verdict:
    """The form and technique of an utterance, the words that show the form, and an open rewrite where one helps."""

    form: Form
    technique: Technique
    found: tuple[Found, ...]
    stacked: bool
    rewrite: str
    feedback: str


@dataclass(frozen=True)
class Asking:
    """A part of a sentence that asks: ``open`` or ``closed``, and where."""

    form: Form
    unit: Unit
    start: int
    text: str
    why: str = ""


@dataclass(frozen=True)
class Utterance:
    """A text as the checker reads it."""

    units: tuple[Unit, ...]
    words: QuestionWords
    opinion: Opinion | None = None

    @property
    def patterns(self) -> Patterns:
        return self.words.patterns

    @cached_property
    def text(self) -> str:
        return " . ".join(unit.text for unit in self.units)

    @cached_property
    def asks(self) -> bool:
        return any(unit.asks for unit in self.units)

    @cached_property
    def askings(self) -> tuple[Asking, ...]:
        return tuple(a for unit in self.units for a in _askings(unit, self.patterns))

    @cached_property
    def checks_back(self) -> bool:
        """The speaker gives the other's words back and asks whether they are right: "So ..., is that right?"."""
        if not self.units:
            return False
        firsts = [segment for _, segment in segments(self.units[0], self.patterns.openers)][:1]
        if any(self.patterns.starting_checks.search(t) for t in (self.units[0].text, *firsts)):
            return True
        framed = any(self.patterns.frames.search(unit.text) for unit in self.units)
        last = self.units[-1]
        said = any(self.patterns.frames.search(s) for _, s in segments(last, self.patterns.openers))
        tagged = bool(self.patterns.checks.search(last.text)) and (len(self.units) > 1)
        ended = bool(self.patterns.check_end.search(last.text)) and (framed or said)
        echoed = (
            last.asks and bool(self.patterns.frames.search(last.text)) and not _askings(last, self.patterns)
        )
        return (framed and (tagged or echoed)) or ended

    def cues(self) -> Iterator[Found]:
        """Every wording that leads, blames or threatens."""
        for n, unit in enumerate(self.units):
            starts = segments(unit, self.patterns.openers)
            last = n == len(self.units) - 1
            for cue, pattern, unless in self.patterns.cues:
                if (cue.asks and not unit.asks) or (cue.asks_text and not self.asks):
                    continue
                if cue.check and self.checks_back:
                    continue
                if unless.search(unit.text):
                    continue
                places = self._places(cue, unit, starts, n, last)
                for offset, text in places:
                    if match := pattern.search(text):
                        if cue.at == "segment" and match.start():
                            continue
                        begin, end = match.span()
                        yield Found(cue.form, *unit.span(offset + begin, offset + end), cue.why, cue.id)
                        break

    def _places(
        self, cue: Cue, unit: Unit, starts: list[tuple[int, str]], n: int, last: bool
    ) -> list[tuple[int, str]]:
        """Where a cue may stand in a sentence."""
        if cue.at == "segment":
            return starts
        if cue.at == "declarative":
            return [(0, unit.text)] if unit.asks and not _askings(unit, self.patterns) else []
        if cue.at == "unit_end" and n and len(unit.words) <= 4:
            return [(0, f"- , {unit.text}")]
        return [(0, unit.text)]

    @cached_property
    def evidence(self) -> tuple[str, ...]:
        """What the patterns found, for the second opinion: one sign among others."""
        found = tuple(self.cues())
        form = self.form(found)
        technique = self.technique(form)
        asking = self.askings[-1].form if self.askings else "nothing"
        return (
            form,
            technique,
            f"{form} {technique}",
            f"asks {asking}",
            f"checks {self.checks_back}",
            *(f"cue {one.cue}" for one in found),
        )

    @cached_property
    def features(self) -> set[str]:
        """What the second opinion weighs."""
        return features(self.units, self.patterns.signs, self.evidence)

    @cached_property
    def verdict(self) -> tuple[Form, Technique]:
        """Form and technique: what the opinion weighs most; what the patterns say where a language has no opinion."""
        if self.opinion is None or not self.units:
            form = self.form(self.cues())
            return form, self.technique(form)
        best = self.opinion.best(self.features)
        return cast(Form, best[0]), cast(Technique, best[1])

    def found(self) -> list[Found]:
        """The wordings that make the text lead, blame or threaten, if it does: those that patterns know, or else the
        words that weigh most for it."""
        form, _ = self.verdict
        if form not in ("leading", "blaming_or_threatening"):
            return []
        if found := [one for one in self.cues() if one.form == form]:
            return found
        assert self.opinion is not None
        scores = self.opinion.scores(self.features)
        against = max((other for other in FORMS if other != form), key=lambda other: scores[other])
        start, end = self.opinion.telling(self.units, self.patterns.signs, form, against)
        return [Found(form, start, end, self.words.messages.doubts[form], "second-opinion")]

    def form(self, found: Iterable[Found]) -> Form:
        """What the patterns say: blame wins over leading, leading over open and closed; of these the last decides."""
        forms = {f.form for f in found}
        if "blaming_or_threatening" in forms:
            return "blaming_or_threatening"
        if "leading" in forms:
            return "leading"
        if self.checks_back:
            return "closed"
        if self.askings:
            return self.askings[-1].form
        return "closed" if self.asks else "statement"

    def technique(self, form: Form) -> Technique:
        """What the patterns say of the part that asks, or of the whole where nothing is asked or only checked back."""
        if form in ("leading", "blaming_or_threatening"):
            return "none"
        asking = self.askings[-1].unit.text if self.askings else (self.units[-1].text if self.units else "")
        back = form == "statement" or self.checks_back
        for listening, pattern, unless in self.patterns.techniques:
            if form not in listening.forms:
                continue
            if form == "closed" and not back and listening.technique not in ("clarify", "empathize"):
                continue
            texts = {
                "asking": [asking],
                "first": [self.units[0].text] if self.units else [],
                "text": [unit.text for unit in self.units],
            }[listening.within]
            for text in texts:
                if unless.search(text):
                    continue
                match = pattern.search(text)
                if match and (listening.within != "first" or not match.start()):
                    return listening.technique
        return "elicit" if form == "open" else "restate" if back and form == "closed" else "none"


def _askings(unit: Unit, patterns: Patterns) -> tuple[Asking, ...]:
    """The parts of a sentence that ask."""
    found: list[Asking] = []
    for n, (start, text) in enumerate(segments(unit, patterns.openers)):
        if found and start < found[-1].start + 1:
            continue
        if any(p.search(text) for p in patterns.not_heads):
            continue
        for head, pattern, unless in patterns.heads:
            if not pattern.search(text) or unless.search(text):
                continue
            if not _counts(head.where, n == 0, unit.asks):
                break
            form: Form = head.form if head.form != "request" else _requested(text, patterns)
            found.append(Asking(form, unit, start, text, head.why))
            break
    return tuple(found)


def _counts(where: str, at_start: bool, asked: bool) -> bool:
    """Whether a head in this place asks something."""
    match where:
        case "asked":
            return asked
        case "start":
            return at_start
        case "start_or_asked":
            return asked or at_start
        case _:
            return True


def _requested(text: str, patterns: Patterns) -> Form:
    """A request to tell is open, unless what it asks to be told is one fact."""
    return "closed" if patterns.request_closed.match(text) else "open"


def utterance(text: str, words: QuestionWords) -> Utterance:
    """The text as read. Raises QuestionError where it is too long or not in Latin letters."""
    if len(text) > MAX_CHARACTERS:
        raise QuestionError(
            words.messages.too_long.format(length=f"{len(text):,}", most=f"{MAX_CHARACTERS:,}")
        )
    cleaned = clean(text)
    if other_script(cleaned):
        raise QuestionError(words.messages.other_script)
    return Utterance(tuple(read(cleaned, words)), words, words.opinion)


def judge(text: str, words: QuestionWords) -> tuple[Form, Technique]:
    """Form and technique alone. Raises QuestionError as ``check`` does."""
    return utterance(text, words).verdict


def check(text: str, words: QuestionWords) -> Verdict:
    """Form, technique and feedback of an utterance.

    Raises QuestionError where the text has more than 10,000 characters or is not in Latin letters.
    """
    said = utterance(text, words)
    messages = words.messages
    if not said.units:
        return Verdict("statement", "none", (), False, "", messages.empty)
    form, technique = said.verdict
    found = _distinct(said.found())
    rewrite = _rewrite(said, form, technique, found, text)
    stacked = len(said.askings) > 1 and form in ("open", "closed") and not said.checks_back
    verdict = Verdict(form, technique, found, stacked, rewrite, "")
    return Verdict(form, technique, found, stacked, rewrite, " ".join(_feedback(verdict, said, text)))


def _distinct(found: list[Found]) -> tuple[Found, ...]:
    """The first two findings that give different reasons."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, f.end)):
        if all(one.why != other.why for other in kept):
            kept.append(one)
    return tuple(kept[:2])


def _rewrite(said: Utterance, form: Form, technique: Technique, found: tuple[Found, ...], text: str) -> str:
    """An open rewrite of the words that need one; empty where the question is well asked."""
    if form in ("open", "statement") or technique != "none" or (form == "closed" and said.checks_back):
        return ""
    units = [u for u in said.units if any(_within(f, u) for f in found)] or list(said.units[-1:])
    texts = [part for unit in units for part in texts_of(unit.text, said.words)]
    if form == "closed" and said.askings:
        texts = [said.askings[-1].text, *texts]
    capitals = _capitals(said, text)
    for made in candidates(texts, form, said.words):
        if judge(made, said.words)[0] == "open":
            return _with_capitals(made, capitals)
    return ""


def _within(found: Found, unit: Unit) -> bool:
    return unit.words[0].start <= found.start <= unit.words[-1].end


def _capitals(said: Utterance, text: str) -> dict[str, str]:
    """Names: words that have a capital letter inside a sentence."""
    inside = [word for unit in said.units for word in unit.words[1:]]
    written = {word.text: text[word.start : word.end] for word in inside}
    return {
        low: as_is
        for low, as_is in written.items()
        if as_is.lower() == low and as_is[0].isupper() and not as_is.isupper() and len(low) > 1
    }


def _with_capitals(made: str, capitals: dict[str, str]) -> str:
    for low, as_is in capitals.items():
        made = re.sub(rf"\b{re.escape(low)}\b", as_is, made)
    return made


def _feedback(verdict: Verdict, said: Utterance, text: str) -> Iterator[str]:
    """Sentences: what it is, which words make it so, how to ask instead, and what a checker cannot know."""
    messages = said.words.messages
    yield messages.forms[verdict.form]
    for found in verdict.found:
        yield messages.cue.format(
            words=shorten(text[found.start : found.end], 90, placeholder=" …"), why=found.why
        )
    if verdict.form == "blaming_or_threatening" and any("safety depend" in f.why for f in verdict.found):
        yield messages.threat
    if verdict.form == "closed":
        yield _why_closed(said, text)
    if verdict.stacked:
        yield messages.stacked
    if verdict.technique != "none":
        yield messages.techniques[verdict.technique]
    elif verdict.form == "statement":
        yield messages.techniques["none"]
    if verdict.rewrite:
        yield messages.rewrite.format(rewrite=verdict.rewrite)
    yield messages.limits


def _why_closed(said: Utterance, text: str) -> str:
    messages = said.words.messages
    if said.checks_back:
        return messages.check_back
    asking = next((a for a in reversed(said.askings) if a.form == "closed"), None)
    if asking is None:
        return messages.closed_stated if said.asks and not said.askings else messages.closed_unmarked
    start, _ = asking.unit.span(asking.start, asking.start + 1)
    count = 2 if asking.text.split()[0] in said.words.patterns.auxiliaries else 4
    shown = asking.text.split()[:count]
    _, end = asking.unit.span(asking.start, asking.start + len(" ".join(shown)))
    words = text[start:end].strip(" ,")
    return (messages.closed_yes_no if count == 2 else messages.closed_fact).format(words=words)
