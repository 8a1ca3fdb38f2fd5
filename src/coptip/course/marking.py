"""Marking: a stage and responses in, marks out. Pure; what may be told, and when, is the session's business.

Each mark names a verdict and the feedback that the chosen answer has earned. Responses come from a page, so
nothing about their shape is trusted: what does not fit the stage counts as not answered.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from coptip.course.exercise import (
    Choice,
    ChoiceItem,
    Discussion,
    Field,
    Form,
    FormCheck,
    Hottext,
    Match,
    MatchItem,
    Order,
    Responses,
    Step,
    Text,
    TextItem,
)
from coptip.course.reading import Ease, NoReader, Reader, is_read

Card = Mapping[str, tuple[str, ...]]
"""A card of a form: field id to what stands there; a field that says nothing is not in it."""
Verdict = Literal["right", "wrong", "part", "open", "missed", "info"]


@dataclass(frozen=True)
class Mark:
    """The verdict on one item, the feedback it earned, and for several picks the mark of each."""

    verdict: Verdict
    text: str = ""
    options: Mapping[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Marks:
    """The marks of a stage. ``complete``: nothing is left to mend. ``missed``: right answers not yet given."""

    items: Mapping[str, Mark]
    of: int
    complete: bool
    missed: int = 0

    @property
    def right(self) -> int:
        """How many items are right."""
        return sum(mark.verdict == "right" for mark in self.items.values())

    @property
    def answered(self) -> int:
        """How many items were answered."""
        return sum(mark.verdict != "open" for mark in self.items.values())


def ids(value: Any, known: Iterable[str]) -> tuple[str, ...]:
    """The known ids in a list that came from a page, each once, in its order; nothing for other shapes."""
    known = set(known)
    if not isinstance(value, list | tuple):
        return ()
    return tuple(dict.fromkeys(v for v in value if isinstance(v, str) and v in known))


def text_of(value: Any) -> str:
    """The text of a written response, or nothing."""
    value = value.get("text") if isinstance(value, Mapping) else value
    return value if isinstance(value, str) else ""


def _tally(items: dict[str, Mark], missed: int = 0) -> Marks:
    complete = missed == 0 and all(mark.verdict == "right" for mark in items.values())
    return Marks(items=items, of=len(items), complete=complete, missed=missed)


def mark_choice(stage: Choice, responses: Responses) -> Marks:
    """Mark picks. ``one``: any correct option is right. ``many``: all correct options and no other."""
    return _tally({item.id: _mark_picks(item, responses.get(item.id)) for item in stage.items})


def _mark_picks(item: ChoiceItem, response: Any) -> Mark:
    options = {option.id: option for option in item.options}
    picks = ids(response if item.select == "many" else [response], options)
    if not picks:
        return Mark("open")
    marks = {p: Mark("right" if options[p].correct else "wrong", options[p].feedback) for p in picks}
    if item.select == "one":
        return marks[picks[0]]
    missed = sum(option.correct for option in item.options if option.id not in picks)
    wrong = any(mark.verdict == "wrong" for mark in marks.values())
    verdict: Verdict = "wrong" if wrong and missed else "part" if wrong or missed else "right"
    more = "" if not missed else "One more belongs here." if missed == 1 else f"{missed} more belong here."
    return Mark(verdict, more, marks)


def accepted(item: MatchItem) -> tuple[str, ...]:
    """The targets that are right for an item."""
    return (item.target,) if isinstance(item.target, str) else item.target


def mark_match(stage: Match, responses: Responses) -> Marks:
    """Mark each item by its own target."""
    items = {}
    for item in stage.items:
        target = responses.get(item.id)
        if not isinstance(target, str) or target not in stage.targets_of(item):
            items[item.id] = Mark("open")
            continue
        told = item.feedback.get(target, item.feedback.get("else", ""))
        items[item.id] = Mark("right" if target in accepted(item) else "wrong", told)
    return _tally(items)


def _ranks(steps: tuple[Step, ...]) -> dict[str, int]:
    """Where each step belongs; neighbours of one group share a place."""
    ranks: dict[str, int] = {}
    for place, step in enumerate(steps):
        before = steps[place - 1] if place else None
        same = before is not None and step.group != "" and step.group == before.group
        ranks[step.id] = ranks[before.id] if same and before else place
    return ranks


def longest_run(ranks: list[int]) -> set[int]:
    """Positions of the longest run of steps that already stand in the right order relative to each other."""
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for position, rank in enumerate(ranks):
        length = bisect_right(tails, rank)
        before.append(tail_at[length - 1] if length else -1)
        tails[length : length + 1] = [rank]
        tail_at[length : length + 1] = [position]
    run, at = set(), tail_at[-1] if tail_at else -1
    while at >= 0:
        run.add(at)
        at = before[at]
    return run


def mark_order(stage: Order, responses: Responses) -> Marks:
    """Mark an order by its longest correct run; only the step that stands most wrong is told its reason."""
    rank = _ranks(stage.items)
    steps = {step.id: step for step in stage.items}
    order = ids(responses.get("order"), steps)
    if len(order) != len(steps):
        return Marks(items={id: Mark("open") for id in steps}, of=len(steps), complete=False)
    run = longest_run([rank[id] for id in order])
    astray = [position for position in range(len(order)) if position not in run]
    worst = max(astray, key=lambda position: abs(rank[order[position]] - position), default=-1)
    items = {}
    for position, id in enumerate(order):
        if position in run:
            items[id] = Mark("right", steps[id].why if not astray else "")
        else:
            items[id] = Mark("wrong", steps[id].why if position == worst else "")
    return Marks(items=items, of=len(items), complete=not astray)


def mark_hottext(stage: Hottext, responses: Responses) -> Marks:
    """Mark phrases: found, wrongly marked, and how many are missed."""
    marked = ids(responses.get("phrases"), stage.phrases)
    items = {
        id: Mark("right" if stage.phrases[id].correct else "wrong", stage.phrases[id].feedback)
        for id in marked
    }
    missed = sum(phrase.correct for id, phrase in stage.phrases.items() if id not in marked)
    wrong = any(mark.verdict == "wrong" for mark in items.values())
    of = sum(phrase.correct for phrase in stage.phrases.values())
    return Marks(items=items, of=of, complete=not missed and not wrong, missed=missed)


NO_READER = NoReader()


def mark_text(stage: Text, responses: Responses, reader: Reader = NO_READER) -> Marks:
    """Mark texts by what ``reader`` finds in them, or by the writer's own self-check; a reflection is kept."""
    return _tally({item.id: _mark_writing(item, responses.get(item.id), reader) for item in stage.items})


