"""What every notebook keeps to, and what a finished module owes to the guide."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from coptip.content import Library
from coptip.coverage import MOST_IDS_A_CELL, report
from coptip.lesson import open_lesson

from .conftest import ROOT
from .course.test_every_exercise import secrets

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FINISHED = {
    "0": [f"X0.{n}" for n in range(1, 11)],
    "1a": [*(f"X1A.{n}" for n in range(1, 15)), "G1A"],
    "1b": [*(f"X1B.{n}" for n in range(1, 14)), "G1B"],
    "2": [*(f"X2.{n}" for n in range(1, 14)), "G2"],
    "3": [*(f"X3.{n}" for n in range(1, 19)), "G3"],
    "4": [*(f"X4.{n}" for n in range(1, 12)), "G4"],
    "5": [*(f"X5.{n}" for n in range(1, 15)), "G5"],
    "6": [*(f"X6.{n}" for n in range(1, 16)), "G6"],
    "8": [*(f"X8.{n}" for n in range(1, 11)), "G8a"],
    "7": [*(f"X7.{n}" for n in range(1, 15)), "G7"],
}
"""Finished modules, each with the design briefs of its exercises; ``G``: the guide's own."""

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
every_finished = pytest.mark.parametrize("module", FINISHED)


ACROSS_MODULES = ("review", "summary", "planner", "map")
"""What sums up all modules: its stored output changes with each of them, so that nbval does not compare it."""


def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["cells"]
    return found


def tags(cell: dict[str, Any]) -> list[str]:
    found: list[str] = cell["metadata"].get("tags", [])
    return found


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def words(text: str) -> list[str]:
    plain = re.sub(r"\]\([^)]*\)|[#*_>|`\[\]-]", " ", text)
    return re.findall(r"\w[\w'’./-]*", plain)


@every_notebook
def test_a_notebook_has_fifteen_to_sixty_short_cells_with_ids_that_say_what_they_are(path: Path) -> None:
    found = cells(path)
    assert 15 <= len(found) <= 60
    ids = [cell["id"] for cell in found]
    assert len(set(ids)) == len(ids)
    for cell in found:
        assert re.fullmatch(r"[a-z][a-z0-9-]{2,63}", cell["id"]), cell["id"]
        if cell["cell_type"] == "code":
            assert len(source(cell).splitlines()) <= 3, cell["id"]
            assert "remove-input" in tags(cell), cell["id"]
            # What a participant has done is not the same from one run to the next.
            assert ("nbval-check-output" in tags(cell)) == (cell["id"] not in ACROSS_MODULES), cell["id"]
        else:
            assert len(words(source(cell))) <= 120, (cell["id"], len(words(source(cell))))


@every_notebook
def test_instructor_cells_are_speaker_notes_and_every_cell_has_its_place_in_the_slides(path: Path) -> None:
    for cell in cells(path):
        kind = cell["metadata"].get("slideshow", {}).get("slide_type")
        assert kind in ("slide", "subslide", "fragment", "notes", "skip", "-"), cell["id"]
        assert ("instructor" in tags(cell)) == (kind == "notes"), cell["id"]


@every_notebook
def test_sentences_are_short_enough_for_second_language_readers(path: Path) -> None:
    prose = " ".join(source(c) for c in cells(path) if c["cell_type"] == "markdown")
    sentences = [s for s in re.split(r"(?<=[.?!:])\s+|\n\n|\n- ", prose) if len(words(s)) > 2]
    assert len(words(prose)) / len(sentences) <= 20


@every_notebook
def test_stored_outputs_are_text_and_html_and_hold_nothing_that_has_to_be_earned(path: Path) -> None:
    library = Library(ROOT)
    hidden = {text for e in library.exercises.values() for text in secrets(e, library.materials)}
    for cell in cells(path):
        if cell["cell_type"] != "code":
            continue
        shown = " ".join("".join(v) for o in cell["outputs"] for v in o.get("data", {}).values())
        flat = " ".join(shown.split())
        for output in cell["outputs"]:
            assert output["output_type"] in ("execute_result", "display_data"), cell["id"]
            assert set(output["data"]) <= {"text/plain", "text/html"}
        leaked = [text for text in hidden if " ".join(text.split()) in flat]
        assert leaked == [], cell["id"]


@every_notebook
def test_no_stored_output_is_a_message_that_something_is_missing(path: Path) -> None:
    for cell in cells(path):
        for output in cell.get("outputs", []):
            html = "".join(output["data"].get("text/html", ""))
            assert "cp-message" not in html, cell["id"]
            assert html or cell["id"] == "setup", cell["id"]


@every_notebook
def test_terms_and_sources_that_are_linked_exist_on_the_page(path: Path, library: Library) -> None:
    text = " ".join(source(c) for c in cells(path))
    for term in re.findall(r"\(#term-([\w-]+)\)", text):
        assert term in library.glossary, term
    for note in re.findall(r"\(#(note-\d+)\)", text):
        assert note in library.sources, note


