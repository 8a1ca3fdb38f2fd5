"""A work product about which nothing is left to ask, for any form: filled in by chance, then mended check by check."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from coptip.course.exercise import Field, Form, FormCheck, Section
from coptip.course.marking import mark_form, struck

Entry = dict[str, Any]
Product = dict[str, list[Entry]]
WORDS = "A pattern, no real case."


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


def poor_form(stage: Form) -> Product:
    """A work product that is hardly begun, and about which something is asked, where that can be."""
    first = stage.sections[0]
    thin: Product = {first.id: [{first.fields[0].id: value(first.fields[0], Random(1))}]}

    def asked(product: Product) -> bool:
        return any(mark.verdict == "part" for mark in mark_form(stage, product).items.values())

    return next((tried for tried in [thin, *sparse_forms(stage)] if asked(tried)), thin)


def sparse_forms(stage: Form, number: int = 400) -> Iterator[Product]:
    """Work products with more or less in them, by chance; the words that a check looks for come up, too."""
    luck = Random(3)
    wanted = [words for check in stage.checks for words in check.values if check.kind == "words"]
    fields = {(section.id, field.id): field for section in stage.sections for field in section.fields}
    named = [check for check in stage.checks if check.values and check.kind != "words"]
    for _ in range(number):
        share = luck.random()
        product: Product = {}
        for section in stage.sections:
            product[section.id] = [
                {id: said for id, said in entry(section, luck).items() if luck.random() < share}
                for _ in range(luck.randint(0, min(4, section.most)) if section.repeat else 1)
            ]
        if named and luck.random() < 0.5:
            aimed = luck.choice(named)
            for card in product[aimed.section]:
                put(card, fields[aimed.section, aimed.field], luck.choice(aimed.values))
        for card in (card for cards in product.values() for card in cards):
            for id, said in card.items():
                if wanted and said == WORDS and luck.random() < 0.5:
                    card[id] = f"We say: {luck.choice(wanted)}."
                elif isinstance(said, str) and said.startswith("2026-") and luck.random() < 0.3:
                    card[id] = "2024-01-31"
        yield product


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
            return WORDS


def put(card: Entry, into: Field, wanted: str) -> None:
    """Let a field of a card say one thing."""
    card[into.id] = [wanted] if into.input == "many" else wanted


def mend(check: FormCheck, places: tuple[int, ...], section: Section, product: Product, luck: Random) -> None:
    """Change what one check asks about."""
    cards = product[section.id]
    fields = {field.id: field for field in section.fields}
    field, needs = fields.get(check.field), fields.get(check.needs)

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
