"""One JSON object a line in, one a line out: what the three checkers have in common at the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NoReturn

from coptip.content.source import UnknownId

LONGEST_ERROR = 600
"""Characters of an error. What somebody wrote is named in it, but a megabyte of it helps nobody."""


def answers(
    lines: Iterable[bytes],
    wanted: Mapping[str, type],
    expected: str,
    answer: Callable[[dict[str, Any]], dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """``{"id", ...}`` for each line that is not blank; ``{"id", "error"}`` for one that cannot be taken.

    ``wanted``: the keys that a line must have besides its id, and the types of their values; ``expected`` says the
    same in words. ``answer`` makes the rest of the result; it refuses by an UnknownId or a ValueError whose text is a
    sentence for whoever wrote the line.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        id: str | int | None = None
        where, wish = f"line {number}", f"expected an object with {expected}"
        try:
            row = _read(line, where, wish)
            if isinstance(row, dict) and not isinstance(row.get("id"), str | int | None):
                raise ValueError(f"{where} has an id that is neither a text nor a whole number.")
            id = row.get("id") if isinstance(row, dict) else None
            if not isinstance(row, dict) or not all(isinstance(row.get(k), kind) for k, kind in wanted.items()):
                raise ValueError(f"{where}: {wish}.")
            yield {"id": id, **answer(row)}
        except (UnknownId, ValueError) as error:
            yield {"id": id, "error": _short(str(error))}


def _read(line: bytes, where: str, wish: str) -> Any:
    """What a line says. Raises ValueError with a sentence: where, what, and what was expected."""
    try:
        return json.loads(line.decode("utf-8-sig"), object_pairs_hook=_named_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise ValueError(f"{where} is not UTF-8: {wish}, in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{where} is not JSON: {error.msg} at column {error.colno}; {wish}.") from None
    except RecursionError:
        raise ValueError(f"{where} is nested too deep: {wish}.") from None
    except _Refused as error:
        raise ValueError(f"{where} {error}: {wish}.") from None
    except ValueError:  # Python's own, of a number with thousands of digits
        raise ValueError(f"{where} has a number that is too long: {wish}.") from None


class _Refused(Exception):
    """JSON that Python reads and we do not."""


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        twice = next(name for n, (name, _) in enumerate(pairs) if name in dict(pairs[:n]))
        raise _Refused(f"names {twice!r} twice")
    return row


def _no_number(name: str) -> NoReturn:
    raise _Refused(f"has {name}, which is no number of JSON")


def _short(text: str) -> str:
    if len(text) <= LONGEST_ERROR:
        return text
    half = LONGEST_ERROR // 2
    return f"{text[:half]} … {text[-half:]}"


def print_answers(answers: Iterable[dict[str, Any]], out: BinaryIO) -> int:
    """Write each answer on a line, in UTF-8 whatever the terminal speaks. Returns 1 where one is an error."""
    status = 0
    for answer in answers:
        status |= "error" in answer
        try:
            line = json.dumps(answer, ensure_ascii=False).encode()
        except UnicodeEncodeError:  # half of a character that only JSON can name
            line = json.dumps(answer).encode()
        out.write(line + b"\n")
        out.flush()
    return status
