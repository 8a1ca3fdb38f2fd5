"""The algebra of findings, in full."""

from itertools import product

import pytest

from coptip.law import Finding, all_of, any_of, negate

YES, NO, OPEN = Finding.ESTABLISHED, Finding.NOT_ESTABLISHED, Finding.UNDETERMINED

ANY = {
    (YES, YES): YES,
    (YES, NO): YES,
    (YES, OPEN): YES,
    (NO, YES): YES,
    (NO, NO): NO,
    (NO, OPEN): OPEN,
    (OPEN, YES): YES,
    (OPEN, NO): OPEN,
    (OPEN, OPEN): OPEN,
}


@pytest.mark.parametrize("pair", list(product(Finding, repeat=2)))
def test_one_established_suffices_and_one_unknown_leaves_the_rest_open(pair: tuple[Finding, Finding]) -> None:
    assert any_of(pair) is ANY[pair]


@pytest.mark.parametrize("pair", list(product(Finding, repeat=2)))
def test_one_negated_defeats_and_one_unknown_leaves_the_rest_open(pair: tuple[Finding, Finding]) -> None:
    assert all_of(pair) is negate(ANY[negate(pair[0]), negate(pair[1])])


@pytest.mark.parametrize("three", list(product(Finding, repeat=3)))
def test_three_findings_combine_as_two_and_one(three: tuple[Finding, Finding, Finding]) -> None:
    a, b, c = three
    assert any_of(three) is any_of([any_of([a, b]), c])
    assert all_of(three) is all_of([a, all_of([b, c])])


def test_nothing_to_show_shows_nothing_and_defeats_nothing() -> None:
    assert any_of([]) is NO
    assert all_of([]) is YES


@pytest.mark.parametrize("finding", Finding)
def test_denying_twice_changes_nothing(finding: Finding) -> None:
    assert negate(negate(finding)) is finding


@pytest.mark.parametrize("finding", Finding)
def test_a_finding_refuses_to_be_true_or_false(finding: Finding) -> None:
    with pytest.raises(TypeError, match="three values"):
        bool(finding)
