"""Pictures of games, levers, chains and diagrams, as SVG text. Shapes and words tell all that colour tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from math import hypot
from typing import Any

from coptip.course.chain import ChainModel, passed
from coptip.course.levers import LeversModel, over_years, spent
from coptip.course.outcome import holds
from coptip.course.rounds import Board, Game, Line, RoundsModel, Way, lines, played
from coptip.course.simulation import Arrow, Box, DiagramModel
from coptip.render.svg import ACCENT, ARROW, INK, LINE, QUIET, drawing, wrap, write

FAINT = "fill:none;stroke:var(--cp-line,#d3d7d3);stroke-width:1"
GAP = "fill:none;stroke:var(--cp-wrong,#9a3412);stroke-width:1.8;stroke-dasharray:5 5"
BOX = "fill:var(--cp-paper,#fff);stroke:currentColor;stroke-width:1.4"
MAIN = "fill:var(--cp-mark,#f7e7a8);stroke:currentColor;stroke-width:2.6"
FIELD = "fill:var(--cp-tint,#f2f3ee);stroke:var(--cp-line,#d3d7d3);stroke-width:1"
STROKE = "fill:none;stroke:var(--cp-accent,#0b5563);stroke-width:2.4"
WRONG = "fill:var(--cp-wrong,#9a3412)"

HALO = f"{INK};stroke:var(--cp-paper,#fff);stroke-width:4;paint-order:stroke"

Point = tuple[float, float]


# --- games in rounds -----------------------------------------------------------------------------------------

WIDTH, LEFT, RIGHT, ROW = 640, 240, 560, 60


def rounds_picture(model: RoundsModel, settings: Mapping[str, Any]) -> str:
    """The board, where there is one, and under it a line for every meter, round by round."""
    game = played(model, settings)
    parts, top = _board(model.board, game) if model.board else ([], 0.0)
    rows = lines(game)
    for n in range(len(game.course) + 1):
        x = _at(n, game)
        parts.append(f'<path d="M{x:.0f},{top + 8:.0f} V{top + 8 + ROW * len(rows):.0f}" style="{FAINT}"/>')
        if n and (len(game.course) < 9 or n % 2 == 0):
            parts.append(write(x, top + 26 + ROW * len(rows), str(n), "middle", QUIET, 13))
    parts.append(write(LEFT - 12, top + 26 + ROW * len(rows), model.round, "end", QUIET, 13))
    for n, line in enumerate(rows):
        parts += _line(top + 8 + n * ROW, line, game)
    return drawing(WIDTH, top + 36 + ROW * len(rows), model.title, parts)


def _at(n: int, game: Game) -> float:
    return LEFT + (RIGHT - LEFT) * n / len(game.course)


def _line(top: float, line: Line, game: Game) -> list[str]:
    bottom = top + ROW - 12
    parts = [f'<path d="M{LEFT},{bottom:.0f} H{RIGHT}" style="{FAINT}"/>']
    words = wrap(line.text, 31)[:2]
    parts += [write(LEFT - 12, top + 15 + 15 * n, text, "end", size=14) for n, text in enumerate(words)]
    way = {"high": "▲ higher is better", "low": "▼ lower is better"}.get(line.good, "")
    if way:
        parts.append(write(LEFT - 12, top + 15 + 15 * len(words), way, "end", QUIET, 12))
    height = ROW - 20
    dots = [
        (_at(n, game), bottom - height * (value - line.low) / ((line.high - line.low) or 1))
        for n, value in enumerate(line.values)
        if value is not None
    ]
    if len(dots) > 1:
        path = "M" + " L".join(f"{x:.0f},{y:.0f}" for x, y in dots)
        parts.append(f'<path d="{path}" style="{STROKE}"/>')
    parts += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3.4" style="{ACCENT}"/>' for x, y in dots]
    last = line.values[-1]
    if last is None:
        box = f'x="{LEFT}" y="{top + 6:.0f}" width="{RIGHT - LEFT}" height="{height:.0f}"'
        parts.append(f'<rect {box} style="{GAP}" stroke-opacity=".5"/>')
        parts.append(write((LEFT + RIGHT) / 2, top + 27, "not known yet", "middle", QUIET, 14))
    parts.append(write(RIGHT + 12, bottom - 6, "?" if last is None else f"{last:.0f}{line.unit}", size=18))
    return parts


def _board(board: Board, game: Game) -> tuple[list[str], float]:
    scale = WIDTH / 100
    values = game.values
    parts = [ARROW]
    parts += [write(4, 16 + 17 * n, text, size=14, style=QUIET) for n, text in enumerate(wrap(board.title, 84))]
    for way in board.ways:
        parts += _way(board, way, values, scale)
    for spot in board.spots.values():
        x, y = spot.x * scale, spot.y * scale
        there = not spot.open or holds(spot.open, values)
        seen = not spot.meter or game.finished or spot.meter in game.seen
        meter = game.model.meters.get(spot.meter)
        share = (values[spot.meter] - meter.low) / ((meter.high - meter.low) or 1) if meter and seen else 0.0
        size = 17 + 20 * share if meter else 17
        style = BOX if there else f"{GAP};fill:var(--cp-paper,#fff)"
        parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:.0f}" style="{style}"/>')
        if meter:
            number = f"{values[spot.meter]}" if seen else "?"
            parts.append(write(x, y + 6, number, "middle", size=17))
        elif not there:
            parts.append(write(x, y + 6, "?", "middle", WRONG, 17))
        else:
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="6" style="{ACCENT}"/>')
        words = wrap(spot.text, 15)
        # names of the upper places stand above them, as the lines come from below
        first = y - size - 8 - 15 * (len(words) - 1) if spot.y < 20 else y + size + 16
        parts += [write(x, first + 15 * n, text, "middle", HALO, 14) for n, text in enumerate(words)]
    lowest = max(spot.y for spot in board.spots.values()) * scale
    return parts, lowest + 88


def _way(board: Board, way: Way, values: Mapping[str, float], scale: float) -> list[str]:
    a, b = board.spots[way.source], board.spots[way.target]
    (x1, y1), (x2, y2) = _shortened((a.x * scale, a.y * scale), (b.x * scale, b.y * scale), 24)
    there = not way.open or holds(way.open, values)
    back = bool(way.back) and holds(way.back, values)
    ends = ('marker-end="url(#cp-arrow)"' + ' marker-start="url(#cp-arrow)"' * back) * there
    line = f'<path d="M{x1:.0f},{y1:.0f} L{x2:.0f},{y2:.0f}" style="{LINE if there else GAP}" {ends}/>'
    if there:
        return [line]
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    cross = f"M{x - 6:.0f},{y - 6:.0f} l12,12 M{x + 6:.0f},{y - 6:.0f} l-12,12"
    return [line, f'<path d="{cross}" style="fill:none;stroke:var(--cp-wrong,#9a3412);stroke-width:2.6"/>']


def _shortened(a: Point, b: Point, by: float) -> tuple[Point, Point]:
    length = hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    ux, uy = (b[0] - a[0]) / length * by, (b[1] - a[1]) / length * by
    return (a[0] + ux, a[1] + uy), (b[0] - ux, b[1] - uy)


# --- levers --------------------------------------------------------------------------------------------------

DASHES = ("", "9 5", "2 4", "12 4 2 4", "1 5", "6 2")
MARKS = ("●", "■", "▲", "◆", "○", "□")


def levers_picture(model: LeversModel, settings: Mapping[str, Any]) -> str:
    """Every output over the years, each with its own mark and its name at the end; below, what is spent."""
    course = over_years(model, settings)
    left, right, top, bottom = 40.0, 430.0, 20.0, 300.0
    low = min(output.low for output in model.outputs.values())
    high = max(output.high for output in model.outputs.values())

    def at(year: int, value: float) -> Point:
        x = left + (right - left) * year / model.years
        return x, bottom - (bottom - top) * (value - low) / ((high - low) or 1)

    parts = []
    for value in (low, (low + high) / 2, high):
        y = at(0, value)[1]
        parts.append(f'<path d="M{left:.0f},{y:.0f} H{right:.0f}" style="{FAINT}"/>')
        parts.append(write(left - 8, y + 5, f"{value:.0f}", "end", QUIET, 13))
    parts += [
        write(at(year, low)[0], bottom + 20, "now" if not year else f"year {year}", "middle", QUIET, 13)
        for year in (0, model.years // 2, model.years)
    ]
    names: list[tuple[float, int, str]] = []
    for n, (id, values) in enumerate(course.items()):
        points = [at(year, value) for year, value in enumerate(values)]
        dash = f";stroke-dasharray:{DASHES[n % 6]}" if DASHES[n % 6] else ""
        path = "M" + " L".join(f"{x:.0f},{y:.0f}" for x, y in points)
        parts.append(f'<path d="{path}" style="{STROKE}{dash}"/>')
        parts += [
            write(x, y + 5, MARKS[n % 6], "middle", size=13) for x, y in points[:: max(1, model.years // 5)]
        ]
        names.append((points[-1][1], n, f"{MARKS[n % 6]} {values[-1]:.0f}  {model.outputs[id].text}"))
    below = top
    for y, _, text in sorted(names):
        lines = wrap(text, 26)
        y = max(y, below)
        parts += [write(right + 16, y + 5 + 16 * k, line, size=14) for k, line in enumerate(lines)]
        below = y + 16 * len(lines) + 8
    height = max(bottom, below) + 44
    if model.budget:
        cost, width = spent(model, settings), 390.0
        share = min(1.0, cost / model.budget)
        over = cost > model.budget
        parts.append(f'<rect x="40" y="{height:.0f}" width="{width:.0f}" height="16" style="{LINE}"/>')
        style = WRONG if over else ACCENT
        parts.append(
            f'<rect x="40" y="{height:.0f}" width="{width * share:.0f}" height="16" style="{style}"/>'
        )
        told = f"{cost:.0f} of {model.budget} {model.unit}" + (": too much" if over else "")
        parts.append(write(446, height + 14, told, size=14))
        height += 34
    return drawing(WIDTH, height, model.title, parts)


# --- chains --------------------------------------------------------------------------------------------------


def chain_picture(model: ChainModel, settings: Mapping[str, Any]) -> str:
    """The links from top to bottom: passed, stopped at, not reached; a loop's last one leads back to the first."""
    reached = passed(model, settings)
    parts, y = [ARROW], 12.0
    middles = []
    for n, link in enumerate(model.links):
        lines = wrap(f"{n + 1}. {link.text}", 46)
        height = 22 + 18 * len(lines)
        state = "passes" if n < reached else "stops here" if n == reached else "not reached"
        style = BOX if n < reached else MAIN if n == reached else f"{BOX};stroke-dasharray:4 4"
        parts.append(f'<rect x="40" y="{y:.0f}" width="380" height="{height}" rx="6" style="{style}"/>')
        parts += [write(54, y + 24 + 18 * k, line) for k, line in enumerate(lines)]
        mark = {"passes": "✓", "stops here": "✕", "not reached": "…"}[state]
        parts.append(write(432, y + 24, f"{mark} {state}", style=WRONG if n == reached else INK))
        middles.append(y + height / 2)
        if n + 1 < len(model.links):
            style = LINE if n < reached else GAP
            end = 'marker-end="url(#cp-arrow)"' if n < reached else ""
            parts.append(f'<path d="M230,{y + height:.0f} v18" style="{style}" {end}/>')
        y += height + 18
    if model.loop:
        whole = reached == len(model.links)
        back = f"M40,{middles[-1]:.0f} H14 V{middles[0]:.0f} H38"
        end = 'marker-end="url(#cp-arrow)"' if whole else ""
        parts.append(f'<path d="{back}" style="{LINE if whole else GAP}" {end}/>')
    for part in model.parts:
        if part.harm and part.id in settings["parts"]:
            lines = wrap(f"! {part.text}: does harm", 52)
            parts += [write(40, y + 14 + 18 * k, line, style=WRONG) for k, line in enumerate(lines)]
            y += 18 * len(lines) + 6
    return drawing(560, y + 6, model.title, parts)


