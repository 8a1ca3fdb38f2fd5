"""Cards: what a cell shows that needs no answer, as plain text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from coptip.course.engines import run, start_settings
from coptip.course.exercise import Exercise
from coptip.course.materials import Materials
from coptip.course.module import (
    Cell,
    Erratum,
    Figure,
    Instrument,
    Module,
    Row,
    Source,
    Statistic,
    Table,
    Term,
)
from coptip.course.simulation import Simulation
from coptip.course.view import guide_ids
from coptip.law import Element, Offence
from coptip.render import html, plain
from coptip.render.pictures import picture


@dataclass(frozen=True)
class Card:
    """Something to read, in two forms that say the same."""

    text: str
    markup: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.markup


def message(sentence: str, details: Sequence[str] = ()) -> Card:
    """A readable sentence in place of something that cannot be shown."""
    markup = f'<div class="coptip cp-static cp-message" role="note">{html.paragraphs(sentence)}'
    markup += (html.items(details) if details else "") + "</div>"
    return Card("\n".join([sentence, *details]), markup)


def _card(title: str, text: str, markup: str, kind: str, level: int = 3) -> Card:
    head = f"{title}\n{'-' * len(title)}"
    heading = f"<h{level}>{escape(title)}</h{level}>"
    return Card(
        f"{head}\n\n{text}", f'<section class="coptip cp-static cp-{kind}">{heading}{markup}</section>'
    )


def hours(minutes: int) -> str:
    """Minutes as a person says them: ``50 minutes``, ``2 hours``, ``3 hours 20 minutes``."""
    whole, rest = divmod(minutes, 60)
    parts = [f"{whole} hour{'' if whole == 1 else 's'}"] if whole else []
    return " ".join(parts + ([f"{rest} minutes"] if rest or not whole else []))


def overview(module: Module, instruments: Mapping[str, Instrument], terms: Sequence[Term] = ()) -> Card:
    """Objectives, outcomes, timetable and readings of a module, and the short names that it uses, each in full."""
    short_names = sorted((f"{term.short}: {term.term}" for term in terms if term.short), key=str.lower)
    objectives = [o.text for o in module.objectives]
    outcomes = [o.text for o in module.outcomes]
    readings = []
    links = []
    for reading in module.readings:
        instrument = instruments[reading.instrument]
        line = f"{instrument.title} ({instrument.short}, {instrument.adopted}). {reading.read}".strip()
        url = instrument.url
        readings.append(line + (f" {url}" if url else ""))
        links.append(
            escape(line) + (f' <a href="{escape(url)}" rel="noopener">{escape(url)}</a>' if url else "")
        )
    time = f"{hours(module.minutes)}; {hours(module.short_minutes)} where time is short."
    parts = [
        [part.title, str(part.minutes), str(part.short) if part.short else "leave out"]
        for part in module.parts
    ]
    unchecked = "Links are shown as printed in 2023; we have not checked them."
    text = "\n\n".join(
        [
            plain.wrapped(module.summary),
            "Short names in this module:\n" + "\n".join(plain.wrapped(name, "- ") for name in short_names),
            "What this module does:\n" + "\n".join(plain.wrapped(o, "- ") for o in objectives),
            "Afterwards you can:\n" + "\n".join(plain.wrapped(o, "- ") for o in outcomes),
            "Time: " + time + "\n" + "\n".join(f"- {p[0]}: {p[1]} minutes (short: {p[2]})" for p in parts),
            "To read:\n" + "\n".join(plain.wrapped(r, "- ") for r in readings) + f"\n{unchecked}",
        ]
    )
    markup = (
        f"{html.paragraphs(module.summary)}<h3>Short names in this module</h3>{html.items(short_names)}"
        f"<h3>What this module does</h3>{html.items(objectives)}"
        f"<h3>Afterwards you can</h3>{html.items(outcomes)}<h3>Time</h3>{html.paragraphs(time)}"
        f"{html.table('Minutes', ['Part', 'Minutes', 'Where time is short'], parts)}"
        f"<h3>To read</h3><ul>{''.join(f'<li>{link}</li>' for link in links)}</ul>{html.paragraphs(unchecked)}"
    )
    return _card("Overview", text, markup, "overview", level=2)


def offence(offence: Offence) -> Card:
    """An offence: its elements with articles, the rules around them, and what is owed meanwhile."""
    rows = [[element.title, _counts(element), element.source.text()] for element in offence.elements.values()]
    notes = [*offence.irrelevant.values(), *offence.routes.values(), offence.protection, offence.national_law]
    exceptions = list(offence.exceptions.values())
    columns = ["Element", "What counts", "Source"]
    text = "\n\n".join(
        [
            plain.wrapped(f"{offence.definition} {offence.source.text()}."),
            *("\n".join([row[0], *(plain.wrapped(r, "  ") for r in row[1:])]) for row in rows),
            *(
                ["Exceptions:\n" + "\n".join(plain.wrapped(e, "- ") for e in exceptions)]
                if exceptions
                else []
            ),
            *(plain.wrapped(note) for note in notes),
        ]
    )
    markup = (
        html.paragraphs(f"{offence.definition} {offence.source.text()}.")
        + html.table(f"Elements of {offence.title[:1].lower()}{offence.title[1:]}", columns, rows)
        + (f"<h4>Exceptions</h4>{html.items(exceptions)}" if exceptions else "")
        + "".join(html.paragraphs(note) for note in notes)
    )
    return _card(offence.title, text, markup, "offence")


def _counts(element: Element) -> str:
    labels = ", ".join(element.labels.values())
    return f"{element.question} {labels[:1].upper()}{labels[1:]}." if labels else element.question


def table(table: Table) -> tuple[dict[str, Any], Card]:
    """A comparison table: the Player's view, and the card beside it."""
    view = {
        "type": "table",
        "id": table.id,
        "title": table.title,
        "caption": table.caption,
        "row_title": table.row_title,
        "columns": [{"id": id, "text": text} for id, text in table.columns.items()],
        "rows": [
            {
                "id": row.id,
                "title": row.title,
                "remark": row.remark,
                "cells": {id: {"text": cell.text, "source": cell.source} for id, cell in row.cells.items()},
            }
            for row in table.rows
        ],
    }
    columns = [table.row_title, *table.columns.values()]
    rows = []
    for row in table.rows:
        cells = [row.cells[id] for id in table.columns]
        rows.append([row.title, *(f"{c.text} ({c.source})" if c.source else c.text for c in cells)])
    remarks = [f"{row.title}: {row.remark}" for row in table.rows if row.remark]
    text = plain.table(table.title, columns, rows)
    text += "".join(f"\n\n{plain.wrapped(remark)}" for remark in remarks)
    markup = (
        f'<section class="coptip cp-static"><h3>{escape(table.title)}</h3>'
        + html.table(table.caption, columns, rows)
        + "".join(html.paragraphs(remark, "cp-note") for remark in remarks)
        + "</section>"
    )
    return view, Card(text, markup)


