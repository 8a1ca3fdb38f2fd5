"""Reads the texts of exercises with the definition checker and the question checker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache

from coptip.course.exercise import TextItem
from coptip.course.reading import Ease, Noticed, Reading
from coptip.language import definition, ease, question
from coptip.language.concept import Ready
from coptip.language.normal import has_any
from coptip.language.question_words import QuestionWords


class Checkers:
    """The two checkers, loaded when a text is first read."""

    def __init__(
        self, concepts: Callable[[], Mapping[str, Ready]], words: Callable[[], QuestionWords]
    ) -> None:
        self._concepts, self._words = concepts, words
        self.read = lru_cache(256)(self._read)

    @cached_property
    def concepts(self) -> Mapping[str, Ready]:
        return self._concepts()

    @cached_property
    def words(self) -> QuestionWords:
        return self._words()

    def ease(self, text: str) -> Ease | None:
        """How easily a text reads, as Flesch counts it; None for a text of a few words."""
        told = ease.ease(text)
        return Ease(told.score, round(told.words / told.sentences)) if told else None

    def _read(self, item: TextItem, text: str) -> Reading:
        if item.concept:
            return _definition(self.concepts[item.concept], text)
        return _question(item, self.words, text)


def _definition(ready: Ready, text: str) -> Reading:
    try:
        told = definition.check(ready, text)
    except definition.TextError as error:
        return Reading(complete=False, remarks=(str(error),))
    elements = {e.id: e for e in ready.concept.elements}
    misconceptions = {m.id: m for m in ready.misconceptions}

    def spans(id: str) -> tuple[tuple[int, int], ...]:
        return tuple((start, end) for start, end, of in told.spans if of == id)

    found = [Noticed(kind="part", title=elements[id].title, spans=spans(id)) for id in told.elements]
    wrong = [
        Noticed(
            kind="amiss",
            title=misconceptions[id].title,
            spans=spans(id),
            text=f"{misconceptions[id].correction} ({misconceptions[id].source})",
        )
        for id in told.misconceptions
    ]
    return Reading(
        complete=told.complete,
        noticed=(*found, *wrong),
        remarks=told.remarks,
        asks=told.question,
        limits=definition.LIMITS,
    )


def _question(item: TextItem, words: QuestionWords, text: str) -> Reading:
    try:
        told = question.check(text, words)
    except question.QuestionError as error:
        return Reading(complete=False, remarks=(str(error),))
    right_form = told.form in item.forms
    right = right_form and (not item.techniques or told.technique in item.techniques)
    on_aim = item.aim is None or has_any(text, item.aim.words)
    remark = told.feedback.removesuffix(words.messages.limits).strip()
    spans = tuple((found.start, found.end) for found in told.found)
    noticed = Noticed(kind="part" if right else "amiss", title=words.messages.names[told.form], spans=spans)
    return Reading(
        complete=right and on_aim,
        noticed=(noticed,),
        remarks=(remark,),
        asks="" if on_aim or item.aim is None else item.aim.missing,
        reply=item.reply if right and on_aim else item.poor_reply,
        limits=words.messages.limits,
    )
