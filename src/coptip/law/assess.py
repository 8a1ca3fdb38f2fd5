"""Offence and facts in, assessment out: the finding of every element, the reason with its source, what is missing.

The rule (said once, in :func:`conclude`): a required element that is negated defeats the offence; otherwise one
that is unknown leaves it undetermined; otherwise it is established.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coptip.law.facts import Answer, Facts, path_of
from coptip.law.finding import Finding, all_of, any_of, negate
from coptip.law.offence import Element, Offence

_OF_ANSWER: dict[str, Finding] = {
    Answer.YES: Finding.ESTABLISHED,
    Answer.NO: Finding.NOT_ESTABLISHED,
    Answer.UNKNOWN: Finding.UNDETERMINED,
}


@dataclass(frozen=True, kw_only=True)
class ElementFinding:
    """The finding on one element. ``id`` is full (``tip.act``), ``element`` short. ``shown_by``: the fact paths
    that decided it. ``needed`` is false where a rule makes the element unnecessary."""

    id: str
    element: str
    finding: Finding
    needed: bool
    reason: str
    shown_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What the law makes of some facts. ``missing``: full ids of needed elements that are not established.
    ``reasons``: sentences, the deciding ones first, with what is owed meanwhile where the finding is open.
    ``asks``: the questions that are open, the most deciding first."""

    offence: str
    finding: Finding
    route: str | None
    elements: tuple[ElementFinding, ...]
    missing: tuple[str, ...]
    reasons: tuple[str, ...]
    asks: tuple[str, ...]


def conclude(offence: Offence, findings: Mapping[str, Finding | None], age: str = "unknown") -> Finding:
    """What follows for an offence from findings on its elements (by short id; None: not needed).

    ``age`` (``child``, ``adult``, ``unknown``) matters where an element falls away by age: while the age is
    unknown, a negated such element leaves the offence open, since a child would not need it (ACTIP Art. 2(c)).
    An element that is said not to be needed counts as open where no rule makes it so.
    """
    needed = []
    for id, element in offence.elements.items():
        finding = findings.get(id, Finding.UNDETERMINED)
        by_age = element.unless.get("victim_age")
        if by_age == age:
            continue
        if by_age and age == "unknown" and finding is not Finding.ESTABLISHED:
            needed.append(Finding.UNDETERMINED)
        else:
            needed.append(Finding.UNDETERMINED if finding is None else finding)
    return all_of(needed)


def assess(offence: Offence, facts: Facts, offences: Mapping[str, Offence] | None = None) -> Assessment:
    """Assess one offence. ``offences`` is needed where an element builds on another offence.

    Raises KeyError where that offence is not among them.
    """
    age = facts["victim_age"]
    found = [_element(offence, element, facts, offences or {}) for element in offence.elements.values()]
    finding = conclude(offence, {f.element: f.finding for f in found}, age)
    route = _route(offence, facts) if finding is Finding.ESTABLISHED else None
    settled = finding is Finding.ESTABLISHED
    lacking = [f for f in found if f.needed and f.finding is not Finding.ESTABLISHED]
    by_age = [f for f in lacking if "victim_age" in offence.elements[f.element].unless and age == "unknown"]
    ages = [f"{offence.prefix}.age"] if by_age else []
    missing = () if settled else (*(f.id for f in lacking), *ages)
    return Assessment(
        offence=offence.id,
        finding=finding,
        route=route,
        elements=tuple(found),
        missing=missing,
        reasons=tuple(_reasons(finding, found, by_age, offence, facts)),
        asks=tuple(_asks(offence, lacking, bool(ages), facts, offences or {}))
        if finding is Finding.UNDETERMINED
        else (),
    )


def _element(
    offence: Offence, element: Element, facts: Facts, offences: Mapping[str, Offence]
) -> ElementFinding:
    needed = not any(facts[fact] == value for fact, value in element.unless.items())
    finding, shown_by = _find(element, facts, offences)
    told = element.reasons.not_needed if not needed else getattr(element.reasons, finding.value)
    named = _named(offence, element, finding, shown_by, facts) if needed else ""
    reason = told.rstrip(".") + (f": {named}" if named else "") + f". {element.source.text()}."
    return ElementFinding(
        id=f"{offence.prefix}.{element.id}",
        element=element.id,
        finding=finding,
        needed=needed,
        reason=reason,
        shown_by=shown_by,
    )


