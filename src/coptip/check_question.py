"""``coptip check-question``: one JSON object a line in, one a line out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from coptip.content.library import collection_root
from coptip.content.source import ContentError, Fault, read_document, read_text, validate
from coptip.language.question import QuestionError, check
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


def lines(stdin: Iterable[str]) -> Iterator[dict[str, Any]]:
    """A verdict for each JSON line ``{"id", "text"}``; a line that cannot be taken gives ``{"id", "error"}``.

    A verdict is ``{"id", "form", "technique", "feedback", "rewrite", "spans"}``; ``spans`` are ``[start, end, form]``
    in characters of the text, ``rewrite`` an open question where one helps, otherwise empty.
    """
    words = question_words()
    for number, line in enumerate(stdin, 1):
        if line.strip():
            yield _verdict(line, number, words)


def _verdict(line: str, number: int, words: QuestionWords) -> dict[str, Any]:
    id: Any = None
    try:
        row = json.loads(line)
        id = row.get("id") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise ValueError(f'line {number}: expected an object with "id" and "text", the text a string.')
        verdict = check(row["text"], words)
    except json.JSONDecodeError as error:
        return {"id": id, "error": f"line {number} is not JSON: {error.msg} at column {error.colno}."}
    except RecursionError:
        return {"id": id, "error": f'line {number} is nested too deep: expected {{"id", "text"}}.'}
    except (QuestionError, ValueError) as error:
        return {"id": id, "error": str(error)}
    return {
        "id": id,
        "form": verdict.form,
        "technique": verdict.technique,
        "feedback": verdict.feedback,
        "rewrite": verdict.rewrite,
        "spans": [[found.start, found.end, found.form] for found in verdict.found],
    }
