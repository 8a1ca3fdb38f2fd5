"""Offences, elements and findings: what a case shows under international law. Standard library only."""

from coptip.law.assess import Assessment, ElementFinding, assess, conclude, report
from coptip.law.facts import FACTS, Answer, Facts, FactsError
from coptip.law.finding import Finding, all_of, any_of, negate
from coptip.law.offence import Citation, Element, Offence, Reasons

__all__ = [
    "FACTS",
    "Answer",
    "Assessment",
    "Citation",
    "Element",
    "ElementFinding",
    "Facts",
    "FactsError",
    "Finding",
    "Offence",
    "Reasons",
    "all_of",
    "any_of",
    "assess",
    "conclude",
    "negate",
    "report",
]
