"""Slides: a module as one HTML file that needs neither a server nor a network."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from markupsafe import Markup

from coptip.course.module import Module
from coptip.serve.assets import Assets
from coptip.serve.collection import Collection
from coptip.serve.frame import Frame, Look
from coptip.serve.narrative import read

STYLES = ("player/tokens.css", "player/player.css", "page.css", "present.css")
SCRIPTS = ("page.js", "present.js")
FIRST = "look.js"


def slides(notebook: Path, out: Path, module: Module) -> Path:
    """Write ``notebook`` as slides to the file ``out`` and return it.

    Its stored outputs are shown, and the instructor's cells are the notes. The file holds every style and
    script it needs, and its policy lets it ask for nothing else. Raises OSError where it cannot be written.
    """
    assets = Assets()
    frame = Frame(Collection(notebook.parent, {module.id: module}, module.id), assets, Look(instructor=True))
    narrative = read(notebook, instructor=True)
    scripts = {name: _inline(assets.text(name), "script") for name in (FIRST, *SCRIPTS)}
    html = frame.page(
        "slides.html",
        title=narrative.title,
        lang=narrative.lang,
        minutes=module.minutes,
        content_note=module.content_note,
        sections=narrative.sections,
        contents=frame.contents(narrative),
        html=Markup,
        previous=None,
        following=None,
        policy=_policy(list(scripts.values())),
        styles=[Markup(_inline(assets.text(name), "style")) for name in STYLES if name in assets.files],
        first=Markup(scripts[FIRST]),
        scripts=[Markup(scripts[name]) for name in SCRIPTS],
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(html, encoding="utf-8")
    return out


def _inline(text: str, tag: str) -> str:
    """Text that may stand inside an element of that name."""
    return re.sub(rf"</(?={tag})", r"<\/", text, flags=re.IGNORECASE)


def _policy(scripts: list[str]) -> str:
    """A policy under which these scripts run and no request leaves."""
    hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts)
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    )
