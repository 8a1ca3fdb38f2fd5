"""What answers a request: the start page, a module's page, files, the end of a kernel, the password."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import JupyterHandler
from tornado.iostream import StreamClosedError
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from coptip.serve.assets import Assets
from coptip.serve.collection import Written
from coptip.serve.frame import NOT_READABLE, Frame
from coptip.serve.kernels import PageRenderer
from coptip.serve.narrative import arrival

BEAT_SECONDS = 5
BEAT = "<i data-beat></i>\n"
"""Sent while nothing else is, so that neither a proxy nor the page takes a slow kernel for a lost one."""
FOR_EVER = "public, max-age=31536000, immutable"
SAYS = {
    403: (
        "This page is not open to you",
        "Start from the first page; perhaps the page was open for very long.",
    ),
    404: (
        "There is no such page",
        "Perhaps the address was mistyped, or the module is still in preparation.",
    ),
    503: ("Please try again in a moment", "Too many pages are open at this moment."),
}
OTHERWISE = (
    "This page cannot be shown",
    "Something went wrong here, not with you. Nothing you typed is lost.",
)


class Ours:
    """Our frame for pages and errors: an error says what one can do, and nothing about the machine."""

    settings: dict[str, Any]

    @property
    def frame(self) -> Frame:
        """Renders the pages."""
        frame: Frame = self.settings["coptip_frame"]
        return frame

    def send(self: Any, html: str) -> None:
        """Send a whole page that is never cached."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.write(html)

    def write_error(self: Any, status_code: int, **kwargs: Any) -> None:
        """Our page instead of the framework's."""
        self.send(self.frame.message(*SAYS.get(status_code, OTHERWISE)))
        self.finish()


class Landing(Ours, JupyterHandler):  # type: ignore[misc]
    """The start page."""

    @tornado.web.authenticated
    async def get(self) -> None:
        """Modules, how the pages work, what is kept."""
        self.send(self.frame.landing())


class Missing(Ours, JupyterHandler):  # type: ignore[misc]
    """Every address that leads nowhere."""

    async def prepare(self) -> None:
        """Say so, whatever the verb."""
        raise tornado.web.HTTPError(404)


class File(tornado.web.RequestHandler):
    """The page's own files, from memory. Under the current build's address they may be kept for ever."""

    def initialize(self, assets: Assets, headers: dict[str, str]) -> None:
        """``headers``: those of every answer."""
        self.assets, self.headers = assets, headers

    def get(self, build: str | None, name: str) -> None:
        """One file, or 404."""
        for header, value in self.headers.items():
            self.set_header(header, value)
        asset = self.assets.files.get(name)
        if asset is None:
            raise tornado.web.HTTPError(404)
        self.set_header("Content-Type", asset.type)
        self.set_header("Cache-Control", FOR_EVER if build == self.assets.build else "no-cache")
        self.write(asset.body)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A file has no page for its absence."""
        self.set_header("Content-Type", "text/plain")
        self.finish("Not found\n")


class Renamed(Ours, JupyterHandler):  # type: ignore[misc]
    """Voilà's usual address of a notebook leads to its module."""

    @tornado.web.authenticated
    async def get(self, name: str) -> None:
        """Redirect, or 404."""
        entry = self.frame.collection.of_file(name)
        if entry is None:
            raise tornado.web.HTTPError(404)
        self.redirect(self.frame.link(entry.id))


class ModulePage(Ours, TornadoVoilaHandler):  # type: ignore[misc]
    """A module: its text at once, its exercises as the kernel brings them."""

    renderer: PageRenderer | None = None

    def initialize(self, **kwargs: Any) -> None:
        """``module``: the id of the only module, where there is but one."""
        self.only: str | None = kwargs.pop("module", None)
        super().initialize(**kwargs)

    @tornado.web.authenticated
    async def get(self, module: str = "") -> None:
        """Write the page piece by piece, and end the kernel of a reader who does not wait for it."""
        entry = self.frame.collection.find(self.only or module)
        if entry is None:
            raise tornado.web.HTTPError(404)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        # A cap on kernels, a rate by address, and a check of Host and Sec-Fetch-* belong here, before any kernel.
        try:
            async for html in self.get_generator(entry):
                self.write(html)
                await self.flush()
        except StreamClosedError:
            await self._left()

    async def get_generator(self, path: Written) -> AsyncIterator[str]:
        """The page in pieces. Never waits longer than a beat without saying that it is still there."""
        try:
            before, after = self.frame.module(path, self.xsrf_token.decode())
        except Exception:
            self.log.exception("A notebook cannot be read.")
            self.set_status(500)
            yield self.frame.message(OTHERWISE[0], NOT_READABLE)
            return
        self.renderer = await self._renderer(path, before, after)
        pieces = self.renderer.generate_content_generator()
        while True:
            piece = asyncio.ensure_future(anext(pieces, None))
            while not (await asyncio.wait({piece}, timeout=BEAT_SECONDS))[0]:
                yield BEAT
            arrived = piece.result()
            if arrived is None:
                return
            yield arrived[0]

    async def _renderer(self, entry: Written, before: str, after: str) -> PageRenderer:
        narrative = self.frame.narrative(entry)
        stored = {section.id: section.html for section in narrative.sections}
        renderer = PageRenderer(
            narrative.code,
            self.kernel_manager,
            str(entry.notebook.parent),
            request_handler=self,
            voila_configuration=self.voila_configuration,
            traitlet_config=self.traitlet_config,
            template_paths=self.template_paths,
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            base_url=self.base_url,
            kernel_spec_manager=self.kernel_spec_manager,
            page_config={},
        )
        await renderer.initialize()
        renderer.resources["coptip"] = {
            "before": before,
            "after": after,
            "arrival": lambda outputs, cell: arrival(outputs, cell, stored[cell]),
        }
        return renderer

    def on_connection_close(self) -> None:
        """The reader left before the page was whole, so nobody else will end its kernel."""
        super().on_connection_close()
        self.ending = asyncio.ensure_future(self._left())

    async def _left(self) -> None:
        if self.renderer is not None:
            await self.renderer.leave()


class Channel(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The line between a page and its kernel. Which messages pass, and whose they are, is decided here."""

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """As Jupyter has it, unless the page has left while the line was being opened."""
        if self.connection is None:
            raise tornado.web.HTTPError(410)
        chosen: str | None = super().select_subprotocol(subprotocols)
        return chosen

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A socket that cannot be opened shows no page."""
        self.finish()


class EndKernel(VoilaShutdownKernelHandler):  # type: ignore[misc]
    """A page that is left ends its kernel. Who may do so is still whoever knows its id."""

    @tornado.web.authenticated
    async def post(self, kernel_id: str) -> None:
        """End it at once; one that is gone already is no error."""
        await self.kernel_manager.end(kernel_id)
        self.set_status(204)
        self.finish()


class Password(Ours, LoginFormHandler):  # type: ignore[misc]
    """Asks for the instructor's password, in our own look."""

    def _render(self, message: dict[str, str] | None = None) -> None:
        following = self.get_argument("next", default=self.base_url)
        self.send(self.frame.login(self.xsrf_token.decode(), following, failed=message is not None))

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        """Let the person in, or ask again after a second, which is enough to make guessing pointless."""
        user = self.current_user = self.identity_provider.process_login_form(self)
        if user is None:
            await asyncio.sleep(1)
            self.set_status(401)
            self._render({"error": "wrong"})
            return
        self.identity_provider.set_login_cookie(self, user)
        self._redirect_safe(self.get_argument("next", default=self.base_url))
