"""What no single file can show: that ids are unique, references resolve, and every option has its feedback."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from typing import Any, assert_never

from coptip.content.dialogues import dialogue_flaws
from coptip.content.forms import change_flaws, form_flaws, take_flaws
from coptip.content.library import Library, Listing, Shelf
from coptip.content.models import model_flaws, play_flaws, reach_flaws
from coptip.content.source import ContentError, Document, Fault, Spot, nearest
from coptip.course.case import Case
from coptip.course.dialogue import Dialogue
from coptip.course.engines import run, start_settings
from coptip.course.exercise import (
    Choice,
    Discussion,
    Exercise,
    Facts,
    Field,
    Form,
    Guess,
    Hottext,
    Lift,
    Match,
    Model,
    Order,
    Play,
    Predict,
    Reach,
    Section,
    Stage,
    Take,
    Text,
    TextItem,
)
from coptip.course.marking import accepted
from coptip.course.simulation import DetectionModel, FlowsModel, LawModel, SharesModel
from coptip.course.view import hottext_parts
from coptip.law import Facts as LawFacts
from coptip.law import FactsError

Report = Callable[[Spot, str], None]
Flaw = tuple[Spot, str]


def check(library: Library) -> list[Fault]:
    """Every fault of the content, in the order of files and lines; an empty list is what one wants."""
    faults: list[Fault] = []
    for name in ("modules", "exercises", "offences", "cases", "models", "tables", "figures"):
        shelf: Shelf[Any] = getattr(library, name)
        for id in shelf:
            faults += _loaded(lambda shelf=shelf, id=id: shelf[id])  # type: ignore[misc]
    for name in ("instruments", "statistics", "sources", "errata", "glossary", "coverage", "concepts"):
        faults += _loaded(lambda name=name: getattr(library, name))  # type: ignore[misc]
    if not faults:
        faults = [doc.fault(spot, message) for doc, spot, message in _Checker(library).flaws()]
        faults += library.concepts.faults()
    return sorted(set(faults))


def _loaded(load: Callable[[], object]) -> list[Fault]:
    try:
        load()
    except ContentError as error:
        return error.faults
    return []


class _Checker:
    """Walks a library that loads, and says what does not fit together."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.inventory = {item.id for items in library.coverage.values() for item in items}

    def flaws(self) -> Iterator[tuple[Document, Spot, str]]:
        library = self.library
        checks: list[tuple[Shelf[Any], Callable[[Any], Iterator[Flaw]]]] = [
            (library.modules, self.module),
            (library.exercises, self.exercise),
            (library.cases, self.case),
            (library.models, self.model),
            (library.tables, self.table),
            (library.figures, self.figure),
            (library.offences, lambda offence: iter(())),
        ]
        for shelf, flaws_of in checks:
            for id, item in shelf.items():
                document = shelf.documents[id]
                if item.id != id:
                    yield (
                        document,
                        ("id",),
                        f"the id is '{item.id}', but the file is called '{id}'. Make them one.",
                    )
                for spot, message in flaws_of(item):
                    yield document, spot, message
                for spot, message in self.guides(document.data):
                    yield document, spot, message
        listings: list[Listing[Any]] = [library.statistics, library.glossary, library.errata]
        for listing in listings:
            for spot, message in self.guides(listing.document.data):
                yield listing.document, spot, message
        yield from self.listed()

    def listed(self) -> Iterator[tuple[Document, Spot, str]]:
        """Every exercise stands in its module, and in one only."""
        library = self.library
        listed = Counter(id for module in library.modules.values() for id in module.exercises)
        for id in library.exercises:
            module = library.module_of(id)
            if module in library.modules and id not in library.modules[module].exercises:
                yield (
                    library.exercises.documents[id],
                    ("id",),
                    f"module '{module}' does not list this exercise.",
                )
            if listed[id] > 1:
                yield library.exercises.documents[id], ("id",), "more than one place lists this exercise."
        for n, statistic in enumerate(library.statistics.values()):
            for k, source in enumerate(statistic.sources):
                if source not in library.sources:
                    message = f"no source called '{source}'.{nearest(source, library.sources)}"
                    yield library.statistics.document, (n, "sources", k), message

    def guides(self, data: Any, spot: Spot = ()) -> Iterator[Flaw]:
        """Every ``guide`` id is one of the inventory's."""
        if isinstance(data, dict):
            for key, value in data.items():
                if key == "guide" and isinstance(value, list):
                    for n, id in enumerate(value):
                        yield from self.known(id, self.inventory, "teachable thing", (*spot, key, n))
                else:
                    yield from self.guides(value, (*spot, key))
        elif isinstance(data, list):
            for n, value in enumerate(data):
                yield from self.guides(value, (*spot, n))

    def known(self, id: str, known: Collection[str], what: str, spot: Spot) -> Iterator[Flaw]:
        if id not in known:
            yield spot, f"no {what} called '{id}'.{nearest(id, known)}"

    # --- modules and tables ------------------------------------------------------------------------------

    def module(self, module: Any) -> Iterator[Flaw]:
        library = self.library
        for name, shelf, what in (
            ("exercises", library.exercises, "exercise"),
            ("tables", library.tables, "table"),
            ("figures", library.figures, "figure"),
            ("offences", library.offences, "offence"),
            ("errata", library.errata, "erratum"),
            ("terms", library.glossary, "term"),
        ):
            for n, id in enumerate(getattr(module, name)):
                yield from self.known(id, shelf, what, (name, n))
        for n, reading in enumerate(module.readings):
            yield from self.known(
                reading.instrument, library.instruments, "instrument", ("readings", n, "instrument")
            )
        if not library.notebook(module.id).exists():
            yield ("notebook",), f"there is no notebook called '{module.notebook}'."
            return
        placed = library.placed(module.id)
        for n, id in enumerate(module.exercises):
            if id not in placed:
                yield (
                    ("exercises", n),
                    f"the notebook '{module.notebook}' does not show '{id}', so the contents list would lead nowhere. "
                    f'Put m.exercise("{id}") into a cell of it, or take the line out here.',
                )

    def table(self, table: Any) -> Iterator[Flaw]:
        yield from _twice([row.id for row in table.rows], ("rows",))
        for n, row in enumerate(table.rows):
            for column in row.cells:
                yield from self.known(column, table.columns, "column", ("rows", n, "cells", column))
            for column in table.columns:
                if column not in row.cells:
                    yield ("rows", n, "cells"), f"the cell of column '{column}' is missing."

    def figure(self, figure: Any) -> Iterator[Flaw]:
        yield from self.known(figure.model, self.library.models, "model", ("model",))

    # --- cases and models --------------------------------------------------------------------------------

    def case(self, case: Case) -> Iterator[Flaw]:
        words = f"{case.text}\n{case.statement}"
        yield from _twice([inquiry.id for inquiry in case.inquiries], ("inquiries",))
        for n, shown in enumerate(case.shown):
            if shown.passage not in words:
                yield ("shown", n, "passage"), "the case does not have these words. Quote it word for word."
        yield from _facts_of(((s.fact, s.value) for s in case.shown), ("shown",))
        for n, inquiry in enumerate(case.inquiries):
            for k, shown in enumerate(inquiry.facts):
                if shown.passage not in inquiry.answer:
                    spot = ("inquiries", n, "facts", k, "passage")
                    yield spot, "the answer does not have these words. Quote it word for word."
            yield from _facts_of(((s.fact, s.value) for s in inquiry.facts), ("inquiries", n, "facts"))

    def model(self, model: Any) -> Iterator[Flaw]:
        match model:
            case LawModel():
                for n, light in enumerate(model.lights):
                    yield from self.known(
                        light.offence, self.library.offences, "offence", ("lights", n, "offence")
                    )
                yield from _facts_of(model.facts.items(), ("facts",))
                for n, switch in enumerate(model.switches):
                    yield from _facts_of(switch.on.items(), ("switches", n, "on"))
                    yield from _facts_of(switch.off.items(), ("switches", n, "off"))
            case DetectionModel():
                settings = {setting.id for setting in model.settings}
                for needed in [*(f"look-{s}" for s in model.sectors), "trust-female", "trust-male"]:
                    if needed not in settings:
                        yield ("settings",), f"the slider '{needed}' is missing."
                for n, group in enumerate(model.groups):
                    yield from self.known(group.sector, model.sectors, "sector", ("groups", n, "sector"))
            case SharesModel():
                for n, id in enumerate(model.statistics):
                    yield from self.known(id, self.library.statistics, "statistic", ("statistics", n))
            case FlowsModel():
                for base, flows in model.flows.items():
                    yield from self.known(base, model.bases, "base", ("flows", base))
                    for n, flow in enumerate(flows):
                        spot = ("flows", base, n)
                        yield from self.known(flow.source, model.places, "place", (*spot, "source"))
                        yield from self.known(flow.target, model.places, "place", (*spot, "target"))
                        yield from self.known(
                            flow.statistic, self.library.statistics, "statistic", (*spot, "statistic")
                        )
            case _:
                yield from model_flaws(model)

    # --- exercises ---------------------------------------------------------------------------------------

    def exercise(self, exercise: Exercise) -> Iterator[Flaw]:
        if module := self.library.module_of(exercise.id):
            yield from self.known(module, self.library.modules, "module", ("id",))
        if not exercise.guide:
            yield ("guide",), "name what this covers, by the ids of coverage.yaml."
        outcomes = {o.id for m in self.library.modules.values() for o in m.outcomes}
        for id in (exercise.outcome,) if isinstance(exercise.outcome, str) else exercise.outcome:
            yield from self.known(id, outcomes, "outcome", ("outcome",))
        if not exercise.stages:
            yield ("stages",), "an exercise needs one stage or more."
        yield from _twice([stage.id for stage in exercise.stages], ("stages",))
        yield from change_flaws(exercise)
        for n, stage in enumerate(exercise.stages):
            yield from (((("stages", n, *spot)), message) for spot, message in self.stage(stage))

    def stage(self, stage: Stage) -> Iterator[Flaw]:
        match stage:
            case Choice():
                yield from _choice(stage)
                yield from self.asked_before(stage)
            case Match():
                yield from self.match(stage)
            case Order():
                yield from _twice([step.id for step in stage.items], ("items",))
                if len(stage.items) < 3:
                    yield ("items",), "an order needs three steps or more."
            case Hottext():
                yield from _hottext(stage)
            case Text():
                yield from _twice([item.id for item in stage.items], ("items",))
                for n, item in enumerate(stage.items):
                    yield from ((("items", n, *spot), message) for spot, message in self.writing(item))
            case Facts():
                yield from self.facts(stage)
            case Dialogue():
                yield from dialogue_flaws(stage)
            case Model():
                yield from self.simulation(stage)
            case Form():
                yield from self.form(stage)
            case Discussion():
                yield from _twice([question.id for question in stage.questions], ("questions",))
            case other:
                assert_never(other)

    def writing(self, item: TextItem) -> Iterator[Flaw]:
        yield from self.written_before(item)
        if item.concept:
            yield from self.known(item.concept, self.library.concepts, "concept", ("concept",))
        if sum(map(bool, (item.concept, item.checker, item.criteria))) > 1:
            yield (), "choose one of 'concept', 'checker' and 'criteria'."
        if (item.concept or item.checker or item.criteria) and not item.model:
            yield (), "a text that is checked needs a 'model' answer."
        if item.model and (item.concept in self.library.concepts or item.checker):
            reading = self.library.materials.reader.read(item, item.model)
            if not reading.complete:
                yield ("model",), f"the checker is not content with the model answer: {reading.said}"

    def written_before(self, item: TextItem) -> Iterator[Flaw]:
        """What was written before must be a text of another exercise's step."""
        if not item.earlier:
            return
        there = yield from self.stage_of(item.earlier.exercise, item.earlier.stage, ("earlier",))
        if there is None:
            return
        items = [one.id for one in there.items] if isinstance(there, Text) else []
        yield from self.known(item.earlier.field or item.id, items, "text there", ("earlier", "field"))

    def match(self, stage: Match) -> Iterator[Flaw]:
        yield from _twice([item.id for item in stage.items], ("items",))
        for n, item in enumerate(stage.items):
            targets = stage.targets_of(item)
            for target in accepted(item):
                yield from self.known(target, targets, "target", ("items", n, "target"))
            for key in item.feedback:
                yield from self.known(key, [*targets, "else"], "target", ("items", n, "feedback", key))
            for k, place in enumerate(item.missed_in):
                spot: Spot = ("items", n, "missed_in", k)
                exercise, _, one = place.partition("/")
                if one:
                    yield from self.stage_of(exercise, one, spot)
                else:
                    yield from self.known(exercise, self.library.exercises, "exercise", spot)
            untold = [target for target in targets if target not in item.feedback]
            if untold and "else" not in item.feedback:
                yield ("items", n, "feedback"), f"no feedback for {', '.join(untold)}. Add it, or an 'else'."
            if stage.rows:
                yield from self.known(item.row, stage.rows, "row", ("items", n, "row"))
                yield from self.known(item.column, stage.columns, "column", ("items", n, "column"))

    def facts(self, stage: Facts) -> Iterator[Flaw]:
        library = self.library
        yield from self.known(stage.case, library.cases, "case", ("case",))
        for n, id in enumerate(stage.offences):
            yield from self.known(id, library.offences, "offence", ("offences", n))
        if all(id in library.offences for id in stage.offences):
            offences = [library.offences[id] for id in stage.offences]
            names = {f"{o.prefix}.{element}" for o in offences for element in [*o.elements, "age"]}
            for key in stage.notes:
                yield from self.known(
                    key, {*names, *stage.offences}, "element or offence here", ("notes", key)
                )

    def simulation(self, stage: Model) -> Iterator[Flaw]:
        if stage.model not in self.library.models:
            yield from self.known(stage.model, self.library.models, "model", ("model",))
            return
        model = self.library.models[stage.model]
        outputs = run(model, start_settings(model), self.library.materials).outputs
        for n, task in enumerate(stage.tasks):
            spot: Spot = ("tasks", n)
            match task:
                case Guess():
                    yield from self.known(task.output, outputs, "output", (*spot, "output"))
                    yield from _told(task.feedback, ("low", "close", "high"), (*spot, "feedback"))
                case Reach():
                    yield from self.known(task.output, outputs, "output", (*spot, "output"))
                    yield from _told(task.feedback, ("low", "reached", "high"), (*spot, "feedback"))
                    yield from reach_flaws(task, model, spot)
                case Play():
                    yield from play_flaws(task, model, spot)
                case Predict():
                    switches = [s.id for s in model.switches] if isinstance(model, LawModel) else []
                    for k, switch in enumerate(task.switches):
                        yield from self.known(switch, switches, "switch", (*spot, "switches", k))
                    yield from _told(task.feedback, task.switches, (*spot, "feedback"))
                case Lift():
                    pass
                case other:
                    assert_never(other)

    def asked_before(self, stage: Choice) -> Iterator[Flaw]:
        """An earlier survey asked the same questions with the same options."""
        if stage.earlier is None:
            return
        there = yield from self.stage_of(stage.earlier.exercise, stage.earlier.stage, ("earlier",))
        if there is None:
            return
        sections = {s.id: s for s in there.sections} if isinstance(there, Form) else {}
        yield from self.known(stage.earlier.section, sections, "section there", ("earlier", "section"))
        if stage.earlier.section in sections:
            fields = {f.id: f for f in sections[stage.earlier.section].fields}
            for n, item in enumerate(stage.items):
                options = fields[item.id].options if item.id in fields else {}
                if options != {option.id: option.text for option in item.options}:
                    yield (
                        ("items", n, "options"),
                        f"'{item.id}' was asked there with other options, or not at all.",
                    )

    def form(self, stage: Form) -> Iterator[Flaw]:
        yield from form_flaws(stage)
        for n, section in enumerate(stage.sections):
            for k, one in enumerate(section.fields):
                if one.earlier:
                    yield from self.earlier(section, one, ("sections", n, "fields", k, "earlier"))
            for k, made in enumerate(section.collect.of if section.collect else ()):
                spot: Spot = ("sections", n, "collect", "of", k)
                yield from self.stage_of(made.exercise, made.stage, spot)
            if section.take:
                yield from (((("sections", n, *at)), told) for at, told in self.take(section, section.take))

    def take(self, section: Section, take: Take) -> Iterator[Flaw]:
        """Cards are taken over from a section of cards, into fields that take what stands there."""
        there = yield from self.stage_of(take.exercise, take.stage, ("take",))
        if there is None:
            return
        cards = {s.id: s for s in there.sections if s.repeat} if isinstance(there, Form) else {}
        yield from self.known(take.section, cards, "section of cards there", ("take", "section"))
        if take.section in cards:
            yield from take_flaws(section, cards[take.section])

    def stage_of(self, exercise: str, stage: str, spot: Spot) -> Generator[Flaw, None, Stage | None]:
        """The stage of an exercise, or None after the flaw that says what there is instead."""
        exercises = self.library.exercises
        yield from self.known(exercise, exercises, "exercise", (*spot, "exercise"))
        if exercise not in exercises:
            return None
        stages = {one.id: one for one in exercises[exercise].stages}
        yield from self.known(stage, stages, "stage there", (*spot, "stage"))
        return stages.get(stage)

    def earlier(self, section: Section, one: Field, spot: Spot) -> Iterator[Flaw]:
        """What was answered before must be a field that takes the same answers."""
        assert one.earlier
        there = yield from self.stage_of(one.earlier.exercise, one.earlier.stage, spot)
        if there is None:
            return
        sections = {s.id: s for s in there.sections} if isinstance(there, Form) else {}
        name = one.earlier.section or section.id
        yield from self.known(name, sections, "section there", (*spot, "section"))
        if name in sections:
            fields = {f.id: f for f in sections[name].fields}
            field = one.earlier.field or one.id
            yield from self.known(field, fields, "field there", (*spot, "field"))
            same = ("input", "options", "low", "high")
            if field in fields and any(getattr(fields[field], x) != getattr(one, x) for x in same):
                yield (
                    spot,
                    f"'{field}' there takes other answers; both need the same input, options, low and high.",
                )


