"""Plain text of everything a cell shows: for a terminal, a diff, nbval, and a reader without a browser."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill, indent
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

View = dict[str, Any]
WIDTH = 96
LIVE_TALK = "The talk goes on from here in the live page: each answer follows from how you spoke before."


def wrapped(text: str, hang: str = "") -> str:
    """Paragraphs wrapped to the page's width; ``hang`` begins the first line and indents the others."""
    paragraphs = [p for p in text.split("\n\n") if p.strip()]
    space = " " * len(hang)
    return "\n\n".join(
        fill(" ".join(p.split()), WIDTH, initial_indent=hang if n == 0 else space, subsequent_indent=space)
        for n, p in enumerate(paragraphs)
    )


def exercise(exercise: Exercise, view: View) -> str:
    """An exercise as its public view has it: what is asked, never what is right."""
    head = f"{view['title']} ({view['minutes']} minutes)"
    blocks = [f"{head}\n{'-' * len(head)}"]
    if view["content_note"]:
        blocks.append(wrapped(f"Before you begin: {view['content_note']}"))
    if view["intro"]:
        blocks.append(wrapped(view["intro"]))
    for n, (stage, shown) in enumerate(zip(exercise.stages, view["stages"], strict=True), 1):
        step = f"{n}. " if len(exercise.stages) > 1 else ""
        blocks.append(wrapped(shown["prompt"], step))
        blocks += [indent(block, "   ") for block in _stage(stage, shown) if block]
    return "\n\n".join(blocks)


def _stage(stage: Stage, view: View) -> Iterable[str]:
    match stage:
        case Choice():
            return [f"{wrapped(i['text'])}\n{_boxes(i['options'], i['select'])}" for i in view["items"]]
        case Match():
            return _match(view)
        case Order():
            return ["\n".join(wrapped(item["text"], "[ ] ") for item in view["items"])]
        case Hottext():
            return [wrapped("".join(f"[{p['text']}]" if "id" in p else p["text"] for p in view["parts"]))]
        case Text():
            return [wrapped(item["text"]) + "\n" + "\n".join(["." * 72] * 2) for item in view["items"]]
        case Facts():
            return _facts(view)
        case Dialogue():
            return _dialogue(view)
        case Model():
            return _model(view)
        case Form():
            return _form(view)
        case Discussion():
            return _discussion(view)
        case other:
            assert_never(other)


def _boxes(options: list[View], select: str = "one") -> str:
    box = "[ ] " if select == "many" else "( ) "
    return "\n".join(wrapped(option["text"], box) for option in options)


def _match(view: View) -> Iterable[str]:
    if not view["rows"]:
        yield "Put each to one of: " + ", ".join(target["text"] for target in view["targets"])
        yield "\n".join(wrapped(item["text"], "____ ") for item in view["items"])
        return
    for column in view["columns"]:
        targets = column["targets"] or view["targets"]
        yield wrapped(column["text"]) + "\n" + "\n".join(wrapped(t["text"], "- ") for t in targets)
    for row in view["rows"]:
        cells = [item for item in view["items"] if item["row"] == row["id"]]
        yield "\n".join(
            [wrapped(row["text"]), *(wrapped(cell["text"] or cell["column"], "____ ") for cell in cells)]
        )


def _facts(view: View) -> Iterable[str]:
    case = view["case"]
    yield f"File: {case['title']}\n\n{wrapped(case['text'])}"
    yield wrapped(f"A witness says: “{case['statement'].strip('“”')}”")
    if case["unknown"]:
        yield "Not known yet:\n" + "\n".join(wrapped(text, "- ") for text in case["unknown"])
    for offence in view["offences"]:
        rows = [wrapped(f"{e['title']}: {e['question']}", "____ ") for e in offence["elements"]]
        yield "\n".join([offence["title"], *rows, "____ Your finding"])


def _dialogue(view: View) -> Iterable[str]:
    yield wrapped(view["scene"])
    yield wrapped(f"{view['person']}: {view['opening']['says']}")
    yield "What do you say or do?\n" + _boxes(view["opening"]["lines"])
    yield LIVE_TALK


def _model(view: View) -> Iterable[str]:
    yield wrapped(view["story"])
    if view["invented"]:
        yield wrapped(view["invented"])
    yield "\n".join(wrapped(control["text"], "<> ") for control in view["controls"])
    if view["tasks"]:
        yield "\n".join(wrapped(task["text"], "- ") for task in view["tasks"])


def _form(view: View) -> Iterable[str]:
    for section in view["sections"]:
        lines = [section["title"], *([wrapped(section["text"])] if section["text"] else [])]
        lines += [wrapped(f"{field['label']}{answers(field)}: ________") for field in section["fields"]]
        yield "\n".join(lines)


def answers(field: View) -> str:
    """What a field of a form takes, in brackets: its options, its scale or its unit; nothing for texts."""
    match field["input"]:
        case "choice" | "many":
            return f" ({' / '.join(option['text'] for option in field['options'])})"
        case "scale":
            low, high = f"{field['low']} {field['low_label']}", f"{field['high']} {field['high_label']}"
            return f" ({low} to {high})"
        case "number":
            return f" ({field['unit']})" if field["unit"] else ""
        case "tick":
            return " [ ]"
        case "date":
            return " (date)"
        case _:
            return ""


def _discussion(view: View) -> Iterable[str]:
    yield f"Groups of {view['group_size']}; {view['minutes']} minutes."
    if view["roles"]:
        yield "\n".join(wrapped(role["text"], "- ") for role in view["roles"])
    yield "\n".join(wrapped(q["text"], f"{n}. ") for n, q in enumerate(view["questions"], 1))
    if view["report"]:
        yield wrapped(view["report"])


def table(title: str, columns: list[str], rows: list[list[str]]) -> str:
    """A table as labelled blocks, a row each: cells are sentences, too long for columns."""
    blocks = [f"{title}\n{'-' * len(title)}"]
    for row in rows:
        lines = [
            row[0],
            *(
                wrapped(f"{label}: {cell}", "  ")
                for label, cell in zip(columns[1:], row[1:], strict=True)
                if cell
            ),
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
