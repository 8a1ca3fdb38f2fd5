"""Previewing one exercise: a notebook of one cell, served like a module."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coptip.content import Library
from coptip.serve.app import ServeOptions, serve


def notebook_of(id: str, module: str) -> nbformat.NotebookNode:
    """A notebook that shows one exercise and nothing else."""
    cells = [
        new_markdown_cell(f"# Preview: {id}", id="title"),
        new_code_cell(f'import coptip\ncoptip.module("{module}").exercise("{id}")', id="exercise"),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "title": f"Preview: {id}"})


def preview(id: str, options: ServeOptions) -> int:
    """Serve one exercise and open it in the browser. The exit status is the server's."""
    module = Library.load().module_of(id)
    with tempfile.TemporaryDirectory(prefix="coptip-preview-") as folder:
        path = Path(folder) / "preview.ipynb"
        nbformat.write(notebook_of(id, module), path)
        return serve(replace(options, notebooks=Path(folder), notebook=path))
