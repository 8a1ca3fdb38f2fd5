"""A notebook's cells as HTML before any kernel: prose from its Markdown, the rest from its stored outputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any, Literal

import nbformat
from markdown_it import MarkdownIt
from markdown_it.token import Token

WIDGET = "application/vnd.jupyter.widget-view+json"
FAILED = "This exercise cannot be shown; use the printed sheet. Code: {code}"
SHOWS = re.compile(r"""\.(?P<what>exercise)\(\s*["'](?P<id>[\w-]+)["']""")
TITLE = re.compile(r"<h[23][^>]*>(?P<text>[^<]+)")
Kind = Literal["prose", "live", "notes"]
Locate = Callable[[str], str | None]
"""A link's target as written -> the address of the page it means, or None for one that is not ours."""


@dataclass(frozen=True)
class Heading:
    """A line of the contents list."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Section:
    """One cell of the page. ``slide``: its slide type, empty for one that continues.

    ``exercise``: the id of the exercise that the cell shows, or empty; ``title``: its title.
    """

    id: str
    kind: Kind
    slide: str
    html: str
    headings: tuple[Heading, ...] = ()
    exercise: str = ""
    title: str = ""


@dataclass(frozen=True)
class Narrative:
    """A notebook, ready to be written to a page, and the code cells that its kernel has to run."""

    title: str
    lang: str
    sections: tuple[Section, ...]
    code: Any
    """The notebook with nothing but those code cells, in order."""

    @property
    def exercises(self) -> tuple[str, ...]:
        """Ids of the exercises shown, in order."""
        return tuple(section.exercise for section in self.sections if section.exercise)


def read(path: Path, *, instructor: bool = False, locate: Locate = lambda target: None) -> Narrative:
    """Read a notebook. Cells tagged ``instructor`` become notes for an instructor and vanish for others.

    Raises OSError or nbformat's errors where the file is none that can be read.
    """
    notebook = nbformat.read(path, as_version=4)
    prose = _Prose(locate)
    sections: list[Section] = []
    code: list[Any] = []
    for cell in notebook.cells:
        notes = "instructor" in cell.metadata.get("tags", [])
        if notes and not instructor:
            continue
        slide = cell.metadata.get("slideshow", {}).get("slide_type", "").strip("-")
        if cell.cell_type == "markdown":
            html, headings = prose.render(cell.source, cell.get("attachments", {}))
            kind: Kind = "notes" if notes else "prose"
            kept = () if notes else headings
            sections.append(Section(cell.id, kind, "notes" if notes else slide, html, kept))
        elif cell.cell_type == "code":
            found = SHOWS.search(cell.source)
            shown = found["id"] if found else ""
            html = outputs_html(cell.outputs, cell.id)
            sections.append(Section(cell.id, "live", slide, html, exercise=shown, title=_title(html, shown)))
            code.append(cell)
    title = next((h.text for s in sections for h in s.headings if h.level == 1), path.stem)
    language = notebook.metadata.get("lang", "en")
    bare = nbformat.v4.new_notebook(metadata={"kernelspec": dict(KERNELSPEC)}, cells=code)
    return Narrative(title, language, tuple(sections), bare)


def _title(html: str, exercise: str) -> str:
    """An exercise's title as its stored output has it, without the minutes; else its id made readable."""
    found = TITLE.search(html)
    return unescape(found["text"]).strip() if found else exercise.replace("-", " ").capitalize()


KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}


def outputs_html(outputs: Sequence[Mapping[str, Any]], cell: str, *, widgets: bool = False) -> str:
    """A code cell's outputs as HTML. They are ours, hence trusted; an error becomes a sentence with a code.

    With ``widgets``, a widget's place is marked with its model's id, round what stands there until then.
    """
    return "".join(_output_html(output, cell, widgets) for output in outputs)


def arrival(outputs: Sequence[Mapping[str, Any]], cell: str, stored: str) -> str:
    """What a kernel's outputs send to the page: all of it, or that it is the same as what was ``stored``."""
    models = [output["data"][WIDGET]["model_id"] for output in outputs if WIDGET in output.get("data", {})]
    head = f'<template data-cell="{escape(cell)}"'
    if len(models) <= 1 and outputs_html(outputs, cell) == stored:
        place = f' data-model="{escape(models[0])}"' if models else ""
        return f"{head} data-same{place}></template>"
    return f"{head}>{outputs_html(outputs, cell, widgets=True)}</template>"


def _output_html(output: Mapping[str, Any], cell: str, widgets: bool) -> str:
    match output["output_type"]:
        case "stream":
            # what goes to stderr is for the log of the server, never for the page
            return f'<pre class="plain">{escape(output["text"])}</pre>' if output["name"] == "stdout" else ""
        case "error":
            return f'<p class="failed">{escape(FAILED.format(code=cell))}</p>'
        case _:
            return _data_html(output["data"], widgets)


def _data_html(data: Mapping[str, Any], widgets: bool) -> str:
    if "text/html" in data:
        shown = str(data["text/html"])
    elif "image/svg+xml" in data:
        shown = _picture("data:image/svg+xml;utf8," + re.sub(r"[^\w]", _percent, data["image/svg+xml"]))
    elif "image/png" in data:
        shown = _picture("data:image/png;base64," + "".join(data["image/png"].split()))
    elif "text/plain" in data:
        shown = f'<pre class="plain">{escape(data["text/plain"])}</pre>'
    else:
        shown = ""
    if widgets and WIDGET in data:
        return f'<div data-player="{escape(data[WIDGET]["model_id"])}">{shown}</div>'
    return shown


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


def _picture(address: str) -> str:
    return f'<img alt="" src="{escape(address)}">'


class _Prose:
    """Markdown to HTML: raw HTML off, tables on, an id for each heading, unique within the page."""

    def __init__(self, locate: Locate) -> None:
        self.markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
        self.locate = locate
        self.used = {"main", "contents-title", "away-title"}  # the frame's own

    def render(
        self, source: str, attachments: Mapping[str, Mapping[str, str]]
    ) -> tuple[str, tuple[Heading, ...]]:
        """A cell's HTML and its headings. ``attachments``: pictures that travel in the cell, by name."""
        tokens = self.markdown.parse(source)
        headings: list[Heading] = []
        for n, token in enumerate(tokens):
            if token.type == "heading_open":
                text = _plain(tokens[n + 1])
                id = self._unique(text)
                token.attrSet("id", id)
                headings.append(Heading(int(token.tag[1]), id, text))
            for child in token.children or []:
                if child.type == "link_open":
                    self._link(child)
                elif child.type == "image":
                    child.attrSet("src", _attached(str(child.attrGet("src") or ""), attachments))
        html = self.markdown.renderer.render(tokens, self.markdown.options, {})
        # a wide table scrolls by itself, and by keyboard, so that the page need not
        html = html.replace(
            "<table>", '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>'
        )
        return html.replace("</table>", "</table></div>"), tuple(headings)

    def _link(self, token: Token) -> None:
        target = str(token.attrGet("href") or "")
        if re.match(r"https?:", target):
            token.attrSet("rel", "noopener noreferrer")
            token.attrSet("class", "external")
        elif (ours := self.locate(target)) is not None:
            token.attrSet("href", ours)

    def _unique(self, text: str) -> str:
        slug = re.sub(r"[^\w]+", "-", text.lower()).strip("-") or "part"
        id, n = slug, 2
        while id in self.used:
            id, n = f"{slug}-{n}", n + 1
        self.used.add(id)
        return id


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline"))


def _attached(source: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
    """A picture's address: from the cell's attachments or already in the text; nothing is ever fetched."""
    for kind, body in attachments.get(source.removeprefix("attachment:"), {}).items():
        return f"data:{kind};base64,{body}"
    return source if source.startswith("data:image/") else ""
