"""What holds of every case that can be thought of."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coptip.content import Library
from coptip.law import FACTS, Facts, Finding, assess, conclude

from ..conftest import ROOT

OFFENCES = dict(Library(ROOT).offences)
facts_of = st.fixed_dictionaries({path: st.sampled_from(values) for path, values in FACTS.items()}).map(
    lambda values: Facts.from_pairs(values.items())
)
MEANS = [path for path in FACTS if path.startswith("means.")]
ids = st.sampled_from(sorted(OFFENCES))


def finding(id: str, facts: Facts) -> Finding:
    return assess(OFFENCES[id], facts, OFFENCES).finding


@given(
    facts_of, st.lists(st.sampled_from(("yes", "no", "unknown")), min_size=len(MEANS), max_size=len(MEANS))
)
def test_a_childs_finding_never_depends_on_means(facts: Facts, means: list[str]) -> None:
    child = facts.with_([("victim_age", "child")])
    assert finding("tip", child.with_(zip(MEANS, means, strict=True))) is finding("tip", child)


@given(ids, facts_of)
def test_consent_never_changes_a_finding(id: str, facts: Facts) -> None:
    found = {finding(id, facts.with_([("victim_consented", said)])) for said in ("yes", "no", "unknown")}
    assert len(found) == 1


@given(ids, facts_of, st.data())
def test_more_knowledge_never_reopens_what_was_settled(id: str, facts: Facts, data: st.DataObject) -> None:
    before = finding(id, facts)
    unknown = [path for path, value in facts.items() if value == "unknown"]
    learned = data.draw(st.lists(st.sampled_from(unknown), unique=True)) if unknown else []
    more = facts.with_(
        (p, data.draw(st.sampled_from([v for v in FACTS[p] if v != "unknown"]))) for p in learned
    )
    if before is not Finding.UNDETERMINED:
        assert finding(id, more) is before


@given(facts_of)
def test_smuggling_needs_a_border_and_a_benefit(facts: Facts) -> None:
    for needed in ("crossed_international_border", "financial_or_material_benefit_from_entry"):
        without = facts.with_([(needed, "no")])
        assert finding("smuggling", without) is Finding.NOT_ESTABLISHED
        assert finding("aggravated-smuggling", without) is Finding.NOT_ESTABLISHED


@given(facts_of, st.randoms())
def test_the_order_of_facts_does_not_matter(facts: Facts, random: object) -> None:
    pairs = list(facts.items())
    random.shuffle(pairs)  # type: ignore[attr-defined]
    assert Facts.from_pairs(pairs) == facts
    assert hash(Facts.from_pairs(pairs)) == hash(facts)


@given(facts_of)
def test_a_border_never_changes_trafficking_or_forced_labour(facts: Facts) -> None:
    for id in ("tip", "forced-labour"):
        found = {
            finding(id, facts.with_([("crossed_international_border", a)])) for a in ("yes", "no", "unknown")
        }
        assert len(found) == 1


@given(facts_of)
def test_facts_go_out_and_come_back(facts: Facts) -> None:
    assert Facts.from_nested(facts.to_nested()) == facts


@given(ids, facts_of)
def test_what_is_missing_is_said_exactly_where_an_offence_is_not_established(id: str, facts: Facts) -> None:
    made = assess(OFFENCES[id], facts, OFFENCES)
    assert bool(made.missing) == (made.finding is not Finding.ESTABLISHED)
    assert made.reasons


@given(ids, facts_of)
def test_what_a_case_concludes_is_what_its_own_elements_lead_to(id: str, facts: Facts) -> None:
    made = assess(OFFENCES[id], facts, OFFENCES)
    ticks = {found.element: found.finding if found.needed else None for found in made.elements}
    assert conclude(OFFENCES[id], ticks, facts["victim_age"]) is made.finding


@given(ids, facts_of)
def test_consent_changes_nothing_in_an_assessment_and_a_yes_is_told_so(id: str, facts: Facts) -> None:
    made = [
        assess(OFFENCES[id], facts.with_([("victim_consented", said)]), OFFENCES)
        for said in ("yes", "no", "unknown")
    ]
    assert made[1] == made[2]
    why = OFFENCES[id].irrelevant.get("consent")
    told = [reason for reason in made[0].reasons if reason != why]
    assert replace(made[0], reasons=tuple(told)) == made[1]
    assert (why in made[0].reasons) == (why is not None)
