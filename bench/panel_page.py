"""An equal page in Panel: the module's text, and each of its choices as widgets with feedback on a click.

Run by ``panel serve``; knows nothing of coptip but its notebook file, so that Panel starts as quick as it can.
"""

import json
import os
from pathlib import Path

import panel as pn

pn.extension()
cells = json.loads(Path(os.environ["NOTEBOOK"]).read_text("utf-8"))["cells"]
template = pn.Column()
for cell in cells:
    if "instructor" in cell["metadata"].get("tags", []):
        continue
    if cell["cell_type"] == "markdown":
        template.append(pn.pane.Markdown("".join(cell["source"])))
        continue
    for output in cell.get("outputs", []):
        if "text/html" in output.get("data", {}):
            template.append(pn.pane.HTML("".join(output["data"]["text/html"])))
    if "m.exercise(" not in "".join(cell["source"]):
        continue
    for n in range(6):
        template.append(pn.widgets.RadioButtonGroup(name=f"Item {n}", options=["yes", "no", "unknown"]))
    told = pn.pane.Markdown("")
    button = pn.widgets.Button(name="Check your answer", css_classes=["check"])
    button.on_click(lambda _event, told=told: setattr(told, "object", "1 of 6 stand. Read why, and try again."))
    template.extend([button, told])
template.servable()
