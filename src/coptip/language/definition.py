"""What a text says of a concept: elements, misconceptions, the words that show them, and feedback.

A text asserts, denies or only mentions an idea. Patterns (see ``coptip.language.pattern``) find ideas in clauses;
whatever stands in the scope of a negation or of a denial ("it is wrong to say that ...") is not asserted. A bare
list of terms asserts nothing. Nobody gets a score.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from coptip.language.concept import Compiled, Ready
from coptip.language.opinion import Idea, Reading, Window, best
from coptip.language.pattern import ANYWHERE, Hit, Marked, Pattern, find

LIMIT = 10_000
"""Characters of a text that are read."""

WIDEST = 24
"""Words between the first and the last of a misconception's words: what is farther apart is not one thought."""

NEAR = 10
"""What forbids an element has to stand near it; what forbids a misconception may stand anywhere in the sentence."""

CAREFUL = {"E": 0.0, "M": 0.1}
"""How much more a doubled number of sentences has to show: where one looks often, one finds by chance.

For elements nothing: a sentence about something else takes none away.
"""

Span = tuple[int, int, str]
"""Start, end (characters of the text) and the id that these words earned."""

LIMITS = (
    "A checker reads words, not minds: it may miss what you meant or find what you did not mean. "
    "It gives no mark. Ask a colleague or your instructor where you disagree; national law decides a real case."
)


class TextError(ValueError):
    """A text that cannot be read; the message is a sentence for whoever wrote it."""


@dataclass(frozen=True)
class Result:
    """What a text says. Ids stand in the concept's order.

    ``remarks``: about the text as a whole (a bare list, another script); ``question``: one, for what is missing;
    ``told`` and ``corrections``: sentences about what was found. ``complete``: nothing is missing or wrong.
    """

    elements: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    remarks: tuple[str, ...] = ()
    told: str = ""
    question: str = ""
    corrections: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Every element that a definition needs is there, and no misconception."""
        return bool(self.elements) and not (self.question or self.misconceptions or self.remarks)

    @property
    def feedback(self) -> str:
        """All of it as sentences for whoever wrote the text."""
        whole = "Every part that a definition needs was found." if self.complete else ""
        return " ".join(
            filter(None, (*self.remarks, self.told, whole, self.question, *self.corrections, LIMITS))
        )


def check(ready: Ready, text: str) -> Result:
    """What ``text`` says of a concept.

    Raises:
        TextError: the text has more than 10,000 characters.
    """
    if len(text) > LIMIT:
        raise TextError(
            f"The text has {len(text):,} characters; at most {LIMIT:,} are read. Shorten it to the definition itself."
        )
    if reason := _unreadable(text):
        return Result(remarks=(reason,))
    compiled = ready.compiled
    marked = [compiled.vocabulary.annotate(sentence) for sentence in compiled.lexicon.read(text)]
    marked = [one for one in marked if one.tokens]
    if not marked:
        return Result(remarks=(NOTHING,))
    _mark_denials(marked)
    if is_list(text, marked):
        return _result(ready, (), (), (), True, text)
    found, wrong, spans = _weighed(ready, marked) if ready.weights else _matched(ready, marked)
    return _result(ready, found, wrong, sorted(spans), False, text)


Verdict = tuple[list[str], list[str], set[Span]]
"""Elements and misconceptions found, and the words that earned each."""


def _matched(ready: Ready, marked: Sequence[Marked]) -> Verdict:
    """What the patterns alone find."""
    concept, compiled = ready.concept, ready.compiled
    spans: set[Span] = set()
    wrong: list[str] = []
    own = len(concept.misconceptions)
    mistaken: list[tuple[Hit, tuple[str, ...]]] = []
    refused: list[tuple[str, Iterable[Hit]]] = []
    for n, misconception in enumerate(ready.misconceptions):
        hits = _first(compiled.misconceptions[misconception.id], marked)
        if hits is None or any(hit.words[-1] - hit.words[0] > WIDEST for hit in hits):
            continue
        if any(hit.denied for hit in hits):
            refused.append((misconception.id, hits))
        elif n < own or {hit.sentence for hit, _ in mistaken}.isdisjoint(hit.sentence for hit in hits):
            wrong.append(misconception.id)
            mistaken += [(hit, misconception.carries) for hit in hits]
            spans.update(_spans(hits, marked, misconception.id))
    hits_of: dict[str, Iterable[Hit]] = {}
    for element in concept.elements:
        if element.optional and not set(element.denies).isdisjoint(wrong):
            continue
        hits = _first(compiled.elements[element.id], marked, NEAR)
        if hits is not None and not any(hit.denied for hit in hits):
            hits_of[element.id] = hits
        elif told := [hits for id, hits in refused if id in element.denies and id not in wrong]:
            hits_of[element.id] = told[0]
    if len(hits_of) < 3 and set(hits_of) <= set(concept.weak) and not _about(compiled, marked):
        hits_of = {}
    by_sentence = Counter(n for hits in hits_of.values() for n in {hit.sentence for hit in hits})
    found = []
    for id, hits in hits_of.items():
        others = [hit for hit, carries in mistaken if id not in carries]
        if any(by_sentence[hit.sentence] < 2 and _within(hit, others, marked) for hit in hits):
            continue
        found.append(id)
        spans.update(_spans(hits, marked, id))
    return found, wrong, spans


def pattern_hits(ready: Ready, marked: Sequence[Marked]) -> dict[str, tuple[Hit, ...]]:
    """The first hits of each idea's patterns, denied ones among them."""
    compiled = ready.compiled
    found: dict[str, tuple[Hit, ...]] = {}
    for patterns, near in ((compiled.elements, NEAR), (compiled.misconceptions, ANYWHERE)):
        for id, of in patterns.items():
            if hits := _first(of, marked, near):
                found[id] = tuple(hits)
    return found


