"""Findings have three values. What nobody has asked yet is undetermined: neither shown nor disproved."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Finding(Enum):
    """The finding on an element or an offence. It refuses truth tests: compare with ``is``."""

    ESTABLISHED = "established"
    NOT_ESTABLISHED = "not_established"
    UNDETERMINED = "undetermined"

    def __bool__(self) -> bool:
        raise TypeError("a Finding has three values; compare with `is`")


def any_of(findings: Iterable[Finding]) -> Finding:
    """One established suffices; otherwise one undetermined leaves it open."""
    seen = set(findings)
    for decisive in (Finding.ESTABLISHED, Finding.UNDETERMINED):
        if decisive in seen:
            return decisive
    return Finding.NOT_ESTABLISHED


def all_of(findings: Iterable[Finding]) -> Finding:
    """One not established defeats it; otherwise one undetermined leaves it open."""
    seen = set(findings)
    for decisive in (Finding.NOT_ESTABLISHED, Finding.UNDETERMINED):
        if decisive in seen:
            return decisive
    return Finding.ESTABLISHED


def negate(finding: Finding) -> Finding:
    """What is established becomes not established, and the reverse; what is open stays open."""
    match finding:
        case Finding.ESTABLISHED:
            return Finding.NOT_ESTABLISHED
        case Finding.NOT_ESTABLISHED:
            return Finding.ESTABLISHED
        case Finding.UNDETERMINED:
            return finding