def _mark_writing(item: TextItem, response: Any, reader: Reader) -> Mark:
    if not text_of(response).strip():
        return Mark("open")
    if is_read(item):
        reading = reader.read(item, text_of(response))
        verdict: Verdict = "right" if reading.complete else "wrong" if reading.amiss else "part"
        return Mark(verdict, reading.said)
    if not item.criteria:
        return Mark("right", "Kept. This is not marked.")
    ticks = response.get("ticks", {}) if isinstance(response, Mapping) else {}
    ticks = ticks if isinstance(ticks, Mapping) else {}
    marks = {}
    for criterion in item.criteria:
        tick = ticks.get(criterion.id)
        if not isinstance(tick, bool):
            marks[criterion.id] = Mark("open")
        elif tick == (criterion.kind == "need"):
            marks[criterion.id] = Mark("right")
        else:
            marks[criterion.id] = Mark("wrong", criterion.feedback)
    verdicts = {mark.verdict for mark in marks.values()}
    verdict = "right" if verdicts == {"right"} else "part"
    return Mark(
        verdict, "" if "open" not in verdicts else "Now check your text with the questions below.", marks
    )


def mark_discussion(stage: Discussion, responses: Responses) -> Marks:
    """A discussion is not marked; notes are kept."""
    items = {
        question.id: Mark("info" if text_of(responses.get(question.id)).strip() else "open")
        for question in stage.questions
    }
    return Marks(items=items, of=len(items), complete=any(mark.verdict == "info" for mark in items.values()))


def cards(form: Form, section: str, responses: Responses) -> list[tuple[int, Card]]:
    """The cards of a form's section that say anything, each with its place (from 1); empty ones are left out.

    Responses come from a page or a file: unknown fields, options that a field does not have and whatever has
    another shape count as not filled in.
    """
    fields = {f.id: f for s in form.sections if s.id == section for f in s.fields}
    raw = responses.get(section)
    found: list[tuple[int, Card]] = []
    for place, entry in enumerate(raw if isinstance(raw, list) else [], 1):
        if isinstance(entry, Mapping):
            values = {id: values_of(f, entry.get(id)) for id, f in fields.items()}
            if said := {id: value for id, value in values.items() if value}:
                found.append((place, said))
    return found


def values_of(field: Field, value: Any) -> tuple[str, ...]:
    """What a field says: one text or id, several ids, or nothing where the value does not fit the field."""
    if field.input == "many":
        return ids(value, field.options)
    if not isinstance(value, str) or not value.strip():
        return ()
    match field.input:
        case "choice":
            fits = value in field.options
        case "tick":
            fits = value == "yes"
        case "number" | "scale":
            fits = number_in(field, value) is not None
        case "date":
            fits = day_in(value) is not None
        case _:
            fits = True
    return (value,) if fits else ()