def _twice(ids: list[str], spot: Spot) -> Iterator[Flaw]:
    for id, times in Counter(ids).items():
        if times > 1:
            yield spot, f"the id '{id}' stands {times} times here."


def _told(feedback: Mapping[str, str], keys: Collection[str], spot: Spot) -> Iterator[Flaw]:
    for key in keys:
        if key not in feedback:
            yield spot, f"no feedback for '{key}'."


def _facts_of(pairs: Any, spot: Spot) -> Iterator[Flaw]:
    try:
        LawFacts.from_pairs(pairs)
    except FactsError as error:
        for problem in error.problems:
            yield spot, problem


def _choice(stage: Choice) -> Iterator[Flaw]:
    yield from _twice([item.id for item in stage.items], ("items",))
    for n, item in enumerate(stage.items):
        yield from _twice([option.id for option in item.options], ("items", n, "options"))
        correct = sum(option.correct for option in item.options)
        if not correct:
            yield ("items", n, "options"), "no option is correct. Set 'correct: true' on one."
        if len(item.options) < 2:
            yield ("items", n, "options"), "give two options or more."
        for k, option in enumerate(item.options):
            if not option.feedback.strip():
                yield ("items", n, "options", k), "this option has no feedback."


def _hottext(stage: Hottext) -> Iterator[Flaw]:
    marked = [part["id"] for part in hottext_parts(stage.passage) if "id" in part]
    yield from _twice(marked, ("passage",))
    for id in marked:
        if id not in stage.phrases:
            yield ("passage",), f"the phrase '{id}' is marked but not described.{nearest(id, stage.phrases)}"
    for id in stage.phrases:
        if id not in marked:
            yield ("phrases", id), f"the passage does not mark '{id}'. Write [[{id}|words]] in it."
    if not any(phrase.correct for phrase in stage.phrases.values()):
        yield ("phrases",), "no phrase is correct. Set 'correct: true' on one."