def statistics_table(module: str, statistics: Sequence[Statistic]) -> Table:
    """Published figures as a table: value and unit, whose share, year, source, and what each cannot show."""
    columns = {
        "value": "Value",
        "population": "Of whom",
        "year": "Year",
        "source": "Source",
        "cannot": "What it cannot show",
    }
    rows = tuple(
        Row(
            id=s.id,
            title=s.text,
            cells={
                "value": Cell(text=f"{s.value} {s.unit}"),
                "population": Cell(text=s.population),
                "year": Cell(text=s.year),
                "source": Cell(text=s.source),
                "cannot": Cell(text=s.cannot_show),
            },
        )
        for s in statistics
    )
    return Table(
        id=f"published-figures-{module}",
        title="Published figures, each with its base",
        caption="“Not stated” means that the guide does not say.",
        columns=columns,
        rows=rows,
        row_title="Figure",
    )


def law_finder(instruments: Sequence[Instrument]) -> Table:
    """Every article that the collection names, from a situation's words to instrument and article."""
    rows = [
        Row(
            id=f"{one.id}-{n}",
            title=f"{one.short} {'Art. ' + number if number else ''}".strip(),
            cells={"about": Cell(text=about), "instrument": Cell(text=f"{one.title}. {_dates(one)}")},
        )
        for one in instruments
        for n, (number, about) in enumerate((one.articles or {"": one.note or one.title}).items())
    ]
    return Table(
        id="law-finder",
        title="Law finder",
        caption="Type a word of your situation. In our words; the instrument decides, and your national law.",
        columns={"about": "What it is about", "instrument": "Where it stands"},
        rows=tuple(rows),
        row_title="Instrument and article",
    )


