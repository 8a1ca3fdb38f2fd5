"""An offence is data: what is wrong in it is refused where it is read, everything at once."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from coptip.law import Answer, Citation, Element, Facts, FactsError, Offence

REASONS = {"established": "It is.", "not_established": "It is not.", "undetermined": "Nobody knows."}
ELEMENT: dict[str, Any] = {
    "id": "act",
    "title": "Act",
    "question": "What was done?",
    "source": {"instrument": "actip", "article": "2(a)"},
    "reasons": REASONS,
    "any_of": ["recruitment", "acts.transfer"],
}
OFFENCE: dict[str, Any] = {
    "id": "tip",
    "title": "Trafficking in persons",
    "prefix": "tip",
    "source": {"instrument": "actip", "article": "2(a)"},
    "definition": "An act.",
    "elements": {"act": ELEMENT},
    "protection": "Safety first.",
    "national_law": "National law decides.",
}


def test_an_offence_is_read_straight_into_its_dataclass() -> None:
    read = TypeAdapter(Offence).validate_python(OFFENCE)
    assert read.elements["act"].facts == ("recruitment", "acts.transfer")
    with pytest.raises(AttributeError):
        read.id = "som"  # type: ignore[misc]


@pytest.mark.parametrize(
    "wrong",
    [
        OFFENCE | {"titel": "x"},
        OFFENCE | {"source": OFFENCE["source"] | {"articel": "2"}},
        OFFENCE | {"elements": {"act": ELEMENT | {"allof": ["fraud"]}}},
        OFFENCE | {"elements": {"act": ELEMENT | {"reasons": REASONS | {"maybe": "x"}}}},
    ],
    ids=["offence", "citation", "element", "reasons"],
)
def test_an_unknown_key_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"Unexpected keyword|extra"):
        TypeAdapter(Offence).validate_python(wrong)


def test_an_element_is_shown_in_exactly_one_way() -> None:
    every: list[dict[str, Any]] = [{"any_of": []}, {"all_of": ["fraud"]}, {"base": "smuggling"}]
    for ways in every:
        with pytest.raises(ValidationError, match="exactly one way"):
            TypeAdapter(Element).validate_python(ELEMENT | ways)


def test_every_fact_an_element_names_must_exist() -> None:
    wrong = {
        "any_of": ["recruitmant"],
        "unless": {"victim_age": "chld"},
        "labels": {"fraud": "fraud"},
    }
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Element).validate_python(ELEMENT | wrong)
    told = str(caught.value)
    assert "There is no fact 'recruitmant'. Did you mean 'recruitment'?" in told
    assert "'victim_age' is never 'chld'. Did you mean 'child'?" in told
    assert "a label stands for 'fraud', which is no fact of this element" in told


def test_an_element_stands_under_its_own_id() -> None:
    with pytest.raises(ValidationError, match="not 'act' under 'deed'"):
        TypeAdapter(Offence).validate_python(OFFENCE | {"elements": {"deed": ELEMENT}})


def test_an_article_is_cited_with_where_another_instrument_says_the_same() -> None:
    cited = Citation(instrument="actip", article="2(d)", same_as="palermo 3(d)")
    assert str(cited) == "ACTIP Art. 2(d) (Palermo Protocol Art. 3(d))"
    assert cited.text({"actip": "the Convention"}) == "the Convention Art. 2(d) (palermo Art. 3(d))"
    assert str(Citation(instrument="c29", article="2(2)")) == "ILO C29 Art. 2(2)"


def test_the_labels_of_the_collections_elements_are_whole(offences: dict[str, Offence]) -> None:
    """A comma in an unquoted YAML flow mapping would cut a label in two."""
    for offence in offences.values():
        for element in offence.elements.values():
            assert set(element.labels) in (set(), set(element.facts)), element.id


def test_an_answer_is_its_own_text() -> None:
    facts = Facts.from_pairs([("fraud", Answer.YES)])
    assert facts == Facts.from_pairs([("means.fraud", "yes")])
    assert type(facts["fraud"]) is str


def test_one_fact_told_in_two_ways_is_refused_in_either_order() -> None:
    pairs = [("fraud", "yes"), ("means.fraud", "no")]
    for order in (pairs, pairs[::-1]):
        with pytest.raises(FactsError, match=r"'means\.fraud' is given twice"):
            Facts.from_pairs(order)
    assert Facts.from_pairs([("fraud", "yes"), ("means.fraud", "yes")])["fraud"] == "yes"


@pytest.mark.parametrize("wrong", [None, [], "yes", 3])
def test_facts_that_are_no_object_are_refused(wrong: Any) -> None:
    with pytest.raises(FactsError, match="must be an object"):
        Facts.from_nested(wrong)


def test_a_key_that_is_no_text_is_a_problem_like_any_other() -> None:
    with pytest.raises(FactsError) as caught:
        Facts.from_nested({3: "yes", "acts": {4: "yes"}, "means.fraud": "yes"})  # type: ignore[dict-item]
    assert len(caught.value.problems) == 3


def test_asking_for_a_fact_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="Did you mean 'deception'"):
        Facts()["deceptoin"]
