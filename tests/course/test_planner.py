"""The course planner: minutes add up, nothing overlaps, the order holds, and what has no room is named."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from coptip.course.module import Module, Part
from coptip.course.planner import (
    LENGTHS,
    Length,
    Wishes,
    asked_for,
    clock,
    groups,
    plan,
    propose,
    wishes_from,
)


def module(id: str, *parts: tuple[int, int]) -> Module:
    return Module(
        id=id, notebook="", title=f"Module {id}", summary="", content_note="", objectives=(), outcomes=(),
        readings=(), exercises=(),
        parts=tuple(Part(title=f"{id}.{n}", minutes=m, short=s) for n, (m, s) in enumerate(parts)),
    )  # fmt: skip


part = st.tuples(st.integers(1, 600), st.integers(0, 120))
courses = st.lists(st.lists(part, min_size=1, max_size=4), min_size=1, max_size=6).map(
    lambda modules: [module(str(n), *parts) for n, parts in enumerate(modules)]
)
wishes = st.builds(
    Wishes,
    days=st.integers(1, 3),
    hours=st.integers(2, 8),
    begins=st.integers(420, 600),
    lengths=st.dictionaries(st.sampled_from("012345"), st.sampled_from(LENGTHS)),
)


@given(courses, wishes)
def test_every_minute_asked_for_is_planned_or_left_over(modules: list[Module], wanted: Wishes) -> None:
    made = plan(modules, wanted)
    assert made.planned + sum(one.minutes for one in made.left) == made.asked
    assert made.asked == sum(minutes for *_, minutes in asked_for(modules, wanted.lengths))


@given(courses, wishes)
def test_no_day_has_more_teaching_than_hours_and_no_two_rows_overlap(
    modules: list[Module], wanted: Wishes
) -> None:
    made = plan(modules, wanted)
    assert len(made.days) == wanted.days
    for day in made.days:
        assert sum(slot.minutes for slot in day if slot.kind == "part") <= wanted.hours * 60
        assert all(one.end == other.start for one, other in pairwise(day))
        assert all(slot.minutes > 0 for slot in day)
        assert not day or (day[0].start == wanted.begins and day[0].kind == "part" and day[-1].kind == "part")


@given(courses, wishes)
def test_the_parts_keep_the_order_of_the_course(modules: list[Module], wanted: Wishes) -> None:
    made = plan(modules, wanted)
    planned = [(slot.module, slot.title) for day in made.days for slot in day if slot.kind == "part"]
    said = list(dict.fromkeys([*planned, *((one.module, one.title) for one in made.left)]))
    assert said == [(id, title) for id, title, _ in asked_for(modules, wanted.lengths)]


def test_a_part_is_not_split_where_the_next_day_takes_it_whole() -> None:
    made = plan([module("a", (100, 0), (100, 0))], Wishes(days=2, hours=3, lengths={"a": "full"}))
    assert [[slot.title for slot in day] for day in made.days] == [["a.0"], ["a.1"]]


def test_lunch_stands_in_the_middle_of_a_long_day_and_a_break_after_ninety_minutes() -> None:
    modules = [module("a", *[(90, 0)] * 4)]
    made = plan(modules, Wishes(days=1, hours=6, begins=540, lengths={"a": "full"}))
    assert [(clock(slot.start), slot.kind) for slot in made.days[0]] == [
        ("09:00", "part"), ("10:30", "break"), ("10:45", "part"), ("12:15", "lunch"), ("13:15", "part"),
        ("14:45", "break"), ("15:00", "part"),
    ]  # fmt: skip


def test_a_part_that_is_left_out_where_time_is_short_takes_no_room() -> None:
    assert asked_for([module("a", (30, 0), (20, 5))], {"a": "short"}) == [("a", "a.1", 5)]


@given(courses, st.integers(1, 3), st.integers(2, 8))
def test_a_proposal_leaves_no_module_out(modules: list[Module], days: int, hours: int) -> None:
    lengths = propose(modules, Wishes(days=days, hours=hours), "patrol")
    assert set(lengths) == {one.id for one in modules}
    assert "out" not in lengths.values()


def test_a_proposal_keeps_all_in_full_where_there_is_room() -> None:
    lengths = propose([module("1a", (60, 20)), module("3", (60, 20))], Wishes(days=1, hours=2), "patrol")
    assert set(lengths.values()) == {"full"}


def test_specialists_get_module_1a_short() -> None:
    lengths: dict[str, Length] = propose(
        [module("1a", (60, 20)), module("3", (60, 20))], Wishes(hours=8), "specialist"
    )
    assert lengths == {"1a": "short", "3": "full"}


@given(st.integers(0, 200))
def test_groups_hold_everybody_and_are_of_four_to_six_where_that_can_be(people: int) -> None:
    sizes = groups(people)
    assert sum(sizes) == people
    if people >= 12:
        assert all(4 <= size <= 6 for size in sizes)
    assert not sizes or max(sizes) - min(sizes) <= 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["days", "hours", "begins", "people", "lengths", "0"]), inner, max_size=5
            )
        ),
    )
)
def test_wishes_of_any_shape_become_a_plan(raw: Any) -> None:
    modules = [module("0", (30, 10))]
    wanted = wishes_from(raw, modules)
    assert 1 <= wanted.days <= 3
    plan(modules, wanted)