def _dates(one: Instrument) -> str:
    """When it was adopted, and since when it is in force, where it can be."""
    force = f" In force {one.in_force}." if one.in_force else ""
    return f"Adopted {one.adopted}.{force}"


def figure(figure: Figure, model: Simulation, materials: Materials) -> Card:
    """A figure as it stands at the start: its picture, its table, and what to notice."""
    settings = start_settings(model)
    outcome = run(model, settings, materials)
    rows = [list(row) for row in outcome.rows]
    lines = "\n".join(" | ".join(row) for row in [list(outcome.columns), *rows])
    text = "\n\n".join(
        filter(None, [plain.wrapped(model.story), outcome.caption, lines, plain.wrapped(figure.notice)])
    )
    markup = (
        html.paragraphs(model.story)
        + _drawn(figure.title, picture(model, settings, materials))
        + (
            html.table(outcome.caption, list(outcome.columns), rows)
            if rows
            else html.paragraphs(outcome.caption)
        )
        + html.paragraphs(outcome.remark)
        + html.paragraphs(figure.notice)
    )
    return _card(figure.title, text, markup, "picture")


def _drawn(title: str, svg: str) -> str:
    """A picture that can be scrolled by keyboard where the page is too narrow for it."""
    return (
        f'<div class="cp-figure" role="group" tabindex="0" aria-label="{escape(title)}">{svg}</div>'
        if svg
        else ""
    )


def errata(errata: Sequence[Erratum]) -> Card:
    """What the guide says, what is right, how sure we are, where to check, and when we looked."""
    blocks, asides = [], []
    for e in errata:
        surety, place = e.sure.rstrip("."), e.check.rstrip(".")
        sure = f"How sure we are: {surety}. Where to check: {place}. We looked in {e.looked}."
        blocks.append(
            "\n".join(
                [
                    plain.wrapped(f"{e.id}. The guide ({e.where}) says: {e.says}"),
                    plain.wrapped(f"What is right: {e.right}"),
                    plain.wrapped(sure),
                ]
            )
        )
        asides.append(
            f'<aside class="cp-erratum" id="erratum-{escape(e.id)}">'
            f"<p><strong>{escape(e.id)} · The guide</strong> ({escape(e.where)}): {escape(e.says)}</p>"
            f"<p><strong>What is right:</strong> {escape(e.right)}</p>"
            f'<p class="cp-minor">{escape(sure)}</p></aside>'
        )
    title = "A note on the guide" if len(errata) == 1 else "Notes on the guide"
    label = f"{title}: {', '.join(e.id for e in errata)}"
    return Card(
        f"{title}\n{'-' * len(title)}\n\n" + "\n\n".join(blocks),
        f'<section class="coptip cp-static cp-errata" aria-label="{escape(label)}">{"".join(asides)}</section>',
    )


def key_points(module: Module) -> Card:
    """What to take away."""
    points = [point.text for point in module.key_points]
    text = "\n".join(plain.wrapped(point, "- ") for point in points)
    return _card("Key points", text, html.items(points), "points", level=2)


def glossary(terms: Sequence[Term]) -> Card:
    """Terms in the order of the alphabet, each with an address to link to."""
    ordered = sorted(terms, key=lambda term: term.term.lower())
    lines, entries = [], []
    for term in ordered:
        name = f"{term.term} ({term.short})" if term.short else term.term
        source = f" {term.source}" if term.source else ""
        lines.append(plain.wrapped(f"{name}: {term.meaning}{source}", "- "))
        entries.append(
            f'<dt id="term-{escape(term.id)}">{escape(name)}</dt><dd>{escape(term.meaning + source)}</dd>'
        )
    return _card(
        "Words and abbreviations", "\n".join(lines), f"<dl>{''.join(entries)}</dl>", "glossary", level=2
    )


