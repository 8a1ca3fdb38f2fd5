"""The notebook's vocabulary: what ``coptip.module("1a")`` returns. Everything it gives can stand in a cell."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, Concatenate, ParamSpec, TypeVar

from coptip import planning
from coptip.content import ContentError, Library, nearest
from coptip.content.library import UnknownId
from coptip.course import view as views
from coptip.course.exercise import Discussion, Exercise, Form, Model, Text
from coptip.record import RecordError, load, summarise
from coptip.record.log import read
from coptip.render import cards, html, plain
from coptip.render.cards import Card
from coptip.render.widget import Message, Player
from coptip.sitting import Sitting

P = ParamSpec("P")
T = TypeVar("T")


def is_instructor() -> bool:
    """Whether this kernel was started for an instructor; the server says so, a request never does."""
    return os.environ.get("COPTIP_ROLE") == "instructor"


def keeps() -> str:
    """Where work is kept: ``browser``, or on a kiosk ``memory``."""
    return "memory" if os.environ.get("COPTIP_KEEP") == "memory" else "browser"


def readable(
    method: Callable[Concatenate[Any, P], T],
) -> Callable[Concatenate[Any, P], T | Card]:
    """Let a method answer a wrong id or faulty content with a card to read, never a traceback."""

    @wraps(method)
    def guarded(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T | Card:
        try:
            return method(self, *args, **kwargs)
        except UnknownId as error:
            return cards.message(str(error))
        except ContentError as error:
            return _broken(error)

    return guarded


def _broken(error: ContentError) -> Card:
    code = sha256(str(error).encode()).hexdigest()[:6]
    sentence = f"This part cannot be shown. Use the printed sheet, and tell your instructor the code {code}."
    # An author at work sees every fault; a participant's page never does.
    faults = [] if os.environ.get("COPTIP_PAGE") == "1" else [str(fault) for fault in error.faults]
    return cards.message(sentence, faults)


_library: Library | None = None


def library() -> Library:
    """The collection's library, read once in a process."""
    global _library
    if _library is None:
        _library = Library.load()
    return _library


def open_lesson(id: str) -> Lesson | Missing:
    """The lesson of a module, or what says that there is none."""
    books = library()
    known = str(id).lower()
    try:
        books.modules[known]
    except UnknownId as error:
        return Missing(cards.message(str(error)))
    except ContentError as error:
        return Missing(_broken(error))
    return Lesson(books, known)


class Missing:
    """Stands where a module should: shows its message, whatever is asked of it."""

    def __init__(self, card: Card) -> None:
        self._card = card

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __call__(self, *_args: object) -> Missing:
        return self

    def __repr__(self) -> str:
        return repr(self._card)

    def _repr_html_(self) -> str:
        return self._card._repr_html_()


