"""What a form must be in itself: inputs with what they need, and checks that name what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from coptip.content.source import Spot, nearest
from coptip.course.exercise import Choice, Exercise, Field, Form, FormCheck, Grid, Section

Flaw = tuple[Spot, str]
WITH_OPTIONS = ("choice", "many")
WITH_NUMBERS = ("number", "scale")
NEEDS_FIELD = (
    "missing", "all_same", "only", "none", "requires", "words", "spread", "exceeds", "sum_over", "older",
)  # fmt: skip
NEEDS_VALUES = ("only", "none", "words")
NEEDS_COUNT = ("fewer", "spread", "sum_over", "older", "reading")
LONGEST_SCALE = 11


def form_flaws(stage: Form) -> Iterator[Flaw]:
    """Everything about a form that does not fit together."""
    yield from _twice([section.id for section in stage.sections], ("sections",))
    yield from _twice([check.id for check in stage.checks], ("checks",))
    for n, section in enumerate(stage.sections):
        yield from _twice([f.id for f in section.fields], ("sections", n, "fields"))
        yield from (((("sections", n, *spot)), message) for spot, message in _section(section))
    sections = {section.id: section for section in stage.sections}
    for n, check in enumerate(stage.checks):
        yield from (((("checks", n, *spot)), message) for spot, message in _check(check, sections))


def _twice(ids: list[str], spot: Spot) -> Iterator[Flaw]:
    for id, times in Counter(ids).items():
        if times > 1:
            yield spot, f"the id '{id}' stands {times} times here."


def _section(section: Section) -> Iterator[Flaw]:
    if not section.fields:
        yield ("fields",), "a section needs one field or more."
    of_cards = (section.start, section.print == "table", section.collect, section.tally, section.take, section.grid)
    if not section.repeat and any(of_cards):
        told = "'start', 'print: table', 'tally', 'grid', 'take' and 'collect' are for cards. Set 'repeat: true'."
        yield ("repeat",), told
    if not 1 <= section.most <= 60:
        yield ("most",), "there may be 1 to 60 cards."
    if not 0 <= section.start <= section.most:
        yield ("start",), f"'start' is from 0 to {section.most}."
    fields = {f.id: f for f in section.fields}
    for n, field in enumerate(section.fields):
        yield from (((("fields", n, *spot)), message) for spot, message in _field(field))
        if field.earlier and section.repeat:
            yield ("fields", n, "earlier"), "a field of a card cannot show an earlier answer."
    for n, id in enumerate(section.tally):
        yield from _known(id, {f.id for f in section.fields if f.input in WITH_OPTIONS}, "list", ("tally", n))
    if section.collect:
        into = section.collect.into
        yield from _known(into, fields, "field", ("collect", "into"))
        if into in fields and fields[into].input != "line":
            yield ("collect", "into"), "the title goes to a field of 'input: line'."
    if section.bars and (section.repeat or sum(f.input == "number" and f.low == 0 for f in section.fields) < 2):
        yield ("bars",), "bars show numbers from 0 on: give two fields of 'input: number' with 'low: 0', and no cards."
    if section.grid:
        yield from _grid(section.grid, fields)


def _grid(grid: Grid, fields: dict[str, Field]) -> Iterator[Flaw]:
    lists = {id: f for id, f in fields.items() if f.input in WITH_OPTIONS}
    yield from _known(grid.rows, lists, "list", ("grid", "rows"))
    yield from _known(grid.columns, lists, "list", ("grid", "columns"))
    yield from _known(grid.label, [id for id, f in fields.items() if f.input == "line"], "line", ("grid", "label"))
    for name, field, option in (("row", grid.rows, grid.look and grid.look.row),
                                ("column", grid.columns, grid.look and grid.look.column)):  # fmt: skip
        if option and field in lists:
            yield from _known(option, lists[field].options, "option", ("grid", "look", name))


def take_flaws(section: Section, there: Section) -> Iterator[Flaw]:
    """What is taken over fits: a list takes the same options, a line or a text takes anything in words."""
    here, others = {f.id: f for f in section.fields}, {f.id: f for f in there.fields}
    assert section.take
    for name, other in section.take.fields.items():
        spot: Spot = ("take", "fields", name)
        yield from _known(name, here, "field", spot)
        yield from _known(other, others, "field there", spot)
        if name not in here or other not in others:
            continue
        into, source = here[name], others[other]
        if into.input in WITH_OPTIONS and (source.input, source.options) != (into.input, into.options):
            yield spot, "both lists need the same input and the same options."
        elif into.input not in (*WITH_OPTIONS, "line", "paragraph") and source.input != into.input:
            yield spot, f"'{other}' there takes other answers."


def _field(field: Field) -> Iterator[Flaw]:
    if field.input in WITH_OPTIONS and len(field.options) < 2:
        yield ("options",), "give two options or more."
    if field.input not in WITH_OPTIONS and field.options:
        yield ("options",), "options are for 'input: choice' and 'input: many'."
    bounds = (field.low, field.high)
    if field.input not in WITH_NUMBERS and bounds != (None, None):
        yield ("low",), "'low' and 'high' are for 'input: number' and 'input: scale'."
    if field.slider and (field.input != "number" or field.low is None or field.high is None):
        yield ("slider",), "a slider is for 'input: number' with 'low' and 'high'."
    if field.input == "scale":
        if field.low is None or field.high is None:
            yield ("low",), "a scale needs 'low' and 'high'."
        elif not 2 <= field.high - field.low + 1 <= LONGEST_SCALE:
            yield ("high",), f"a scale has 2 to {LONGEST_SCALE} steps."
        if not field.low_label or not field.high_label:
            yield ("low_label",), "say what the ends of a scale mean: 'low_label' and 'high_label'."
    elif field.low is not None and field.high is not None and field.low >= field.high:
        yield ("high",), "'high' is to be greater than 'low'."


def _check(check: FormCheck, sections: dict[str, Section]) -> Iterator[Flaw]:
    section = sections.get(check.section)
    if section is None:
        yield from _known(check.section, sections, "section", ("section",))
        return
    fields = {f.id: f for f in section.fields}
    if check.kind in NEEDS_FIELD:
        yield from _known(check.field, fields, "field", ("field",))
    if check.kind in NEEDS_VALUES and not check.values:
        yield ("values",), f"a check of kind '{check.kind}' needs 'values'."
    if check.kind in NEEDS_COUNT and check.count < 1:
        yield ("count",), f"a check of kind '{check.kind}' needs 'count', 1 or more."
    if check.kind in ("requires", "exceeds"):
        yield from _known(check.needs, fields, "field", ("needs",))
    if check.kind not in ("words",):
        yield from _values(check.values, fields.get(check.field), ("values",))
    yield from _values(check.needs_values, fields.get(check.needs), ("needs_values",))
    if check.kind in ("exceeds", "sum_over"):
        for name in ("field", "needs")[: 1 + (check.kind == "exceeds")]:
            found = fields.get(getattr(check, name))
            if found and found.input not in WITH_NUMBERS:
                yield (name,), "this check compares numbers: name a field of 'input: number' or 'scale'."
    if check.kind == "reading":
        texts = [f"{s.id}.{f.id}" for s in sections.values() for f in s.fields if f.input in ("line", "paragraph")]
        if not check.of:
            yield ("of",), "name the texts that are read: 'of: [section.field, ...]'."
        for n, place in enumerate(check.of):
            yield from _known(place, texts, "text", ("of", n))
    if check.kind == "older":
        yield from _older(check, fields.get(check.field), sections)


def _older(check: FormCheck, field: Field | None, sections: dict[str, Section]) -> Iterator[Flaw]:
    if field and field.input != "date":
        yield ("field",), "this check compares dates: name a field of 'input: date'."
    name, _, other = check.than.partition(".")
    section = sections.get(name)
    dates = {f.id for f in section.fields if f.input == "date"} if section and not section.repeat else set()
    if other not in dates:
        yield ("than",), "write 'than: section.field': a date in a section that does not repeat."


def _values(values: Collection[str], field: Field | None, spot: Spot) -> Iterator[Flaw]:
    """Values named in a check are options of the field; a tick has ``yes``."""
    if field is None or (field.input not in WITH_OPTIONS and field.input != "tick"):
        return
    known = ["yes"] if field.input == "tick" else list(field.options)
    for value in values:
        yield from _known(value, known, "option", spot)


def _known(id: str, known: Collection[str], what: str, spot: Spot) -> Iterator[Flaw]:
    if id not in known:
        yield spot, f"no {what} called '{id}'.{nearest(id, known)}"


def change_flaws(exercise: Exercise) -> Iterator[Flaw]:
    """A table of what has changed names a form and a choice of its own exercise, with fields and items of theirs."""
    stages = {stage.id: stage for stage in exercise.stages}
    for n, stage in enumerate(exercise.stages):
        if not isinstance(stage, Form) or stage.change is None:
            continue
        spot: Spot = ("stages", n, "change")
        ratings, questions = stages.get(stage.change.ratings), stages.get(stage.change.questions)
        if not isinstance(ratings, Form):
            yield (*spot, "ratings"), "name a stage of this exercise that is a form."
            continue
        if not isinstance(questions, Choice):
            yield (*spot, "questions"), "name a stage of this exercise that is a choice."
            continue
        fields = [f"{s.id}.{f.id}" for s in ratings.sections for f in s.fields if f.input == "scale"]
        for k, row in enumerate(stage.change.rows):
            yield from _known(row.rating, fields, "scale", (*spot, "rows", k, "rating"))
            for question in row.questions:
                known = [item.id for item in questions.items]
                yield from _known(question, known, "item", (*spot, "rows", k, "questions"))
