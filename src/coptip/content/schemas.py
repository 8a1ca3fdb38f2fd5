"""JSON Schemas of the data files, for editors that complete and check YAML while one types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coptip.content.source import adapter
from coptip.course.case import Case
from coptip.course.exercise import Exercise
from coptip.course.module import (
    Erratum,
    Figure,
    Instrument,
    Module,
    Source,
    Statistic,
    Table,
    Teachable,
    Term,
)
from coptip.course.simulation import Simulation
from coptip.language.concept import Concept
from coptip.law import Offence

FILES: dict[str, Any] = {
    "exercise": Exercise,
    "case": Case,
    "model": Simulation,
    "module": Module,
    "table": Table,
    "figure": Figure,
    "offence": Offence,
    "concept": Concept,
    "instruments": list[Instrument],
    "statistics": list[Statistic],
    "sources": list[Source],
    "errata": list[Erratum],
    "glossary": list[Term],
    "coverage": dict[str, list[Teachable]],
}


def schemas() -> dict[str, str]:
    """Every schema as JSON text, by its name."""
    return {name: json.dumps(adapter(kind).json_schema(), indent=1) + "\n" for name, kind in FILES.items()}


def write(folder: Path) -> list[Path]:
    """Write the schemas to a folder; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in schemas().items():
        path = folder / f"{name}.schema.json"
        path.write_text(text, "utf-8")
        paths.append(path)
    return paths
