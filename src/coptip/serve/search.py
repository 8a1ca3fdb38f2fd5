"""What the start page's search looks through: headings, exercises and cards of all modules, with their places."""

from __future__ import annotations

import json
import re
from html import unescape

from coptip.serve.frame import Frame
from coptip.serve.narrative import Section

LEFT_OUT = ("overview", "review")
"""Cells that only repeat what stands elsewhere."""
MOST = 1_200
"""Characters of an exercise that are looked through: its title, its introduction, its first questions."""


def index(frame: Frame) -> str:
    """The index as JSON: a list of ``[module's label, title, address, text]``, in the collection's order."""
    entries: list[tuple[str, str, str, str]] = []
    for entry in frame.collection.written:
        page, heading = frame.link(entry.id), (entry.title, "main")
        for section in frame.narrative(entry).sections:
            if section.kind == "notes" or section.id in LEFT_OUT:
                continue
            if section.headings:
                heading = (section.headings[-1].text, section.headings[-1].id)
            title, anchor = (section.title, f"at-{section.id}") if section.kind == "live" else heading
            text = words(section)
            if text:
                entries.append((entry.label, title or heading[0], f"{page}#{anchor}", text))
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":"))


def words(section: Section) -> str:
    """A section's text without its tags, on one line."""
    bare = re.sub(r"<svg\b.*?</svg>|<[^>]+>", " ", section.html, flags=re.DOTALL)
    text = " ".join(unescape(bare).split())
    return text[:MOST] if section.exercise else text
