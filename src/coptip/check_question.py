"""``coptip check-question``: one JSON object a line in, one a line out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from coptip import jsonl
from coptip.content.questions import question_words
from coptip.language.question import check

__all__ = ["lines", "question_words"]


def lines(stdin: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """A verdict for each JSON line ``{"id", "text"}``; a line that cannot be taken gives ``{"id", "error"}``.

    A verdict is ``{"id", "form", "technique", "feedback", "rewrite", "spans"}``; ``spans`` are ``[start, end, form]``
    in characters of the text, ``rewrite`` an open question where one helps, otherwise empty.
    """
    words = question_words()

    def answer(row: dict[str, Any]) -> dict[str, Any]:
        verdict = check(row["text"], words)
        return {
            "form": verdict.form,
            "technique": verdict.technique,
            "feedback": verdict.feedback,
            "rewrite": verdict.rewrite,
            "spans": [[found.start, found.end, found.form] for found in verdict.found],
        }

    return jsonl.answers(stdin, {"text": str}, '"id" and "text", the text a string', answer)