# --- diagrams ------------------------------------------------------------------------------------------------

SCALE = 7.4


def diagram_picture(model: DiagramModel) -> str:
    """Boxes in their fields, and arrows from edge to edge."""
    parts = [ARROW]
    for area in model.areas:
        parts.append(_rect(area.x, area.y, area.width, area.height, FIELD))
        parts.append(write(area.x * SCALE + 10, area.y * SCALE + 20, area.text, style=QUIET, size=14))
    for arrow in model.arrows:
        parts += _arrow(model.boxes[arrow.source], model.boxes[arrow.target], arrow)
    for box in model.boxes.values():
        parts.append(
            _rect(
                box.x - box.width / 2,
                box.y - box.height / 2,
                box.width,
                box.height,
                MAIN if box.main else BOX,
            )
        )
        lines = wrap(box.text, max(8, int(box.width * SCALE / 8.4)))
        first = box.y * SCALE + 5 - 9 * (len(lines) - 1)
        parts += [write(box.x * SCALE, first + 18 * n, line, "middle") for n, line in enumerate(lines)]
    return drawing(100 * SCALE, model.height * SCALE, model.title, parts)


def _rect(x: float, y: float, width: float, height: float, style: str) -> str:
    size = f'width="{width * SCALE:.0f}" height="{height * SCALE:.0f}"'
    return f'<rect x="{x * SCALE:.0f}" y="{y * SCALE:.0f}" {size} rx="7" style="{style}"/>'


