"""The words of the question checker: ``data/questions.<language>.yaml`` and the weights of its second opinion."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from coptip.content.source import ContentError, Fault, collection_root, read_document, read_text, validate
from coptip.language.question_opinion import Opinion
from coptip.language.question_words import QuestionWords


@cache
def question_words(language: str = "en", data: Path | None = None) -> QuestionWords:
    """The words and patterns of a language, from ``data/questions.<language>.yaml``.

    Raises ContentError with every fault of the file, a pattern that cannot be read among them.
    """
    data = data or collection_root() / "data"
    document = read_document(data / f"questions.{language}.yaml", data)
    words = replace(
        validate(document, QuestionWords), opinion=_opinion(data / f"questions.{language}.weights.json", data)
    )
    try:
        assert words.patterns
    except ValueError as error:
        raise ContentError([document.fault((), str(error))]) from None
    return words


def _opinion(path: Path, data: Path) -> Opinion | None:
    """The second opinion's weights; None where a language has none (yet)."""
    if not path.exists():
        return None
    try:
        learned = json.loads(read_text(path, data))
        return Opinion(float(learned["bias"]), {str(k): float(v) for k, v in learned["weights"].items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ContentError(
            [Fault(path.name, 1, 1, 'expected {"bias": …, "weights": {…}}. Train it anew.')]
        ) from None
