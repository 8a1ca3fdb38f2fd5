"""Models that answer at once: invented numbers, or the law, behind a few switches and sliders.

Each engine is a pure function from settings to a :class:`Outcome` (named outputs, and a table); pictures are
drawn from that by ``render``. Everything numeric in a model is invented for teaching unless it names a
statistic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from coptip.course.chain import ChainModel
from coptip.course.exercise import FORBID
from coptip.course.levers import LeversModel
from coptip.course.rounds import RoundsModel


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A slider of a model: whole numbers from ``low`` to ``high`` in steps, with its unit."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    low: int = 0
    high: int = 100
    step: int = 5
    start: int = 50
    unit: str = "%"
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A switch of a law model: the facts that hold when it is on, and when it is off."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    on_label: str
    off_label: str
    on: dict[str, str]
    off: dict[str, str]
    start: Literal["on", "off"] = "off"


@dataclass(frozen=True, kw_only=True)
class Light:
    """A light of a law model: lit when the offence is established (by ``route``, where one is named)."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    offence: str
    route: str = ""


@dataclass(frozen=True, kw_only=True)
class LawModel:
    """One story with switches; which offences are established follows from ``assess``."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    engine: Literal["law"]
    id: str
    title: str
    story: str
    facts: dict[str, str]
    """Facts that hold whatever the switches say."""
    switches: tuple[Switch, ...]
    lights: tuple[Light, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Some of the hidden population of a detection model: how many people, of what sex, age and sector."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    people: int
    sex: Literal["female", "male"]
    age: Literal["child", "adult"]
    sector: str


@dataclass(frozen=True, kw_only=True)
class Screening:
    """A set of screening questions: the share (0 to 1) of the people met whom it recognises, by group."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    recognises: dict[str, float]
    """By group id; ``else`` for the rest."""


@dataclass(frozen=True, kw_only=True)
class DetectionModel:
    """An iceberg: who is detected out of a hidden population.

    detected = people x look(sector) x trust(sex) x recognised(group), each a share from 0 to 1.
    ``settings`` hold a slider ``look-<sector>`` for every sector, ``trust-female`` and ``trust-male``.
    Outputs (per cent of the detected, or with ``true-`` of all): ``female``, ``male``, ``children``,
    ``<sector>``, and ``detected`` (per cent of all people who are detected).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    engine: Literal["detection"]
    id: str
    title: str
    story: str
    sectors: dict[str, str]
    groups: tuple[Group, ...]
    settings: tuple[Setting, ...]
    screening: dict[str, Screening]
    invented: str
    """Says that the numbers are invented."""


@dataclass(frozen=True, kw_only=True)
class SharesModel:
    """Published shares that a participant tries to draw in one pie, to find whose hundred per cent each is."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    engine: Literal["shares"]
    id: str
    title: str
    story: str
    statistics: tuple[str, ...]
    """Ids of ``data/statistics.yaml``; those whose unit is per cent can be drawn."""
    remarks: dict[str, str] = field(default_factory=dict)
    """Texts for ``over`` (the pie overflows), ``mixed`` (bases differ), ``fits`` and ``single``."""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """An arrow of a flow map; its number is the statistic's."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    source: str
    target: str
    statistic: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place on a schematic map, on a 100 x 60 canvas; not to scale."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    x: int
    y: int


@dataclass(frozen=True, kw_only=True)
class FlowsModel:
    """A schematic flow map. One base is shown at a time, as figures with different bases never share one."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    engine: Literal["flows"]
    id: str
    title: str
    story: str
    places: dict[str, Place]
    bases: dict[str, str]
    """Base id to label; each flow belongs to one."""
    flows: dict[str, tuple[Flow, ...]]
    """By base id."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box of a diagram: its middle and its size, in the canvas's own measure (100 wide)."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    x: float
    y: float
    width: float = 20
    height: float = 8
    main: bool = False
    """Drawn heavier: what the diagram is about."""


@dataclass(frozen=True, kw_only=True)
class Area:
    """A lane or a field behind the boxes, with its name: its left upper corner and its size."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    text: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """What goes from one box to another; ``both``: and back. ``says``: what it is, for the table and the reader.

    ``label`` is drawn beside it, where there is room for a word. ``bend`` bows it to one side.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    source: str
    target: str
    says: str
    label: str = ""
    both: bool = False
    bend: float = 0


@dataclass(frozen=True, kw_only=True)
class DiagramModel:
    """A drawing of our own: boxes in lanes, and arrows. Its table says every arrow in words."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    engine: Literal["diagram"]
    id: str
    title: str
    story: str
    """What it shows and that it is ours; read instead of the drawing by whoever cannot see it."""
    boxes: dict[str, Box]
    arrows: tuple[Arrow, ...]
    height: float = 60
    areas: tuple[Area, ...] = ()


Simulation = (
    LawModel
    | DetectionModel
    | SharesModel
    | FlowsModel
    | LeversModel
    | RoundsModel
    | ChainModel
    | DiagramModel
)
