"""What every picture is made of: an SVG with a title, text, wrapped words, and the tokens of the page."""

from __future__ import annotations

from html import escape

INK = "fill:currentColor"
LINE = "fill:none;stroke:currentColor;stroke-width:1.5"
ACCENT = "fill:var(--cp-accent,#0b5563)"
QUIET = "fill:var(--cp-quiet,#5b6670)"
WATER = "fill:var(--cp-water,#d7e8ea)"
ICE = "fill:var(--cp-paper,#fff);stroke:currentColor;stroke-width:1.5"

ARROW = (
    '<defs><marker id="cp-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
    f'orient="auto-start-reverse"><path d="M0,0 L10,5 L0,10 z" style="{INK}"/></marker></defs>'
)
"""The head of an arrow; a line uses it by ``marker-end="url(#cp-arrow)"``."""


def drawing(width: float, height: float, title: str, parts: list[str], x: float = 0, y: float = 0) -> str:
    """An SVG of a size, with its title for whoever cannot see it."""
    # The table beside the picture is its text alternative; the title names it.
    box = f"{x:.0f} {y:.0f} {width:.0f} {height:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" class="cp-picture" '
        f'font-family="inherit" font-size="15"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def write(x: float, y: float, text: str, anchor: str = "start", style: str = INK, size: int = 15) -> str:
    """A line of text; ``anchor`` says which end of it ``x`` is."""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}" style="{style}">'
        f"{escape(text)}</text>"
    )


def wrap(text: str, width: int) -> list[str]:
    """A text in lines of about ``width`` letters; a long word stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines
