"""Every offence over every combination of what its elements may be found to be."""

from itertools import product

import pytest

from coptip.content import Library
from coptip.law import Facts, Finding, Offence, assess, conclude

YES, NO, OPEN = Finding.ESTABLISHED, Finding.NOT_ESTABLISHED, Finding.UNDETERMINED
OF = {"yes": YES, "no": NO, "unknown": OPEN}
ANSWERS = ("yes", "no", "unknown")


def expected(needed: list[Finding]) -> Finding:
    if any(finding is NO for finding in needed):
        return NO
    return OPEN if any(finding is OPEN for finding in needed) else YES


def leaves(group: str, answer: str, first: str) -> list[tuple[str, str]]:
    """A whole group at no, with one leaf at the answer."""
    paths = [path for path in Facts() if path.startswith(f"{group}.")]
    return [(path, answer if path.endswith(first) else "no") for path in paths]


@pytest.mark.parametrize("age", ["child", "adult", "unknown"])
@pytest.mark.parametrize(("act", "means", "purpose"), list(product(ANSWERS, repeat=3)))
def test_trafficking(library: Library, age: str, act: str, means: str, purpose: str) -> None:
    facts = Facts.from_pairs(
        [
            ("victim_age", age),
            *leaves("acts", act, "harbouring"),
            *leaves("means", means, "fraud"),
            *leaves("purpose", purpose, "servitude"),
        ]
    )
    made = assess(library.offences["tip"], facts, library.offences)
    others = [OF[act], OF[purpose]]
    if age == "child":
        assert made.finding is expected(others)
    elif age == "adult" or means == "yes":
        assert made.finding is expected([*others, OF[means]])
    else:
        # Of a person of unknown age, a means that is denied or unknown is not the end of it.
        assert made.finding is expected([*others, OPEN])
    route = "child_two_elements" if age == "child" else "three_elements"
    assert made.route == (route if made.finding is YES else None)
    assert ("tip.age" in made.missing) == (age == "unknown" and means != "yes")
    assert bool(made.missing) == (made.finding is not YES)
    assert bool(made.asks) == (made.finding is OPEN)


@pytest.mark.parametrize(
    ("procured", "crossed", "illegal", "resident", "benefit"), list(product(ANSWERS, repeat=5))
)
def test_smuggling_and_its_aggravation(
    library: Library, procured: str, crossed: str, illegal: str, resident: str, benefit: str
) -> None:
    facts = Facts.from_pairs(
        [
            ("entry_procured_by_suspect", procured),
            ("crossed_international_border", crossed),
            ("illegal_entry", illegal),
            ("national_or_permanent_resident_of_destination", resident),
            ("financial_or_material_benefit_from_entry", benefit),
        ]
    )
    turned = {"yes": NO, "no": YES, "unknown": OPEN}
    base = expected([OF[procured], OF[crossed], OF[illegal], turned[resident], OF[benefit]])
    assert assess(library.offences["smuggling"], facts).finding is base
    for danger, treatment in product(ANSWERS, repeat=2):
        worse = facts.with_(
            [("danger_to_life_or_safety", danger), ("inhuman_or_degrading_treatment", treatment)]
        )
        circumstance = (
            YES if "yes" in (danger, treatment) else OPEN if "unknown" in (danger, treatment) else NO
        )
        made = assess(library.offences["aggravated-smuggling"], worse, library.offences)
        assert made.finding is expected([base, circumstance])


EXCEPTIONS = ("none", "unknown", "military", "civic", "prison", "emergency", "minor_communal")


@pytest.mark.parametrize("exception", EXCEPTIONS)
@pytest.mark.parametrize(("work", "menace", "consent", "leave"), list(product(ANSWERS, repeat=4)))
def test_forced_labour(
    library: Library, exception: str, work: str, menace: str, consent: str, leave: str
) -> None:
    facts = Facts.from_pairs(
        [
            ("work_or_service_exacted", work),
            ("menace_of_penalty", menace),
            ("free_and_informed_consent", consent),
            ("free_to_leave", leave),
            ("c29_exception", exception),
        ]
    )
    both = {consent, leave}
    involuntary = YES if "no" in both else OPEN if "unknown" in both else NO
    none_applies = {"none": YES, "unknown": OPEN}.get(exception, NO)
    made = assess(library.offences["forced-labour"], facts)
    assert made.finding is expected([OF[work], OF[menace], involuntary, none_applies])
    assert ("fl.exception_applies" in made.missing) == (exception != "none")


@pytest.mark.parametrize("id", ["tip", "smuggling", "aggravated-smuggling", "forced-labour"])
def test_every_element_has_its_source_and_its_reasons(library: Library, id: str) -> None:
    offence: Offence = library.offences[id]
    made = assess(offence, Facts(), library.offences)
    assert made.finding is OPEN
    for found in made.elements:
        assert offence.elements[found.element].source.text() in found.reason
    assert offence.national_law in made.reasons


def test_what_a_learner_ticked_leads_where_the_same_facts_would(library: Library) -> None:
    offence = library.offences["tip"]
    for act, means, purpose, age in product(Finding, Finding, Finding, ("child", "adult", "unknown")):
        ticks = {"act": act, "means": means, "purpose": purpose}
        answer = {finding: text for text, finding in OF.items()}
        facts = Facts.from_pairs(
            [
                ("victim_age", age),
                *leaves("acts", answer[act], "receipt"),
                *leaves("means", answer[means], "fraud"),
                *leaves("purpose", answer[purpose], "servitude"),
            ]
        )
        assert conclude(offence, ticks, age) is assess(offence, facts).finding


def test_not_needed_is_no_way_around_an_adults_means(library: Library) -> None:
    ticks = {"act": YES, "means": None, "purpose": YES}
    assert conclude(library.offences["tip"], ticks, "adult") is OPEN
    assert conclude(library.offences["tip"], ticks, "child") is YES
