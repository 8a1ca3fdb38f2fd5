"""Definitions in, what they say out: one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from coptip import jsonl
from coptip.content.library import Library
from coptip.language.definition import check


def lines(stdin: Iterable[bytes], library: Library) -> Iterator[dict[str, Any]]:
    """A result for each JSON line ``{"id", "concept", "text"}``.

    Yields ``{"id", "elements", "misconceptions", "spans", "feedback"}``; for a line that cannot be taken
    ``{"id", "error"}``.
    """
    known = library.concepts

    def answer(row: dict[str, Any]) -> dict[str, Any]:
        result = check(known[row["concept"]], row["text"])
        return {
            "elements": list(result.elements),
            "misconceptions": list(result.misconceptions),
            "spans": [list(span) for span in result.spans],
            "feedback": result.feedback,
        }

    return jsonl.answers(stdin, {"concept": str, "text": str}, '"id", "concept" and "text"', answer)
