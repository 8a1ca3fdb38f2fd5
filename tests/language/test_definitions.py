"""What the definition checker has to hold, whatever its words and weights are."""

import json
import re
from pathlib import Path

import pytest
import yaml

from coptip.check_definition import lines
from coptip.content import Library
from coptip.content.concepts import LEAST_EXAMPLES, Concepts
from coptip.language.definition import LIMIT, LIMITS, TextError, check
from coptip.language.opinion import clauses

from ..conftest import ROOT
from .evaluate import evaluate, patterns, rows

LIBRARY = Library(ROOT)
CONCEPTS = LIBRARY.concepts
TEN = ("tip", "child_trafficking", "som", "fl", "cop", "hrba", "referral", "vca", "npp", "confidence")
SAMPLE = [row for row in rows(False) if len(row["text"]) < 240][::83]
every_sample = pytest.mark.parametrize("row", SAMPLE, ids=lambda row: row["id"])

PUBLIC = [
    ("tip", "Bringing in or keeping a person by lies or pressure so as to exploit that person.",
     "tip.act tip.means tip.purpose"),
    ("tip", "No passport, no border, no trafficking.", "m.border_required"),
    ("tip", "A closed door is not needed; a debt can hold a man as well.", "tip.means"),
    ("child_trafficking", "Minor + act + exploitation, force or no force.",
     "ct.act ct.child ct.no_means_needed ct.purpose"),
    ("som", "take money bring foreiner in country no permit", "som.benefit som.border som.illegal_entry som.procure"),
    ("fl", "Toil because of a threat.", "fl.menace fl.work"),
    ("cop", "COP means our detectives get more tips from neighbours.", "m.cop_intelligence"),
    ("vca", "First the statement, then the shelter.", "m.cooperation_required"),
    ("npp", "No charge against the victim for what the traffickers made her do.",
     "npp.link npp.no_liability npp.unlawful_acts"),
    ("confidence", "The bus to the market is green.", ""),
]  # fmt: skip


def ids(concept: str, text: str) -> set[str]:
    result = check(CONCEPTS[concept], text)
    return {*result.elements, *result.misconceptions}


def ask(*rows: object) -> list[dict[str, object]]:
    return list(lines([(row if isinstance(row, str) else json.dumps(row)).encode() for row in rows], LIBRARY))


@pytest.mark.parametrize(("concept", "text", "said"), PUBLIC, ids=[text[:30] for _, text, _ in PUBLIC])
def test_the_public_rows_are_judged_as_they_are_labelled(concept: str, text: str, said: str) -> None:
    assert ids(concept, text) == set(said.split())


def test_the_ten_concepts_have_the_contracts_ids() -> None:
    found = [e.id for c in TEN for e in CONCEPTS[c].concept.elements]
    wrong = {m.id for c in TEN for m in CONCEPTS[c].misconceptions}
    assert len(found) == len(set(found)) == 52
    assert len(wrong) == 47


@every_sample
def test_case_spacing_and_punctuation_do_not_change_a_verdict(row: dict[str, str]) -> None:
    text = " ".join(row["text"].split())
    plain = ids(row["concept"], text)
    assert ids(row["concept"], text.upper()) == plain
    assert ids(row["concept"], text.lower()) == plain
    assert ids(row["concept"], "\n\t " + text.replace(" ", "  \u00a0")) == plain
    assert ids(row["concept"], re.sub(r"[.!]+$", "", text) + " !") == ids(
        row["concept"], re.sub(r"[.!]+$", "", text) + "."
    )
    assert ids(row["concept"], text.replace("'", "’").replace('"', "“")) == plain


@every_sample
@pytest.mark.parametrize("other", ["The bus to the market is green.", "My aunt sells noodles on Fridays."])
def test_an_unrelated_sentence_removes_no_element(row: dict[str, str], other: str) -> None:
    before = set(check(CONCEPTS[row["concept"]], row["text"]).elements)
    text = row["text"].rstrip()
    text += "" if text[-1] in ".!?" else "."
    after = set(check(CONCEPTS[row["concept"]], f"{text} {other}").elements)
    assert before <= after


@pytest.mark.parametrize("concept", TEN)
def test_unrelated_sentences_say_nothing(concept: str) -> None:
    for text in ("The bus to the market is green.", "It rained.", "Two times two is four."):
        assert ids(concept, text) == set()


