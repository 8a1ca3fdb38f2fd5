"""The question checker keeps its word: figures, properties, feedback, limits."""

import json
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coptip.check_question import lines, question_words
from coptip.language.question import QuestionError, check, judge
from coptip.language.question_words import FORMS, TECHNIQUES
from tests.language.evaluate_questions import Labelled, accuracy, for_training, labelled

WORDS = question_words()
ROWS = labelled()
LATER = [row for row in for_training() if not row.tuned]
DEVELOPMENT = [row for row in ROWS if not row.held_out]
some_row = st.sampled_from(DEVELOPMENT)


def test_the_set_is_broad() -> None:
    assert len(ROWS) >= 360
    assert len({row.id for row in ROWS}) == len({row.text for row in ROWS}) == len(ROWS)
    assert {row.form for row in ROWS} == set(FORMS)
    assert {row.technique for row in ROWS} == set(TECHNIQUES)
    assert sum(row.held_out for row in ROWS) >= 72


def test_the_later_texts_are_broader_still_and_labelled_by_the_same_rules() -> None:
    rows = for_training()
    assert len(LATER) >= 3000
    assert len({row.id for row in rows}) == len(rows)
    for row in LATER:
        assert row.form in FORMS, row.id
        assert row.technique in TECHNIQUES, row.id
        if row.form in ("leading", "blaming_or_threatening"):
            assert row.technique == "none", row.id
        assert (row.form, row.technique) not in (("open", "none"), ("statement", "elicit")), row.id


def test_no_held_out_text_is_taught() -> None:
    assert not {row.text for row in ROWS if row.held_out} & {row.text for row in for_training()}


@pytest.mark.parametrize("held_out", [False, True], ids=["development", "held out"])
def test_the_checker_judges_as_labelled(held_out: bool) -> None:
    rows = [row for row in ROWS if row.held_out is held_out]
    verdicts = [judge(row.text, WORDS) for row in rows]
    assert accuracy([row.form for row in rows], [form for form, _ in verdicts]) >= 0.92
    assert accuracy([row.technique for row in rows], [technique for _, technique in verdicts]) >= 0.87
    for form in ("leading", "blaming_or_threatening"):
        of = [verdict[0] for row, verdict in zip(rows, verdicts, strict=True) if row.form == form]
        assert accuracy([form] * len(of), of) >= 0.80, form


@given(some_row, st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
@settings(max_examples=150)
def test_case_does_not_change_a_verdict(row: Labelled, recase: object) -> None:
    assert callable(recase)
    assert judge(recase(row.text), WORDS) == judge(row.text, WORDS)


@given(some_row, st.sampled_from(["  ", "\t", " \u00a0 ", "   \t  "]))
@settings(max_examples=150)
def test_spacing_does_not_change_a_verdict(row: Labelled, space: str) -> None:
    assert judge(f"{space}{space.join(row.text.split())}{space}", WORDS) == judge(row.text, WORDS)


@given(some_row, st.sampled_from(["!", "…", "...", ".", ""]))
@settings(max_examples=150)
def test_final_punctuation_does_not_change_a_verdict_but_for_a_question_mark(
    row: Labelled, mark: str
) -> None:
    if not row.text.endswith("?"):
        assert judge(row.text.rstrip(".!…") + mark, WORDS) == judge(row.text, WORDS)


@given(some_row, st.sampled_from(["?", "??", "?!", " ?"]))
@settings(max_examples=100)
def test_how_a_question_mark_is_written_does_not_matter(row: Labelled, mark: str) -> None:
    if row.text.endswith("?"):
        assert judge(row.text.rstrip("?") + mark, WORDS) == judge(row.text, WORDS)


@pytest.mark.parametrize(
    ("with_mark", "without", "form", "form_without"),
    [
        ("You paid twice?", "You paid twice.", "closed", "statement"),
        ("He beat you?", "He beat you.", "leading", "statement"),
    ],
)
def test_a_question_mark_alone_makes_a_statement_a_question(
    with_mark: str, without: str, form: str, form_without: str
) -> None:
    assert judge(with_mark, WORDS)[0] == form
    assert judge(without, WORDS)[0] == form_without


@given(
    some_row, st.sampled_from(["Please, {}", "Sir, {}", "Excuse me, {}", "Kindly, {}", "With respect, {}"])
)
@settings(max_examples=200)
def test_politeness_before_does_not_change_the_form(row: Labelled, polite: str) -> None:
    assert judge(polite.format(row.text), WORDS)[0] == judge(row.text, WORDS)[0]


@given(some_row)
@settings(max_examples=100)
def test_please_at_the_end_does_not_change_the_form(row: Labelled) -> None:
    ends = row.text[-1] if row.text[-1] in ".?!" else ""
    polite = f"{row.text.rstrip('.?!')}, please{ends}"
    assert judge(polite, WORDS)[0] == judge(row.text, WORDS)[0]


@given(st.text(max_size=400))
@settings(max_examples=200)
def test_any_text_at_all_gets_a_verdict_or_is_refused(text: str) -> None:
    try:
        verdict = check(text, WORDS)
    except QuestionError:
        return
    assert verdict.form in FORMS
    assert verdict.technique in TECHNIQUES
    assert verdict.feedback
    assert all(0 <= found.start < found.end <= len(text) for found in verdict.found)


POOR = ("closed", "leading", "blaming_or_threatening")
BAD = [row for row in DEVELOPMENT if row.form in POOR and row.technique == "none"]


def test_feedback_of_a_poor_question_names_its_words_and_rewrites_it() -> None:
    without = []
    for row in BAD:
        verdict = check(row.text, WORDS)
        if verdict.form == "closed":
            assert "“" in verdict.feedback or "question mark" in verdict.feedback, row.text
        else:
            assert verdict.found, row.text
            assert "“" in verdict.feedback, row.text
        if not verdict.rewrite:
            without.append(row.text)
    assert len(without) <= len(BAD) // 25, without


def test_every_rewrite_is_itself_open() -> None:
    for row in BAD:
        if rewrite := check(row.text, WORDS).rewrite:
            assert judge(rewrite, WORDS)[0] == "open", f"{row.text} -> {rewrite}"


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        ("Did she pay a fee?", "What did she have to pay, and to whom?"),
        ("The driver hit you, didn't he?", "What happened between you and the driver?"),
        ("Why did you trust him?", "How did you come to trust him?"),
        ("Why didn't you run away?", "What made it hard for you to run away?"),
        ("He took your passport, didn't he?", "What happened to your passport?"),
        (
            "When did you arrive in Bangkok?",
            "What was happening around the time that you arrived in Bangkok?",
        ),
        ("Who drove the car?", "What can you tell me about the person who drove the car?"),
        ("The contract was false, wasn't it?", "What can you tell me about the contract?"),
        ("Is it your own fault that you have no papers?", "How did it come about that you have no papers?"),
    ],
)
def test_a_rewrite_keeps_what_was_asked_about(text: str, rewrite: str) -> None:
    assert check(text, WORDS).rewrite == rewrite