SHORT = re.compile(r"\b(?:Lao PDR|ASEAN-ACT|[A-Z]{2,}[0-9]*|[CP]0?29)(?=s?\b)")
NO_SHORT_NAMES = {"II", "III", "IV", "VI", "VII", "AYU", "IBU", "TUTI", "WIRA"}
"""Chapters in Roman numerals, and the voices of a story."""
WRONG_ON_PURPOSE = {"ICESR"}
UNSEEN = {"id", "guide", "brief", "outcome", "instructor", "trap", "better", "to", "missed_in", "concept", "case"}


def texts(part: Any) -> Iterator[str]:
    """Every text of an exercise that a participant may come to read."""
    if isinstance(part, str):
        yield part
    elif is_dataclass(part):
        yield from (text for f in fields(part) if f.name not in UNSEEN for text in texts(getattr(part, f.name)))
    elif isinstance(part, dict | list | tuple):
        yield from (text for one in (part.values() if isinstance(part, dict) else part) for text in texts(one))


@every_finished
def test_each_short_name_is_told_in_full_before_it_is_used(module: str, library: Library) -> None:
    """The overview, the first thing on the page, has the module's short names; or the text says it at first use."""
    lesson = library.modules[module]
    in_full = {library.glossary[id].short for id in lesson.terms} - {""}
    overview = repr(open_lesson(module).overview)
    assert all(f"{library.glossary[id].short}: {library.glossary[id].term[:20]}" in overview
               for id in lesson.terms if library.glossary[id].short)  # fmt: skip
    read = [source(c) for c in cells(ROOT / "notebooks" / lesson.notebook)
            if c["cell_type"] == "markdown" and "instructor" not in tags(c)]  # fmt: skip
    for text in [*read, *(text for id in lesson.exercises for text in texts(library.exercises[id]))]:
        for found in SHORT.finditer(text):
            name = found[0]
            if name in in_full | NO_SHORT_NAMES | WRONG_ON_PURPOSE:
                continue
            assert text[: found.start()].endswith("(") and text[found.end() :].startswith(")"), (name, text[:160])  # noqa: PT018
            in_full.add(name)


@every_finished
def test_a_finished_module_carries_everything_the_guide_must_have_taught(
    module: str, library: Library
) -> None:
    assert report(library, module).open == []


@every_finished
def test_a_cell_names_six_things_at_most(module: str, library: Library) -> None:
    for cell in cells(library.notebook(module)):
        assert len(cell["metadata"].get("guide", [])) <= MOST_IDS_A_CELL, cell["id"]


@every_finished
def test_a_finished_module_has_an_exercise_for_every_brief(module: str, library: Library) -> None:
    briefs = [library.exercises[id].brief for id in library.modules[module].exercises]
    assert sorted(briefs) == sorted(FINISHED[module])


@every_finished
def test_every_exercise_table_figure_offence_and_erratum_of_a_module_stands_in_its_notebook(
    module: str, library: Library
) -> None:
    code = "\n".join(source(c) for c in cells(library.notebook(module)) if c["cell_type"] == "code")
    known = library.modules[module]
    for ids, call in (
        (known.exercises, "exercise"),
        (known.tables, "table"),
        (known.figures, "figure"),
        (known.offences, "offence"),
    ):
        shown = re.findall(rf'm\.{call}\("([\w-]+)"\)', code)
        assert sorted(shown) == sorted(ids)
    told = re.findall(r'"(E\d+)"', code)
    assert sorted(told) == sorted(known.errata)
    for part in ("m.overview", "m.key_points", "m.glossary", "m.sources", "m.review"):
        assert part in code
    assert ("m.statistics" in code) == bool(known.statistics)
    assert code.rstrip().endswith("m.review")


@every_finished
def test_the_exercises_stand_in_the_notebook_in_the_order_that_the_module_lists(
    module: str, library: Library
) -> None:
    assert library.placed(module) == library.modules[module].exercises


@every_finished
def test_every_source_that_something_rests_on_is_linked_where_it_is_told(
    module: str, library: Library
) -> None:
    """An exercise lists its sources by itself; a prose cell links the note."""
    sources_of = {item.id: item.sources for item in library.coverage[module]}
    for cell in cells(library.notebook(module)):
        linked = set(re.findall(r"\(#(note-\d+)\)", source(cell)))
        for id in cell["metadata"].get("guide", []):
            wanted = {s for s in sources_of.get(id, ()) if s.startswith("note-")}
            assert wanted <= linked, (cell["id"], id, sorted(wanted - linked))


@every_finished
def test_the_minutes_of_a_module_add_up(module: str, library: Library) -> None:
    known = library.modules[module]
    assert 0 < known.short_minutes < known.minutes
    exercises = sum(library.exercises[id].minutes for id in known.exercises)
    assert known.minutes >= exercises
