"""What the models compute: settings in, named outputs and a table out. Pure; pictures are drawn in ``render``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, assert_never

from coptip.course.chain import ChainModel, chain_fits, chain_start, run_chain
from coptip.course.levers import LeversModel, lever_fits, levers_start, run_levers
from coptip.course.materials import Materials
from coptip.course.outcome import Outcome
from coptip.course.rounds import RoundsModel, clean_plays, rounds_start, run_rounds
from coptip.course.simulation import (
    DetectionModel,
    DiagramModel,
    FlowsModel,
    Group,
    LawModel,
    Light,
    SharesModel,
    Simulation,
)
from coptip.law import Assessment, Facts, Finding, assess

Settings = Mapping[str, Any]


def start_settings(model: Simulation) -> dict[str, Any]:
    """Where a model's controls stand at the beginning."""
    match model:
        case LawModel():
            return {switch.id: switch.start for switch in model.switches}
        case DetectionModel():
            return {
                **{setting.id: setting.start for setting in model.settings},
                "screening": next(iter(model.screening)),
            }
        case SharesModel():
            return {"drawn": []}
        case FlowsModel():
            return {"base": next(iter(model.bases))}
        case LeversModel():
            return levers_start(model)
        case RoundsModel():
            return rounds_start(model)
        case ChainModel():
            return chain_start(model)
        case DiagramModel():
            return {}
        case other:
            assert_never(other)


def clean_settings(model: Simulation, wanted: Any, settings: Settings) -> dict[str, Any]:
    """The settings with what is valid in ``wanted`` taken over; anything out of range or unknown is left out."""
    clean = dict(settings)
    if isinstance(model, RoundsModel):
        return clean | _clean_game(model, wanted, settings)
    for id, value in wanted.items() if isinstance(wanted, Mapping) else ():
        if id in clean and _fits(model, id, value):
            clean[id] = value
    return clean


def _fits(model: Simulation, id: str, value: Any) -> bool:
    match model:
        case LawModel():
            return value in ("on", "off")
        case DetectionModel():
            if id == "screening":
                return isinstance(value, str) and value in model.screening
            setting = next(setting for setting in model.settings if setting.id == id)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return number and setting.low <= value <= setting.high
        case SharesModel():
            return isinstance(value, list) and all(v in model.statistics for v in value)
        case FlowsModel():
            return isinstance(value, str) and value in model.bases
        case LeversModel():
            return lever_fits(model, id, value)
        case ChainModel():
            return chain_fits(model, value)
        case RoundsModel() | DiagramModel():
            return False
        case other:
            assert_never(other)


def _clean_game(model: RoundsModel, wanted: Any, settings: Settings) -> dict[str, Any]:
    """A game with another draw begins anew; otherwise it is played as far as the choices fit."""
    wanted = wanted if isinstance(wanted, Mapping) else {}
    draw = wanted.get("draw", settings.get("draw", ""))
    draw = draw if isinstance(draw, str) and draw in model.draws else settings.get("draw", "")
    plays = clean_plays(model, draw, wanted.get("plays", [] if draw != settings.get("draw", "") else None))
    clean: dict[str, Any] = {"plays": settings["plays"] if plays is None else plays}
    return clean | ({"draw": draw} if model.draws else {})


def run(model: Simulation, settings: Settings, materials: Materials) -> Outcome:
    """The outcome of a model at valid settings."""
    match model:
        case LawModel():
            return _run_law(model, settings, materials)
        case DetectionModel():
            return _run_detection(model, settings)
        case SharesModel():
            return _run_shares(model, settings, materials)
        case FlowsModel():
            return _run_flows(model, settings, materials)
        case LeversModel():
            return run_levers(model, settings)
        case RoundsModel():
            return run_rounds(model, settings)
        case ChainModel():
            return run_chain(model, settings)
        case DiagramModel():
            return _run_diagram(model)
        case other:
            assert_never(other)


# --- the law ---------------------------------------------------------------------------------------------


def law_facts(model: LawModel, settings: Settings) -> Facts:
    """The facts of the story with its switches where they stand."""
    pairs = dict(model.facts)
    for switch in model.switches:
        pairs.update(switch.on if settings[switch.id] == "on" else switch.off)
    return Facts.from_pairs(pairs.items())


def light_assessment(light: Light, facts: Facts, materials: Materials) -> tuple[str, Assessment]:
    """Whether a light is ``on``, ``off`` or ``open``, and the assessment that says so."""
    result = assess(materials.offences[light.offence], facts, materials.offences)
    if result.finding is Finding.ESTABLISHED:
        return ("on" if not light.route or light.route == result.route else "off"), result
    return ("open" if result.finding is Finding.UNDETERMINED else "off"), result


def lights(model: LawModel, settings: Settings, materials: Materials) -> dict[str, str]:
    """Every light of a law model at some settings."""
    facts = law_facts(model, settings)
    return {light.id: light_assessment(light, facts, materials)[0] for light in model.lights}


