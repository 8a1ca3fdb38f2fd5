"""One exercise on a page of its own, with no server and no kernel: for what the page alone decides."""

from __future__ import annotations

import json
from typing import Any

from coptip.course.exercise import Exercise
from coptip.course.materials import Materials
from coptip.course.view import public
from coptip.render.widget import script, strings, style

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>One exercise</title><style>{style}</style>
<body><main id="root"></main><script type="module">
{script}
const benchState = {state};
const bench = {{ get: (key) => benchState[key], on() {{}}, off() {{}}, send() {{}} }};
window.saved = [];
URL.createObjectURL = (blob) => {{ window.saved.push(blob); return "#"; }};
window.print = () => {{}};
player.render({{ model: bench, el: document.getElementById("root") }});
</script>"""


def bench_page(exercise: Exercise, *, materials: Materials | None = None, instructor: bool = False) -> str:
    """The HTML of such a page. What is saved to a file goes to ``window.saved`` instead."""
    view: dict[str, Any] = public(exercise, materials or Materials(), instructor=instructor)
    view |= {"module": "x", "keep": "memory"}
    state = {"exercise": view, "strings": strings(), "responses": {}, "feedback": {}}
    return PAGE.format(
        style=style(),
        script=script().replace("export default", "const player ="),
        state=json.dumps(state).replace("<", "\\u003c"),
    )
