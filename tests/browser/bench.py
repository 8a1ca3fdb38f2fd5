"""One exercise on a page of its own, with no server and no kernel: for what the page alone decides."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from coptip.course.exercise import Exercise
from coptip.course.materials import Materials
from coptip.course.view import public
from coptip.render.widget import script, strings, style

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>One exercise</title><style>{style}</style>
<body><main id="root"></main><script type="module">
{script}
const benchState = {state};
const heard = {{}};
const bench = {{
  get: (key) => benchState[key],
  on: (name, listener) => (heard[name] = listener),
  off() {{}},
  send: (message) => window.kernel?.(message).then((answer) => heard["msg:custom"]?.(answer)),
}};
window.answer = (feedback, responses) => {{
  Object.assign(benchState, {{ feedback, responses }});
  heard["change:feedback"]();
}};
for (const [id, work] of Object.entries({kept})) (window[Symbol.for("coptip.memory")] ??= new Map()).set(id, work);
window.saved = [];
URL.createObjectURL = (blob) => {{ window.saved.push(blob); return "#"; }};
window.print = () => {{}};
player.render({{ model: bench, el: document.getElementById("root") }});
</script>"""


def bench_page(
    exercise: Exercise,
    *,
    materials: Materials | None = None,
    instructor: bool = False,
    kept: Mapping[str, Any] | None = None,
    did: Mapping[str, Any] | None = None,
) -> str:
    """The HTML of such a page. What is saved to a file goes to ``window.saved`` instead.

    ``kept``: answers to other exercises that the page keeps, as exercise id to stage id to responses; ``did``:
    what was done there, as exercise id to events.
    """
    return bench_view(public(exercise, materials or Materials(), instructor=instructor), kept=kept, did=did)


@contextmanager
def empty_page(browser: Browser) -> Iterator[Page]:
    """A page at a desk's size, for one exercise after another."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(15_000)
    yield page
    page.close()


def bench_view(
    view: Mapping[str, Any], *, kept: Mapping[str, Any] | None = None, did: Mapping[str, Any] | None = None
) -> str:
    """A page for any view of the Player. A function ``window.kernel`` may answer what the page sends."""
    # a page without storage of its own; a kiosk keeps in memory, and gives no files
    keep = "memory" if kept or did else "browser"
    state = {
        "exercise": {"module": "x", **view, "keep": keep},
        "strings": strings(),
        "responses": {},
        "feedback": {},
    }
    works = {
        id: {
            "version": "",
            "status": "done",
            "events": (did or {}).get(id, []),
            "drafts": (kept or {}).get(id, {}),
            "at": "then",
        }
        for id in {**(kept or {}), **(did or {})}
    }
    return PAGE.format(
        style=style(),
        script=script().replace("export default", "const player ="),
        state=json.dumps(state).replace("<", "\\u003c"),
        kept=json.dumps(works).replace("<", "\\u003c"),
    )