def reading_of(ready: Ready, text: str) -> Reading | None:
    """A text as the second opinion sees it; None where it says nothing (empty, or a bare list)."""
    compiled = ready.compiled
    marked = [compiled.vocabulary.annotate(sentence) for sentence in compiled.lexicon.read(text)]
    marked = [one for one in marked if one.tokens]
    if not marked:
        return None
    _mark_denials(marked)
    return None if is_list(text, marked) else _reading(marked, pattern_hits(ready, marked))


def _reading(marked: Sequence[Marked], hits: Mapping[str, tuple[Hit, ...]]) -> Reading:
    told: dict[str, tuple[bool, dict[int, list[int]]]] = {}
    for id, of in hits.items():
        places: dict[int, list[int]] = {}
        for hit in of:
            places.setdefault(hit.sentence, []).extend(hit.words)
        told[id] = any(hit.denied for hit in of), places
    return Reading(marked, told)


def _weighed(ready: Ready, marked: Sequence[Marked]) -> Verdict:
    """What patterns and the second opinion find together; of a misconception and what denies it the weightier."""
    assert ready.weights is not None
    hits = pattern_hits(ready, marked)
    reading = _reading(marked, hits)
    least = {
        kind: ready.weights.least[kind] + CAREFUL[kind] * log2(len(marked)) for kind in ready.weights.least
    }
    weighed = {idea.id: best(reading, idea, ready.weights) for idea in ready.compiled.ideas}
    margins = {idea.id: weighed[idea.id][0] - least[idea.kind] for idea in ready.compiled.ideas}
    for element in ready.concept.elements:
        for id in element.denies:
            if min(margins[element.id], margins.get(id, -1.0)) >= 0:
                margins[min(element.id, id, key=margins.__getitem__)] = -1.0
    spans: set[Span] = set()
    said: dict[str, list[str]] = {"E": [], "M": []}
    for idea in ready.compiled.ideas:
        if margins[idea.id] < 0:
            continue
        window = weighed[idea.id][1]
        said[idea.kind].append(idea.id)
        shown = [
            hit for hit in hits.get(idea.id, ()) if not hit.denied and hit.sentence in window.sentences
        ]
        spans.update(_spans(shown or list(_pointing(marked, window, idea)), marked, idea.id))
    return said["E"], said["M"], spans


def _pointing(marked: Sequence[Marked], window: Window, idea: Idea) -> Iterator[Hit]:
    """The words of a window that belong to an idea; all of them where none does."""
    for n in window.sentences:
        ends = marked[n].ends
        there = window.of(range(len(ends)))
        inside = [i for i in there if not idea.names.isdisjoint(ends[i])]
        yield Hit(n, tuple(inside or there), False)


