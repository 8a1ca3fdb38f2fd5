"""Previewing one exercise: a notebook of one cell, served like a module."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coptip.content import Library
from coptip.course.dialogue import Dialogue
from coptip.render.cards import Card
from coptip.render.graph import graph
from coptip.serve.app import ServeOptions, serve


def graph_of(id: str, stage: str) -> Card:
    """The graph of a dialogue, which only its author sees. Raises KeyError where there is none."""
    exercise = Library.load().exercises[id]
    talk = exercise.stage(stage)
    if not isinstance(talk, Dialogue):
        raise KeyError(stage)
    return graph(talk, exercise.title)


def notebook_of(id: str, module: str) -> nbformat.NotebookNode:
    """A notebook that shows one exercise, and the graphs of its dialogues."""
    cells = [
        new_markdown_cell(f"# Preview: {id}", id="title"),
        new_code_cell(f'import coptip\ncoptip.module("{module}").exercise("{id}")', id="exercise"),
    ]
    for n, stage in enumerate(Library.load().exercises[id].stages):
        if isinstance(stage, Dialogue):
            drawn = f'from coptip.preview import graph_of\ngraph_of("{id}", "{stage.id}")'
            cells.append(new_code_cell(drawn, id=f"graph-{n}"))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "title": f"Preview: {id}"})


def preview(id: str, options: ServeOptions) -> int:
    """Serve one exercise and open it in the browser. The exit status is the server's."""
    module = Library.load().module_of(id)
    with tempfile.TemporaryDirectory(prefix="coptip-preview-") as folder:
        path = Path(folder) / "preview.ipynb"
        nbformat.write(notebook_of(id, module), path)
        return serve(replace(options, notebooks=Path(folder), notebook=path))