def _named(
    offence: Offence, element: Element, finding: Finding, shown_by: tuple[str, ...], facts: Facts
) -> str:
    """Which of several facts decided, in the treaty's terms; empty where the sentence itself says it."""
    if element.exception:
        applies = offence.exceptions.get(facts[element.exception], "")
        return applies[:1].lower() + applies[1:]
    one_suffices = bool(element.any_of or element.not_all_of)
    decided = Finding.ESTABLISHED if one_suffices else Finding.NOT_ESTABLISHED
    if len(element.facts) < 2 or finding is not decided:
        return ""
    terms = {path_of(name): term for name, term in element.labels.items()}
    return ", ".join(terms[path] for path in shown_by if path in terms)


def _find(element: Element, facts: Facts, offences: Mapping[str, Offence]) -> tuple[Finding, tuple[str, ...]]:
    """The finding of an element, and the paths of the facts that decided it."""
    if element.base:
        return assess(offences[element.base], facts, offences).finding, ()
    if element.exception:
        value = facts[element.exception]
        open_ = {"none": Finding.ESTABLISHED, "unknown": Finding.UNDETERMINED}
        return open_.get(value, Finding.NOT_ESTABLISHED), (path_of(element.exception),)
    values = {path_of(name): _OF_ANSWER[facts[name]] for name in element.facts}
    if element.none_of or element.not_all_of:
        values = {path: negate(value) for path, value in values.items()}
    finding = (any_of if element.any_of or element.not_all_of else all_of)(values.values())
    return finding, tuple(path for path, value in values.items() if value is finding)


def _route(offence: Offence, facts: Facts) -> str | None:
    """The route by which an established offence stands; a child's route wins when means are there too."""
    if not offence.routes:
        return None
    child = facts["victim_age"] == "child"
    return "child_two_elements" if child else "three_elements"


def _reasons(
    finding: Finding, found: list[ElementFinding], by_age: list[ElementFinding], offence: Offence, facts: Facts
) -> list[str]:
    """The reasons for a finding, the deciding ones first. ``by_age``: elements that only a known age could decide."""
    needed = [f for f in found if f.needed]
    said = [f.reason for f in needed if f.finding is finding and f not in by_age]
    said += [f.reason for f in found if not f.needed]
    if by_age:
        said.insert(0 if finding is Finding.UNDETERMINED else len(said), AGE_NOT_KNOWN)
    if finding is not Finding.ESTABLISHED:
        said += [f.reason for f in needed if f.finding is not Finding.ESTABLISHED]
    if facts["victim_consented"] == "yes" and "consent" in offence.irrelevant:
        said.append(offence.irrelevant["consent"])
    if finding is Finding.UNDETERMINED:
        said.append(offence.protection)
    return [*dict.fromkeys(said), offence.national_law]


AGE_NOT_KNOWN = (
    "The age is not known: for a person under 18 no means has to be shown. "
    "ACTIP Art. 2(c), (d) (Palermo Protocol Art. 3(c), (d))."
)


def _asks(
    offence: Offence,
    lacking: list[ElementFinding],
    age: bool,
    facts: Facts,
    offences: Mapping[str, Offence],
) -> list[str]:
    """What to ask next; for an element that is another offence, what that offence leaves open."""
    questions = ["How old is the person, and what shows it?"] if age else []
    for element in (offence.elements[f.element] for f in lacking if f.finding is Finding.UNDETERMINED):
        base = assess(offences[element.base], facts, offences).asks if element.base else ()
        questions += base or [element.question]
    return questions


def report(offences: Mapping[str, Offence], facts: Facts) -> dict[str, Any]:
    """The findings on all offences in the checkers' JSON shape; offence ids with underscores as keys.

    ``missing`` and ``reasons`` are by offence; an established offence misses nothing and is left out of ``missing``.
    Raises KeyError where an offence builds on one that is not among ``offences``.
    """
    made = {id: assess(offence, facts, offences) for id, offence in offences.items()}
    told: dict[str, Any] = {id.replace("-", "_"): a.finding.value for id, a in made.items()}
    told["tip_route"] = made["tip"].route if "tip" in made else None
    told["missing"] = {id.replace("-", "_"): list(a.missing) for id, a in made.items() if a.missing}
    told["reasons"] = {id.replace("-", "_"): list(a.reasons) for id, a in made.items()}
    return told