class Lesson:
    """A module in a notebook. Each member returns something a cell can show, as widget, HTML and plain text."""

    def __init__(self, library: Library, id: str) -> None:
        self._library, self._id = library, id
        self._module = library.modules[id]

    def __repr__(self) -> str:
        return f"Module {self._id.upper()}: {self._module.title}"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        known = [n for n in dir(type(self)) if not n.startswith("_")]
        return Missing(cards.message(f"A module has nothing called '{name}'.{nearest(name, known)}"))

    @property
    def overview(self) -> Any:
        """Objectives, outcomes, minutes and readings."""
        return self._overview()

    @readable
    def _overview(self) -> Card:
        instruments = {r.instrument: self._library.instruments[r.instrument] for r in self._module.readings}
        terms = [self._library.glossary[id] for id in self._module.terms]
        return cards.overview(self._module, instruments, terms)

    @readable
    def exercise(self, id: str) -> Player:
        """An exercise to work on, by its id."""
        exercise = self._library.exercises[id]
        materials = self._library.materials
        view = views.public(exercise, materials, instructor=is_instructor())
        view |= {"module": self._library.module_of(id), "keep": keeps()}
        return self._player(exercise, view, plain.exercise(exercise, view), html.exercise(exercise, view))

    def _player(self, exercise: Exercise, view: dict[str, Any], text: str, markup: str) -> Player:
        sitting = Sitting(exercise, self._library.materials, instructor=is_instructor())
        return Player(view, sitting.receive, plain=text, html=markup, feedback=sitting.feedback())

    @readable
    def figure(self, id: str) -> Player:
        """A picture to read and to change, with its table."""
        figure = self._library.figures[id]
        stage = Model(interaction="model", id="picture", prompt=figure.notice, model=figure.model)
        exercise = Exercise(
            id=f"figure-{id}", brief="", kind="simulation", title=figure.title, outcome="", minutes=0, trap="",
            stages=(stage,), guide=figure.guide,
        )  # fmt: skip
        materials = self._library.materials
        view: dict[str, Any] = {
            "type": "figure",
            "id": exercise.id,
            "title": figure.title,
            "notice": figure.notice,
            "stages": [views.stage_view(exercise, stage, materials)],
            "sources": views.sources(figure.guide, materials),
            "keep": keeps(),
        }
        card = cards.figure(figure, self._library.models[figure.model], materials)
        return self._player(exercise, view, repr(card), card._repr_html_())

    @readable
    def offence(self, id: str) -> Card:
        """An offence with its elements, their articles, and what is owed meanwhile."""
        return cards.offence(self._library.offences[id])

    @readable
    def table(self, id: str) -> Player:
        """A comparison table: searchable, side by side."""
        table = self._library.tables[id]
        view, card = cards.table(table)
        return Player(view, _nothing, plain=repr(card), html=card._repr_html_())

    @property
    def statistics(self) -> Any:
        """Every published figure of the module with its unit, population, year and source."""
        return self._statistics()

    @readable
    def _statistics(self) -> Player:
        wanted = [self._library.statistics[id] for id in self._module.statistics]
        view, card = cards.table(cards.statistics_table(self._id, wanted))
        return Player(view, _nothing, plain=repr(card), html=card._repr_html_())

    @property
    def law_finder(self) -> Any:
        """Every instrument and article that the collection names, searchable by the words of a situation."""
        return self._law_finder()

    @readable
    def _law_finder(self) -> Player:
        view, card = cards.table(cards.law_finder(list(self._library.instruments.values())))
        return Player(view, _nothing, plain=repr(card), html=card._repr_html_())

    @readable
    def errata(self, *ids: str) -> Card:
        """What the guide gets wrong, or what has changed since, told beside the text."""
        return cards.errata([self._library.errata[id] for id in ids])

    @property
    def key_points(self) -> Card:
        """What to take away from the module."""
        return cards.key_points(self._module)

    @property
    def glossary(self) -> Any:
        """The terms and abbreviations of the module."""
        return self._glossary()

    @readable
    def _glossary(self) -> Card:
        return cards.glossary([self._library.glossary[id] for id in self._module.terms])

    @property
    def sources(self) -> Any:
        """The notes of the guide that the module rests on."""
        return self._sources()

    @readable
    def _sources(self) -> Card:
        wanted = {item.id for item in self._library.coverage.get(self._id, ())}
        return cards.sources([s for s in self._library.sources.values() if wanted & set(s.items)])

    @property
    def review(self) -> Any:
        """The participant's own record: done, open, what to look at again; saved to a file and restored."""
        return self._review()

    @readable
    def _review(self) -> Player:
        modules = [
            {
                "id": id,
                "title": module.title,
                "exercises": [
                    {
                        "id": e,
                        "title": self._library.exercises[e].title,
                        "minutes": self._library.exercises[e].minutes,
                    }
                    for e in module.exercises
                ],
            }
            for id, module in self._library.modules.items()
        ]
        view = {
            "type": "review",
            "id": "review",
            "module": self._id,
            "title": "Your record",
            "keep": keeps(),
            "modules": modules,
        }
        card = cards.review(modules)
        return Player(view, self._receive_record, plain=repr(card), html=card._repr_html_())

    @property
    def summary(self) -> Any:
        """What the participant wrote and filled in, across all modules, to read and to print."""
        return self._summary()

    @readable
    def _summary(self) -> Player:
        books = self._library
        modules = [
            {
                "id": id,
                "title": f"{id.upper()} {module.title}",
                "exercises": [self._written(books.exercises[e]) for e in module.exercises],
            }
            for id, module in books.modules.items()
        ]
        view = {
            "type": "summary",
            "id": "summary",
            "module": self._id,
            "title": "What I wrote and made",
            "keep": keeps(),
            "modules": modules,
        }
        card = cards.summary(modules)
        return Player(view, _nothing, plain=repr(card), html=card._repr_html_())

    def _written(self, exercise: Exercise) -> dict[str, Any]:
        """An exercise with those of its stages in which one writes or fills in."""
        stages = [
            views.stage_view(exercise, stage, self._library.materials)
            for stage in exercise.stages
            if isinstance(stage, Form | Text | Discussion)
        ]
        return {"id": exercise.id, "title": exercise.title, "stages": stages}

    @property
    def planner(self) -> Any:
        """A timetable of a course of one to three days, added up from the modules' own minutes; for instructors."""
        return self._planner()

    @readable
    def _planner(self) -> Player:
        modules = tuple(self._library.modules.values())
        musts = {id: sum(one.must for one in items) for id, items in self._library.coverage.items()}
        view = planning.view(modules)
        card = cards.planner(modules)

        def receive(player: Player, message: Message) -> None:
            player.send(planning.answer(modules, musts, message))

        return Player(view, receive, plain=repr(card), html=card._repr_html_())

    @property
    def map(self) -> Any:
        """Which exercises serve which outcome and objective, in every module; for instructors."""
        return self._map()

    @readable
    def _map(self) -> Card:
        return cards.outcomes_map(
            list(self._library.modules.values()), list(self._library.exercises.values())
        )

    def _receive_record(self, player: Player, message: Message) -> None:
        """Summarise the record the browser keeps, or open one from a file."""
        books = self._library
        try:
            if message.get("action") == "load":
                log = load(str(message.get("text", "")))
                player.send({"kind": "loaded", "record": log.to_json(), "notes": []})
                return
            raw = message.get("record")
            work = raw.get("work", raw) if isinstance(raw, dict) else {}
            log = read({"coptip": 1, "work": work})
        except RecordError as error:
            player.send({"kind": "refused", "problems": error.problems})
            return
        modules = {e: id for id, module in books.modules.items() for e in module.exercises}
        lines = summarise(log, books.exercises, modules, books.materials)
        rows = [
            {
                "module": x.module,
                "id": x.id,
                "title": x.title,
                "status": x.status,
                "tries": x.tries,
                "again": list(x.again),
            }
            for x in lines
        ]
        again = [row for row in rows if row["again"]]
        counts = {status: sum(x.status == status for x in lines) for status in ("done", "open", "untouched")}
        player.send({"kind": "summary", "rows": rows, "again": again, "counts": counts})


def _nothing(_player: Player, _message: Message) -> None:
    """A table sends nothing."""
