"""Reasons are sentences with their source, in the treaty's terms; what is open is asked next, and says what is owed."""

import pytest

from coptip.law import Facts, Finding, Offence, assess, report

EXCEPTIONS = ("military", "civic", "prison", "emergency", "minor_communal")
SMUGGLED = [
    ("crossed_international_border", "yes"),
    ("illegal_entry", "yes"),
    ("entry_procured_by_suspect", "yes"),
    ("financial_or_material_benefit_from_entry", "yes"),
    ("national_or_permanent_resident_of_destination", "no"),
]


def reason(offence: Offence, element: str, *pairs: tuple[str, str]) -> str:
    made = assess(offence, Facts.from_pairs(pairs))
    return next(found.reason for found in made.elements if found.element == element)


def test_the_means_that_were_used_are_named_as_the_treaty_names_them(offences: dict[str, Offence]) -> None:
    told = reason(offences["tip"], "means", ("abuse_of_vulnerability", "yes"), ("threat_or_force", "yes"))
    assert told == (
        "One of the listed means is shown: threat or use of force, abuse of a position of vulnerability. "
        "ACTIP Art. 2(a), (c) (Palermo Protocol Art. 3(a), (c))."
    )


def test_what_an_illegal_entry_lacks_is_named(offences: dict[str, Offence]) -> None:
    told = reason(
        offences["smuggling"],
        "illegal_entry",
        ("crossed_international_border", "no"),
        ("illegal_entry", "yes"),
    )
    assert "the crossing of an international border." in told
    assert "requires for legal entry" not in told


def test_a_sentence_about_one_fact_does_not_say_it_twice(offences: dict[str, Offence]) -> None:
    told = reason(offences["smuggling"], "non_national", SMUGGLED[-1])
    assert told == (
        "The person is neither a national nor a permanent resident of the State entered. "
        "Smuggling of Migrants Protocol Art. 3(a)."
    )


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_the_exception_that_applies_is_named(offences: dict[str, Offence], exception: str) -> None:
    offence = offences["forced-labour"]
    told = reason(offence, "exception_applies", ("c29_exception", exception))
    assert offence.exceptions[exception][1:] in told
    assert sum(text[1:] in told for text in offence.exceptions.values()) == 1


def test_an_unknown_age_is_the_first_thing_told_where_it_decides(offences: dict[str, Offence]) -> None:
    open_ = [("harbouring", "yes"), ("servitude", "yes")]
    assert assess(offences["tip"], Facts.from_pairs(open_)).reasons[0].startswith("The age is not known")
    assert assess(offences["tip"], Facts.from_pairs(open_)).asks[0].startswith("How old")


def test_an_unknown_age_is_not_the_first_thing_told_where_the_purpose_is_denied(
    offences: dict[str, Offence],
) -> None:
    denied = [(path, "no") for path in Facts() if path.startswith(("purpose.", "means."))]
    made = assess(offences["tip"], Facts.from_pairs([*denied, ("harbouring", "yes")]))
    assert made.finding is Finding.NOT_ESTABLISHED
    assert made.reasons[0].startswith("The suspect did not act for the purpose of exploitation")
    assert made.asks == ()


def test_while_a_finding_is_open_it_says_what_is_owed(offences: dict[str, Offence]) -> None:
    for offence in offences.values():
        assert offence.protection in assess(offence, Facts(), offences).reasons
    smuggled = assess(offences["smuggling"], Facts.from_pairs(SMUGGLED))
    assert smuggled.finding is Finding.ESTABLISHED
    assert offences["smuggling"].protection not in smuggled.reasons


def test_every_finding_says_that_national_law_decides(offences: dict[str, Offence]) -> None:
    for facts in (Facts(), Facts.from_pairs(SMUGGLED)):
        for offence in offences.values():
            assert assess(offence, facts, offences).reasons[-1] == offence.national_law


def test_what_smuggling_leaves_open_is_asked_of_its_aggravation_too(offences: dict[str, Offence]) -> None:
    asked = assess(offences["aggravated-smuggling"], Facts.from_pairs(SMUGGLED[:-1]), offences).asks
    assert asked[0] == offences["smuggling"].elements["non_national"].question
    assert len(asked) == 2


def test_an_offence_that_builds_on_another_cannot_be_judged_without_it(offences: dict[str, Offence]) -> None:
    with pytest.raises(KeyError, match="smuggling"):
        assess(offences["aggravated-smuggling"], Facts())


def test_a_report_is_in_the_shape_of_the_contract(offences: dict[str, Offence]) -> None:
    made = report(offences, Facts.from_pairs(SMUGGLED))
    four = {"tip", "smuggling", "aggravated_smuggling", "forced_labour"}
    assert set(made) == {*four, "tip_route", "missing", "reasons"}
    assert made["smuggling"] == "established"
    assert set(made["missing"]) == four - {"smuggling"}
    assert set(made["reasons"]) == four