@pytest.mark.parametrize(
    ("text", "form", "words"),
    [
        ("With so little sense it is a wonder that you can find your own door.", "blaming_or_threatening", "wonder"),
        ("Forty grown men on that ship, and not one of you spoke up.", "blaming_or_threatening", "you"),
    ],
)
def test_words_that_no_pattern_knows_are_named_too(text: str, form: str, words: str) -> None:
    verdict = check(text, WORDS)
    assert verdict.form == form
    assert [found.cue for found in verdict.found] == ["second-opinion"]
    named = text[verdict.found[0].start : verdict.found[0].end]
    assert words in named
    assert f"“{named}”" in verdict.feedback


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("Can you discribe for me the famly and the vilage?", "Can you describe for me the family and the village?"),
        ("tell me wat hapend on the brigde", "tell me what happened on the bridge"),
        ("pls explane wat is 'fee'", "please explain what is 'fee'"),
    ],
)
def test_misspelt_words_are_read_as_what_they_are_meant_for(misspelt: str, meant: str) -> None:
    assert judge(misspelt, WORDS) == judge(meant, WORDS)


def test_a_correct_word_is_never_mended() -> None:
    assert WORDS.opinion
    for word in ("broken", "forgot", "drank", "petrol", "visas", "shown", "sister", "bucket"):
        assert WORDS.opinion.mended(word) == word
    assert WORDS.opinion.mended("vilage") == "village"


def test_without_weights_the_patterns_judge_alone() -> None:
    plain = replace(WORDS, opinion=None)
    assert judge("Why did you trust him?", plain) == ("blaming_or_threatening", "none")
    assert judge("Please describe the house where you stayed.", plain) == ("open", "elicit")


def test_a_well_asked_question_is_not_rewritten() -> None:
    for row in DEVELOPMENT:
        if row.form in ("open", "statement") or row.technique != "none":
            assert not check(row.text, WORDS).rewrite, row.text


def answers(*texts: str) -> list[dict[str, object]]:
    return list(lines(json.dumps({"id": n, "text": text}).encode() for n, text in enumerate(texts)))


def test_a_text_that_is_too_long_gets_a_clear_message() -> None:
    [answer] = answers("How are you? " * 1000)
    assert "10,000" in str(answer["error"])


def test_the_longest_text_is_read_quickly() -> None:
    for text in ("why did you " * 800, "you and so if what, " * 490, "a" * 9999, "? " * 4900, '" ' * 4900):
        start = time.perf_counter()
        check(text, WORDS)
        assert time.perf_counter() - start < 3, text[:20]


def test_an_empty_text_asks_nothing_and_is_told_so() -> None:
    for text in ("", "   ", "\x00\x07", "...", "?"):
        [answer] = answers(text)
        assert answer["form"] == "statement"
        assert "nothing to read" in str(answer["feedback"])


def test_another_script_is_not_judged() -> None:
    [answer] = answers("คุณจ่ายค่าธรรมเนียมหรือไม่")
    assert "English" in str(answer["error"])


def test_control_characters_are_read_as_spaces() -> None:
    assert judge("Did\x00she\x1bpay\u200ba fee?", WORDS) == judge("Did she pay a fee?", WORDS)


def test_a_bad_line_is_told_and_the_run_goes_on() -> None:
    told = list(lines([b"{", b"[1]", b'{"id": 7}', b"", b'{"id": 8, "text": "Go on."}']))
    assert [row["id"] for row in told] == [None, None, 7, 8]
    assert ["error" in row for row in told] == [True, True, True, False]
