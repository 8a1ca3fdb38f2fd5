"""A smallest collection that has no faults, to spoil one file at a time."""

import json
import shutil
from pathlib import Path

import pytest

from coptip.content import Library, check

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

MODULE = """\
id: x
notebook: x.ipynb
title: A module
summary: A summary.
content_note: None.
objectives: [{id: X.objective.1, text: One., guide: [X.1]}]
outcomes: [{id: X.outcome.1, text: One., guide: [X.2]}]
readings: []
parts: [{title: All, minutes: 10, short: 5}]
exercises: [whose-phone]
"""
EXERCISE = """\
id: whose-phone
brief: X
kind: choose-one
title: Whose phone?
outcome: X.outcome.1
minutes: 5
trap: A trap.
guide: [X.1]
stages:
  - interaction: choice
    id: pick
    prompt: Pick one.
    items:
      - id: phone
        text: Whose phone is it?
        options:
          - {id: hers, text: Hers, correct: true, feedback: She bought it.}
          - {id: his, text: His, feedback: He only took it.}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The root of a collection of one module and one exercise."""
    data = tmp_path / "data"
    for folder in ("modules", "exercises/x", "cases", "models", "tables", "figures"):
        (data / folder).mkdir(parents=True)
    shutil.copytree(ROOT / "data" / "offences", data / "offences")
    offences = {id for o in Library(ROOT).offences.values() for id in _guides(o)}
    items = [f"{{id: {id}, text: One, must: true}}" for id in sorted({"X.1", "X.2"} | offences)]
    (data / "coverage.yaml").write_text("x:\n" + "".join(f"- {item}\n" for item in items))
    (data / "modules" / "x.yaml").write_text(MODULE)
    (data / "exercises" / "x" / "whose-phone.yaml").write_text(EXERCISE)
    (tmp_path / "notebooks").mkdir()
    cell = {"cell_type": "code", "source": ['m.exercise("whose-phone")'], "metadata": {}}
    (tmp_path / "notebooks" / "x.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
    assert check(Library(tmp_path)) == []
    return tmp_path


def _guides(offence: object) -> set[str]:
    from coptip.course.view import guide_ids

    return set(guide_ids(offence))
