"""Exercises as data: an exercise is one or more stages, each of one interaction.

Names follow IMS QTI where it has one: interaction, item, response, feedback. All texts are plain text;
a blank line begins a new paragraph. Ids are kebab-case, say what the thing is, and are never positions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from coptip.course.dialogue import FORBID as FORBID
from coptip.course.dialogue import Dialogue, Technique

Kind = Literal[
    "match-pairs", "classify-into-buckets", "matrix-fill", "fill-elements", "order-steps", "mark-the-text",
    "choose-one", "choose-many", "true-false", "definition-checker", "question-writing", "reflection",
    "offence-assessor", "branching-dialogue", "simulation", "map-reading", "builder", "survey", "discussion",
]  # fmt: skip
Mode = Literal["individual", "group", "plenary"]


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer that can be picked, and what a participant is told who picked it."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    feedback: str
    correct: bool = False


@dataclass(frozen=True, kw_only=True)
class ChoiceItem:
    """A question with its options. ``many``: every correct option and no other; ``one``: any correct option."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    options: tuple[Option, ...]
    select: Literal["one", "many"] = "one"
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """Where an answer was given before: shown beside the field, from what this browser keeps.

    ``section`` and ``field`` are those of the field itself where they are not named.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    exercise: str
    stage: str
    section: str = ""
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Pick one or several options. QTI: choiceInteraction."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    interaction: Literal["choice"]
    id: str
    prompt: str
    items: tuple[ChoiceItem, ...]
    tally: bool = False
    """An instructor may type in how many of the class picked each option."""
    earlier: Earlier | None = None
    """The section of a survey whose fields asked the same, by the items' ids; shown once an item was checked."""


@dataclass(frozen=True, kw_only=True)
class MatchItem:
    """A tile, row or cell, with the target (or targets, any of which holds) that it belongs to.

    ``feedback`` has a text for every target that may be picked; ``else`` stands for those not named.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    target: str | tuple[str, ...]
    feedback: dict[str, str]
    row: str = ""
    column: str = ""
    missed_in: tuple[str, ...] = ()
    """Where else the same belief is put to the test (``exercise`` or ``exercise/stage``): whoever went wrong there,
    by the record that their browser keeps, gets this item first."""
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a grid, with the targets that its cells may take."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    targets: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Match:
    """Put each item to a target: pairs, buckets, or the cells of a grid. QTI: matchInteraction.

    ``rows`` and ``columns`` make a grid: each item then stands at a row and a column, and a column may
    bring its own targets. ``once``: a target serves one item only.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    interaction: Literal["match"]
    id: str
    prompt: str
    items: tuple[MatchItem, ...]
    targets: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    once: bool = False
    keep: bool = False
    """The filled grid is worth keeping: offer to print it once it is solved."""

    def targets_of(self, item: MatchItem) -> dict[str, str]:
        """The targets an item may take, id to label: its column's, or the stage's."""
        column = self.columns.get(item.column)
        return column.targets if column and column.targets else self.targets


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of an order. ``why`` tells why it stands where it stands. Steps of one ``group`` may swap."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    why: str
    group: str = ""
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Order:
    """Bring steps into order; ``items`` stand in the right one. QTI: orderInteraction."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    interaction: Literal["order"]
    id: str
    prompt: str
    items: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A phrase that can be marked: ``correct`` where it should be."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    feedback: str
    correct: bool = False
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hottext:
    """Mark phrases in a passage, where they stand as ``[[id|words]]``. QTI: hottextInteraction."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    interaction: Literal["hottext"]
    id: str
    prompt: str
    passage: str
    phrases: dict[str, Phrase]


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One line of a self-check: an idea a good answer has (``need``), or a wrong idea it avoids (``avoid``)."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    feedback: str
    kind: Literal["need", "avoid"] = "need"
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What a question is meant to find out: ``words`` (separated by commas; ``job*`` begins so) of which it has one."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    words: str
    missing: str
    """What is asked where the question has none of them."""


AskedForm = Literal["open", "closed", "leading", "blaming_or_threatening", "statement"]
ListeningTechnique = Technique


