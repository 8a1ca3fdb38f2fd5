"""A record goes out and comes back; one that is damaged, huge, deep or hostile is refused and changes nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coptip.content import Library
from coptip.course.dialogue import Dialogue, begin, offered, say
from coptip.course.exercise import Discussion, Facts, Form, Match, Model, Order, Text
from coptip.record import RecordError, load, summarise
from coptip.record.log import MAX_BYTES, MAX_EVENTS
from coptip.record.summary import missed
from coptip.sitting import Sitting

from ..course.test_every_exercise import wrong

EVENT = {
    "action": "check",
    "stage": "sort",
    "responses": {"tile": "act"},
    "at": "2026-11-23T10:00:00Z",
}


def record(**work: Any) -> str:
    return json.dumps({"coptip": 1, "saved": "2026-11-23", "work": work})


def item(*events: Any, **more: Any) -> dict[str, Any]:
    return {"version": "abc", "events": list(events), "drafts": {}, "at": "", **more}


def test_a_saved_record_comes_back_as_it_was() -> None:
    text = record(iceberg=item(EVENT, drafts={"text": {"a": {"text": "ไทย ខ្មែរ မြန်မာ 🙂 <script>"}}}))
    once = load(text)
    assert load(json.dumps(once.to_json())) == once
    assert once.to_json()["work"]["iceberg"]["drafts"]["text"]["a"]["text"].endswith("<script>")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "damaged"),
        ("not json", "damaged"),
        ("[1, 2]", "not a record of this collection"),
        ('{"coptip": 2, "work": {}}', "not a record of this collection"),
        ('{"coptip": 1}', "not a record of this collection"),
        (record(**{"../../etc": item()}), "is no exercise id"),
        (record(x={"events": "all"}), "x: its list of events is missing"),
        (record(x=item({"action": "delete"})), "x: event 1 is none that this collection knows"),
        (record(x=item({"action": "show", "stage": "a"})), "x: event 1 is none"),
        (record(x=item({"action": "check", "responses": [1]})), "x: the responses of event 1 are no table"),
        (record(x=item(*[EVENT] * (MAX_EVENTS + 1))), f"more than {MAX_EVENTS} events"),
        (record(x=item(drafts=[])), "x: its drafts are no table"),
        (record(**{f"e{n}": item() for n in range(501)}), "more than 500 exercises"),
        ("[" * 100_000, "damaged"),
        (record(x=item(drafts={"a": json.loads("[" * 20 + "]" * 20)})), "nested too deep"),
        (" " * (MAX_BYTES + 1), "larger than 2 MB"),
    ],
    ids=range(16),
)
def test_a_record_that_cannot_be_opened_is_refused_with_its_reason(text: str, told: str) -> None:
    with pytest.raises(RecordError, match=told.replace("(", r"\(")):
        load(text)


def test_every_problem_of_a_record_is_told_at_once() -> None:
    with pytest.raises(RecordError) as caught:
        load(record(a={"events": 1}, b=item({"action": "?"}), C=item()))
    assert len(caught.value.problems) == 3


anything = st.recursive(
    st.none() | st.booleans() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
).map(json.dumps)


@given(st.text() | anything)
def test_nothing_at_all_opens_as_a_record_or_fails_without_a_reason(text: str) -> None:
    with pytest.raises(RecordError) as caught:
        load(text)
    assert caught.value.problems


def test_the_summary_tells_what_is_done_open_and_untouched_and_what_to_look_at_again(
    library: Library,
) -> None:
    exercise = library.exercises["three-drawers"]
    stage = exercise.stages[0]
    tile = stage.items[0]  # type: ignore[union-attr]
    wrong = next(t for t in ("outside", "act", "means") if t not in (tile.target, *tile.target))  # type: ignore[union-attr]
    log = load(
        record(**{exercise.id: item({"action": "check", "stage": stage.id, "responses": {tile.id: wrong}})})
    )
    modules = dict.fromkeys(library.modules["1a"].exercises, "1a")
    lines = {line.id: line for line in summarise(log, library.exercises, modules, library.materials)}
    assert lines[exercise.id].status == "open"
    assert lines[exercise.id].tries == 1
    assert [again["text"] for again in lines[exercise.id].again] == [tile.text]
    assert all(line.status == "untouched" for id, line in lines.items() if id != exercise.id)


def test_events_that_no_longer_fit_an_exercise_are_passed_over(library: Library) -> None:
    log = load(record(iceberg=item({"action": "check", "stage": "gone", "responses": {"a": "b"}})))
    (line,) = summarise(log, library.exercises, {"iceberg": "1a"}, library.materials)
    assert line.status == "open"
    assert line.tries == 0


MYTHS = "myth-round"


def places(library: Library) -> dict[str, tuple[str, ...]]:
    stage = library.exercises[MYTHS].stages[0]
    assert isinstance(stage, Match)
    return {one.id: one.missed_in for one in stage.items}


def gone_wrong(library: Library, place: str) -> dict[str, Any]:
    """The kept work of somebody who went wrong at a place (exercise or exercise/stage), for each of its stages."""
    id, _, only = place.partition("/")
    exercise = library.exercises[id]
    events: list[dict[str, Any]] = []
    for stage in exercise.stages:
        if only in ("", stage.id):
            if isinstance(stage, Dialogue):
                said = wrong_talk(stage)
                events += [
                    {"action": "say", "stage": stage.id, "responses": {"said": said[: n + 1]}} for n in range(len(said))
                ]
            elif not isinstance(stage, Model | Form | Facts | Discussion | Text | Order):
                events.append({"action": "check", "stage": stage.id, "responses": wrong(stage)})
    return {id: item(*events)}


def wrong_talk(talk: Dialogue) -> list[str]:
    """A talk in worse lines, wherever there is one."""
    state, said = begin(talk), []
    while lines := offered(talk, state):
        said.append(min(lines, key=lambda line: not line.better).id)
        state = say(talk, state, said[-1]).after
    return said


def test_whoever_went_wrong_elsewhere_meets_that_belief_first_in_the_myth_round(library: Library) -> None:
    stage = library.exercises[MYTHS].stages[0]
    assert isinstance(stage, Match)
    for id, found_in in places(library).items():
        assert found_in, id
        for place in found_in:
            if place != "gender-terms/gender-sensitive":  # a text: the checker's part, not the round's
                log = load(record(**gone_wrong(library, place)))
                assert id in missed(stage, library.materials, log), place


def test_a_record_without_a_mistake_puts_nothing_first(library: Library) -> None:
    stage = library.exercises[MYTHS].stages[0]
    assert isinstance(stage, Match)
    assert missed(stage, library.materials, load(record())) == []
    unknown = load(record(gone=item({"action": "check", "stage": "x", "responses": {}})))
    assert missed(stage, library.materials, unknown) == []


def test_a_page_asks_with_its_record_and_is_told_ids_alone(library: Library) -> None:
    sitting = Sitting(library.exercises[MYTHS], library.materials)
    work = gone_wrong(library, "person-first-papers-later")
    assert sitting.missed({"stage": "twenty", "work": work}) == {"stage": "twenty", "items": ["papers-first"]}
    hostile: list[Any] = [None, [], {"../x": {}}, {"iceberg": {"events": "no"}}]
    for damaged in hostile:
        assert sitting.missed({"stage": "twenty", "work": damaged})["items"] == []
    assert sitting.missed({"stage": "gone", "work": work})["items"] == []
    assert sitting.work == {}
