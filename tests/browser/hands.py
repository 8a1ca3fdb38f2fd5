"""Hands that answer any stage of any interaction as a person would: with a mouse, with fingers, or by keys alone."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator, Page, expect

from coptip.course.exercise import Stage

from .answers import Responses, Sheet, Step

StageView = Mapping[str, Any]

SETTLED = 15_000
"""Milliseconds after which an answer of the kernel is given up; nothing is asserted about how long it took."""

WHERE = """(wanted) => {
  const at = document.activeElement;
  if (at === wanted) return 0;
  if (wanted.type === "radio" && at?.type === "radio" && at.name === wanted.name) return 0;
  if (!at || at === document.body) return 1;
  return at.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_FOLLOWING ? 1 : -1;
}"""


AIM = """(one) => {
  const box = () => one.getClientRects()[0];
  if (!box() || one.getAttribute("aria-disabled") === "true") return null;
  if (box().top < 160 || box().bottom > innerHeight - 120) one.scrollIntoView({ block: "center" });
  const { left, top, width, height } = box();
  const at = { x: left + width / 2, y: top + height / 2 };
  return one.contains(document.elementFromPoint(at.x, at.y)) ? at : null;
}"""
"""Where to click: the middle of a thing that is in sight and that nothing lies over."""


class Hands(ABC):
    """What hands can do on a page. The rest (how a stage is filled in) is the same for all of them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @abstractmethod
    def press(self, button: Locator) -> None:
        """Press a button, a link, a phrase."""

    @abstractmethod
    def pick(self, radio: Locator) -> None:
        """Pick one of a group of radios."""

    @abstractmethod
    def tick(self, box: Locator, wanted: bool) -> None:
        """Set a box."""

    @abstractmethod
    def choose(self, select: Locator, value: str) -> None:
        """Choose from a list."""

    @abstractmethod
    def enter(self, field: Locator) -> None:
        """Go into a field."""

    @abstractmethod
    def slide(self, slider: Locator, value: float) -> None:
        """Move a slider to a value."""

    @abstractmethod
    def arrange(self, steps: Locator, order: Sequence[str]) -> None:
        """Bring steps into an order."""

    @abstractmethod
    def go_to(self, exercise: str) -> Locator:
        """Go to an exercise of the page and wait until it is alive."""

    def write(self, field: Locator, text: str) -> None:
        """Replace what stands in a field, as pasting does."""
        self.enter(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        if text:
            self.page.keyboard.insert_text(text)

    # stages

    def do(self, box: Locator, view: StageView, step: Step) -> None:
        """Do a step in a stage (``box``), and wait until the kernel has said something of it."""
        if step.action == "lift":
            self._send(box, box.locator(".cp-task .cp-button:visible", has_text="Uncover"))
        elif view["interaction"] == "dialogue":
            self._talk(box, step)
        elif view["interaction"] == "model":
            self._move(box, view, step)
        else:
            self.fill(box, view, step.responses)
            self.check(box)

    def check(self, box: Locator) -> None:
        """Press the button that checks a stage, and wait for what the kernel says."""
        self._send(box, box.locator(".cp-main"))

    def _send(self, box: Locator, button: Locator) -> None:
        self.press(button)
        expect(box).to_have_attribute("aria-busy", "false", timeout=SETTLED)
        expect(box.locator(".cp-problem"), "the kernel has answered").to_be_hidden()

    def fill(self, box: Locator, view: StageView, responses: Responses) -> None:
        """Fill in a stage: every answer of ``responses``, nothing is sent yet."""
        getattr(self, f"_fill_{view['interaction']}")(box, view, responses)

    def _fill_choice(self, box: Locator, view: StageView, responses: Responses) -> None:
        for n, item in enumerate(view["items"]):
            if item["id"] not in responses:
                continue
            card = box.locator(".cp-item").nth(n)
            said = responses[item["id"]]
            for option in item["options"]:
                field = card.locator(f"input[value='{option['id']}']").first
                if item["select"] == "many":
                    self.tick(field, option["id"] in said)
                elif option["id"] == said:
                    self.pick(field)

    def _fill_match(self, box: Locator, view: StageView, responses: Responses) -> None:
        items = view["items"]
        if view["rows"]:
            at = {(item["row"], item["column"]): item for item in items}
            places = [(row["id"], column["id"]) for row in view["rows"] for column in view["columns"]]
            items = [at[place] for place in places if place in at]
        for n, item in enumerate(items):
            if item["id"] not in responses:
                continue
            card = box.locator(".cp-item").nth(n)
            self._set(card, responses[item["id"]])

    def _set(self, box: Locator, value: str) -> None:
        select = box.locator("select")
        if select.count():
            self.choose(select, value)
        else:
            self.pick(box.locator(f"input[value='{value}']"))

    def _fill_order(self, box: Locator, view: StageView, responses: Responses) -> None:
        self.arrange(box.locator(".cp-step"), responses["order"])

    def _fill_hottext(self, box: Locator, view: StageView, responses: Responses) -> None:
        phrases = [part["id"] for part in view["parts"] if "id" in part]
        for n, id in enumerate(phrases):
            phrase = box.locator(".cp-phrase").nth(n)
            marked = phrase.get_attribute("aria-pressed") == "true"
            if marked != (id in responses["phrases"]):
                self.press(phrase)

    def _fill_text(self, box: Locator, view: StageView, responses: Responses) -> None:
        for n, item in enumerate(view["items"]):
            card = box.locator(".cp-item").nth(n)
            response = responses[item["id"]]
            field = card.locator("textarea")
            if field.input_value() != response["text"]:
                self.write(field, response["text"])
            # the self-check comes once something was written and checked
            for line, (_, held) in zip(
                card.locator(".cp-criterion").all(), response["ticks"].items(), strict=False
            ):
                self.pick(line.locator(f"input[value='{'yes' if held else 'no'}']"))

    def _fill_facts(self, box: Locator, view: StageView, responses: Responses) -> None:
        rows = [id for o in view["offences"] for id in [*(e["id"] for e in o["elements"]), o["id"]]]
        for n, id in enumerate(rows):
            if id in responses:
                self.pick(box.locator(".cp-judge").nth(n).locator(f"input[value='{responses[id]}']"))
        if "inquiry" in responses:
            self.pick(box.locator(f".cp-inquiry input[value='{responses['inquiry']}']"))

    def _fill_form(self, box: Locator, view: StageView, responses: Responses) -> None:
        for n, section in enumerate(view["sections"]):
            part = box.locator(".cp-section").nth(n)
            entries = responses.get(section["id"], [])
            while section["repeat"] and part.locator(".cp-entry").count() < len(entries):
                self.press(part.locator(":scope > .cp-button"))
            for card, entry in zip(part.locator(".cp-entry").all(), entries, strict=False):
                for m, one in enumerate(section["fields"]):
                    if one["id"] in entry:
                        self._fill_field(card.locator(".cp-field").nth(m), one, entry[one["id"]])

    def _fill_field(self, field: Locator, one: Mapping[str, Any], wanted: Any) -> None:
        match one["input"]:
            case "choice":
                self.choose(field.locator("select"), wanted)
            case "many":
                for option in one["options"]:
                    self.tick(field.locator(f"input[value='{option['id']}']"), option["id"] in wanted)
            case "tick":
                self.tick(field.locator("input"), wanted == "yes")
            case "scale":
                self.pick(field.locator(f"input[value='{wanted}']"))
            case "date":
                self.date(field.locator("input"), wanted)
            case _:
                self.write(field.locator("input:not([type=range]), textarea"), wanted)

    def date(self, field: Locator, day: str) -> None:
        """Type a day as the browser's own language has it: month, day, year."""
        year, month, of_month = day.split("-")
        self.enter(field)
        # a click may land in any part of the field; from its first part one types it all
        for _ in range(2):
            self.page.keyboard.press("ArrowLeft")
        self.page.keyboard.type(month + of_month + year)
        expect(field).to_have_value(day)

    def _fill_discussion(self, box: Locator, view: StageView, responses: Responses) -> None:
        for n, question in enumerate(view["questions"]):
            if question["id"] in responses:
                field = box.locator(".cp-questions > .cp-item").nth(n).locator("textarea")
                self.write(field, responses[question["id"]])

    # talks

    def _talk(self, box: Locator, step: Step) -> None:
        match step.action:
            case "say":
                self._send(box, box.locator(f".cp-say [data-line='{step.responses['said'][-1]}']"))
            case "undo":
                self._send(box, box.get_by_role("button", name="Go back one turn"))
            case _:
                self.press(box.get_by_role("button", name="Start the talk again", exact=True))
                self._send(box, box.get_by_role("button", name="Yes, start the talk again"))

    # models

    def _move(self, box: Locator, view: StageView, step: Step) -> None:
        if "plays" in step.responses.get("settings", {}):
            self._play(box, step.responses["settings"])
            return
        for id, wanted in step.responses.get("settings", {}).items():
            n = [control["id"] for control in view["controls"]].index(id)
            self._control(box.locator(".cp-controls .cp-control").nth(n), view["controls"][n], wanted)
        if step.action == "set":
            return
        # tasks stand in their order, but guesses and the lifting before the controls and the rest behind
        first = [task["id"] for task in view["tasks"] if task["kind"] in ("guess", "lift")]
        order = first + [task["id"] for task in view["tasks"] if task["id"] not in first]
        for id, wanted in step.responses.items():
            task = box.locator(".cp-task").nth(order.index(id))
            if isinstance(wanted, Mapping):
                self._foretell(task, view, wanted)
                self._send(box, task.get_by_role("button", name=re.compile("^Flip")))
            else:
                self.write(task.locator("input[type=number]"), str(wanted))
                self._send(box, task.get_by_role("button", name="Guess"))

    def _play(self, box: Locator, settings: Mapping[str, Any]) -> None:
        """A whole game from its beginning, round by round."""
        again = box.get_by_role("button", name="Play again from the beginning")
        if again.is_visible():
            self._send(box, again)
        draw = box.locator(".cp-controls select")
        if draw.count() and draw.input_value() != settings["draw"]:
            self.choose(draw, settings["draw"])
            expect(box).to_have_attribute("aria-busy", "false", timeout=SETTLED)
        for choice in settings["plays"]:
            game = box.locator(".cp-game-groups")
            # a slider keeps what the round before had
            for slider in game.locator("input[data-action]").all():
                amount = choice.get(slider.get_attribute("data-action") or "", 0)
                if float(slider.input_value()) != amount:
                    self.slide(slider, amount)
            for id, amount in choice.items():
                field = game.locator(f"input[value='{id}']:not([data-action])")
                if not field.count():
                    continue
                if field.get_attribute("type") == "radio":
                    self.pick(field)
                else:
                    self.tick(field, bool(amount))
            self._send(box, box.locator(".cp-game .cp-main"))

    def _foretell(self, task: Locator, view: StageView, wanted: Mapping[str, Any]) -> None:
        self.pick(task.locator(f".cp-stacked input[value='{wanted['switch']}']"))
        for n, light in enumerate(view["lights"]):
            state = wanted["lights"][light["id"]]
            self.pick(task.locator(".cp-forecast").nth(n).locator(f"input[value='{state}']"))

    def _control(self, box: Locator, control: Mapping[str, Any], wanted: Any) -> None:
        match control["input"]:
            case "range":
                self.slide(box.locator("input[type=range]"), wanted)
            case "many":
                for option in control["options"]:
                    field = box.locator(f"input[value='{option['id']}']")
                    self.tick(field, option["id"] in wanted)
            case _:
                self._set(box, wanted)


class Mouse(Hands):
    """A hand on a mouse (and on the keys for what one writes)."""

    def press(self, button: Locator) -> None:
        at = button.evaluate(AIM)
        if at is None:
            button.click()  # not to be seen yet, or something lies over it: wait, scroll, and say why if it fails
        else:
            self.page.mouse.click(at["x"], at["y"])

    def _label(self, field: Locator) -> Locator:
        return field.locator("xpath=ancestor::label[1]")

    def pick(self, radio: Locator) -> None:
        self.press(self._label(radio))

    def tick(self, box: Locator, wanted: bool) -> None:
        if box.is_checked() != wanted:
            self.press(self._label(box))

    def choose(self, select: Locator, value: str) -> None:
        # the list that opens is the system's own; no page can see the pointer in it
        select.select_option(value)

    def enter(self, field: Locator) -> None:
        self.press(field)

    def slide(self, slider: Locator, value: float) -> None:
        low, high = (float(slider.get_attribute(name) or 0) for name in ("min", "max"))
        at = slider.evaluate(AIM)
        width = float(slider.evaluate("(one) => one.getBoundingClientRect().width"))
        assert at is not None
        thumb = 16
        x = at["x"] - width / 2 + thumb / 2 + (width - thumb) * (value - low) / (high - low)
        self.page.mouse.click(x, at["y"])
        assert float(slider.input_value()) == value

    def arrange(self, steps: Locator, order: Sequence[str]) -> None:
        now = [step.get_attribute("data-step") for step in steps.all()]
        for wanted, id in enumerate(order):
            for _ in range(now.index(id) - wanted):
                step = steps.page.locator(f".cp-step[data-step='{id}']")
                self.press(step.locator(".cp-step-moves button").first)
            now.insert(wanted, now.pop(now.index(id)))

    def go_to(self, exercise: str) -> Locator:
        box = self.page.locator(f"section#exercise-{exercise}")
        box.locator(".cp-stage").first.wait_for(state="attached")
        box.scroll_into_view_if_needed()
        return box


class Finger(Mouse):
    """A finger on a touch screen: it taps, and has no keys but those of the screen."""

    def press(self, button: Locator) -> None:
        at = button.evaluate(AIM)
        if at is None:
            button.tap()
        else:
            self.page.touchscreen.tap(at["x"], at["y"])


class Keyboard(Hands):
    """A keyboard alone. Nothing here ever clicks: one tabs to a thing, and then uses its keys."""

    def reach(self, thing: Locator) -> None:
        """Tab, forwards or backwards, until the focus is there."""
        turns, before = 0, 1
        for _ in range(800):
            way = int(thing.evaluate(WHERE))
            if way == 0:
                return
            turns += way != before
            assert turns < 4, f"{thing} cannot be reached with the Tab key"
            before = way
            self.page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
        raise AssertionError(f"{thing} cannot be reached with the Tab key")

    def press(self, button: Locator) -> None:
        self.reach(button)
        self.page.keyboard.press("Enter")

    def pick(self, radio: Locator) -> None:
        self.reach(radio)
        if radio.evaluate("(one) => one === document.activeElement"):
            if not radio.is_checked():
                self.page.keyboard.press("Space")
            return
        for _ in range(40):
            self.page.keyboard.press("ArrowDown")
            if radio.is_checked():
                return
        raise AssertionError(f"{radio} cannot be picked with the arrow keys")

    def tick(self, box: Locator, wanted: bool) -> None:
        if box.is_checked() != wanted:
            self.reach(box)
            self.page.keyboard.press("Space")

    def choose(self, select: Locator, value: str) -> None:
        self.reach(select)
        values = select.evaluate("(one) => [...one.options].map((option) => option.value)")
        way = values.index(value) - values.index(select.input_value())
        for _ in range(abs(way)):
            self.page.keyboard.press("ArrowDown" if way > 0 else "ArrowUp")
        expect(select).to_have_value(value)

    def enter(self, field: Locator) -> None:
        self.reach(field)

    def slide(self, slider: Locator, value: float) -> None:
        self.reach(slider)
        low, step = (float(slider.get_attribute(name) or 0) for name in ("min", "step"))
        self.page.keyboard.press("Home")
        for _ in range(round((value - low) / step)):
            self.page.keyboard.press("ArrowRight")
        assert float(slider.input_value()) == value

    def arrange(self, steps: Locator, order: Sequence[str]) -> None:
        now = [step.get_attribute("data-step") for step in steps.all()]
        for wanted, id in enumerate(order):
            self.reach(steps.page.locator(f".cp-step[data-step='{id}']"))
            for _ in range(now.index(id) - wanted):
                self.page.keyboard.press("Alt+ArrowUp")
            now.insert(wanted, now.pop(now.index(id)))

    def go_to(self, exercise: str) -> Locator:
        self.page.locator(f"section#exercise-{exercise} .cp-stage").first.wait_for(state="attached")
        self.press(self.page.locator(f".contents a[data-exercise='{exercise}']"))
        return self.page.locator(f"section#exercise-{exercise}")


def stage_box(exercise: Locator, stage: Stage) -> Locator:
    """The place of a stage in an exercise."""
    return exercise.locator(f".cp-stage[data-stage='{stage.id}']")


def complete(hands: Hands, exercise: Locator, sheet: Sheet) -> None:
    """Work an exercise through without a fault."""
    for stage in sheet.exercise.stages:
        box = stage_box(exercise, stage)
        for step in sheet.right_steps(stage):
            hands.do(box, sheet.stage_view(stage), step)
            sheet.take(stage, step)
