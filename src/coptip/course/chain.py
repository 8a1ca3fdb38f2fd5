"""A chain: parts that are put in or left out, and one traveller who gets as far as the first missing part. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from coptip.course.exercise import FORBID
from coptip.course.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something that can be put in. ``harm``: what it does where it does not belong; it has to stay out."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    harm: str = ""
    start: Literal["on", "off"] = "off"


@dataclass(frozen=True, kw_only=True)
class Link:
    """A step of the way: the part that it needs, what happens with it, and what happens without it."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    id: str
    text: str
    needs: str
    goes: str
    stops: str
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChainModel:
    """A machine or a loop of links. The traveller stops at the first link whose part is missing, for all to see.

    Outputs: ``passed`` (links that were passed before it stopped), ``harms`` (parts that do not belong and are
    in), ``whole`` (100 where everything passes and nothing harms, else 0).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID
    engine: Literal["chain"]
    id: str
    title: str
    story: str
    invented: str
    parts: tuple[Part, ...]
    links: tuple[Link, ...]
    loop: bool = False
    """The last link leads back to the first: drawn as a ring."""
    arrives: str = ""
    """What is said where everything passes."""
    traveller: str = "The client"


def chain_start(model: ChainModel) -> dict[str, Any]:
    """Which parts are in at the beginning."""
    return {"parts": [part.id for part in model.parts if part.start == "on"]}


def chain_fits(model: ChainModel, value: Any) -> bool:
    """Whether a list of parts that came from a page fits."""
    known = {part.id for part in model.parts}
    return isinstance(value, list) and all(isinstance(v, str) and v in known for v in value)


def passed(model: ChainModel, settings: Mapping[str, Any]) -> int:
    """How many links are passed before one stops the traveller."""
    for n, link in enumerate(model.links):
        if link.needs not in settings["parts"]:
            return n
    return len(model.links)


def run_chain(model: ChainModel, settings: Mapping[str, Any]) -> Outcome:
    """How far the traveller comes, and what is told at each link up to there."""
    reached = passed(model, settings)
    harms = [part for part in model.parts if part.harm and part.id in settings["parts"]]
    whole = reached == len(model.links)
    rows = []
    for n, link in enumerate(model.links):
        state, told = (
            ("passes", link.goes) if n < reached else ("stops", link.stops) if n == reached else ("", "")
        )
        rows.append((f"{n + 1}. {link.text}", state or "not reached", told))
    rows += [(part.text, "does harm", part.harm) for part in harms]
    if whole:
        caption = f"{model.traveller} gets through all {len(model.links)} steps."
    else:
        caption = f"{model.traveller} stops at step {reached + 1} of {len(model.links)}: {model.links[reached].text}."
    remark = model.arrives if whole and not harms else "" if whole else model.links[reached].stops
    return Outcome(
        outputs={"passed": reached, "harms": len(harms), "whole": 100 if whole and not harms else 0},
        caption=f"{caption} {model.invented}",
        columns=("Step", "What happens", "Why"),
        rows=tuple(rows),
        remark="\n\n".join(filter(None, [remark, *(part.harm for part in harms)])),
    )