NOTHING = "There is nothing to read yet. Say in a sentence or two what the term means."


def _unreadable(text: str) -> str:
    letters = [c for c in text if c.isalpha()]
    if not any(c.isalnum() for c in text):
        return NOTHING
    latin = sum(
        c.isascii() or "LATIN" in unicodedata.name(c, "") or "FULLWIDTH" in unicodedata.name(c, "")
        for c in letters[:2000]
    )
    if letters and latin * 2 < min(len(letters), 2000):
        return "This checker reads English so far. Your text seems to be in another script; a colleague can read it."
    return ""


def _first(patterns: Sequence[Pattern], text: Sequence[Marked], near: int = ANYWHERE) -> Iterable[Hit] | None:
    """The hits of the first pattern that is asserted; else of the first that is denied; else None."""
    denied: Iterable[Hit] | None = None
    for pattern in patterns:
        hits = find(pattern, text, near)
        if hits is None:
            continue
        if not any(hit.denied for hit in hits):
            return hits
        denied = denied or hits
    return denied


def _spans(hits: Iterable[Hit], text: Sequence[Marked], id: str) -> Iterator[Span]:
    """Rows of words that stand together become one span."""
    for hit in hits:
        tokens = text[hit.sentence].tokens
        row: list[int] = []
        for i in (*sorted(set(hit.words)), -2):
            if row and i != row[-1] + 1:
                yield tokens[row[0]].start, tokens[row[-1]].end, id
                row = []
            row.append(i)


def _within(hit: Hit, mistaken: Sequence[Hit], text: Sequence[Marked]) -> bool:
    """Whether words stand in the clause of a misconception, so that they say nothing of their own."""
    for other in mistaken:
        if other.sentence == hit.sentence:
            first, last = min(hit.words[-1], other.words[-1]), max(hit.words[0], other.words[0])
            if not any(stem in (",", ";") for stem in text[hit.sentence].stems[first + 1 : last]):
                return True
    return False


def _about(compiled: Compiled, text: Sequence[Marked]) -> bool:
    """Whether the text has the concept's topic."""
    return any(find(pattern, text) is not None for pattern in compiled.topic)


# --- lists and denials -----------------------------------------------------------------------------------

_SEGMENT = re.compile(r"[,;/|•\n.:·–—+*]|\s-\s|\band\b", re.IGNORECASE)
_VERBS = frozenset({"be", "must", "should", "can", "will"})