def why(light: Light, state: str, result: Assessment, materials: Materials) -> str:
    """Why a light is as it is: the first reasons, or that the offence stands by another route."""
    if state == "off" and result.route:
        return (
            f"It is established by another route. {materials.offences[light.offence].routes[result.route]}."
        )
    return " ".join(result.reasons[:2])


LIGHT_WORDS = {"on": "established", "off": "not established", "open": "cannot be told yet"}


def _run_law(model: LawModel, settings: Settings, materials: Materials) -> Outcome:
    facts = law_facts(model, settings)
    rows = []
    for light in model.lights:
        state, result = light_assessment(light, facts, materials)
        rows.append((light.text, LIGHT_WORDS[state], why(light, state, result, materials)))
    return Outcome(
        caption="What the law makes of these facts", columns=("Offence", "Finding", "Why"), rows=tuple(rows)
    )


# --- detection -------------------------------------------------------------------------------------------


def detected(model: DetectionModel, group: Group, settings: Settings) -> float:
    """How many people of a group are detected: people x look x trust x recognised."""
    recognises = model.screening[settings["screening"]].recognises
    share = recognises.get(group.id, recognises.get("else", 1.0))
    return float(
        group.people * settings[f"look-{group.sector}"] * settings[f"trust-{group.sex}"] * share / 10_000
    )


def _shares(model: DetectionModel, count: Callable[[Group], float], prefix: str = "") -> dict[str, float]:
    whole = sum(count(group) for group in model.groups)
    tests: dict[str, Callable[[Group], bool]] = {
        "female": lambda g: g.sex == "female",
        "male": lambda g: g.sex == "male",
        "children": lambda g: g.age == "child",
    }
    tests |= {sector: (lambda g, s=sector: g.sector == s) for sector in model.sectors}  # type: ignore[misc]
    return {
        prefix + name: 100 * sum(count(g) for g in model.groups if test(g)) / whole if whole else 0.0
        for name, test in tests.items()
    }


def _run_detection(model: DetectionModel, settings: Settings) -> Outcome:
    def seen(group: Group) -> float:
        return detected(model, group, settings)

    people = sum(group.people for group in model.groups)
    found = sum(seen(group) for group in model.groups)
    outputs = {
        **_shares(model, seen),
        **_shares(model, lambda group: group.people, "true-"),
        "detected": 100 * found / people,
    }
    labels = {"female": "Women and girls", "male": "Men and boys", "children": "Children", **model.sectors}
    rows = tuple(
        (label, f"{outputs[name]:.0f} %", f"{outputs['true-' + name]:.0f} %")
        for name, label in labels.items()
    )
    return Outcome(
        outputs=outputs,
        caption=f"Detected: about {found:.0f} of {people} people. {model.invented}",
        columns=("Who or where", "Share of the detected", "Share of all"),
        rows=rows,
    )


# --- shares in one pie -----------------------------------------------------------------------------------


def number(value: str) -> float:
    """The number at the start of a statistic's value (``about 30`` and ``30`` are both 30)."""
    digits = "".join(c if c.isdigit() or c == "." else " " for c in value.replace(",", "")).split()
    return float(digits[0]) if digits else 0.0


def _run_shares(model: SharesModel, settings: Settings, materials: Materials) -> Outcome:
    drawn = [materials.statistics[id] for id in settings["drawn"]]
    total = sum(number(statistic.value) for statistic in drawn)
    bases = {(s.population, s.year, s.source) for s in drawn}
    key = "single" if len(drawn) < 2 else "over" if total > 100 else "mixed" if len(bases) > 1 else "fits"
    rows = tuple((s.text, f"{s.value} {s.unit}", s.population, s.year, s.source) for s in drawn)
    return Outcome(
        outputs={"total": total},
        caption=f"Drawn together: {total:.0f} per cent" if drawn else "Nothing drawn yet",
        columns=("Figure", "Value", "Share of whom", "Year", "Source"),
        rows=rows,
        remark=model.remarks.get(key, "") if drawn else "",
    )


# --- flows -----------------------------------------------------------------------------------------------


def _run_flows(model: FlowsModel, settings: Settings, materials: Materials) -> Outcome:
    base = settings["base"]
    rows = []
    for flow in model.flows.get(base, ()):
        s = materials.statistics[flow.statistic]
        places = model.places
        rows.append(
            (
                places[flow.source].text,
                places[flow.target].text,
                f"{s.value} {s.unit}",
                s.population,
                s.year,
                s.source,
            )
        )
    columns = ("From", "To", "Value", "Share of whom", "Year", "Source")
    told = dict.fromkeys(materials.statistics[f.statistic].cannot_show for f in model.flows.get(base, ()))
    return Outcome(caption=model.bases[base], columns=columns, rows=tuple(rows), remark=" ".join(told))


# --- diagrams --------------------------------------------------------------------------------------------


def _run_diagram(model: DiagramModel) -> Outcome:
    """Every arrow of a drawing in words."""
    rows = tuple(
        (model.boxes[a.source].text, a.says + (" (both ways)" if a.both else ""), model.boxes[a.target].text)
        for a in model.arrows
    )
    return Outcome(caption="Every arrow in words", columns=("From", "What goes", "To"), rows=rows)
