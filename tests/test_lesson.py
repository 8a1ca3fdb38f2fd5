"""The notebook's vocabulary: everything shows as text and as HTML, and nothing ever shows a traceback."""

import json
from typing import Any

import pytest

import coptip
from coptip import lesson
from coptip.content import Library
from coptip.render.widget import Player, library, script, style

from .conftest import ROOT
from .course.test_every_exercise import secrets, wrong

LIBRARY = Library(ROOT)
EXERCISES = sorted(LIBRARY.exercises)


@pytest.fixture
def m() -> Any:
    return coptip.module("1a")


def forms(shown: Any) -> tuple[str, str]:
    """What a cell shows, as plain text and as HTML."""
    if isinstance(shown, Player):
        bundle, _ = shown._repr_mimebundle_()
        return bundle["text/plain"], bundle["text/html"]
    return repr(shown), shown._repr_html_()


def sent(player: Player, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The messages that a player sends to its page from now on."""
    messages: list[Any] = []
    monkeypatch.setattr(player, "send", messages.append)
    return messages


EVERYTHING = [
    *((f"exercise:{id}", lambda m, id=id: m.exercise(id)) for id in EXERCISES),
    *((f"offence:{id}", lambda m, id=id: m.offence(id)) for id in LIBRARY.offences),
    *((f"table:{id}", lambda m, id=id: m.table(id)) for id in LIBRARY.tables),
    *((f"figure:{id}", lambda m, id=id: m.figure(id)) for id in LIBRARY.figures),
    ("errata", lambda m: m.errata("E14", "E22")),
    *((name, lambda m, name=name: getattr(m, name)) for name in ("overview", "statistics", "law_finder", "key_points")),
    *(
        (name, lambda m, name=name: getattr(m, name))
        for name in ("glossary", "sources", "review", "summary", "planner", "map")
    ),
]


@pytest.mark.parametrize(("name", "show"), EVERYTHING, ids=[name for name, _ in EVERYTHING])
def test_whatever_a_cell_shows_has_the_same_text_and_html_each_time(m: Any, name: str, show: Any) -> None:
    text, html = forms(show(m))
    assert (text, html) == forms(show(coptip.module("1a")))
    assert len(text) > 40
    assert html.startswith(("<section", "<div"))
    assert "<script" not in html


@pytest.mark.parametrize(
    ("show", "told"),
    [
        (lambda m: m.exercise("consent-switchbord"), "Did you mean 'consent-switchboard'?"),
        (lambda m: m.offence("tipp"), "Did you mean 'tip'?"),
        (lambda m: m.table("nothing"), "No table called 'nothing'. Known:"),
        (lambda m: m.figure("icebreg"), "Did you mean 'iceberg'?"),
        (lambda m: m.errata("E14", "E999"), "No erratum called 'E999'."),
        (lambda m: m.exercises("iceberg"), "Did you mean 'exercise'?"),
        (lambda m: coptip.module("1z").exercise("iceberg"), "No module called '1z'."),
        (lambda m: coptip.module("").overview, "No module called ''."),
    ],
)
def test_an_unknown_name_gives_a_sentence_with_the_nearest_one(m: Any, show: Any, told: str) -> None:
    text, html = forms(show(m))
    assert told in text
    assert "Traceback" not in text + html


def test_faulty_content_gives_a_participant_a_code_and_an_author_the_place(
    m: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("id: broken\ntitel: No\n")
    shelf = lesson.library().exercises
    monkeypatch.setitem(shelf.paths, "broken", path)
    monkeypatch.setattr(shelf, "root", tmp_path)
    author, _ = forms(m.exercise("broken"))
    assert "broken.yaml:2:1: there is no key 'titel' here. Did you mean 'title'?" in author
    monkeypatch.setenv("COPTIP_PAGE", "1")
    participant, _ = forms(m.exercise("broken"))
    assert participant.startswith("This part cannot be shown. Use the printed sheet")
    assert "yaml" not in participant


@pytest.mark.parametrize("id", EXERCISES)
def test_no_widget_state_holds_anything_that_was_not_earned(m: Any, id: str) -> None:
    exercise = LIBRARY.exercises[id]
    state = json.dumps(m.exercise(id).get_state(), ensure_ascii=False, default=str)
    leaked = [
        s for s in secrets(exercise, LIBRARY.materials) if json.dumps(s, ensure_ascii=False)[1:-1] in state
    ]
    assert leaked == []


@pytest.mark.parametrize("id", EXERCISES)
def test_one_stages_feedback_tells_nothing_of_the_others(m: Any, id: str) -> None:
    player = m.exercise(id)
    exercise = LIBRARY.exercises[id]
    for stage in exercise.stages[:1]:
        if responses := wrong(stage):
            player._receive(player, {"action": "check", "stage": stage.id, "responses": responses})
            told = json.dumps(player.feedback, ensure_ascii=False)
            others = (
                type(exercise)(**{**vars(exercise), "stages": exercise.stages[1:]})
                if exercise.stages[1:]
                else None
            )
            hidden = secrets(others, LIBRARY.materials) if others else {exercise.takeaway}
            assert [s for s in hidden if s and json.dumps(s, ensure_ascii=False)[1:-1] in told] == []


def test_the_page_cannot_set_a_trait(m: Any) -> None:
    player = m.exercise("iceberg")
    before = player.get_state(["exercise", "responses", "feedback", "strings"])
    player.set_state({"exercise": {"hacked": 1}, "feedback": {"": {"done": True}}, "responses": {"a": 1}})
    assert player.get_state(["exercise", "responses", "feedback", "strings"]) == before


NONSENSE: list[Any] = [
    {},
    {"action": None},
    {"action": "check"},
    {"action": "check", "stage": ["pick"]},
    {"action": "check", "stage": "model", "responses": "all"},
    {"action": "reveal", "stage": "nowhere"},
    {"action": "restore", "events": [1, None, {"action": "show", "stage": "model"}]},
    {"action": "restore", "events": {"a": 1}},
    {"action": "eval", "stage": "__import__"},
    [],
    "text",
    None,
    {"action": "check", "stage": "model", "responses": {"x": "y" * 1_000_000}},
]


@pytest.mark.parametrize("message", NONSENSE, ids=range(len(NONSENSE)))
@pytest.mark.parametrize("id", ["iceberg", "eight-files", "local-board", "define-it"])
def test_nonsense_from_a_page_earns_nothing_and_breaks_nothing(
    m: Any, id: str, message: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = m.exercise(id)
    before = json.dumps(player.feedback)
    messages = sent(player, monkeypatch)
    player._on_message(player, message, [])
    assert json.dumps(player.feedback) == before
    assert all(set(one) == {"kind", "text"} and "Traceback" not in one["text"] for one in messages)


def test_a_participants_kernel_shows_no_answers_on_demand_and_an_instructors_does(
    m: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = LIBRARY.exercises["three-drawers"].stages[0].id
    player = m.exercise("three-drawers")
    messages = sent(player, monkeypatch)
    player._on_message(player, {"action": "show", "stage": stage}, [])
    assert "answer" not in player.feedback.get(stage, {})
    assert messages == [{"kind": "problem", "text": "Only the instructor's own page can do that."}]
    assert "instructor" not in player.exercise
    monkeypatch.setenv("COPTIP_ROLE", "instructor")
    player = m.exercise("three-drawers")
    player._on_message(player, {"action": "show", "stage": stage}, [])
    assert player.feedback[stage]["answer"]
    assert player.exercise["instructor"]["trap"]


def test_work_comes_back_from_its_events_with_the_feedback_it_had_earned(m: Any) -> None:
    stage = LIBRARY.exercises["three-drawers"].stages[0]
    events = [{"action": "check", "stage": stage.id, "responses": wrong(stage)}] * 2
    events.append({"action": "reveal", "stage": stage.id})
    first = m.exercise("three-drawers")
    for event in events:
        first._on_message(first, event, [])
    again = m.exercise("three-drawers")
    again._on_message(again, {"action": "restore", "events": events, "drafts": {}}, [])
    assert again.feedback == first.feedback
    assert again.responses == first.responses


def test_the_review_sums_up_a_record_and_refuses_a_damaged_one(
    m: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = m.review
    messages = sent(review, monkeypatch)
    review._on_message(review, {"action": "summarise", "record": {"coptip": 1, "work": {}}}, [])
    assert messages[0]["kind"] == "summary"
    assert len(messages[0]["rows"]) == sum(len(known.exercises) for known in LIBRARY.modules.values())
    review._on_message(review, {"action": "load", "text": "{"}, [])
    assert messages[1]["kind"] == "refused"
    good = {"version": "", "events": [], "drafts": {"a": {}}, "at": ""}
    review._on_message(
        review, {"action": "load", "text": json.dumps({"coptip": 1, "work": {"iceberg": good}})}, []
    )
    assert messages[2]["kind"] == "loaded"
    assert "iceberg" in messages[2]["record"]["work"]


def test_the_players_files_become_one_module() -> None:
    code = script()
    assert code.count("export default") == 1
    assert "\nimport " not in code
    assert "\nexport const" not in code


def test_the_players_of_a_kernel_share_one_script_and_style() -> None:
    m = coptip.module("1a")
    one, other = (m.exercise(id).get_state() for id in ("iceberg", "eight-files"))  # type: ignore[union-attr]
    assert one["library"] == other["library"] == library().model_id
    assert len(one["_esm"]) < 2_000
    assert library().script == script()
    assert library().style == style()


def test_our_own_page_serves_the_players_files_so_the_widget_carries_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COPTIP_PAGE", "1")
    state = coptip.module("1a").exercise("iceberg").get_state()  # type: ignore[union-attr]
    assert len(state["_esm"]) < 100
    assert state["library"] == ""


def test_the_planner_adds_up_from_the_minutes_of_the_modules(m: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = LIBRARY.modules.values()
    assert f"All modules: {sum(one.minutes for one in modules)} minutes" in forms(m.planner)[0]
    planner = m.planner
    messages = sent(planner, monkeypatch)
    planner._on_message(
        None, {"action": "plan", "wishes": {"days": 3, "hours": 8, "lengths": {"4": "out"}}}, []
    )
    planner._on_message(None, {"action": "propose", "wishes": "nonsense"}, [])
    assert [message["kind"] for message in messages] == ["plan", "plan"]
    assert len(messages[0]["days"]) == 3
    assert messages[0]["lengths"]["4"] == "out"
    assert any("Left out: 4." in note for note in messages[0]["notes"])


def test_the_summary_carries_stages_in_which_one_writes_and_no_key(m: Any) -> None:
    stages = [s for one in m.summary.exercise["modules"] for e in one["exercises"] for s in e["stages"]]
    assert {stage["interaction"] for stage in stages} == {"form", "text", "discussion"}
    shown = json.dumps(m.summary.exercise, ensure_ascii=False)
    for id in EXERCISES:
        assert not [text for text in secrets(LIBRARY.exercises[id], LIBRARY.materials) if text in shown]


def test_the_map_names_every_outcome_of_every_module(m: Any) -> None:
    text = " ".join(forms(m.map)[0].split())
    for module in LIBRARY.modules.values():
        for outcome in module.outcomes:
            assert " ".join(outcome.text.split()) in text
