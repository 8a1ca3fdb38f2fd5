"""Kernels for pages: started late, in an environment that no request can colour, and never left behind."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Mapping
from typing import Any

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Dict
from voila.notebook_renderer import NotebookRenderer

from coptip.serve.narrative import KERNELSPEC

STARTUP_SECONDS = 30
CELL_SECONDS = 60
OURS = {"COPTIP_PAGE", "COPTIP_ROLE", "COPTIP_KEEP"}
"""What the server alone decides; the environment that it was started in does not count."""
QUIET = logging.getLogger("coptip.serve.cells")
"""For nbclient's own complaints: what matters of them is logged here, once."""
QUIET.setLevel(logging.CRITICAL)


class ThisPython(KernelSpecManager):  # type: ignore[misc]
    """The one kernel there is: the interpreter that serves. A kernel installed elsewhere lacks coptip."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Its name and folder."""
        return {KERNELSPEC["name"]: RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> Any:
        """Its specification. Raises NoSuchKernel for any other name."""
        if kernel_name != KERNELSPEC["name"]:
            raise NoSuchKernel(kernel_name)
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())


class Kernels(AsyncMappingKernelManager):  # type: ignore[misc]
    """Starts kernels in the server's environment plus ``COPTIP_*`` as the server set them.

    What Voilà would add from the request (address, query, headers) is dropped: nothing about a person
    enters a kernel, and the role is never a request's to choose.
    """

    settings: Mapping[str, str] = Dict().tag(config=True)

    async def start_kernel(self, **kwargs: Any) -> str:
        """Start one; returns its id. A cap on their number belongs here."""
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        kwargs["env"] = {**kept, **self.settings}
        id: str = await super().start_kernel(**kwargs)
        return id

    async def end(self, kernel_id: str) -> None:
        """End a kernel at once, without asking it: it holds nothing that is to be saved."""
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)


class PageRenderer(NotebookRenderer):  # type: ignore[misc]
    """Voilà's renderer for a notebook that we have read already, and a kernel that starts when the template
    asks for it: the text is on its way by then.

    Whatever goes wrong ends in something that the page can say: an empty kernel id, or a cell that is None.
    """

    def __init__(self, notebook: Any, kernels: Kernels, folder: str, **kwargs: Any) -> None:
        super().__init__(notebook_path="page.ipynb", **kwargs)
        self.bare, self.kernels, self.folder = notebook, kernels, folder
        self.kernel_id = ""
        self.left = False

    async def load_notebook(self, path: str) -> Any:
        """The notebook that we were given."""
        return self.bare

    async def leave(self) -> None:
        """End the kernel: the reader has gone, or it never got ready."""
        self.left = True
        await self.kernels.end(self.kernel_id)

    async def _jinja_kernel_start(self, nb: Any, kernel_id: Any, kernel_future: Any) -> str:
        try:
            async with asyncio.timeout(STARTUP_SECONDS):
                self.kernel_id = await self.kernels.start_kernel(
                    kernel_name=KERNELSPEC["name"], path=self.folder
                )
                ready = self.kernels.get_kernel(self.kernel_id)
                await super()._jinja_kernel_start(nb, self.kernel_id, ready)
        except Exception:
            if not self.left:
                self.log.exception("A kernel did not get ready within %s seconds.", STARTUP_SECONDS)
            await self.leave()
        if self.left:  # or the reader went while it started
            await self.leave()
            return ""
        self.executor.log = QUIET
        return self.kernel_id

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:
        try:
            for index, cell in enumerate(nb.cells):
                cell.outputs = []
                yield await self.executor.execute_cell(cell, None, index, store_history=False)
        except Exception:
            if not self.left:
                self.log.exception("A kernel stopped while it prepared a page.")
            yield None
        finally:
            await self._cleanup_resources()
