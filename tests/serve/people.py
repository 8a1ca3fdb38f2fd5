"""A person in a real browser, at a kiosk or at pages that are served without one."""

from __future__ import annotations

from typing import Literal

from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

from ..browser.serving import Server, until

STILL_HERE = "Everything you typed is still here"


class Person:
    """Somebody at a kiosk: the outer page, and the page inside it. Without a kiosk the two are one."""

    def __init__(
        self, context: BrowserContext, server: Server, path: str = "m/1a", *, kiosk: bool = True,
        loaded: Literal["load", "commit"] = "load",
    ) -> None:  # fmt: skip
        self.server = server
        self.page: Page = context.new_page()
        self.page.goto(server.address + path, wait_until=loaded)
        self.inside: FrameLocator | Page = self.page.frame_locator("iframe") if kiosk else self.page

    @property
    def field(self) -> Locator:
        """A place to write in."""
        return self.inside.locator("#exercise-define-it textarea").first

    @property
    def stage(self) -> Locator:
        """The step that the place to write in belongs to."""
        return self.inside.locator("#exercise-define-it .cp-stage").first

    @property
    def trouble(self) -> Locator:
        """Where the page inside says that something is wrong."""
        return self.inside.locator("[data-trouble]")

    def ready(self) -> Person:
        """Wait until the exercises are alive and a kernel runs."""
        self.field.wait_for(state="attached", timeout=30_000)
        until(lambda: self.server.kernels())
        return self

    def write(self, text: str) -> None:
        """Write something, as a person does."""
        self.field.fill(text)
        expect(self.field).to_have_value(text)

    def check(self) -> None:
        """Press the button that checks it."""
        self.stage.locator(".cp-main").click()

    def can_go_on(self, text: str) -> None:
        """Press what the page offers: the text is still there, and something else can be written and checked."""
        self.trouble.get_by_role("button", name="Go on").click()
        expect(self.trouble).to_be_empty(timeout=30_000)
        expect(self.field).to_have_value(text, timeout=30_000)
        self.write("Somebody recruits a person by fraud for the purpose of exploitation.")
        self.check()
        expect(self.stage.locator(".cp-feedback, .cp-summary, .cp-self-check").first).to_be_visible(timeout=15_000)


def stored(page: Page) -> str:
    """All that the browser's storage holds, in the outer page and in the one inside."""
    all_of_it = """async () => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage),
      await indexedDB.databases(), await caches.keys(), await navigator.serviceWorker.getRegistrations(),
      document.cookie, window.name, history.state].filter((one) => one && one.length !== 0))"""
    return " ".join(str(frame.evaluate(all_of_it)) for frame in page.frames)


EMPTY = "[]"
