"""The pages' frame: title, navigation, settings, the way to step out. Writes HTML, knows no server."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
import segno
from markupsafe import Markup

from coptip.render.cards import hours
from coptip.serve.assets import Assets
from coptip.serve.collection import Collection, Written
from coptip.serve.kernels import Notebook, Warm
from coptip.serve.narrative import Narrative, read
from coptip.serve.settings import Waits

TEMPLATES = Path(__file__).resolve().parent / "templates"
NOT_READABLE = "This module cannot be shown. Ask the person who looks after this machine. Code: notebook"


@dataclass(frozen=True)
class Look:
    """What is the same on every page of a server.

    ``base``: the address under which everything stands, ending in a slash. ``kiosk``: the browser keeps nothing
    of what a person types, and a page around the others holds it while the person is here. ``public``: the address
    to show to others.
    """

    base: str = "/"
    instructor: bool = False
    kiosk: bool = False
    waits: Waits = field(default_factory=Waits)
    public: str = ""

    @property
    def keep(self) -> str:
        """Where what a person types is kept: by the browser, or in the page's own memory alone."""
        return "memory" if self.kiosk else "browser"

    @property
    def inner(self) -> str:
        """The address under which the pages themselves stand: on a kiosk they stand inside another."""
        return f"{self.base}in/" if self.kiosk else self.base


@dataclass(frozen=True)
class Line:
    """A line of a module's contents list, and where it leads."""

    level: int
    target: str
    text: str
    exercise: str = ""


class Frame:
    """Renders whole pages, and a module's page as what comes before its kernel and what comes after."""

    def __init__(
        self, collection: Collection, assets: Assets, look: Look, watched: Path | None = None
    ) -> None:
        """``watched``: a folder of data that authors may be changing while the pages are served."""
        self.collection, self.assets, self.look, self.watched = collection, assets, look, watched
        self._read: dict[str, tuple[float, Narrative]] = {}
        self._changed = (-1.0, "")
        self.rendered: dict[str, tuple[Warm, str]] = {}
        """Whole pages by module, each with the warm process whose cells it shows."""

    @cached_property
    def environment(self) -> jinja2.Environment:
        """Our templates, escaping everything that is not marked as HTML."""
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES / "coptip"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(
            look=self.look, static=self._static, assets=self.assets, link=self.link, hours=hours
        )
        return environment

    def _static(self, name: str) -> str:
        return self.look.base + self.assets.address(name)

    def link(self, id: str) -> str:
        """The address of a module's page."""
        if self.collection.only == id and not self.look.kiosk:
            return self.look.base
        return f"{self.look.inner}m/{id}"

    def address(self, id: str) -> str:
        """What to open in a browser for a module."""
        return self.look.base if self.collection.only == id else f"{self.look.base}m/{id}"

    def narrative(self, entry: Written) -> Narrative:
        """A module's notebook, read again only when its file has changed."""
        changed = entry.notebook.stat().st_mtime
        known = self._read.get(entry.id)
        if known is None or known[0] != changed:
            narrative = read(entry.notebook, instructor=self.look.instructor, locate=self._locate)
            known = self._read[entry.id] = (changed, narrative)
        return known[1]

    def notebook(self, entry: Written) -> Notebook:
        """What a kernel has to run for a module's page."""
        cells = tuple((cell.id, cell.source) for cell in self.narrative(entry).code.cells)
        folder = entry.notebook.parent
        return Notebook(entry.id, str(folder), cells, self._data_version())

    def _data_version(self) -> str:
        """Changes when a file of the data does; looks at most once a second."""
        if self.watched is None:
            return ""
        if time.monotonic() - self._changed[0] > 1:
            seen = [(str(path), path.stat().st_mtime_ns) for path in sorted(self.watched.rglob("*.yaml"))]
            self._changed = (time.monotonic(), str(hash(tuple(seen))))
        return self._changed[1]

    def _locate(self, target: str) -> str | None:
        file, _, fragment = target.partition("#")
        entry = self.collection.of_file(file)
        return None if entry is None else self.link(entry.id) + (f"#{fragment}" if fragment else "")

    def landing(self) -> str:
        """The start page: what this is, and its modules."""
        return self.page("landing.html", modules=list(self.collection), title="Start", code=self._code)

    @cached_property
    def _code(self) -> Markup:
        """A code to photograph that leads to the public address, as a picture in SVG; empty where there is none."""
        if not self.look.public:
            return Markup()
        code = segno.make(self.look.public, error="m")
        return Markup(code.svg_inline(scale=5, border=2, dark="#000", light="#fff", omitsize=True))

    def shell(self, module: str, token: str) -> str:
        """A kiosk's outer page, which opens at a module, or at the start."""
        first = module or self.collection.only
        start = self.link(first) if first else self.look.inner
        return self.page("kiosk.html", title="Training", start=start, token=token)

    def module(self, entry: Written, token: str = "") -> tuple[str, str]:
        """A module's page in two parts: all there is to read, and the end of the page.

        ``token``: what the page sends back to show that a request is its own.
        """
        narrative = self.narrative(entry)
        before, after = self.collection.around(entry.id)
        whole = self.page(
            "module.html",
            title=narrative.title,
            lang=narrative.lang,
            entry=entry,
            content_note=entry.module.content_note,
            sections=narrative.sections,
            html=Markup,
            contents=self.contents(narrative),
            previous=before,
            following=after,
            token=token,
            alone=self.collection.only is not None,
        )
        start, _, end = whole.partition(_SEAM)
        return start, end

    def contents(self, narrative: Narrative) -> list[Line]:
        """The contents list of a module: headings of the second and third level, and its exercises."""
        lines: list[Line] = []
        for section in narrative.sections:
            lines += [Line(h.level, h.id, h.text) for h in section.headings if h.level in (2, 3)]
            if section.exercise:
                lines.append(Line(3, f"at-{section.id}", section.title, section.exercise))
        return lines

    def message(self, heading: str, text: str, again: int = 0) -> str:
        """A page that says one thing: something was not found, or went wrong.

        ``again``: after how many seconds it tries again by itself, 0 for never.
        """
        return self.page("message.html", title=heading, text=text, again=again)

    def login(self, token: str, following: str, failed: bool) -> str:
        """The page that asks for the instructor's password."""
        return self.page("login.html", title="Password", token=token, following=following, failed=failed)

    def page(self, template: str, **context: Any) -> str:
        """Any of our pages as a string."""
        return self.environment.get_template(template).render(**context)


_SEAM = "<!-- here the kernel's outputs arrive -->"
