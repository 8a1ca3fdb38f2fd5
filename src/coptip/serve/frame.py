"""The pages' frame: title, navigation, settings, the way to step out. Writes HTML, knows no server."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from coptip.render.cards import hours
from coptip.serve.assets import Assets
from coptip.serve.collection import Collection, Written
from coptip.serve.narrative import Narrative, read

TEMPLATES = Path(__file__).resolve().parent / "templates"
NOT_READABLE = "This module cannot be shown. Ask the person who looks after this machine. Code: notebook"


@dataclass(frozen=True)
class Look:
    """What is the same on every page of a server.

    ``base``: the address under which everything stands, ending in a slash. ``keep``: whether the browser
    may keep what a person types ("browser") or only the page's own memory ("memory", on a kiosk).
    """

    base: str = "/"
    instructor: bool = False
    keep: str = "browser"


@dataclass(frozen=True)
class Line:
    """A line of a module's contents list, and where it leads."""

    level: int
    target: str
    text: str
    exercise: str = ""


class Frame:
    """Renders whole pages, and a module's page as what comes before its kernel and what comes after."""

    def __init__(self, collection: Collection, assets: Assets, look: Look) -> None:
        self.collection, self.assets, self.look = collection, assets, look
        self._read: dict[str, tuple[float, Narrative]] = {}

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
        return self.look.base if self.collection.only == id else f"{self.look.base}m/{id}"

    def narrative(self, entry: Written) -> Narrative:
        """A module's notebook, read again only when its file has changed."""
        changed = entry.notebook.stat().st_mtime
        known = self._read.get(entry.id)
        if known is None or known[0] != changed:
            narrative = read(entry.notebook, instructor=self.look.instructor, locate=self._locate)
            known = self._read[entry.id] = (changed, narrative)
        return known[1]

    def _locate(self, target: str) -> str | None:
        file, _, fragment = target.partition("#")
        entry = self.collection.of_file(file)
        return None if entry is None else self.link(entry.id) + (f"#{fragment}" if fragment else "")

    def landing(self) -> str:
        """The start page: what this is, and its modules."""
        return self.page("landing.html", modules=list(self.collection), title="Start")

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

    def message(self, heading: str, text: str) -> str:
        """A page that says one thing: something was not found, or went wrong."""
        return self.page("message.html", title=heading, text=text)

    def login(self, token: str, following: str, failed: bool) -> str:
        """The page that asks for the instructor's password."""
        return self.page("login.html", title="Password", token=token, following=following, failed=failed)

    def page(self, template: str, **context: Any) -> str:
        """Any of our pages as a string."""
        return self.environment.get_template(template).render(**context)


_SEAM = "<!-- here the kernel's outputs arrive -->"
