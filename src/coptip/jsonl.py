"""One JSON object a line in, one a line out: what the three checkers have in common at the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from coptip.content.source import UnknownId


def answers(
    stdin: Iterable[str],
    wanted: Mapping[str, type],
    expected: str,
    answer: Callable[[dict[str, Any]], dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """``{"id", ...}`` for each line that is not empty; ``{"id", "error"}`` for one that cannot be taken.

    ``wanted``: the keys that a line must have besides its id, and the types of their values; ``expected`` says the
    same in words. ``answer`` makes the rest of the result; it refuses by an UnknownId or a ValueError whose text is a
    sentence for whoever wrote the line.
    """
    for number, line in enumerate(stdin, 1):
        if not line.strip():
            continue
        id: Any = None
        try:
            row = json.loads(line)
            id = row.get("id") if isinstance(row, dict) else None
            if not isinstance(row, dict) or not all(isinstance(row.get(k), kind) for k, kind in wanted.items()):
                raise ValueError(f"line {number}: expected an object with {expected}.")
            yield {"id": id, **answer(row)}
        except json.JSONDecodeError as error:
            yield {"id": id, "error": f"line {number} is not JSON: {error.msg} at column {error.colno}."}
        except RecursionError:
            keys = ", ".join(f'"{key}"' for key in ("id", *wanted))
            yield {"id": id, "error": f"line {number} is nested too deep: expected {{{keys}}}."}
        except (UnknownId, ValueError) as error:
            yield {"id": id, "error": str(error)}
