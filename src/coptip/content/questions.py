"""The words of the question checker: ``data/questions.<language>.yaml`` and the weights of its second opinion."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from coptip.content.source import ContentError, Fault, collection_root, read_document, read_text, validate
from coptip.language.question_opinion import Opinion
from coptip.language.question_words import QuestionWords

HUNDREDTHS = 100
"""Weights are whole numbers in the file."""


@cache
def question_words(language: str = "en", data: Path | None = None) -> QuestionWords:
    """The words and patterns of a language, from ``data/questions.<language>.yaml``.

    Raises ContentError with every fault of the file, a pattern that cannot be read among them.
    """
    data = data or collection_root() / "data"
    document = read_document(data / f"questions.{language}.yaml", data)
    words = validate(document, QuestionWords)
    words = replace(words, opinion=_opinion(data / f"questions.{language}.weights.json", data, words))
    try:
        assert words.patterns
    except ValueError as error:
        raise ContentError([document.fault((), str(error))]) from None
    return words


def _opinion(path: Path, data: Path, words: QuestionWords) -> Opinion | None:
    """The second opinion's weights; None where a language has none (yet)."""
    if not path.exists():
        return None
    try:
        learned = json.loads(read_text(path, data))
        return Opinion(
            tuple(map(str, learned["classes"])),
            tuple(map(float, learned["bias"])),
            {
                str(feature): {int(n): w / HUNDREDTHS for n, w in zip(row[::2], row[1::2], strict=True)}
                for feature, row in learned["weights"].items()
            },
            tuple((str(form), str(technique)) for form, technique in learned["together"]),
            frozenset(learned["vocabulary"]),
            known_words(words, data),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ContentError(
            [Fault(path.name, 1, 1, 'expected "classes", "bias", "weights" and so on. Train it anew.')]
        ) from None


def known_words(words: QuestionWords, data: Path | None = None) -> frozenset[str]:
    """Words, and stems of words, that are never mended: the patterns' own, and those with a class of meaning."""
    data = data or collection_root() / "data"
    path = data / f"classes.{words.language}.json"
    classes = json.loads(read_text(path, data))["classes"] if path.exists() else {}
    return frozenset({*classes, *words.past_to_base, *words.past_to_base.values(), *words.named})
