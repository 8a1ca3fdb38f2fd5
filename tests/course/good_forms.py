"""A work product about which nothing is left to ask, for any form: filled in by chance, then mended check by check."""

from __future__ import annotations

from random import Random
from typing import Any

from coptip.course.exercise import Field, Form, FormCheck, Section
from coptip.course.marking import struck

Entry = dict[str, Any]
Product = dict[str, list[Entry]]


def good_form(stage: Form, seed: int = 7) -> Product:
    """Fill in a form so that no check has anything to ask. Raises AssertionError where that does not come about."""
    luck = Random(seed)
    sections = {section.id: section for section in stage.sections}
    product = {
        section.id: [entry(section, luck) for _ in range(max(3, section.start) if section.repeat else 1)]
        for section in stage.sections
    }
    for _ in range(300):
        asked = [(check, struck(check, stage, product)) for check in stage.checks]
        open_ones = [(check, places) for check, places in asked if places is not None]
        if not open_ones:
            return product
        check, places = luck.choice(open_ones)
        mend(check, places, sections[check.section], product, luck)
    raise AssertionError(
        f"{stage.id}: no form without a question was found; {open_ones[0][0].id} always asks"
    )


def entry(section: Section, luck: Random) -> Entry:
    """A card with something in every field."""
    return {field.id: value(field, luck) for field in section.fields}


def value(field: Field, luck: Random) -> Any:
    """Something that a field takes."""
    match field.input:
        case "choice":
            return luck.choice(list(field.options))
        case "many":
            chosen = luck.sample(list(field.options), luck.randint(1, len(field.options)))
            return [id for id in field.options if id in chosen]
        case "tick":
            return "yes"
        case "number" | "scale":
            low = 0 if field.low is None else field.low
            return str(luck.randint(low, low + 20 if field.high is None else field.high))
        case "date":
            return f"2026-11-{luck.randint(10, 25)}"
        case _:
            return "A pattern, no real case."


def mend(check: FormCheck, places: tuple[int, ...], section: Section, product: Product, luck: Random) -> None:
    """Change what one check asks about."""
    cards = product[section.id]
    fields = {field.id: field for field in section.fields}
    field, needs = fields.get(check.field), fields.get(check.needs)

    def put(card: Entry, into: Field, wanted: str) -> None:
        card[into.id] = [wanted] if into.input == "many" else wanted

    def some_card() -> Entry:
        if section.repeat and len(cards) < section.most and luck.random() < 0.7:
            cards.append(entry(section, luck))
            return cards[-1]
        return luck.choice(cards)

    match check.kind:
        case "empty" | "fewer":
            cards.append(entry(section, luck))
        case "none":
            assert field
            put(some_card(), field, luck.choice(check.values))
        case "all_same" | "only" | "spread":
            assert field
            some_card()[field.id] = value(field, luck)
        case "sum_over" | "exceeds":
            assert field
            for card in cards:
                card[field.id] = str(field.low or 0)
        case "older":
            name, _, other = check.than.partition(".")
            for card in cards:
                card[check.field] = product[name][0][other]
        case "requires" if needs and check.needs != check.field and luck.random() < 0.7:
            for place in places:
                if check.needs_values:
                    put(cards[place - 1], needs, luck.choice(check.needs_values))
                else:
                    cards[place - 1][needs.id] = value(needs, luck)
        case _:
            for place in places:
                assert field
                cards[place - 1][field.id] = value(field, luck)
