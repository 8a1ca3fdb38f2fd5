"""Pictures of the models, as SVG text. Deterministic; every number in a picture also stands in its table."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, hypot, pi, sin
from typing import Any, assert_never

from coptip.course.chain import ChainModel
from coptip.course.engines import number, run
from coptip.course.levers import LeversModel
from coptip.course.materials import Materials
from coptip.course.rounds import RoundsModel
from coptip.course.simulation import (
    DetectionModel,
    DiagramModel,
    FlowsModel,
    LawModel,
    SharesModel,
    Simulation,
)
from coptip.render.games import chain_picture, diagram_picture, levers_picture, rounds_picture
from coptip.render.svg import ACCENT, ARROW, ICE, LINE, QUIET, WATER, drawing, wrap, write


def picture(
    model: Simulation, settings: Mapping[str, Any], materials: Materials, *, hidden: bool = False
) -> str:
    """The picture of a model at some settings; ``hidden`` leaves out what is under water. May be empty."""
    match model:
        case LawModel():
            return ""
        case DetectionModel():
            return _iceberg(model, settings, materials, hidden)
        case SharesModel():
            return _pie(model, settings, materials)
        case FlowsModel():
            return _flows(model, settings, materials)
        case LeversModel():
            return levers_picture(model, settings)
        case RoundsModel():
            return rounds_picture(model, settings)
        case ChainModel():
            return chain_picture(model, settings)
        case DiagramModel():
            return diagram_picture(model)
        case other:
            assert_never(other)


def _iceberg(model: DetectionModel, settings: Mapping[str, Any], materials: Materials, hidden: bool) -> str:
    outputs = run(model, settings, materials).outputs
    labels = {"female": "Women and girls", "male": "Men and boys", "children": "Children", **model.sectors}
    row, top = 26, 46
    line = top + row * len(labels) + 22
    height = line + 46 + row * len(labels) + 16
    tip = f"M190,{line} L225,{top - 6} L330,18 L540,10 L670,{top} L700,{line} Z"
    foot = f"L300,{height - 4} L560,{height - 6} L690,{height - 50} L725,{line + 50} L700,{line} Z"
    deep = f"M190,{line} L120,{line + 60} L150,{height - 30} {foot}"
    parts = [
        f'<rect x="0" y="{line}" width="740" height="{height - line}" style="{WATER}"/>',
        f'<path d="{deep}" style="{ICE}"/>',
        f'<path d="{tip}" style="{ICE}"/>',
        f'<path d="M0,{line} H740" style="{LINE}" stroke-dasharray="6 5"/>',
        write(8, line - 8, "detected", size=14),
        write(8, line + 20, "all victims", size=14),
        write(415, 36, f"{outputs['detected']:.0f} % are detected", "middle"),
    ]
    for n, (name, label) in enumerate(labels.items()):
        parts += _bar(top + 14 + n * row, label, outputs[name], ACCENT)
        if not hidden:
            parts += _bar(line + 40 + n * row, label, outputs["true-" + name], QUIET)
    if hidden:
        parts.append(
            write(415, line + 40 + row * len(labels) / 2, "? under the water line ?", "middle", size=20)
        )
    return drawing(740, height, model.title, parts)


def _bar(y: float, label: str, share: float, style: str) -> list[str]:
    width = 190 * share / 100
    return [
        write(382, y, label, "end"),
        f'<rect x="392" y="{y - 13:.0f}" width="{width:.0f}" height="15" style="{style}"/>',
        write(400 + width, y, f"{share:.0f} %"),
    ]


def _pie(model: SharesModel, settings: Mapping[str, Any], materials: Materials) -> str:
    drawn = [materials.statistics[id] for id in settings["drawn"]]
    parts = [f'<circle cx="180" cy="180" r="140" style="{LINE}"/>']
    start = 0.0
    for n, statistic in enumerate(drawn):
        share = number(statistic.value)
        # What goes beyond a hundred per cent is drawn on a wider ring: it has no room left in the pie.
        inside, beyond = min(share, max(0.0, 100 - start)), max(0.0, start + share - max(100.0, start))
        tint = f"fill:var(--cp-accent,#0b5563);fill-opacity:{0.25 + 0.18 * (n % 4):.2f};stroke:currentColor"
        if inside:
            parts.append(_sector(start, inside, 0, 140, tint))
        if beyond:
            over = "fill:var(--cp-wrong,#9a3412);fill-opacity:.35;stroke:currentColor;stroke-dasharray:4 3"
            parts.append(_sector(max(start, 100.0) - 100, beyond, 146, 172, over))
        middle = 2 * pi * (start + share / 2) / 100 - pi / 2
        radius = 159 if start >= 100 else 95
        parts.append(
            write(180 + radius * cos(middle), 185 + radius * sin(middle), chr(65 + n), "middle", size=18)
        )
        for k, words in enumerate(wrap(f"{chr(65 + n)}  {statistic.value} %: {statistic.text}", 44)):
            parts.append(write(380, 30 + n * 62 + k * 19, words, size=15))
        start += share
    total = f"{start:.0f} % in one pie" if drawn else "Nothing drawn yet"
    parts.append(write(180, 372, total, "middle", size=18))
    return drawing(740, max(390, 40 + 62 * len(drawn)), model.title, parts)


def _sector(start: float, share: float, inner: float, outer: float, style: str) -> str:
    if share >= 100:
        return f'<circle cx="180" cy="180" r="{outer}" style="{style}"/>'
    a, b = (2 * pi * (s / 100) - pi / 2 for s in (start, start + share))
    large = int(share > 50)

    def at(radius: float, angle: float) -> str:
        return f"{180 + radius * cos(angle):.1f},{180 + radius * sin(angle):.1f}"

    path = f"M{at(inner, a)} L{at(outer, a)} A{outer},{outer} 0 {large} 1 {at(outer, b)} L{at(inner, b)}"
    path += f" A{inner},{inner} 0 {large} 0 {at(inner, a)} Z" if inner else " Z"
    return f'<path d="{path}" style="{style}"/>'


def _flows(model: FlowsModel, settings: Mapping[str, Any], materials: Materials) -> str:
    scale = 7.4
    flows = model.flows.get(settings["base"], ())
    used = {id for flow in flows for id in (flow.source, flow.target)}
    parts = [ARROW]
    for place in (place for id, place in model.places.items() if id in used):
        x, y = place.x * scale, place.y * scale
        parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="8" style="{ACCENT}"/>')
        # A label stands on the side from which no arrow comes.
        from_above = any(model.places[f.source].y < place.y for f in flows if model.places[f.target] is place)
        parts.append(write(x, y + 26 if from_above else y - 14, place.text, "middle"))
    for n, flow in enumerate(flows):
        a, b = model.places[flow.source], model.places[flow.target]
        statistic = materials.statistics[flow.statistic]
        label = f"{statistic.value} %" if "cent" in statistic.unit else ""
        parts += _arrow(a.x * scale, a.y * scale, b.x * scale, b.y * scale, label, n)
    title = f"{model.title}: {model.bases[settings['base']]}"
    # The part of the canvas that this base uses, with room for labels; never so small that letters become posters.
    xs, ys = [[getattr(model.places[id], axis) * scale for id in used] or [0.0] for axis in ("x", "y")]
    width, height = max(480.0, max(xs) - min(xs) + 260), max(ys) - min(ys) + 120
    return drawing(width, height, title, parts, (min(xs) + max(xs) - width) / 2, min(ys) - 50)


def _arrow(x1: float, y1: float, x2: float, y2: float, label: str, n: int) -> list[str]:
    if (x1, y1) == (x2, y2):
        curve = f"C{x1 - 70:.0f},{y1 + 90:.0f} {x1 + 70:.0f},{y1 + 90:.0f} {x1 + 8:.0f},{y1 + 8:.0f}"
        loop = f"M{x1 - 8:.0f},{y1 + 6:.0f} {curve}"
        return [
            f'<path d="{loop}" style="{LINE}" marker-end="url(#cp-arrow)"/>',
            write(x1, y1 + 92, label, "middle", size=17),
        ]
    length = hypot(x2 - x1, y2 - y1) or 1.0
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    bend = 24 if n % 2 else -24
    mx, my = (x1 + x2) / 2 - uy * bend, (y1 + y2) / 2 + ux * bend
    path = f"M{x1 + 10 * ux:.0f},{y1 + 10 * uy:.0f} Q{mx:.0f},{my:.0f} {x2 - 12 * ux:.0f},{y2 - 12 * uy:.0f}"
    return [
        f'<path d="{path}" style="{LINE}" marker-end="url(#cp-arrow)"/>',
        write(mx, my - 4, label, "middle", size=17),
    ]
