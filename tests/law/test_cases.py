"""The hand-made cases of ``tests/cases``, each a sentence; their README says how they are read."""

from typing import Any

import pytest

from coptip.content.source import read_document
from coptip.law import FACTS, Facts, Offence, report

from ..conftest import ROOT

FILES = sorted((ROOT / "tests" / "cases").glob("*.yaml"))
CASES = [case for path in FILES for case in read_document(path, ROOT).data]
OFFENCES = ("tip", "smuggling", "aggravated_smuggling", "forced_labour")
KEYS = {"name", "rest", "facts", "expected", "missing"}
LOOKED_INTO = {
    path: "none"
    if path == "c29_exception"
    else "yes"
    if path.endswith(("consent", "free_to_leave"))
    else "no"
    for path in FACTS
    if path not in ("victim_age", "victim_consented")
}
every_case = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])


def facts_of(case: dict[str, Any]) -> Facts:
    """The facts of a case over what holds of the rest."""
    rest = {"excluded": LOOKED_INTO, "unknown": {}}[case["rest"]]
    told = Facts.from_nested(case["facts"]).items()
    listed = {
        f"{group}.{leaf}"
        for group, value in case["facts"].items()
        if isinstance(value, dict)
        for leaf in value
    } | set(case["facts"])
    return Facts.from_pairs(rest.items()).with_((path, value) for path, value in told if path in listed)


@every_case
def test_a_case_has_the_findings_that_the_law_gives_it(
    case: dict[str, Any], offences: dict[str, Offence]
) -> None:
    made = report(offences, facts_of(case))
    expected = dict.fromkeys(OFFENCES, "not_established") | {"tip_route": None} | case["expected"]
    assert {key: made[key] for key in expected} == expected
    for offence, elements in case.get("missing", {}).items():
        assert sorted(made["missing"].get(offence, [])) == sorted(elements), offence


@every_case
def test_a_case_says_why_and_what_is_missing(case: dict[str, Any], offences: dict[str, Offence]) -> None:
    made = report(offences, facts_of(case))
    for offence in OFFENCES:
        assert len(made["reasons"][offence]) >= 2
        assert (offence in made["missing"]) == (made[offence] != "established")


def test_the_cases_are_many_and_no_two_have_one_name() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) >= 60
    assert len(set(names)) == len(names)
    for case in CASES:
        assert set(case) <= KEYS, case["name"]
        assert set(case["expected"]) <= {*OFFENCES, "tip_route"}, case["name"]


def test_every_exception_of_c29_has_a_case() -> None:
    assert {facts_of(case)["c29_exception"] for case in CASES} == set(FACTS["c29_exception"])


def test_every_finding_of_every_offence_has_a_case(offences: dict[str, Offence]) -> None:
    seen = {(key, report(offences, facts_of(case))[key]) for case in CASES for key in OFFENCES}
    assert len(seen) == len(OFFENCES) * 3
