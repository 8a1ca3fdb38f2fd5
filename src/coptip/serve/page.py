"""A module's page through Voilà's renderer and our template: the text first, then what a warm kernel shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from voila.notebook_renderer import NotebookRenderer

from coptip.serve.kernels import CannotStart, Kernels, Notebook, Warm

KERNEL_HERE = "kernel-of-this-page"
"""Stands in a rendered page where its kernel's id will."""


class PageRenderer(NotebookRenderer):  # type: ignore[misc]
    """Voilà's renderer for a notebook that we have read already, whose cells a warm process has run.

    Whatever goes wrong ends in something that the page can say: an empty kernel id.
    """

    def __init__(self, notebook: Any, kernels: Kernels, wanted: Notebook, **kwargs: Any) -> None:
        super().__init__(notebook_path="page.ipynb", **kwargs)
        self.bare, self.kernels, self.wanted = notebook, kernels, wanted
        self.warm: Warm | None = None

    async def load_notebook(self, path: str) -> Any:
        """The notebook that we were given."""
        return self.bare

    async def _jinja_kernel_start(self, nb: Any, kernel_id: Any, kernel_future: Any) -> str:
        try:
            self.warm = await self.kernels.warm(self.wanted)
        except CannotStart:
            return ""
        return KERNEL_HERE

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:
        assert self.warm is not None
        for cell, ran in zip(nb.cells, self.warm.cells, strict=True):
            cell.outputs = ran["outputs"]
            yield cell
