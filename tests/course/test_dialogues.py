"""Talks: every dialogue of the collection walked at random, and what a page may know of one, turn by turn."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coptip.content import Library
from coptip.course.dialogue import (
    HIGH,
    LOW,
    UNMENDED,
    Dialogue,
    Line,
    Meter,
    Node,
    NotOffered,
    Saying,
    State,
    Way,
    begin,
    ending,
    holds,
    offered,
    reaches,
    reply,
    say,
    stands,
    states,
    strolled,
    turns,
)
from coptip.course.exercise import Exercise
from coptip.course.session import Progress, Refused, apply, feedback
from coptip.course.talking import talk_feedback
from coptip.course.view import public
from coptip.record import Work
from coptip.record.log import load
from coptip.record.summary import replay, summarise
from coptip.render.graph import graph

from ..conftest import ROOT

LIBRARY = Library(ROOT)
MATERIALS = LIBRARY.materials
DIALOGUES = [
    (id, stage.id)
    for id in LIBRARY.exercises
    for stage in LIBRARY.exercises[id].stages
    if isinstance(stage, Dialogue)
]
LONGEST = 60
MOST_STATES = 2000
TALKS = 4000

every_dialogue = pytest.mark.parametrize(
    ("id", "stage_id"), DIALOGUES, ids=["/".join(one) for one in DIALOGUES]
)


def talk_of(id: str, stage_id: str) -> Dialogue:
    stage = LIBRARY.exercises[id].stage(stage_id)
    assert isinstance(stage, Dialogue)
    return stage


def walk(talk: Dialogue, seed: int, *, sound: bool = False) -> list[str]:
    """The lines of a talk held by lot, to its end or for a long while; ``sound``: of those that have no better one."""
    luck, state = Random(seed), begin(talk)
    said: list[str] = []
    while len(said) < LONGEST:
        lines = [line for line in offered(talk, state) if not (sound and line.better)]
        if not lines:
            break
        said.append(luck.choice(lines).id)
        state = say(talk, state, said[-1]).after
    return said


@every_dialogue
@settings(max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_a_walk_at_random_always_has_a_line_to_say_or_an_ending(id: str, stage_id: str, seed: int) -> None:
    talk = talk_of(id, stage_id)
    for turn in turns(talk, walk(talk, seed)):
        node = talk.nodes[turn.after.node]
        assert bool(offered(talk, turn.after)) != bool(node.ending)
        assert turn.reply.text.strip()


@every_dialogue
@settings(max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_meters_stay_between_nought_and_ten(id: str, stage_id: str, seed: int) -> None:
    talk = talk_of(id, stage_id)
    for turn in turns(talk, walk(talk, seed)):
        assert all(LOW <= value <= HIGH for _, value in turn.after.meters)


@every_dialogue
@settings(max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_a_line_of_pressure_never_moves_a_meter_to_its_better_end(id: str, stage_id: str, seed: int) -> None:
    talk = talk_of(id, stage_id)
    for turn in turns(talk, walk(talk, seed)):
        if turn.line.presses:
            for name, meter in talk.meters.items():
                assert meter.better(turn.after.meter(name) - turn.before.meter(name)) <= 0


@every_dialogue
@settings(max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_after_a_line_of_pressure_nothing_is_learned_and_nothing_ends_well_until_it_is_taken_back(
    id: str, stage_id: str, seed: int
) -> None:
    talk, standing = talk_of(id, stage_id), False
    for turn in turns(talk, walk(talk, seed)):
        standing = turn.line.presses or (standing and not turn.line.mends)
        assert (UNMENDED in turn.after.flags) == standing
        if standing:
            assert not (turn.after.flags - turn.before.flags) & talk.facts.keys()
            assert talk.nodes[turn.after.node].ending != "good"


@every_dialogue
def test_a_talk_in_which_a_line_pressed_cannot_come_to_each_good_ending(id: str, stage_id: str) -> None:
    talk = talk_of(id, stage_id)
    good = {node_id for node_id, node in talk.nodes.items() if node.ending == "good"}
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for seed in range(600):
        held = turns(talk, walk(talk, seed))
        found[any(turn.line.presses for turn in held)].add(held[-1].after.node)
    sound = {stands(talk, walk(talk, seed, sound=True)).node for seed in range(300)}
    assert good - found[True]
    assert good & (sound - found[True])


@every_dialogue
def test_pressure_brings_no_fact_sooner_and_no_meter_higher_than_the_same_talk_without_it(
    id: str, stage_id: str
) -> None:
    """Each pressing line beside its better line, from the states in which both are offered."""
    talk = talk_of(id, stage_id)
    for state, _ in states(talk, MOST_STATES):
        for line in offered(talk, state):
            if line.presses:
                pressed, fair = say(talk, state, line.id).after, say(talk, state, line.better).after
                assert not pressed.flags - state.flags & talk.facts.keys() & (pressed.flags - fair.flags)
                for name, meter in talk.meters.items():
                    assert meter.better(pressed.meter(name) - fair.meter(name)) <= 0


@every_dialogue
@settings(max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_going_back_a_turn_undoes_it_and_the_same_events_give_the_same_talk(
    id: str, stage_id: str, seed: int
) -> None:
    exercise, talk = LIBRARY.exercises[id], talk_of(id, stage_id)
    said = walk(talk, seed)
    work: Any = {}
    events = []
    for n in range(len(said)):
        before = feedback(exercise, MATERIALS, work).get(stage_id)
        events.append({"action": "say", "stage": stage_id, "responses": {"said": said[: n + 1]}})
        work = apply(exercise, MATERIALS, work, events[-1])
        if before is not None:
            back = apply(exercise, MATERIALS, work, {"action": "undo", "stage": stage_id})
            after = feedback(exercise, MATERIALS, back)[stage_id]
            assert {k: after[k] for k in ("said", "log", "lines", "meters")} == {
                k: before[k] for k in ("said", "log", "lines", "meters")
            }
    kept = Work(version="", events=tuple(json.loads(json.dumps(events))))
    again = replay(exercise, MATERIALS, kept)
    assert feedback(exercise, MATERIALS, again) == feedback(exercise, MATERIALS, work)
    # a browser that has lost an event in between comes back to the same talk, as each carries the lines before it
    last = replay(exercise, MATERIALS, Work(version="", events=(events[-1],)))
    assert (
        feedback(exercise, MATERIALS, last)[stage_id]["log"]
        == feedback(exercise, MATERIALS, work)[stage_id]["log"]
    )


@every_dialogue
def test_every_place_and_every_ending_is_reached_by_some_talk(id: str, stage_id: str) -> None:
    talk = talk_of(id, stage_id)
    assert strolled(talk, TALKS) == set(talk.nodes)


@every_dialogue
def test_from_every_state_an_ending_can_be_reached(id: str, stage_id: str) -> None:
    talk = talk_of(id, stage_id)
    for _, said in list(states(talk, MOST_STATES))[::37]:
        state = stands(talk, said)
        ends = [walk_on(talk, state, seed) for seed in range(20)]
        assert any(ends), said


def walk_on(talk: Dialogue, state: State, seed: int) -> bool:
    luck = Random(seed)
    for _ in range(LONGEST):
        lines = offered(talk, state)
        if not lines:
            return True
        state = say(talk, state, luck.choice(lines).id).after
    return False


@every_dialogue
def test_sound_lines_alone_lead_to_a_good_ending_and_to_no_poor_one(id: str, stage_id: str) -> None:
    talk = talk_of(id, stage_id)
    ends = [talk.nodes[stands(talk, walk(talk, seed, sound=True)).node] for seed in range(300)]
    assert "good" in {node.ending for node in ends}
    assert "poor" not in {node.ending for node in ends}


@every_dialogue
def test_no_ending_that_is_good_needs_a_line_of_pressure_and_none_is_reached_by_worse_lines_alone(
    id: str, stage_id: str
) -> None:
    talk = talk_of(id, stage_id)
    for seed in range(300):
        held = turns(talk, walk(talk, seed))
        if all(turn.line.better for turn in held):
            assert talk.nodes[held[-1].after.node].ending != "good"


@every_dialogue
def test_while_one_talks_the_page_gets_what_was_said_and_no_more(id: str, stage_id: str) -> None:
    exercise, talk = LIBRARY.exercises[id], talk_of(id, stage_id)
    all_lines = {line.text for node in talk.nodes.values() for line in node.lines}
    all_says = {saying.text for node in talk.nodes.values() for saying in node.says}
    said = walk(talk, 5)[:-1]
    work: Any = {}
    heard = {reply(talk, begin(talk)).text}
    known = {line.text for line in offered(talk, begin(talk))}
    for n, turn in enumerate(turns(talk, said), 1):
        work = apply(
            exercise, MATERIALS, work, {"action": "say", "stage": stage_id, "responses": {"said": said[:n]}}
        )
        heard.add(turn.reply.text)
        known |= {line.text for line in offered(talk, turn.after)}
        told = feedback(exercise, MATERIALS, work)[stage_id]
        text = json.dumps([told, public(exercise, MATERIALS)["stages"]], ensure_ascii=False)
        unearned = (all_lines | all_says) - heard - known
        assert [one for one in unearned if json.dumps(one, ensure_ascii=False)[1:-1] in text] == []
        assert {"replay", "ending"} & set(told) == set()
        assert told["status"] == "tried"


# --- a talk of three places, to see each rule by itself --------------------------------------------------

ASK = Line(
    id="ask",
    text="How was the way here?",
    form="open",
    technique="elicit",
    effect={"rapport": 3, "fear": -2},
    to=(Way(to="tells", when={"rapport": ">=5"}), Way(to="silent")),
    feedback="Open.",
)
PRESS = Line(
    id="press",
    text="You must tell me.",
    form="blaming_or_threatening",
    technique="none",
    effect={"rapport": -2, "fear": 9},
    to="door",
    better="ask",
    feedback="Pressure.",
)
TALK = Dialogue(
    interaction="dialogue",
    id="talk",
    prompt="Talk.",
    scene="A room.",
    person="Mai",
    meters={
        "rapport": Meter(text="Rapport", start=3, good="high"),
        "fear": Meter(text="Fear", start=4, good="low"),
    },
    facts={"way": "She came by bus."},
    start="door",
    nodes={
        "door": Node(
            says=(Saying(text="She looks away.", when={"press": "said"}), Saying(text="She nods.")),
            lines=(ASK, PRESS),
        ),
        "tells": Node(
            says=(Saying(text="“By bus.”", tells=("way",)),),
            ending="good",
            title="She tells",
            feedback="Trust.",
        ),
        "silent": Node(
            says=(Saying(text="Silence."),), ending="poor", title="She is silent", feedback="Fear."
        ),
    },
)
EXERCISE = Exercise(
    id="a-talk",
    brief="X",
    kind="branching-dialogue",
    title="A talk",
    outcome="X",
    minutes=5,
    trap="A trap.",
    stages=(TALK,),
    guide=(),
)


def held(*said: str, work: Any = None) -> Any:
    for n in range(len(said)):
        event = {"action": "say", "stage": "talk", "responses": {"said": list(said[: n + 1])}}
        work = apply(EXERCISE, MATERIALS, work or {}, event)
    return work


def told_of(work: Any) -> dict[str, Any]:
    told: dict[str, Any] = feedback(EXERCISE, MATERIALS, work)["talk"]
    return told


@pytest.mark.parametrize(
    ("when", "true"),
    [
        ({}, True),
        ({"rapport": ">=3"}, True),
        ({"rapport": ">3"}, False),
        ({"rapport": "<=3", "fear": "=4"}, True),
        ({"rapport": "<3"}, False),
        ({"rapport": ">=2, <=3"}, True),
        ({"rapport": ">=2, <3"}, False),
        ({"way": "told"}, False),
        ({"way": "untold"}, True),
        ({"ask": "unsaid"}, True),
        ({"ask": "said"}, False),
    ],
)
def test_a_condition_holds_by_its_truth_table(when: dict[str, str], true: bool) -> None:
    assert holds(when, begin(TALK)) is true


def test_the_same_line_lands_differently_after_a_wrong_one() -> None:
    assert told_of(held("ask"))["ending"]["kind"] == "good"
    assert told_of(held("press", "ask"))["ending"]["kind"] == "poor"


def test_the_reply_follows_from_what_was_said_before() -> None:
    assert told_of(held("press"))["log"][-1]["text"] == "She looks away."


def test_a_line_that_is_not_offered_is_refused_and_changes_nothing() -> None:
    work = held("ask")
    for said in (["ask", "ask"], ["nothing"], [], "ask", None, [["ask"]], ["ask"] * 500):
        with pytest.raises(Refused):
            apply(EXERCISE, MATERIALS, work, {"action": "say", "stage": "talk", "responses": {"said": said}})
    with pytest.raises(NotOffered):
        turns(TALK, ["ask", "press"])


@pytest.mark.parametrize("action", ["check", "set", "lift", "reveal"])
def test_a_talk_takes_no_other_kind_of_answer(action: str) -> None:
    with pytest.raises(Refused):
        apply(EXERCISE, MATERIALS, {}, {"action": action, "stage": "talk", "responses": {"said": ["ask"]}})


def test_a_choice_has_nobody_to_talk_to() -> None:
    exercise = LIBRARY.exercises["consent-switchboard"]
    with pytest.raises(Refused, match="nobody to talk to"):
        apply(
            exercise,
            MATERIALS,
            {},
            {"action": "say", "stage": exercise.stages[0].id, "responses": {"said": ["x"]}},
        )


def test_the_replay_tells_each_turn_with_its_meters_and_the_better_line() -> None:
    first, second = told_of(held("press", "ask"))["replay"]["turns"]
    assert (first["before"], first["after"]) == ({"rapport": 3, "fear": 4}, {"rapport": 1, "fear": 10})
    assert (first["verdict"], first["better"]["text"]) == ("part", ASK.text)
    assert (second["verdict"], second["form"], second["technique"]) == ("right", "open", "elicit")
    assert "better" not in second


def test_what_was_learned_and_what_stayed_untold_are_listed_after_the_talk() -> None:
    good, poor = told_of(held("ask"))["replay"], told_of(held("press", "ask"))["replay"]
    assert (good["learned"], good["not_learned"]) == (["She came by bus."], [])
    assert (poor["learned"], poor["not_learned"]) == ([], ["She came by bus."])


def test_of_what_a_shopkeeper_needs_to_hear_the_talk_names_what_was_given_and_what_was_left_out() -> None:
    talk = talk_of("if-i-call-you", "at-the-counter")
    rest = ["who-helps-find-out", "name-kept", "believe-little"]
    happens, rights, helps = talk.answers.values()
    whole = talk_feedback(talk, ["first-hour-told", "papers-honest", *rest], "")["replay"]
    assert (whole["given"], whole["left_out"]) == ([happens, rights, helps], [])
    part = talk_feedback(talk, ["first-hour-procedure", "papers-feeling", *rest], "")["replay"]
    assert (part["given"], part["left_out"]) == ([helps], [happens, rights])


def test_a_talk_is_done_once_what_it_asks_for_was_reached_and_stays_done() -> None:
    work = held("press", "ask")
    assert (work["talk"].status, work["talk"].tries) == ("tried", 1)
    work = apply(EXERCISE, MATERIALS, work, {"action": "restart", "stage": "talk"})
    assert told_of(work)["log"] == [{"who": "other", "text": "She nods."}]
    work = held("ask", work=work)
    assert (work["talk"].status, work["talk"].tries) == ("done", 2)
    work = held("press", "ask", work=apply(EXERCISE, MATERIALS, work, {"action": "restart", "stage": "talk"}))
    assert work["talk"].status == "done"


def test_meters_are_hidden_while_one_talks_unless_the_author_shows_them() -> None:
    assert told_of(held("press"))["meters"] == []
    shown = replace(EXERCISE, stages=(replace(TALK, show_meters=True),))
    work = apply(shown, MATERIALS, {}, {"action": "say", "stage": "talk", "responses": {"said": ["press"]}})
    values = {one["id"]: one["value"] for one in feedback(shown, MATERIALS, work)["talk"]["meters"]}
    assert values == {"rapport": 1, "fear": 10}


def test_an_untouched_talk_tells_nothing_yet() -> None:
    assert "talk" not in feedback(EXERCISE, MATERIALS, {})
    assert Progress().responses == {}


def test_the_record_says_which_lines_to_look_at_again() -> None:
    def line(*said: str) -> Any:
        events = [
            {"action": "say", "stage": "talk", "responses": {"said": list(said[: n + 1])}}
            for n in range(len(said))
        ]
        text = json.dumps({"coptip": 1, "work": {"a-talk": {"version": "", "events": events}}})
        return summarise(load(text), {"a-talk": EXERCISE}, {"a-talk": "x"}, MATERIALS)[0]

    ended = line("press", "ask")
    assert (ended.status, ended.tries) == ("open", 1)
    assert ended.again == ({"text": PRESS.text, "why": "Pressure."},)
    assert line("press").again == ()
    assert line("ask").status == "done"


def test_an_ending_is_what_the_stage_asks_for_or_not() -> None:
    good, poor = TALK.nodes["tells"], TALK.nodes["silent"]
    assert reaches(TALK, good)
    assert not reaches(TALK, poor)
    assert ending(TALK, begin(TALK)) is None


# --- the graph -------------------------------------------------------------------------------------------


@every_dialogue
def test_the_drawing_is_the_same_each_time_and_shows_every_place(id: str, stage_id: str) -> None:
    talk = talk_of(id, stage_id)
    one, other = graph(talk, "T")._repr_html_(), graph(talk, "T")._repr_html_()
    assert one == other
    assert one.count("<rect") == len(talk.nodes)
    assert all(f">{place}</text>" in one for place in talk.nodes)


def test_the_table_beside_the_drawing_says_every_line_its_effect_and_its_ways() -> None:
    text = repr(graph(TALK, "A talk"))
    assert "rapport +3, fear -2" in text
    assert "tells if rapport>=5; silent" in text
    assert "press (better: ask)" in text


def test_no_participants_page_has_the_graph() -> None:
    from coptip.preview import notebook_of

    assert not any("graph_of" in path.read_text("utf-8") for path in (ROOT / "notebooks").glob("*.ipynb"))
    sources = [cell["source"] for cell in notebook_of("she-does-not-want-to-testify", "0")["cells"]]
    assert any("graph_of" in source for source in sources)