def sources(sources: Sequence[Source]) -> Card:
    """The guide's notes, with their links as printed."""
    lines, entries = [], []
    for source in sources:
        kind, _, number = source.id.partition("-")
        name = f"Note {number}" if kind == "note" else "Reading" if kind == "reading" else "Named in the text"
        lines.append(plain.wrapped(f"{name}: {source.citation} {' '.join(source.urls)}".strip(), "- "))
        links = "".join(f' <a href="{escape(url)}" rel="noopener">{escape(url)}</a>' for url in source.urls)
        note = f" ({escape(source.note)})" if source.note else ""
        entries.append(
            f'<dt id="{escape(source.id)}">{escape(name)}</dt><dd>{escape(source.citation)}{note}{links}</dd>'
        )
    said = "Numbers are the guide's own notes. Links are shown as printed in 2023; we have not checked them."
    text = f"{said}\n\n" + "\n".join(lines)
    return _card("Sources", text, html.paragraphs(said) + f"<dl>{''.join(entries)}</dl>", "sources", level=2)


def review(modules: Sequence[Mapping[str, Any]]) -> Card:
    """The record as it stands on paper: a list to tick."""
    lines, parts = [], []
    for module in modules:
        names = [f"{e['title']} ({e['minutes']} minutes)" for e in module["exercises"]]
        lines.append(
            "\n".join([f"{module['id'].upper()} {module['title']}", *(f"[ ] {name}" for name in names)])
        )
        parts.append(f"<h4>{escape(module['id'].upper())} {escape(module['title'])}</h4>{html.items(names)}")
    return _card("Your record", "\n\n".join(lines), "".join(parts), "review")


def summary(modules: Sequence[Mapping[str, Any]]) -> Card:
    """The summary as it stands on paper: what may be collected from each module."""
    said = "What you write and fill in is collected here, as far as this browser keeps it."
    lines, parts = [said], [html.paragraphs(said)]
    for module in modules:
        titles = [exercise["title"] for exercise in module["exercises"] if exercise["stages"]]
        if titles:
            lines.append(
                "\n".join([str(module["title"]), *(plain.wrapped(title, "[ ] ") for title in titles)])
            )
            parts.append(f"<h4>{escape(str(module['title']))}</h4>{html.items(titles)}")
    return _card("What I wrote and made", "\n\n".join(lines), "".join(parts), "summary-card")


def planner(modules: Sequence[Module]) -> Card:
    """The minutes of every module, in full and in short: what one plans a course with on paper."""
    rows = [[f"{m.id.upper()} {m.title}", str(m.minutes), str(m.short_minutes)] for m in modules]
    total = ["All modules", str(sum(m.minutes for m in modules)), str(sum(m.short_minutes for m in modules))]
    columns = ["Module", "Minutes in full", "Minutes in short"]
    text = "\n".join(f"{a}: {b} minutes, short {c}" for a, b, c in [*rows, total])
    return _card(
        "Plan a course", text, html.table("Minutes of teaching", columns, [*rows, total]), "planner-card"
    )


def outcomes_map(modules: Sequence[Module], exercises: Sequence[Exercise]) -> Card:
    """Which exercises serve each outcome, and which carry something of each objective, in every module."""
    blocks, parts = [], []

    def served(outcome: str) -> list[Exercise]:
        return [
            e for e in exercises if outcome in ((e.outcome,) if isinstance(e.outcome, str) else e.outcome)
        ]

    def named(found: Sequence[Exercise]) -> list[str]:
        return [f"{e.title} ({e.minutes} minutes)" for e in found]

    for module in modules:
        rows = []
        for kind, statements in (("Objective", module.objectives), ("Outcome", module.outcomes)):
            for statement in statements:
                ids = set(statement.guide)
                found = served(statement.id) or [e for e in exercises if ids & set(guide_ids(e))]
                names = named(found) or ["The text and the discussion of the module"]
                rows.append([f"{kind}: {statement.text}", "; ".join(names)])
        if not rows:
            continue
        title = f"{module.id.upper()} {module.title}"
        blocks.append(plain.table(title, ["", "Exercises"], [[plain.wrapped(a), b] for a, b in rows]))
        parts.append(html.table(title, ["Objective or outcome", "Exercises that serve it"], rows))
    return _card("What serves which outcome", "\n\n".join(blocks), "".join(parts), "map")