@dataclass(frozen=True, kw_only=True)
class TextItem:
    """Something to write. It is read by a checker where it names a ``concept`` (``data/concepts``) or a
    ``checker``; otherwise compared with ``model`` through the self-check. A reflection has neither.

    For ``checker: question``: a text of one of ``forms`` (and of ``techniques``, where given) that serves the
    ``aim`` is right, and gets ``reply`` from whoever was asked; any other gets ``poor_reply``.

    ``earlier``: a text of another exercise (its ``field`` is the item there), shown once this one was checked.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    concept: str = ""
    checker: Literal["", "question"] = ""
    forms: tuple[AskedForm, ...] = ("open",)
    techniques: tuple[ListeningTechnique, ...] = ()
    aim: Aim | None = None
    reply: str = ""
    poor_reply: str = ""
    criteria: tuple[Criterion, ...] = ()
    model: str = ""
    rows: int = 4
    earlier: Earlier | None = None
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Text:
    """Write a few sentences. QTI: extendedTextInteraction."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    interaction: Literal["text"]
    id: str
    prompt: str
    items: tuple[TextItem, ...]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Judge a case element by element, then the offences, then ask the question that decides.

    The key is computed by :func:`coptip.law.assess` from the case. ``notes`` adds a sentence of the author's
    to an element (by its full id, as ``tip.means``) or a finding (by the offence's id).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    interaction: Literal["facts"]
    id: str
    prompt: str
    case: str
    offences: tuple[str, ...]
    protection: str
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A number to guess before the model shows it; right within ``within`` of the model's ``output``."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    kind: Literal["guess"]
    id: str
    text: str
    output: str
    within: float
    feedback: dict[str, str]
    """Texts for ``low``, ``close`` and ``high``."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Settings to find: the model's ``output`` must come to lie from ``at_least`` to ``at_most``."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    kind: Literal["reach"]
    id: str
    text: str
    output: str
    at_least: float
    at_most: float
    feedback: dict[str, str]
    """Texts for ``low``, ``reached`` and ``high``."""
    example: dict[str, int] = field(default_factory=dict)
    """Levers that come there; ``coptip check`` tries them."""


@dataclass(frozen=True, kw_only=True)
class Lift:
    """Uncover what the model hides (the water line of the iceberg); open once the guesses are made."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    kind: Literal["lift"]
    id: str
    text: str
    feedback: str


@dataclass(frozen=True, kw_only=True)
class Predict:
    """Say what flipping each switch of a law model will do to its lights, before it is flipped."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    kind: Literal["predict"]
    id: str
    text: str
    switches: tuple[str, ...]
    feedback: dict[str, str]
    """By switch: what to notice about it, told after the flip."""


@dataclass(frozen=True, kw_only=True)
class Play:
    """A game to be played to its end so that, then, ``when`` holds (of meters, shares, and actions done in all).

    ``feedback``: ``reached``; ``other`` for a game that ended otherwise.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    kind: Literal["play"]
    id: str
    text: str
    feedback: dict[str, str]
    example: tuple[dict[str, int], ...]
    """One game that comes there, a choice for each round; ``coptip check`` plays it. Never shown."""
    when: dict[str, str] = field(default_factory=dict)


Task = Guess | Reach | Lift | Predict | Play


@dataclass(frozen=True, kw_only=True)
class Model:
    """Move a few values of a model (``data/models``) and watch its picture and table answer."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    interaction: Literal["model"]
    id: str
    prompt: str
    model: str
    tasks: tuple[Task, ...] = ()


Input = Literal["line", "paragraph", "choice", "many", "tick", "number", "scale", "date"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a form, and what is filled into it.

    ``line`` and ``paragraph`` take text. ``choice`` takes one and ``many`` any number of ``options`` (id to
    label). ``tick`` is a box: ``yes`` or nothing. ``number`` takes a whole number from ``low`` to ``high``, in
    ``unit``, with ``slider`` also by a slider; ``scale`` one of the whole numbers from ``low`` to ``high``, whose
    ends are called ``low_label`` and ``high_label``. ``date`` takes a day.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    label: str
    input: Input = "line"
    options: dict[str, str] = field(default_factory=dict)
    hint: str = ""
    low: int | None = None
    high: int | None = None
    unit: str = ""
    low_label: str = ""
    high_label: str = ""
    slider: bool = False
    earlier: Earlier | None = None
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Made:
    """Work of another exercise that a section may bring in; ``title`` is what the card calls it."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    exercise: str
    stage: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Collect:
    """Cards brought in from what the participant made elsewhere: one for each of ``of`` that the record has.

    The title goes to the field ``into``; what was written stands beneath the card, to read. ``text`` is said
    where nothing is kept.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    of: tuple[Made, ...]
    into: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Take:
    """Cards taken over from a section of another exercise's form, one for each that the record has.

    ``fields``: a field here to the field there from which it is filled. ``text`` is said where nothing is kept.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    exercise: str
    stage: str
    section: str
    fields: dict[str, str]
    text: str


@dataclass(frozen=True, kw_only=True)
class Spotlight:
    """A place of a grid to look at first, and what is said of the cards that stand there."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    row: str
    column: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The cards of a section laid out by two lists, so that empty places are seen.

    ``rows`` and ``columns`` are fields with options, ``label`` the field that names a card; ``text`` is the caption.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    rows: str
    columns: str
    label: str
    text: str
    look: Spotlight | None = None


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a form; with ``repeat`` a row of cards that the participant adds, removes and moves.

    ``start``: how many empty cards stand there at first; ``most``: how many there may be (60 where it says
    nothing). ``print: table`` prints the cards as rows of one table.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    title: str
    fields: tuple[Field, ...]
    text: str = ""
    repeat: bool = False
    start: int = 0
    most: int = 60
    card: str = "card"
    """What one entry is called, for the buttons."""
    print: Literal["cards", "table"] = "cards"
    tally: tuple[str, ...] = ()
    """Fields whose options are counted over all cards, and drawn beneath them: what is covered, what is not."""
    collect: Collect | None = None
    take: Take | None = None
    grid: Grid | None = None
    bars: str = ""
    """Caption of a picture of the section's numbers: a bar for each, with its number and its share of them all."""
    guide: tuple[str, ...] = ()


CheckKind = Literal[
    "empty", "fewer", "missing", "all_same", "only", "none", "requires", "words", "spread", "exceeds", "sum_over",
    "older", "reading",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FormCheck:
    """A named check of a work product, and what to ask where it strikes. Empty cards are passed over.

    ``empty``: the section has no entry. ``fewer``: it has fewer than ``count``. ``missing``: an entry lacks
    ``field``. ``all_same``: two or more entries all have one value in ``field``. ``only``: every entry has
    nothing but ``values`` in ``field``. ``none``: no entry has one of ``values`` in ``field``.
    ``requires``: an entry whose ``field`` has one of ``values`` (or anything, where ``values`` is empty) lacks
    ``needs``, or has none of ``needs_values`` in it. ``words``: an entry's ``field`` has one of ``values`` as words.
    ``spread``: fewer than ``count`` different values stand in ``field``. ``exceeds``: an entry's number in
    ``field`` is greater than that in ``needs``. ``sum_over``: the numbers in ``field`` add up to more than
    ``count``. ``older``: an entry's date in ``field`` lies more than ``count`` days before the date in ``than``
    (``section.field`` of a section that does not repeat). ``reading``: the texts in ``of`` (``section.field``
    each), read as English, have a reading ease below ``count`` (0 to 100; the higher, the easier).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    kind: CheckKind
    section: str
    text: str
    field: str = ""
    values: tuple[str, ...] = ()
    count: int = 0
    needs: str = ""
    needs_values: tuple[str, ...] = ()
    than: str = ""
    of: tuple[str, ...] = ()
    gentle: bool = False
    """It asks, and the form is done all the same: nobody has to answer an evaluation."""
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """One thing that was rated and asked about twice: ``rating`` as section.field, ``questions`` by their ids."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    rating: str
    questions: tuple[str, ...]
    again: str = ""
    """Where to look again where the two disagree."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What has changed since an earlier survey: ratings beside right answers, then and now.

    ``ratings`` and ``questions`` are stages of this exercise (a form and a choice) whose fields and items name
    what was answered ``earlier``.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    ratings: str
    questions: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True, kw_only=True)
class Form:
    """Fill in a work product that is saved, opened again and printed, and never sent anywhere."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    interaction: Literal["form"]
    id: str
    prompt: str
    sections: tuple[Section, ...]
    checks: tuple[FormCheck, ...] = ()
    board: bool = False
    """Sections stand side by side as columns of a board; otherwise they are a sheet, one below the other."""
    title: str = ""
    """What is printed on top; without it the exercise's title."""
    change: Change | None = None
    """A table above the form: how ratings and right answers of this exercise differ from the earlier ones."""
    csv: bool = False
    """The answers may be saved as a table too (a survey's, for the instructor), without names."""


@dataclass(frozen=True, kw_only=True)
class DiscussionQuestion:
    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    prompt: str = ""
    """A nudge for a group that is stuck."""
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Level:
    """A rubric row for the debrief: what a group's answer may look like, from thin to strong."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    criterion: str
    thin: str
    fair: str
    strong: str


@dataclass(frozen=True, kw_only=True)
class Discussion:
    """Talk in a group and note what it found; not marked. The rubric is for the debrief."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    interaction: Literal["discussion"]
    id: str
    prompt: str
    questions: tuple[DiscussionQuestion, ...]
    minutes: str
    group_size: str
    roles: dict[str, str] = field(default_factory=dict)
    report: str = ""
    rubric: tuple[Level, ...] = ()


Stage = Choice | Match | Order | Hottext | Text | Facts | Dialogue | Model | Form | Discussion


@dataclass(frozen=True, kw_only=True)
class Notes:
    """For the instructor alone; never on a participant's page."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    prepare: str = ""
    watch_for: str = ""
    debrief: str = ""
    short_of_time: str = ""


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One exercise, as its YAML file has it (``data/exercises/<module>/<id>.yaml``).

    ``brief`` names the design brief it grew from (``X1A.5``, or ``G1A`` for the guide's own); ``trap`` is the
    wrong belief it catches (for instructors); ``takeaway`` is told when all stages are done; ``guide`` lists
    what it covers, by the ids of ``data/coverage.yaml``.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    brief: str
    kind: Kind
    title: str
    outcome: str | tuple[str, ...]
    minutes: int
    trap: str
    stages: tuple[Stage, ...]
    guide: tuple[str, ...]
    mode: tuple[Mode, ...] = ("individual",)
    intro: str = ""
    content_note: str = ""
    takeaway: str = ""
    instructor: Notes = Notes()

    def stage(self, id: str) -> Stage:
        """The stage called ``id``. Raises KeyError where there is none."""
        for stage in self.stages:
            if stage.id == id:
                return stage
        raise KeyError(id)


Responses = Mapping[str, Any]
"""Item id to response: an option id, a list of ids, a text, or a form's nested values."""