@pytest.mark.parametrize(
    ("concept", "text"),
    [
        ("referral", "Some commanders would keep the charities out of it; but charities are our partners in it."),
        ("fl", "People often say that whoever gets wages cannot be in forced labour. The court did not agree."),
        ("child_trafficking", "The old leaflet put the age at sixteen. It has been withdrawn."),
        ("fl", "Not every forced labourer was trafficked."),
        ("tip", "She had a bruise on one arm, which the nurse has photographed."),
        ("vca", "Her testimony runs to fourteen pages."),
        ("confidence", "There were ninety arrests in July and seventy in August."),
    ],
)  # fmt: skip
def test_a_belief_of_others_a_denial_or_a_fact_near_by_is_no_misconception(concept: str, text: str) -> None:
    assert check(CONCEPTS[concept], text).misconceptions == ()


@pytest.mark.parametrize(
    ("concept", "text", "elements", "misconception"),
    [
        ("tip", "It is a crime to obtain people through fear for forced labour, save where they had agreed.",
         "tip.act tip.means tip.purpose", "m.consent_negates"),
        ("fl", "Work under threat which one cannot leave. What prostitutes do does not count as work here.",
         "fl.work fl.menace fl.involuntary", "m.sex_not_work"),
        ("referral", "You refer victims to services according to their needs, provided that they are ready to testify.",
         "rm.services", "m.cooperation_required"),
    ],
)  # fmt: skip
def test_a_wrong_belief_that_hangs_on_a_right_definition_is_found_and_leaves_it_its_elements(
    concept: str, text: str, elements: str, misconception: str
) -> None:
    result = check(CONCEPTS[concept], text)
    assert result.elements == tuple(elements.split())
    assert result.misconceptions == (misconception,)


@pytest.mark.parametrize(
    ("concept", "text"),
    [
        ("vca", "The hotel puts the wishes of its guests first and keeps their names private."),
        ("npp", "Drivers are not fined for parking on the bridge, as a result of the festival."),
        ("referral", "Partners of the club are referred to page nine for the rules that protect the pitch."),
    ],
)
def test_a_text_about_something_else_in_the_concepts_words_says_nothing(concept: str, text: str) -> None:
    assert ids(concept, text) == set()


def test_a_longer_sentence_is_read_clause_by_clause_as_well() -> None:
    compiled = CONCEPTS["tip"].compiled
    long = "Tricking people in order to exploit them, but never where they had signed a contract."
    [marked] = [compiled.vocabulary.annotate(one) for one in compiled.lexicon.read(long)]
    assert [" ".join(marked.stems[a:b])[:9] for a, b in clauses(marked)] == ["trick peo", ", but nev"]
    [short] = [compiled.vocabulary.annotate(one) for one in compiled.lexicon.read("Tricking people, but why?")]
    assert list(clauses(short)) == []


def test_spans_are_the_words_that_earned_an_id() -> None:
    text = "He tricks people and takes them to a farm to exploit them."
    result = check(CONCEPTS["tip"], text)
    assert {id for _, _, id in result.spans} == {*result.elements, *result.misconceptions}
    assert any(text[a:b] == "exploit" for a, b, id in result.spans if id == "tip.purpose")
    assert all(0 <= a < b <= len(text) for a, b, _ in result.spans)


def test_feedback_quotes_asks_once_corrects_with_its_source_and_says_its_limits() -> None:
    said = check(
        CONCEPTS["tip"], "He tricks people. Without crossing a border it is not trafficking."
    ).feedback
    assert "“" in said
    assert said.count("?") == 1
    assert "(Guide 1A, 1.7)" in said
    assert said.endswith(LIMITS)


def test_a_bare_list_of_terms_asserts_nothing_and_is_told_so() -> None:
    result = check(CONCEPTS["tip"], "recruitment, deception, transport, exploitation")
    assert (result.elements, result.misconceptions) == ((), ())
    assert "list of terms" in result.feedback


@pytest.mark.parametrize("text", ["", "   \n\t", "...", "\u200b\u200b", "\x00\x01\x02", "🙂🙂"])
def test_a_text_without_words_says_nothing_and_asks_for_some(text: str) -> None:
    result = check(CONCEPTS["cop"], text)
    assert (result.elements, result.misconceptions) == ((), ())
    assert "nothing to read" in result.feedback


@pytest.mark.parametrize("text", ["การค้ามนุษย์คือ", "buôn người không", "人身売買とは搾取である", "ប្រទេស"])
def test_another_script_is_handled(text: str) -> None:
    result = check(CONCEPTS["tip"], text)
    assert result.misconceptions == ()
    assert result.feedback


