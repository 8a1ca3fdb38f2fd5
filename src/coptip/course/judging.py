"""Marking of case files: the key is computed from the case by ``assess``, never typed.

A first miss is told where to read again; only a second one gets the reason. A finding that does not follow
from the participant's own ticks is told so before it is compared with the case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coptip.course.case import Case, Inquiry
from coptip.course.exercise import Facts, Responses
from coptip.course.marking import Mark, Marks
from coptip.course.materials import Materials
from coptip.course.view import AGES, ELEMENT_VALUES, FINDINGS, asks_age, element_values
from coptip.law import Assessment, ElementFinding, Finding, Offence, assess, conclude
from coptip.law import Facts as LawFacts

NATIONAL_LAW = "This is the international definition; in a real case the national law decides."


@dataclass(frozen=True)
class Bench:
    """A case file on the bench: the facts known so far, and the offences assessed on them."""

    stage: Facts
    case: Case
    facts: LawFacts
    passages: Mapping[str, str]
    assessments: Mapping[str, Assessment]
    offences: Mapping[str, Offence]

    @property
    def open(self) -> list[str]:
        """The offences whose finding is still undetermined."""
        return [id for id, a in self.assessments.items() if a.finding is Finding.UNDETERMINED]


def bench(stage: Facts, materials: Materials, asked: Sequence[str] = ()) -> Bench:
    """The case with the answers to the questions ``asked`` so far."""
    case = materials.cases[stage.case]
    facts = case.facts
    passages = {s.fact: s.passage for s in case.shown}
    for inquiry in (i for id in asked for i in case.inquiries if i.id == id):
        facts = facts.with_((s.fact, s.value) for s in inquiry.facts)
        passages |= {s.fact: s.passage for s in inquiry.facts}
    offences = {id: materials.offences[id] for id in stage.offences}
    assessments = {id: assess(offence, facts, materials.offences) for id, offence in offences.items()}
    return Bench(stage, case, facts, passages, assessments, offences)


def decides(stage: Facts, materials: Materials, inquiry: Inquiry, asked: Sequence[str] = ()) -> bool:
    """Whether an inquiry's answer settles a finding that is open after the questions ``asked``."""
    before = set(bench(stage, materials, asked).open)
    return bool(before - set(bench(stage, materials, [*asked, inquiry.id]).open))


def expected(found: ElementFinding) -> str:
    """The value of an element as the law has it: its finding, or that it is not needed."""
    return found.finding.value if found.needed else "not_needed"


def key(on: Bench) -> dict[str, str]:
    """The right value of everything that is asked of the case, computed."""
    answers: dict[str, str] = {}
    for id, assessment in on.assessments.items():
        if asks_age(on.offences[id]):
            answers[f"{on.offences[id].prefix}.age"] = on.facts["victim_age"]
        wanted = set(on.offences[id].elements)
        for found in assessment.elements:
            if found.element in wanted:
                answers[found.id] = expected(found)
        answers[id] = assessment.finding.value
    return answers


def mark_facts(on: Bench, responses: Responses, again: bool) -> Marks:
    """Mark a participant's ticks and findings; ``again``: this is the second try or later."""
    answers = key(on)
    items: dict[str, Mark] = {}
    for id, assessment in on.assessments.items():
        offence = on.offences[id]
        if asks_age(offence):
            age = f"{offence.prefix}.age"
            items[age] = _mark_age(on, responses.get(age), answers[age])
        for found in assessment.elements:
            if found.id in answers:
                items[found.id] = _mark_element(on, offence, found, responses.get(found.id), again)
        items[id] = _mark_finding(on, id, responses)
    complete = all(mark.verdict == "right" for mark in items.values())
    return Marks(items=items, of=len(items), complete=complete)


def _mark_age(on: Bench, said: Any, right: str) -> Mark:
    if said not in AGES:
        return Mark("open")
    passage = on.passages.get("victim_age")
    quoted = f"The file says: “{passage}”." if passage else "No words of the file show the age."
    if said == right:
        return Mark("right", f"{quoted} A child is any person under 18. ACTIP Art. 2(d).")
    return Mark("wrong", f"{quoted} The age decides whether a means has to be shown. ACTIP Art. 2(c), (d).")


def _mark_element(on: Bench, offence: Offence, found: ElementFinding, said: Any, again: bool) -> Mark:
    element = offence.elements[found.element]
    if said not in {value["id"] for value in element_values(element)}:
        return Mark("open")
    note = on.stage.notes.get(found.id, "")
    right = expected(found)
    quotes = [f"“{on.passages[fact]}”" for fact in found.shown_by if fact in on.passages]
    if said == right:
        shown = f"The file says: {'; '.join(dict.fromkeys(quotes))}." if quotes else ""
        return Mark("right", " ".join(filter(None, [shown, found.reason, note])))
    if again:
        return Mark("wrong", " ".join(filter(None, [found.reason, note])))
    if right == "not_needed":
        return Mark("wrong", "Look at the person's age first: one rule turns on it. ACTIP Art. 2(c).")
    if right == "undetermined":
        asked = "Which words of the file show it? What nobody has asked yet is not known: not shown, and not disproved."
        return Mark("wrong", asked)
    read = f"Read this again: {'; '.join(dict.fromkeys(quotes))}." if quotes else "Read the file again."
    return Mark("wrong", f"{read} {element.question}")


def _said(offence: Offence, responses: Responses) -> dict[str, Finding | None] | None:
    """The participant's ticks on an offence as findings (None: not needed), or None while one is open."""
    said: dict[str, Finding | None] = {}
    for id in offence.elements:
        tick = responses.get(f"{offence.prefix}.{id}")
        if tick == "not_needed":
            said[id] = None
        elif tick in ELEMENT_VALUES:
            said[id] = Finding(tick)
        else:
            return None
    return said


def _mark_finding(on: Bench, id: str, responses: Responses) -> Mark:
    said = responses.get(id)
    if said not in FINDINGS:
        return Mark("open")
    offence, assessment = on.offences[id], on.assessments[id]
    right = assessment.finding.value
    ticks = _said(offence, responses)
    follows = (
        conclude(offence, ticks, str(responses.get(f"{offence.prefix}.age", "unknown"))).value
        if ticks
        else ""
    )
    note = on.stage.notes.get(id, "")
    if follows and follows != said:
        text = f"Your own ticks lead to “{FINDINGS[follows]}”, not to “{FINDINGS[said]}”. {HOW[follows]}"
        return Mark("wrong", text)
    if said == right:
        asks = assessment.asks[0] if right == "undetermined" and assessment.asks else ""
        opens = f"What would settle it: {asks}" if asks else ""
        return Mark("right", " ".join(filter(None, [HOW[right], opens, note, NATIONAL_LAW])))
    if follows:
        text = "This follows from your ticks, but not all of them stand. Mend the elements first."
        return Mark("part", text)
    return Mark("wrong", "Judge every element first; the finding follows from them.")


HOW = {
    "established": "Every element that is needed is shown.",
    "not_established": "One element that is needed is shown not to be so; that is enough.",
    "undetermined": "Nothing that is needed is disproved, but something is not known yet.",
}
