"""Definitions in, what they say out: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from coptip.content.library import Library, UnknownId
from coptip.language.definition import TextError, check


def lines(stdin: Iterable[str], library: Library) -> Iterator[dict[str, Any]]:
    """A result for each JSON line ``{"id", "concept", "text"}``.

    Yields ``{"id", "elements", "misconceptions", "spans", "feedback"}``; for a line that cannot be taken
    ``{"id", "error"}``.
    """
    known = library.concepts
    for n, line in enumerate(stdin, 1):
        if not line.strip():
            continue
        id: Any = None
        try:
            row = json.loads(line)
            id = row.get("id") if isinstance(row, dict) else None
            if not isinstance(row, dict) or not all(isinstance(row.get(k), str) for k in ("concept", "text")):
                raise ValueError(f'line {n}: expected an object with "id", "concept" and "text".')
            result = check(known[row["concept"]], row["text"])
            yield {
                "id": id,
                "elements": list(result.elements),
                "misconceptions": list(result.misconceptions),
                "spans": [list(span) for span in result.spans],
                "feedback": result.feedback,
            }
        except json.JSONDecodeError as error:
            yield {"id": id, "error": f"line {n} is not JSON: {error.msg} at column {error.colno}."}
        except (UnknownId, TextError, ValueError, RecursionError) as error:
            yield {"id": id, "error": str(error)}