def test_control_characters_between_words_do_no_harm() -> None:
    text = "Tricking\x00people\x1bto\x07exploit them."
    assert "tip.purpose" in check(CONCEPTS["tip"], text).elements


def test_ten_thousand_characters_are_read_and_one_more_is_refused() -> None:
    text = ("The bus is green. " * 600)[:LIMIT]
    assert check(CONCEPTS["tip"], text).elements == ()
    with pytest.raises(TextError, match="10,001 characters; at most 10,000 are read"):
        check(CONCEPTS["tip"], text + ".")


def test_a_bad_line_gives_an_error_and_the_run_goes_on() -> None:
    told = ask(
        "{",
        {"id": 1, "concept": "tipp", "text": "x"},
        {"id": 2, "concept": "tip"},
        {"id": 3, "concept": "tip", "text": "x" * (LIMIT + 1)},
        [1],
        "[" * 100_000,
        {"id": 4, "concept": "tip", "text": "They exploit people."},
    )
    assert [line.get("id") for line in told] == [None, 1, 2, 3, None, None, 4]
    assert ["error" in line for line in told] == [True] * 6 + [False]
    assert "Did you mean 'tip'" in str(told[1]["error"])
    assert told[6]["elements"] == ["tip.purpose"]


def test_a_line_has_the_keys_of_the_contract() -> None:
    [told] = ask({"id": "a", "concept": "fl", "text": "Toil because of a threat."})
    assert list(told) == ["id", "elements", "misconceptions", "spans", "feedback"]
    assert all(len(span) == 3 for span in told["spans"])  # type: ignore[attr-defined]


def test_every_concept_has_its_examples_and_asks_without_giving_the_answer_away() -> None:
    for ready in CONCEPTS.values():
        assert len(ready.concept.examples) >= LEAST_EXAMPLES
        assert all(element.question.endswith((".", "?")) for element in ready.concept.elements)
        assert all(m.source for m in ready.misconceptions)


def test_the_development_texts_are_many_and_varied() -> None:
    texts = rows(False) + rows(True)
    assert len(texts) >= 400
    assert len({row["id"] for row in texts}) == len(texts)
    assert {row["concept"] for row in texts} == set(TEN)


def test_the_checker_is_not_worse_than_it_was() -> None:
    tallies = evaluate(rows(False)[::19], patterns())
    assert tallies["all", "all", "elements"].figures[2] > 0.9
    assert tallies["all", "all", "misconceptions"].figures[2] > 0.85


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "concepts").mkdir()
    (tmp_path / "words.en.yaml").write_bytes((ROOT / "data" / "words.en.yaml").read_bytes())
    (tmp_path / "concepts" / "child.en.yaml").write_bytes(
        (ROOT / "data" / "concepts" / "child.en.yaml").read_bytes()
    )
    return tmp_path


def spoilt(data: Path, old: str, new: str) -> str:
    path = data / "concepts" / "child.en.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    from coptip.content import ContentError

    try:
        return "\n".join(map(str, Concepts(data).faults()))
    except ContentError as error:
        return str(error)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("until|till|up_to .. @ch_eighteen", "until|till|up_to .. @ch_eihteen", "no set of words called '@ch_eihteen'"),
        ("elements: [child.under-18]", "elements: [child.under-81]", "nothing is called 'child.under-81'. "),
        ("misconceptions: [child.looks]", "elements: [child.under-18]",
         "the checker judges the elements of this example otherwise"),
        ("id: child\n", "id: kid\n", "the id 'kid' does not fit the name of the file"),
        ("sets:\n", "sets:\n  need: must\n", "the set 'need' stands in the shared words. Rename it."),
    ],
)  # fmt: skip
def test_a_faulty_concept_is_told_with_file_line_and_column(
    small: Path, old: str, new: str, told: str
) -> None:
    assert spoilt(small, "title: a child", "title: a child") == ""
    faults = spoilt(small, old, new)
    assert told in faults
    assert re.search(r"concepts/child\.en\.yaml:\d+:\d+: ", faults)


def test_the_labelled_texts_are_yaml_with_known_ids() -> None:
    known = {
        x
        for c in TEN
        for x in (*(e.id for e in CONCEPTS[c].concept.elements), *(m.id for m in CONCEPTS[c].misconceptions))
    }
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        if path.name.startswith(("definitions-", "taught-", "fresh-", "unseen-d")):
            for row in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader):
                assert {*(row["elements"] or ()), *(row["misconceptions"] or ())} <= known, row["id"]
