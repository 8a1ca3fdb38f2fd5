"""The course planner as a page shows it: its view, and the answer to what an instructor asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coptip.course.module import Module
from coptip.course.planner import Plan, Slot, Wishes, clock, groups, plan, propose, wishes_from

AUDIENCES = {
    "patrol": "Patrol officers, new to the subject",
    "mixed": "Mixed: police, other services, civil society",
    "specialist": "A unit against trafficking",
}
COUNTRIES = {"one": "One country", "several": "Several countries"}
RESTS = {"break": "Break", "lunch": "Lunch"}


def view(modules: Sequence[Module]) -> dict[str, Any]:
    """What the page gets: modules with their minutes, and the lists to choose from."""
    return {
        "type": "planner",
        "id": "planner",
        "title": "Plan a course",
        "text": (
            "Say how much time you have. The timetable adds up from the minutes of the modules' own parts. "
            "What has no room is named, so that you decide about it and not the clock."
        ),
        "modules": [
            {"id": m.id, "title": name(m), "minutes": m.minutes, "short": m.short_minutes} for m in modules
        ],
        "begins": [{"id": str(n), "text": clock(n)} for n in range(450, 571, 30)],
        "audiences": _options(AUDIENCES),
        "countries": _options(COUNTRIES),
    }


def _options(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"id": id, "text": text} for id, text in texts.items()]


def name(module: Module) -> str:
    """A module as a timetable calls it."""
    return f"{module.id.upper()} {module.title}"


def answer(modules: Sequence[Module], musts: Mapping[str, int], message: Mapping[str, Any]) -> dict[str, Any]:
    """The timetable for a page's wishes. ``musts``: how many things the guide wants taught, by module id."""
    raw = message.get("wishes")
    wishes = wishes_from(raw, modules)
    raw = raw if isinstance(raw, Mapping) else {}
    audience = raw.get("audience") if raw.get("audience") in AUDIENCES else "mixed"
    if message.get("action") == "propose":
        lengths = propose(modules, wishes, str(audience))
        wishes = Wishes(
            days=wishes.days, hours=wishes.hours, begins=wishes.begins, people=wishes.people, lengths=lengths
        )
    made = plan(modules, wishes)
    names = {module.id: name(module) for module in modules}
    return {
        "kind": "plan",
        "lengths": dict(wishes.lengths),
        "summary": summary(made),
        "notes": notes(modules, musts, wishes, made, str(audience), raw.get("countries") == "several"),
        "days": [[_row(slot, names) for slot in day] for day in made.days],
        "left": [f"{names[one.module]}: {one.title} ({one.minutes} minutes)" for one in made.left],
    }


def _row(slot: Slot, names: Mapping[str, str]) -> dict[str, str]:
    title = RESTS.get(slot.kind, slot.title) + (" (continued)" if slot.continued else "")
    return {
        "time": f"{clock(slot.start)}–{clock(slot.end)}",
        "module": names.get(slot.module, ""),
        "title": title,
        "minutes": str(slot.minutes),
    }


def summary(made: Plan) -> str:
    """One sentence on time asked for and time there is."""
    said = f"{hours(made.asked)} asked for, {hours(made.room)} of teaching there."
    left = sum(one.minutes for one in made.left)
    return f"{said} {hours(left)} find no room." if left else f"{said} All of it fits."


def hours(minutes: int) -> str:
    """Minutes as hours and minutes: ``6 h 20 min``."""
    whole, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{whole} h" if whole else "", f"{rest} min" if rest or not whole else "") if part
    )


def notes(
    modules: Sequence[Module],
    musts: Mapping[str, int],
    wishes: Wishes,
    made: Plan,
    audience: str,
    several: bool,
) -> list[str]:
    """What an instructor should know before printing it."""
    said = [f"Small groups for {wishes.people}: {_sizes(groups(wishes.people))}."]
    out = [module for module in modules if wishes.lengths.get(module.id) == "out"]
    if out:
        missing = sum(musts.get(module.id, 0) for module in out)
        listed = ", ".join(module.id.upper() for module in out)
        said.append(f"Left out: {listed}. With them go {missing} things that the guide wants taught.")
    short = [module for module in modules if wishes.lengths.get(module.id) == "short"]
    if short:
        listed = ", ".join(module.id.upper() for module in short)
        said.append(
            f"Short: {listed}. What falls away stands in the modules' notes for instructors; keep the practice and "
            "shorten the talk."
        )
    if made.left:
        in_full = any(wishes.lengths.get(module.id) == "full" for module in modules)
        said.append(
            (
                "Too little time. Make modules short before you leave any out. "
                if in_full
                else "Even in short it is too long. Add hours, or leave out what this group does already. "
            )
            + "Do not drop the exercises first: they are where beliefs change."
        )
    if audience == "specialist":
        said.append(
            "This unit may know module 1A already: use it as a check, and give the time to modules 3, 5 and 6."
        )
    if audience == "patrol":
        said.append("For officers new to the subject keep module 1A and module 4 in full, if you can.")
    if audience == "mixed":
        said.append("Mix the services in every group, and let each say what it may not share.")
    if several:
        said.append(
            "Several countries: plan time to compare national laws after modules 1A, 2 and 7, and put people of one "
            "country into one group for the exercises on law."
        )
    said.append("Fill in the column for local cases by hand. Use patterns, never a real person's case.")
    return said


def _sizes(sizes: tuple[int, ...]) -> str:
    counts = {size: sizes.count(size) for size in sizes}
    return " and ".join(f"{n} of {size}" for size, n in counts.items()) or "none"
