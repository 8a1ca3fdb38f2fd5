"""The facts of a case: a value for every fact path, ``unknown`` where nobody has said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Any


class Answer(StrEnum):
    """What is known of a fact. Unknown is not no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


ANSWERS = tuple(answer.value for answer in Answer)

_GROUPS: dict[str, tuple[str, ...]] = {
    "acts": ("recruitment", "transportation", "transfer", "harbouring", "receipt"),
    "means": (
        "threat_or_force",
        "other_coercion",
        "abduction",
        "fraud",
        "deception",
        "abuse_of_power",
        "abuse_of_vulnerability",
        "payment_to_person_in_control",
    ),
    "purpose": (
        "exploitation_of_prostitution",
        "other_sexual_exploitation",
        "forced_labour_or_services",
        "slavery_or_similar",
        "servitude",
        "organ_removal",
        "other_exploitation",
    ),
    "border": (
        "crossed_international_border",
        "illegal_entry",
        "entry_procured_by_suspect",
        "financial_or_material_benefit_from_entry",
        "national_or_permanent_resident_of_destination",
    ),
    "smuggling_aggravation": ("danger_to_life_or_safety", "inhuman_or_degrading_treatment"),
    "labour": ("work_or_service_exacted", "menace_of_penalty", "free_and_informed_consent", "free_to_leave"),
}

FACTS: dict[str, tuple[str, ...]] = {
    "victim_age": ("child", "adult", "unknown"),
    **{f"{group}.{leaf}": ANSWERS for group, leaves in _GROUPS.items() for leaf in leaves},
    "victim_consented": ANSWERS,
    "c29_exception": ("none", "military", "civic", "prison", "emergency", "minor_communal", "unknown"),
}
"""Every fact path with the values it may have. ``military`` means compulsory service only."""

_SHORT = {path.rpartition(".")[2]: path for path in FACTS}


class FactsError(ValueError):
    """Facts that cannot be read. ``problems`` says what is wrong, all at once."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


def path_of(name: str) -> str:
    """The full path of a fact whose group may be left out. Raises KeyError where there is no such fact."""
    path = name if name in FACTS else _SHORT.get(name)
    if path is None:
        raise KeyError(f"There is no fact '{name}'.{nearest(name, [*FACTS, *_SHORT])}")
    return path


def _said(value: object) -> str:
    """A value as whoever wrote JSON knows it."""
    return f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def nearest(name: str, known: Iterable[str]) -> str:
    """Half a sentence for a name that nothing has: the nearest one, or else all of them."""
    known = list(dict.fromkeys(known))
    close = get_close_matches(name, known, n=1)
    return f" Did you mean '{close[0]}'?" if close else f" Known: {', '.join(known)}."


class Facts(Mapping[str, str]):
    """An immutable mapping from every fact path to its value; what was left out is ``unknown``."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        """``values``: full paths to values. Use :meth:`from_pairs` or :meth:`from_nested` for anything unchecked."""
        given = values or {}
        self._values = {path: given.get(path, "unknown") for path in FACTS}

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> Facts:
        """Facts from (path, value) pairs; a path may leave out its group. Raises FactsError with all problems."""
        return cls().with_(pairs)

    @classmethod
    def from_nested(cls, nested: Mapping[str, Any]) -> Facts:
        """Facts in the checkers' JSON shape: groups of leaves. Raises FactsError with all problems."""
        if not isinstance(nested, Mapping):
            raise FactsError([f"Facts must be an object of groups, not {_said(nested)}."])
        problems: list[str] = []
        pairs: list[tuple[str, Any]] = []
        for key, value in nested.items():
            if key in _GROUPS:
                if not isinstance(value, Mapping):
                    problems.append(f"'{key}' must be an object of facts with yes, no or unknown.")
                    continue
                for leaf, answer in value.items():
                    if leaf in _GROUPS[key]:
                        pairs.append((f"{key}.{leaf}", answer))
                    else:
                        problems.append(f"'{key}' has no fact '{leaf}'.{nearest(str(leaf), _GROUPS[key])}")
            elif key in FACTS and "." not in key:
                pairs.append((key, value))
            else:
                known = [*_GROUPS, *(path for path in FACTS if "." not in path)]
                problems.append(f"There is no fact or group '{key}'.{nearest(str(key), known)}")
        try:
            facts = cls.from_pairs(pairs)
        except FactsError as error:
            raise FactsError([*problems, *error.problems]) from None
        if problems:
            raise FactsError(problems)
        return facts

    def with_(self, pairs: Iterable[tuple[str, str]]) -> Facts:
        """These facts with some set anew; a path may leave out its group.

        Raises FactsError with all problems, among them one fact given two values: no order decides between them.
        """
        told: dict[str, str] = {}
        problems: list[str] = []
        for name, value in pairs:
            path = name if name in FACTS else _SHORT.get(name)
            if path is None:
                problems.append(f"There is no fact '{name}'.{nearest(str(name), FACTS)}")
            elif not isinstance(value, str) or value not in FACTS[path]:
                problems.append(f"'{path}' is {_said(value)}; expected one of {', '.join(FACTS[path])}.")
            elif told.setdefault(path, str(value)) != value:
                problems.append(f"'{path}' is given twice, as {told[path]} and as {value}.")
        if problems:
            raise FactsError(problems)
        return Facts(self._values | told)

    def to_nested(self) -> dict[str, Any]:
        """The facts in the checkers' JSON shape."""
        nested: dict[str, Any] = {}
        for path, value in self._values.items():
            group, _, leaf = path.rpartition(".")
            (nested.setdefault(group, {}) if group else nested)[leaf] = value
        return nested

    def __getitem__(self, name: str) -> str:
        return self._values[path_of(name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.values()))

    def __repr__(self) -> str:
        known = {path: value for path, value in self._values.items() if value != "unknown"}
        return f"Facts({known})"