def _edge(box: Box, other: Box, bend: float, up: bool) -> Point:
    """Where an arrow leaves a box: at the side, above or below, wherever the other one lies or the arrow bows."""
    dx, dy = other.x - box.x, other.y - box.y
    if bend:
        return box.x, box.y + (-1 if up else 1) * (box.height / 2 + 0.4)
    if abs(dx) > (box.width + other.width) / 2:
        most = box.height / 2 - 1
        return box.x + (box.width / 2 + 0.4) * (1 if dx > 0 else -1), box.y + max(-most, min(most, dy / 4))
    most = box.width / 2 - 1
    return box.x + max(-most, min(most, dx / 4)), box.y + (box.height / 2 + 0.4) * (1 if dy > 0 else -1)


def _arrow(a: Box, b: Box, arrow: Arrow) -> Iterable[str]:
    up = (b.x - a.x) * arrow.bend < 0
    (x1, y1), (x2, y2) = _edge(a, b, arrow.bend, up), _edge(b, a, arrow.bend, up)
    length = hypot(x2 - x1, y2 - y1) or 1.0
    via = (
        (x1 + x2) / 2 - (y2 - y1) / length * arrow.bend,
        (y1 + y2) / 2 + (x2 - x1) / length * arrow.bend,
    )
    back = ' marker-start="url(#cp-arrow)"' if arrow.both else ""
    numbers = [f"{v * SCALE:.0f}" for v in (x1, y1, *via, x2, y2)]
    path = f"M{numbers[0]},{numbers[1]} Q{numbers[2]},{numbers[3]} {numbers[4]},{numbers[5]}"
    yield f'<path d="{escape(path)}" style="{LINE}" marker-end="url(#cp-arrow)"{back}/>'
    if arrow.label:
        x, y = (x1 + 2 * via[0] + x2) / 4 * SCALE, (y1 + 2 * via[1] + y2) / 4 * SCALE
        wide = len(arrow.label) * 7.2 + 8
        size = f'width="{wide:.0f}" height="19"'
        yield f'<rect x="{x - wide / 2:.0f}" y="{y - 10:.0f}" {size} style="fill:var(--cp-paper,#fff)"/>'
        yield write(x, y + 5, arrow.label, "middle", QUIET, 13)
