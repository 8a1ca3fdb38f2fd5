"""Reading ease: syllables by the letters, Flesch's formula, and what it does not claim to know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coptip.language.ease import FEWEST_WORDS, ease, syllables

COUNTED = {
    1: "the house safe makes asked called hours child works sleeps locked paid owes debt helps clothes you sea don't",
    2: "houses table tables wanted police station passport quiet being worried needed guarded promise shelter always "
    "safely sometimes agreed create patient client nurses without",
    3: "employer trafficking family radio national promises languages medicine studying video idea violence officer",
    4: "information society identity vulnerable exploitation community anybody situation material experience",
    5: "association immediately",
}
SIGNS = """Somebody else always pays and answers for her
She sleeps where she works
He does not have his own papers
They are brought in a van at night and never walk home alone
"""


@pytest.mark.parametrize(("number", "word"), [(n, word) for n, words in COUNTED.items() for word in words.split()])
def test_syllables_are_counted_as_one_says_them(number: int, word: str) -> None:
    assert syllables(word) == number


def test_short_words_in_short_lines_read_easily_and_an_officers_sentence_does_not() -> None:
    easy, hard = ease(SIGNS), ease(
        "The competent authorities undertake the identification of potentially trafficked persons, considering the "
        "confidentiality obligations and jurisdictional limitations of participating organisations."
    )
    assert easy is not None
    assert easy.score >= 75
    assert easy.sentences == 4
    assert hard is not None
    assert hard.score <= 5


def test_the_formula_is_the_one_that_was_published() -> None:
    told = ease("The cat sat on the mat. " * 5)
    assert told is not None
    assert (told.words, told.sentences, told.syllables) == (30, 5, 30)
    assert told.score == min(100, round(206.835 - 1.015 * 6 - 84.6))


def test_too_few_words_get_no_score() -> None:
    assert ease("word " * (FEWEST_WORDS - 1)) is None
    assert ease("word " * FEWEST_WORDS) is not None
    assert ease("") is None


@given(st.text(max_size=400))
def test_any_text_gets_a_score_between_nought_and_a_hundred_or_none(text: str) -> None:
    told = ease(text)
    assert told is None or (0 <= told.score <= 100 and told.sentences >= 1)