def is_list(text: str, marked: Sequence[Marked]) -> bool:
    """A bare list of terms: three or more short items and nothing that relates them."""
    items = [item.split() for item in _SEGMENT.split(text) if item.strip(" -\t\"'()")]
    if len(items) < 3 or max(map(len, items)) > 4 or sum(map(len, items)) > 2.3 * len(items):
        return False
    relations = sum("@relation" in here or "@negator" in here for one in marked for here in one.ends)
    if relations and any(stem in _VERBS for one in marked for stem in one.stems):
        return False
    last = marked[-1]
    if any(last.not_at[max(0, len(last.stems) - 3) :]) and relations > 1:
        return False
    return relations <= (2 * len(items) // 5 if len(items) > 4 else 0)


def _mark_denials(text: Sequence[Marked]) -> None:
    """Mark what stands in a frame such as 'it is wrong to say that ...' or '... is a myth'."""
    for n, marked in enumerate(text):
        if marked.asked and n + 1 < len(text) and _says_no(text[n + 1]):
            marked.deny()
        if (turn := _told_by_others(marked, text[n + 1] if n + 1 < len(text) else None)) is not None:
            marked.deny(0, turn)
        spot = next(
            (i for i, here in enumerate(marked.ends) if "@denial" in here and not _undone(marked, i)), None
        )
        if spot is None:
            continue
        end = max(marked.ends[spot]["@denial"])
        if n > 0 and _points_back(marked, spot) and (
            len(marked.tokens) <= end - spot + 4 or any(marked.wall[end : end + 1])
        ):
            text[n - 1].deny()
            continue
        turn = next(
            (i for i in range(end, len(marked.stems)) if "@contrast" in marked.ends[i]),
            len(marked.stems),
        )
        marked.deny(_clause_start(marked, spot), _clause_end(marked, spot, turn))


def _told_by_others(marked: Marked, after: Marked | None) -> int | None:
    """Where a belief of others ends that the writer contradicts: 'Some say ...; but', 'He swears ... Yet'."""
    said = next((i for i, here in enumerate(marked.ends) if "@claim" in here), None)
    if said is None:
        return None
    subject = range(max(0, said - 4), said)
    if any(marked.stems[i] in _OWN_VOICE or "@traffickers" in marked.ends[i] for i in subject):
        return None
    size = len(marked.stems)
    turn = next((i for i in range(said + 3, size) if "@objection" in marked.ends[i]), None)
    if turn is None and after is not None and any("@objection" in here for here in after.ends[:2]):
        turn = size
    return turn


def _clause_start(marked: Marked, spot: int) -> int:
    return max((i + 1 for i in range(spot) if marked.stems[i] == ";"), default=0)


def _clause_end(marked: Marked, spot: int, turn: int) -> int:
    return min((i for i in range(spot, turn) if marked.stems[i] == ";"), default=turn)


_BACK = frozenset(
    {"that", "this", "it", "be", "is", "are", ",", "a", "all", "such", "hav", "he", "she", "they", "in", "of"}
    | {"cort", "judg", "law", "lin", "view", "word"}
)
_OWN_VOICE = frozenset({"i", "we", "law", "protocol", "convention", "articl", "cort", "judg", "guid", "treaty", "rul"})
_ANSWERS_NO = frozenset({"no", "not", "never", "wrong", "hardly", "neither"})


def _says_no(marked: Marked) -> bool:
    """The answer 'No.', 'Answer: No, ...', 'It does not.', 'Certainly not.'"""
    stems = [stem for stem in marked.stems if stem not in ("answer", ",", ";", "fact")][:4]
    return not _ANSWERS_NO.isdisjoint(stems)


def _undone(marked: Marked, spot: int) -> bool:
    """'It is not wrong to say ...' denies nothing."""
    return any(marked.not_at[i] for i in range(max(0, spot - 3), spot))


def _points_back(marked: Marked, spot: int) -> bool:
    return all(
        stem in _BACK or stem in marked.fillers
        for stem in marked.stems[:spot]
    )


# --- feedback --------------------------------------------------------------------------------------------


BARE = (
    "This is a list of terms; it does not say yet how they belong together. Make a sentence of it: who does what, "
    "to whom, how and what for."
)


def _result(
    ready: Ready, found: Sequence[str], wrong: Sequence[str], spans: Sequence[Span], bare: bool, text: str
) -> Result:
    concept = ready.concept
    elements = {e.id: e for e in concept.elements}
    told = "; ".join(f"{elements[id].title} ({_quote(text, spans, id)})" for id in found)
    missing = next((e for e in concept.elements if not e.optional and e.id not in found), None)
    return Result(
        elements=tuple(found),
        misconceptions=tuple(wrong),
        spans=tuple(spans),
        remarks=(BARE,) if bare else (),
        told=f"Your text says: {told}."
        if told
        else f"No part of a definition of {concept.title} was found in these words."
        if not bare
        else "",
        question=missing.question if missing else "",
        corrections=tuple(f"{m.correction} ({m.source})" for m in ready.misconceptions if m.id in wrong),
    )


def _quote(text: str, spans: Iterable[Span], id: str) -> str:
    words = [" ".join(text[start:end].split()) for start, end, of in sorted(spans) if of == id]
    return "“" + " … ".join(words) + "”"


# --- a concept's own examples ------------------------------------------------------------------------------


def check_examples(ready: Ready) -> Iterator[tuple[int, str]]:
    """Number and a sentence for each of the concept's examples that is judged otherwise than its author says."""
    for n, example in enumerate(ready.concept.examples):
        result = check(ready, example.text)
        for what, got, wanted in (
            ("elements", set(result.elements), set(example.elements)),
            ("misconceptions", set(result.misconceptions), set(example.misconceptions)),
        ):
            if got != wanted:
                parts = [f"'{id}' was not found" for id in sorted(wanted - got)]
                parts += [f"'{id}' was found, and is not listed" for id in sorted(got - wanted)]
                yield n, f"the checker judges the {what} of this example otherwise: {', '.join(parts)}."
