"""Facts that cannot be read are refused with everything that is wrong."""

import pytest

from coptip.law import Facts, FactsError


def test_what_is_left_out_is_unknown() -> None:
    assert Facts.from_nested({})["means.fraud"] == "unknown"
    assert Facts.from_nested({"means": {"fraud": "yes"}})["fraud"] == "yes"


def test_every_problem_is_told_at_once_with_the_nearest_name() -> None:
    with pytest.raises(FactsError) as caught:
        Facts.from_nested(
            {"meens": {}, "acts": {"harboring": "yes"}, "means": {"fraud": "maybe"}, "labour": "yes"}
        )
    told = caught.value.problems
    assert len(told) == 4
    assert "There is no fact or group 'meens'. Did you mean 'means'?" in told
    assert "'acts' has no fact 'harboring'. Did you mean 'harbouring'?" in told
    assert "'labour' must be an object of facts with yes, no or unknown." in told
    assert "'means.fraud' is 'maybe'; expected one of yes, no, unknown." in told


def test_a_boolean_is_no_answer() -> None:
    with pytest.raises(FactsError, match=r"'acts.receipt' is true"):
        Facts.from_nested({"acts": {"receipt": True}})


def test_the_exceptions_of_c29_are_the_treatys_five() -> None:
    for value in ("military", "civic", "prison", "emergency", "minor_communal", "none", "unknown"):
        Facts.from_pairs([("c29_exception", value)])
    with pytest.raises(FactsError, match="expected one of none, military"):
        Facts.from_pairs([("c29_exception", "conscription")])
