"""The named checks of a form, by truth table; whatever a page or a file sends is judged by what fits alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coptip.content import Library
from coptip.course.exercise import Field, Form, FormCheck, Section
from coptip.course.marking import cards, mark_form, struck
from coptip.course.session import apply, feedback

from ..conftest import ROOT
from .good_forms import good_form, poor_form, sparse_forms

LIBRARY = Library(ROOT)
READER = LIBRARY.materials.reader
FORMS = [
    (exercise.id, stage)
    for exercise in LIBRARY.exercises.values()
    for stage in exercise.stages
    if isinstance(stage, Form)
]
FIELDS = (
    Field(id="name", label="Name"),
    Field(id="note", label="Note", input="paragraph"),
    Field(id="consent", label="Consent", input="choice", options={"yes": "Yes", "no": "No", "unknown": "?"}),
    Field(
        id="needs", label="Needs", input="many", options={"home": "Home", "court": "Court", "care": "Care"}
    ),
    Field(id="asked", label="Asked", input="tick"),
    Field(id="talk", label="Talk", input="number", low=0, high=120),
    Field(id="listen", label="Listen", input="number", low=0, high=120),
    Field(id="sure", label="Sure", input="scale", low=1, high=10, low_label="not", high_label="very"),
    Field(id="checked", label="Checked", input="date"),
)
HEAD = Section(id="head", title="Head", fields=(Field(id="made", label="Made on", input="date"),))
CARDS = Section(id="cards", title="Cards", fields=FIELDS, repeat=True, card="hand-over")
MADE = {"head": [{"made": "2026-11-25"}]}


def form(**check: Any) -> Form:
    one = FormCheck(id="it", section="cards", text="Why?", **check)
    return Form(interaction="form", id="f", prompt="", sections=(HEAD, CARDS), checks=(one,))


REQUIRES = {"kind": "requires", "field": "name", "needs": "consent", "needs_values": ("yes",)}
SOME = {"kind": "requires", "field": "consent", "values": ("no", "unknown"), "needs": "note"}
CASES: list[tuple[dict[str, Any], list[dict[str, Any]], tuple[int, ...] | None]] = [
    ({"kind": "empty"}, [], ()),
    ({"kind": "empty"}, [{}, {"name": "  "}], ()),
    ({"kind": "empty"}, [{"name": "A"}], None),
    ({"kind": "fewer", "count": 2}, [{"name": "A"}, {}], ()),
    ({"kind": "fewer", "count": 2}, [{"name": "A"}, {"name": "B"}], None),
    ({"kind": "missing", "field": "name"}, [], None),
    ({"kind": "missing", "field": "name"}, [{"name": "A"}, {}, {"note": "x"}], (3,)),
    ({"kind": "missing", "field": "asked"}, [{"asked": "yes"}], None),
    ({"kind": "missing", "field": "asked"}, [{"asked": "perhaps", "name": "A"}], (1,)),
    ({"kind": "missing", "field": "needs"}, [{"needs": ["nothing known"], "name": "A"}], (1,)),
    ({"kind": "missing", "field": "talk"}, [{"talk": "121", "name": "A"}, {"talk": "120"}], (1,)),
    ({"kind": "missing", "field": "sure"}, [{"sure": "0", "name": "A"}, {"sure": "1"}, {"sure": "1.5"}], (1,)),
    ({"kind": "missing", "field": "checked"}, [{"checked": "2026-02-30", "name": "A"}], (1,)),
    ({"kind": "all_same", "field": "consent"}, [{"consent": "no"}], None),
    ({"kind": "all_same", "field": "consent"}, [{"consent": "no"}, {"consent": "no"}], ()),
    ({"kind": "all_same", "field": "consent"}, [{"consent": "no"}, {"consent": "yes"}], None),
    ({"kind": "only", "field": "needs", "values": ("home",)}, [{"needs": ["home"]}], ()),
    ({"kind": "only", "field": "needs", "values": ("home",)}, [{"needs": ["home", "care"]}], None),
    ({"kind": "none", "field": "needs", "values": ("care",)}, [{"needs": ["home"]}, {"name": "A"}], ()),
    ({"kind": "none", "field": "needs", "values": ("care",)}, [{"needs": ["home", "care"]}], None),
    ({"kind": "none", "field": "needs", "values": ("care",)}, [], None),
    (REQUIRES, [{"name": "Clinic"}], (1,)),
    (REQUIRES, [{"name": "Clinic", "consent": "no"}], (1,)),
    (REQUIRES, [{"name": "Clinic", "consent": "yes"}], None),
    (REQUIRES, [{"consent": "no"}], None),
    (SOME, [{"consent": "yes"}, {"consent": "no"}, {"consent": "no", "note": "Why."}], (2,)),
    (SOME, [{"name": "no"}], None),
    ({"kind": "words", "field": "note", "values": ("no  one knows",)}, [{"note": "No one\nknows."}], (1,)),
    ({"kind": "words", "field": "note", "values": ("rescue",)}, [{"note": "rescued"}], None),
    ({"kind": "spread", "field": "needs", "count": 3}, [{"needs": ["home", "care"]}, {"needs": ["home"]}], ()),
    ({"kind": "spread", "field": "needs", "count": 3}, [{"needs": ["home", "care"]}, {"needs": ["court"]}], None),
    ({"kind": "spread", "field": "needs", "count": 3}, [], None),
    ({"kind": "exceeds", "field": "talk", "needs": "listen"}, [{"talk": "30", "listen": "20"}], (1,)),
    ({"kind": "exceeds", "field": "talk", "needs": "listen"}, [{"talk": "20", "listen": "20"}, {"talk": "9"}], None),
    ({"kind": "sum_over", "field": "talk", "count": 60}, [{"talk": "40"}, {"talk": "21"}], ()),
    ({"kind": "sum_over", "field": "talk", "count": 60}, [{"talk": "40"}, {"talk": "20"}], None),
    ({"kind": "older", "field": "checked", "count": 180, "than": "head.made"}, [{"checked": "2026-05-28"}], (1,)),
    ({"kind": "older", "field": "checked", "count": 180, "than": "head.made"}, [{"checked": "2026-05-29"}], None),
    ({"kind": "older", "field": "checked", "count": 180, "than": "head.made"}, [{"name": "A"}], None),
]  # fmt: skip


@pytest.mark.parametrize(("check", "entries", "wanted"), CASES, ids=range(len(CASES)))
def test_a_named_check_strikes_where_its_rule_says_and_names_the_cards(
    check: dict[str, Any], entries: list[dict[str, Any]], wanted: tuple[int, ...] | None
) -> None:
    one = form(**check)
    assert struck(one.checks[0], one, {"cards": entries, **MADE}) == wanted


def test_the_question_says_which_cards_it_is_about() -> None:
    one = form(kind="missing", field="name")
    marks = mark_form(one, {"cards": [{"note": "x"}, {"name": "A"}, {}, {"note": "y"}]})
    assert marks.items["it"].text == "Why? (Hand-over 1, 4)"
    assert not marks.complete


def test_a_sheet_that_is_left_empty_lacks_what_it_lacks() -> None:
    one = Form(
        interaction="form", id="f", prompt="", sections=(HEAD, CARDS),
        checks=(FormCheck(id="it", kind="missing", section="head", field="made", text="When was it made?"),),
    )  # fmt: skip
    assert struck(one.checks[0], one, {"cards": [{"name": "A"}]}) == (1,)
    marks = mark_form(one, {"cards": [{"name": "A"}]})
    assert marks.items["it"].text == "When was it made?"
    assert not marks.complete


def test_a_form_is_complete_once_something_stands_in_it_and_nothing_is_left_to_ask() -> None:
    one = form(kind="missing", field="name")
    assert not mark_form(one, {}).complete
    assert mark_form(one, {"cards": [{"name": "A"}]}).complete


def test_a_gentle_check_asks_and_holds_nobody_up() -> None:
    marks = mark_form(form(kind="missing", field="name", gentle=True), {"cards": [{"note": "x"}]})
    assert marks.items["it"].text == "Why? (Hand-over 1)"
    assert marks.complete


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=True),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from([f.id for f in FIELDS] + ["head", "cards", "made"]) | st.text(max_size=4)
entries = st.lists(st.dictionaries(names, json_values, max_size=4) | json_values, max_size=4)


@given(st.dictionaries(names, entries | json_values, max_size=4))
def test_no_response_of_any_shape_breaks_a_check_or_counts_where_it_does_not_fit(responses: Any) -> None:
    for check, *_ in CASES:
        one = form(**check)
        mark_form(one, responses)
        for _, card in cards(one, "cards", responses):
            assert set(card) <= {f.id for f in FIELDS}
            assert set(card.get("needs", ())) <= {"home", "court", "care"}
            assert set(card.get("consent", ())) <= {"yes", "no", "unknown"}
            assert set(card.get("asked", ())) <= {"yes"}


every_form = pytest.mark.parametrize(
    "stage", [pytest.param(stage, id=f"{id}/{stage.id}") for id, stage in FORMS]
)


@every_form
def test_every_form_can_be_filled_in_so_that_nothing_is_left_to_ask(stage: Form) -> None:
    assert mark_form(stage, good_form(stage)).complete


def hard_to_read(check: FormCheck) -> dict[str, Any]:
    """A form with one long sentence of long words in the first text that a check reads."""
    section, _, name = check.of[0].partition(".")
    text = "The victim identification procedure necessitates interinstitutional coordination among authorities, "
    return {section: [{name: text + "considering confidentiality obligations and administrative capabilities " * 2}]}


def test_a_leaflet_says_how_easily_it_reads_and_asks_where_it_reads_hard() -> None:
    exercise = LIBRARY.exercises["signs-leaflet"]

    def told(text: str) -> dict[str, Any]:
        event = {"action": "check", "stage": "leaflet", "responses": {"promises": [{"what-happens": text}]}}
        work = apply(exercise, LIBRARY.materials, {}, event)
        found: dict[str, Any] = feedback(exercise, LIBRARY.materials, work)["leaflet"]
        return found

    hard = told("The victim identification procedure necessitates interinstitutional coordination among offices " * 3)
    easy = told("She gets a bed, food and a doctor. Nobody locks her in. " * 3)
    assert hard["items"]["hard-to-read"]["verdict"] == "part"
    assert "Reading ease: 0 of 100" in hard["summary"]
    assert easy["items"]["hard-to-read"]["verdict"] == "right"
    assert "with 6 words a sentence; 70 or more is wanted" in easy["summary"]
    assert "Reading ease" not in told("Call us.")["summary"]


@every_form
def test_every_check_of_a_form_can_strike_and_asks_a_question_that_explains(stage: Form) -> None:
    products = list(sparse_forms(stage))
    for check in stage.checks:
        products_of = [hard_to_read(check)] if check.kind == "reading" else products
        assert any(struck(check, stage, product, READER) is not None for product in products_of), check.id
        assert len(check.text) > 20


@every_form
def test_a_form_that_is_hardly_begun_is_not_yet_done_unless_its_checks_are_gentle(stage: Form) -> None:
    strict = any(not check.gentle for check in stage.checks)
    assert mark_form(stage, poor_form(stage)).complete != strict
