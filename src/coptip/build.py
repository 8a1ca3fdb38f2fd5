"""Running notebooks and storing their outputs: plain text and HTML only, so that a diff can be read."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

KEPT = ("text/plain", "text/html")


def build(path: Path) -> Path:
    """Run a notebook from the top and rewrite its outputs in place. Raises where a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [_kept(output) for output in cell.outputs if output.output_type != "stream"]
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, path)
    return path


def _kept(output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    if "data" in output:
        output.data = {kind: output.data[kind] for kind in KEPT if kind in output.data}
        output.metadata = {}
    return output
