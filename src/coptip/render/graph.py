"""The graph of a dialogue, for its author and the instructor: a picture, and a table that says the same and more.

Never for a participant's page: it shows what every line leads to.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from coptip.course.dialogue import Dialogue, Line, Node, Way
from coptip.render import html, plain
from coptip.render.cards import Card

WIDTH, HEIGHT, GAP_X, GAP_Y = 168, 46, 26, 74
INK = "fill:currentColor"
SOUND = "fill:none;stroke:var(--cp-accent,#0b5563);stroke-width:1.8"
WORSE = "fill:none;stroke:var(--cp-wrong,#9a3412);stroke-width:1.4;stroke-dasharray:5 4"
END = "fill:var(--cp-tint,#f2f3ee);stroke:currentColor;stroke-width:3.5"
BOX = "fill:var(--cp-paper,#fff);stroke:currentColor;stroke-width:1.3"
KEY = (
    "A full arrow: at least one sound line leads there. A broken one: only lines that have a better one. "
    "Endings have a thick frame. The table says each line with its form, effect and way."
)
COLUMNS = ["Line", "Place", "Form and technique", "Effect", "Leads to"]
SWEEPS = 6

Places = Mapping[str, tuple[float, float]]


def graph(talk: Dialogue, title: str) -> Card:
    """The picture of a dialogue with its table."""
    rows = [_row(id, line) for id, node in talk.nodes.items() for line in node.lines]
    ends = [f"{id} ({node.ending}): {node.title}" for id, node in talk.nodes.items() if node.ending]
    heading = f"The talk as a graph: {title}"
    markup = (
        f'<section class="coptip cp-static"><h3>{escape(heading)}</h3>'
        f'<div class="cp-figure" role="group" tabindex="0" aria-label="{escape(heading)}">'
        f"{drawing(talk, heading)}</div>"
        f"{html.paragraphs(KEY)}<h4>Endings</h4>{html.items(ends)}{html.table('Every line', COLUMNS, rows)}</section>"
    )
    words = "\n".join(["Endings:", *(plain.wrapped(end, "- ") for end in ends)])
    return Card("\n\n".join([heading, words, plain.table("Every line", COLUMNS, rows)]), markup)


def _row(place: str, line: Line) -> list[str]:
    form = line.form.replace("_", " ") + (f", {line.technique}" if line.technique != "none" else "")
    effect = ", ".join(f"{meter} {by:+d}" for meter, by in line.effect.items()) or "none"
    ways = "; ".join(_way(way) for way in line.ways)
    name = line.id + (f" (better: {line.better})" if line.better else "")
    return [name + _when(line.when), place, form, effect, ways]


def _way(way: Way) -> str:
    return way.to + _when(way.when)


def _when(when: Mapping[str, str]) -> str:
    said = ", ".join(
        f"{name} {condition}" if condition[:1].isalpha() else f"{name}{condition}"
        for name, condition in when.items()
    )
    return f" if {said}" if said else ""


# --- the drawing -----------------------------------------------------------------------------------------


def drawing(talk: Dialogue, title: str) -> str:
    """The graph as SVG: layers from the first words downwards. The same graph always gives the same drawing."""
    at = layout(talk)
    arrows = {
        (id, way.to): False for id, node in talk.nodes.items() for line in node.lines for way in line.ways
    }
    for id, node in talk.nodes.items():
        for line in node.lines:
            for way in line.ways:
                arrows[id, way.to] |= not line.better
    parts = [f"<title>{escape(title)}</title>"] + [
        _arrow(at[a], at[b], sound) for (a, b), sound in arrows.items()
    ]
    for id, node in talk.nodes.items():
        parts += _box(at[id], id, node)
    right = max(x for x, _ in at.values()) + WIDTH + 60
    bottom = max(y for _, y in at.values()) + HEIGHT + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right:.0f} {bottom:.0f}" role="img" '
        f'class="cp-picture" font-family="inherit">{"".join(parts)}</svg>'
    )


def layout(talk: Dialogue) -> Places:
    """Where each node stands: layers by the number of lines from the start, within them near what leads there."""
    ahead = {
        id: list(dict.fromkeys(way.to for line in node.lines for way in line.ways))
        for id, node in talk.nodes.items()
    }
    behind: dict[str, list[str]] = {id: [a for a in ahead if id in ahead[a]] for id in talk.nodes}
    layers = _layers(talk, ahead)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for n in range(len(layers)) if down else reversed(range(len(layers))):
            rank = {id: k / max(1, len(layer)) for layer in layers for k, id in enumerate(layer)}
            near = behind if down else ahead
            layers[n].sort(
                key=lambda id: sum(rank[o] for o in near[id]) / len(near[id]) if near[id] else rank[id]
            )
    widest = max(map(len, layers)) * (WIDTH + GAP_X)
    return {
        id: (
            40 + (widest - len(layer) * (WIDTH + GAP_X)) / 2 + k * (WIDTH + GAP_X),
            16 + n * (HEIGHT + GAP_Y),
        )
        for n, layer in enumerate(layers)
        for k, id in enumerate(layer)
    }


def _layers(talk: Dialogue, ahead: Mapping[str, list[str]]) -> list[list[str]]:
    """Each node below all that lead to it, save where a line leads back to an earlier place."""
    order: list[str] = []
    back: set[tuple[str, str]] = set()
    _visit(talk.start, ahead, (), order, back)
    depth = dict.fromkeys(order, 0)
    for id in reversed(order):
        for to in ahead[id]:
            if (id, to) not in back:
                depth[to] = max(depth[to], depth[id] + 1)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for id in talk.nodes:
        if id in depth:
            layers[depth[id]].append(id)
    left = [id for id in talk.nodes if id not in depth]
    return [*layers, left] if left else layers


def _visit(
    id: str,
    ahead: Mapping[str, list[str]],
    path: tuple[str, ...],
    done: list[str],
    back: set[tuple[str, str]],
) -> None:
    for to in ahead[id]:
        if to in (*path, id):
            back.add((id, to))
        elif to not in done:
            _visit(to, ahead, (*path, id), done, back)
    if id not in done:
        done.append(id)


def _arrow(a: tuple[float, float], b: tuple[float, float], sound: bool) -> str:
    style = SOUND if sound else WORSE
    (x1, y1), (x2, y2) = (a[0] + WIDTH / 2, a[1] + HEIGHT), (b[0] + WIDTH / 2, b[1])
    if y2 > y1:
        middle = (y1 + y2) / 2
        path = f"M{x1:.0f},{y1:.0f} C{x1:.0f},{middle:.0f} {x2:.0f},{middle:.0f} {x2:.0f},{y2 - 7:.0f}"
        tip = f"M{x2 - 5:.0f},{y2 - 8:.0f} L{x2:.0f},{y2:.0f} L{x2 + 5:.0f},{y2 - 8:.0f} Z"
    else:
        # back, or along a layer: around the right side of both boxes
        x1, y1, x2, y2 = a[0] + WIDTH, a[1] + HEIGHT / 2, b[0] + WIDTH, b[1] + HEIGHT / 2
        out = max(x1, x2) + 34
        path = f"M{x1:.0f},{y1:.0f} C{out:.0f},{y1:.0f} {out:.0f},{y2 + 8:.0f} {x2 + 7:.0f},{y2 + 8:.0f}"
        tip = f"M{x2 + 8:.0f},{y2 + 3:.0f} L{x2:.0f},{y2 + 8:.0f} L{x2 + 8:.0f},{y2 + 13:.0f} Z"
    fill = "fill:var(--cp-accent,#0b5563)" if sound else "fill:var(--cp-wrong,#9a3412)"
    return f'<path d="{path}" style="{style}"/><path d="{tip}" style="{fill}"/>'


def _box(at: tuple[float, float], id: str, node: Node) -> list[str]:
    x, y = at
    style = END if node.ending else BOX
    rounded = 4 if node.lines else 20
    parts = [
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="{rounded}" style="{style}"/>'
    ]
    label = [f"{node.ending} ending", id] if node.ending else [id]
    top = y + HEIGHT / 2 + 5 - 8 * (len(label) - 1)
    for n, words in enumerate(label):
        parts.append(
            f'<text x="{x + WIDTH / 2:.0f}" y="{top + 16 * n:.0f}" text-anchor="middle" font-size="13" '
            f'style="{INK}">{escape(words)}</text>'
        )
    return parts
