"""HTML of everything a cell shows: fallback without a kernel, slide and handout. No script, no key."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any, assert_never

from coptip.course.dialogue import Dialogue
from coptip.course.exercise import (
    Choice,
    Discussion,
    Exercise,
    Facts,
    Form,
    Hottext,
    Match,
    Model,
    Order,
    Stage,
    Text,
)
from coptip.render import plain

View = dict[str, Any]


def paragraphs(text: str, css: str = "") -> str:
    """Plain text as paragraphs, escaped."""
    kind = f' class="{css}"' if css else ""
    return "".join(f"<p{kind}>{escape(' '.join(p.split()))}</p>" for p in text.split("\n\n") if p.strip())


def items(texts: Iterable[str], tag: str = "ul") -> str:
    """Plain texts as a list, escaped."""
    return f"<{tag}>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</{tag}>"


def table(caption: str, columns: list[str], rows: list[list[str]]) -> str:
    """A table of plain texts with a caption and row headings; on a narrow page a card for each row.

    Its roles are said, as styling it into cards must not take them away.
    """
    head = "".join(f'<th scope="col" role="columnheader">{escape(column)}</th>' for column in columns)
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(row[0])}</th>'
        + "".join(
            f'<td role="cell" data-label="{escape(column)}">{escape(cell)}</td>'
            for column, cell in zip(columns[1:], row[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="cp-table" role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def exercise(exercise: Exercise, view: View) -> str:
    """An exercise as its public view has it, to read and to print."""
    parts = [f"<h3>{escape(view['title'])} <small>({view['minutes']} minutes)</small></h3>"]
    if view["content_note"]:
        parts.append(paragraphs(f"Before you begin: {view['content_note']}", "cp-note"))
    parts.append(paragraphs(view["intro"]))
    for n, (stage, shown) in enumerate(zip(exercise.stages, view["stages"], strict=True), 1):
        step = f"Step {n} of {len(exercise.stages)}. " if len(exercise.stages) > 1 else ""
        parts.append(paragraphs(step + shown["prompt"], "cp-prompt"))
        parts.append(_stage(stage, shown))
    return (
        f'<section class="coptip cp-static" data-exercise="{escape(view["id"])}">{"".join(parts)}</section>'
    )


def _stage(stage: Stage, view: View) -> str:
    match stage:
        case Choice():
            return "".join(
                paragraphs(item["text"]) + items(option["text"] for option in item["options"])
                for item in view["items"]
            )
        case Match():
            return _match(view)
        case Order():
            return items(item["text"] for item in view["items"])
        case Hottext():
            marked = (
                f"<mark>{escape(p['text'])}</mark>"
                if "id" in p
                else escape(p["text"]).replace("\n\n", "</p><p>")
                for p in view["parts"]
            )
            return f"<p>{''.join(marked)}</p>"
        case Text():
            return "".join(paragraphs(item["text"]) + '<p class="cp-lines"></p>' for item in view["items"])
        case Facts():
            return _facts(view)
        case Dialogue():
            return _dialogue(view)
        case Model():
            return _model(view)
        case Form():
            return "".join(_section(section) for section in view["sections"])
        case Discussion():
            return _discussion(view)
        case other:
            assert_never(other)


def _match(view: View) -> str:
    if not view["rows"]:
        targets = ", ".join(target["text"] for target in view["targets"])
        return paragraphs(f"Put each to one of: {targets}.") + items(item["text"] for item in view["items"])
    choices = "".join(
        paragraphs(column["text"]) + items(target["text"] for target in column["targets"] or view["targets"])
        for column in view["columns"]
    )
    return choices + items((row["text"] for row in view["rows"]), "ol")


def _facts(view: View) -> str:
    case = view["case"]
    offences = "".join(
        f"<p><strong>{escape(offence['title'])}</strong></p>"
        + items(f"{element['title']}: {element['question']}" for element in offence["elements"])
        for offence in view["offences"]
    )
    unknown = "<p>Not known yet:</p>" + items(case["unknown"]) if case["unknown"] else ""
    return (
        f"<h4>{escape(case['title'])}</h4>{paragraphs(case['text'])}"
        f"<blockquote>{paragraphs(case['statement'])}</blockquote>{unknown}{offences}"
    )


def _dialogue(view: View) -> str:
    opening = view["opening"]
    return (
        paragraphs(view["scene"])
        + f"<p><strong>{escape(view['person'])}</strong></p><blockquote>{paragraphs(opening['says'])}</blockquote>"
        + paragraphs("What do you say or do?")
        + items(line["text"] for line in opening["lines"])
        + paragraphs(plain.LIVE_TALK, "cp-note")
    )


def _model(view: View) -> str:
    tasks = items(task["text"] for task in view["tasks"]) if view["tasks"] else ""
    return (
        paragraphs(view["story"])
        + paragraphs(view["invented"])
        + items(c["text"] for c in view["controls"])
        + tasks
    )


def _section(section: View) -> str:
    labels = (field["label"] + plain.answers(field) for field in section["fields"])
    return f"<p><strong>{escape(section['title'])}</strong></p>{paragraphs(section['text'])}{items(labels)}"


def _discussion(view: View) -> str:
    return (
        paragraphs(f"Groups of {view['group_size']}; {view['minutes']} minutes.")
        + (items(role["text"] for role in view["roles"]) if view["roles"] else "")
        + items((question["text"] for question in view["questions"]), "ol")
        + paragraphs(view["report"])
    )