def number_in(field: Field, value: str) -> int | None:
    """The whole number in a field's text, where it has one that the field takes."""
    if not re.fullmatch(r"-?[0-9]{1,9}", value.strip()):
        return None
    number = int(value)
    low, high = field.low, field.high
    return number if (low is None or number >= low) and (high is None or number <= high) else None


def day_in(value: str) -> date | None:
    """The day that a text names as 2026-11-25, or nothing."""
    try:
        return date.fromisoformat(value) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else None
    except ValueError:
        return None


def struck(
    check: FormCheck, form: Form, responses: Responses, reader: Reader = NO_READER
) -> tuple[int, ...] | None:
    """Whether a named check has something to ask: the places of the cards it asks about, or None.

    A check of the section as a whole strikes without naming a card: ``()``. A sheet that says nothing at all
    lacks what it lacks; empty cards of a section that repeats are passed over.
    """
    if check.kind == "reading":
        read = ease_of(check, form, responses, reader)
        return () if read is not None and read.score < check.count else None
    found = cards(form, check.section, responses)
    repeats = any(section.id == check.section and section.repeat for section in form.sections)
    if not found and not repeats and check.kind == "missing":
        found = [(1, {})]
    said = [card.get(check.field, ()) for _, card in found]
    if check.kind in ("missing", "requires", "words", "exceeds", "older"):
        places = tuple(place for place, card in found if _asks(check, card, form, responses))
        return places or None
    return () if _asks_section(check, said) else None


def _asks_section(check: FormCheck, said: list[tuple[str, ...]]) -> bool:
    match check.kind:
        case "empty":
            return not said
        case "fewer":
            return len(said) < check.count
        case "all_same":
            return len(said) > 1 and len(set(said)) == 1 and bool(said[0])
        case "only":
            return bool(said) and all(values and set(values) <= set(check.values) for values in said)
        case "none":
            return bool(said) and not any(set(values) & set(check.values) for values in said)
        case "spread":
            return bool(said) and len({value for values in said for value in values}) < check.count
        case _:
            return sum(int(value) for values in said for value in values) > check.count


def _asks(check: FormCheck, card: Card, form: Form, responses: Responses) -> bool:
    """Whether a check has something to ask about one card."""
    said = card.get(check.field, ())
    needed = card.get(check.needs, ())
    match check.kind:
        case "missing":
            return not said
        case "requires":
            holds = bool(set(said) & set(check.values)) if check.values else bool(said)
            meets = bool(set(needed) & set(check.needs_values)) if check.needs_values else bool(needed)
            return holds and not meets
        case "words":
            return any(_has_words(said, words) for words in check.values)
        case "exceeds":
            return bool(said and needed) and int(said[0]) > int(needed[0])
        case _:
            section, _, name = check.than.partition(".")
            newest = next((other.get(name, ()) for _, other in cards(form, section, responses)), ())
            then, now = (day_in(values[0]) if values else None for values in (said, newest))
            return then is not None and now is not None and (now - then).days > check.count


def _has_words(said: tuple[str, ...], words: str) -> bool:
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    return any(re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) for text in said)


def ease_of(check: FormCheck, form: Form, responses: Responses, reader: Reader) -> Ease | None:
    """How easily the texts that a check of kind ``reading`` names read together, each field a line."""
    places = [place.partition(".")[::2] for place in check.of]
    lines = [
        text for section, name in places for _, card in cards(form, section, responses) for text in card.get(name, ())
    ]
    return reader.ease("\n".join(lines))


def mark_form(stage: Form, responses: Responses, reader: Reader = NO_READER) -> Marks:
    """Run a form's named checks; each that strikes asks its question, and says which cards it asks about."""
    sections = {section.id: section for section in stage.sections}
    items = {}
    for check in stage.checks:
        places = struck(check, stage, responses, reader)
        if places is None:
            items[check.id] = Mark("right")
            continue
        section = sections[check.section]
        numbers = ", ".join(map(str, places))
        where = (
            f" ({section.card[:1].upper()}{section.card[1:]} {numbers})" if section.repeat and places else ""
        )
        items[check.id] = Mark("info" if check.gentle else "part", check.text.strip() + where)
    filled = any(cards(stage, section.id, responses) for section in stage.sections)
    complete = filled and not any(mark.verdict == "part" for mark in items.values())
    return Marks(items=items, of=len(items), complete=complete)
