"""``coptip check-question``: one JSON object a line in, one a line out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from coptip.content.questions import question_words
from coptip.language.question import QuestionError, check
from coptip.language.question_words import QuestionWords

__all__ = ["lines", "question_words"]


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
