"""What a stage may refer to: cases, offences, models and statistics, by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coptip.course.case import Case
from coptip.course.exercise import Exercise
from coptip.course.module import Source, Statistic
from coptip.course.reading import NoReader, Reader
from coptip.course.simulation import Simulation
from coptip.law import Offence


@dataclass(frozen=True, kw_only=True)
class Materials:
    """Everything that exercises refer to. A missing id is a fault of the content, found by ``coptip check``."""

    offences: Mapping[str, Offence] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)
    models: Mapping[str, Simulation] = field(default_factory=dict)
    statistics: Mapping[str, Statistic] = field(default_factory=dict)
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
    """For what is brought in from one exercise to another."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    sources_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Source ids by the inventory id that rests on them."""
    reader: Reader = field(default_factory=NoReader)
    """Reads the texts of items that name a concept or a checker."""
