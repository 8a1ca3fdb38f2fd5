"""What answers a request: the start page, a module's page, files, a page's line to its kernel, the password."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import JupyterHandler
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError, WebSocketHandler
from voila.tornado.handler import TornadoVoilaHandler

from coptip.serve import guard, messages
from coptip.serve.assets import Assets
from coptip.serve.collection import Written
from coptip.serve.frame import NOT_READABLE, Frame
from coptip.serve.kernels import CannotStart, Full, Kernel, Kernels, Notebook, Warm, status
from coptip.serve.narrative import arrival
from coptip.serve.page import KERNEL_HERE, PageRenderer
from coptip.serve.settings import ServeOptions

LOG = logging.getLogger("coptip")
BEAT = "<i data-beat></i>\n"
"""Sent while nothing else is, so that neither a proxy nor the page takes a slow kernel for a lost one."""
TOKEN_HERE = "token-of-this-page"
FOR_EVER = "public, max-age=31536000, immutable"
REFUSED_FRAMES = 20
"""Frames that no page of ours sends, before the line is closed."""
SAYS = {
    400: ("This cannot be read", "Start from the first page."),
    403: (
        "This page is not open to you",
        "Start from the first page; perhaps the page was open for very long.",
    ),
    404: (
        "There is no such page",
        "Perhaps the address was mistyped, or the module is still in preparation.",
    ),
    405: ("This cannot be done here", "Start from the first page."),
    429: ("Please wait a moment", "Many pages were opened from here in a short time. This page tries again by itself."),
    503: (
        "Please wait a moment",
        "As many people are at work as this machine can serve. This page tries again by itself, every few seconds.",
    ),
}
OTHERWISE = (
    "This page cannot be shown",
    "Something went wrong here, not with you. Nothing you typed is lost.",
)
AGAIN_SECONDS = 5


class Ours:
    """Our frame for pages and errors: an error says what one can do, and nothing about the machine."""

    settings: dict[str, Any]
    request: Any

    @property
    def frame(self) -> Frame:
        """Renders the pages."""
        frame: Frame = self.settings["coptip_frame"]
        return frame

    @property
    def kernels(self) -> Kernels:
        """All kernels of this server."""
        kernels: Kernels = self.settings["coptip_kernels"]
        return kernels

    @property
    def options(self) -> ServeOptions:
        """How we serve."""
        options: ServeOptions = self.settings["coptip_options"]
        return options

    async def prepare(self: Any) -> None:
        """Turn away who asks under a name that is not ours, or from another site; then see who asks."""
        turn_away(self)
        kept = super().prepare()  # type: ignore[misc]
        if kept is not None:
            await kept

    @property
    def visitor(self: Any) -> str:
        """Whose request it is: what the cookie says."""
        return str(self.current_user.username)

    def set_cookie(self: Any, name: str, value: Any, *args: Any, **options: Any) -> None:
        """Where the line is encrypted, a cookie goes over no other."""
        if self.request.protocol == "https":
            options["secure"] = True
        super().set_cookie(name, value, *args, **options)  # type: ignore[misc]

    def send(self: Any, html: str) -> None:
        """Send a whole page that is never cached."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.write(html)

    def write_error(self: Any, status_code: int, **kwargs: Any) -> None:
        """Our page instead of the framework's."""
        again = AGAIN_SECONDS if status_code in (429, 503) else 0
        if again:
            self.set_header("Retry-After", str(again))
        self.send(self.frame.message(*SAYS.get(status_code, OTHERWISE), again=again))
        self.finish()

    def rated(self: Any) -> None:
        """Count a request that costs something. Raises 429 for an address that asks too often."""
        if self.settings["coptip_rate"].take(self.request.remote_ip or "") > 0:
            raise tornado.web.HTTPError(429)


def turn_away(handler: Any) -> None:
    """Raises 403 for a request under another host's name, or one that another site makes."""
    headers = handler.request.headers
    hosts: guard.Hosts = handler.settings["coptip_hosts"]
    if not hosts.allow(headers.get("Host")):
        raise tornado.web.HTTPError(403)
    origin = headers.get("Origin")
    if origin is not None and not guard.from_here(origin, headers.get("Host")):
        raise tornado.web.HTTPError(403)
    asks = (headers.get(f"Sec-Fetch-{what}") for what in ("Site", "Mode", "Dest"))
    if guard.elsewhere(*asks):
        raise tornado.web.HTTPError(403)


class Landing(Ours, JupyterHandler):  # type: ignore[misc]
    """The start page."""

    @tornado.web.authenticated
    async def get(self) -> None:
        """Modules, how the pages work, what is kept."""
        self.send(self.frame.landing())


class Shell(Ours, JupyterHandler):  # type: ignore[misc]
    """A kiosk's outer page, which holds what a person types and shows the other pages inside itself.

    To open it is to begin: whoever was here before is no more.
    """

    @tornado.web.authenticated
    async def get(self, module: str = "") -> None:
        """The page, for a visitor who is new whatever cookie was sent."""
        if module and self.frame.collection.find(module) is None:
            raise tornado.web.HTTPError(404)
        if "prefetch" not in self.request.headers.get("Sec-Purpose", ""):
            self.kernels.end_all_of(self.visitor)
            new = self.identity_provider.generate_anonymous_user(self)
            self.identity_provider.set_login_cookie(self, new)
        self.send(self.frame.shell(module.lower(), self.xsrf_token.decode()))


class Leave(Ours, JupyterHandler):  # type: ignore[misc]
    """A person has finished, or has been away for too long: nothing of them stays."""

    @tornado.web.authenticated
    async def post(self) -> None:
        """End the visitor's kernels, and let the browser forget."""
        self.kernels.end_all_of(self.visitor)
        self.set_header("Clear-Site-Data", '"storage"')
        self.identity_provider.clear_login_cookie(self)
        self.clear_cookie(self.settings["xsrf_cookie_name"], path=self.options.base)
        self.set_status(204)
        self.finish()


class Missing(Ours, JupyterHandler):  # type: ignore[misc]
    """Every address that leads nowhere."""

    async def prepare(self) -> None:
        """Say so, whatever the verb."""
        turn_away(self)
        raise tornado.web.HTTPError(404)


class Plain(tornado.web.RequestHandler):
    """What is no page: our headers, and errors in a word."""

    def set_default_headers(self) -> None:
        """Those of every answer."""
        for header, value in self.settings["headers"].items():
            self.set_header(header, value)

    def prepare(self) -> None:
        """Turn away who asks under a name that is not ours, or from another site."""
        turn_away(self)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """In a word."""
        self.set_header("Content-Type", "text/plain")
        self.finish("Not found\n")


class Health(Plain):
    """Whether the server is well: for whoever watches it, and for a page that waits for it."""

    def get(self) -> None:
        """Words that a person can read, and numbers that say nothing of anybody."""
        kernels: Kernels = self.settings["coptip_kernels"]
        self.set_header("Cache-Control", "no-store")
        full = kernels.full
        self.write({"status": "full" if full else "ok", "pages": kernels.running, "most": kernels.most})


class File(Plain):
    """The page's own files, from memory. Under the current build's address they may be kept for ever."""

    def initialize(self, assets: Assets) -> None:
        """``assets``: all there are."""
        self.assets = assets

    def get(self, build: str | None, name: str) -> None:
        """One file, or 404."""
        asset = self.assets.files.get(name)
        if asset is None:
            raise tornado.web.HTTPError(404)
        self.set_header("Content-Type", asset.type)
        self.set_header("Cache-Control", FOR_EVER if build == self.assets.build else "no-cache")
        self.write(asset.body)


class Renamed(Ours, JupyterHandler):  # type: ignore[misc]
    """Voilà's usual address of a notebook leads to its module."""

    @tornado.web.authenticated
    async def get(self, name: str) -> None:
        """Redirect, or 404."""
        entry = self.frame.collection.of_file(name)
        if entry is None:
            raise tornado.web.HTTPError(404)
        self.redirect(self.frame.address(entry.id))


class ModulePage(Ours, TornadoVoilaHandler):  # type: ignore[misc]
    """A module: its text at once, its exercises as soon as a warm process has them. Starts nothing by itself."""

    def initialize(self, **kwargs: Any) -> None:
        """``module``: the id of the only module, where there is but one."""
        self.only: str | None = kwargs.pop("module", None)
        super().initialize(**kwargs)

    @tornado.web.authenticated
    async def get(self, module: str = "") -> None:
        """Write the page piece by piece."""
        entry = self.frame.collection.find(self.only or module)
        if entry is None:
            raise tornado.web.HTTPError(404)
        self.rated()
        if self.kernels.full:
            raise tornado.web.HTTPError(503)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        with contextlib.suppress(StreamClosedError):
            async for html in self.get_generator(entry):
                self.write(html)
                await self.flush()

    async def get_generator(self, path: Written) -> AsyncIterator[str]:
        """The page in pieces. Never waits longer than a beat without saying that it is still there."""
        try:
            wanted = self.frame.notebook(path)
            warm, (made_by, whole) = self.kernels.ready(wanted), self.frame.rendered.get(path.id, (None, ""))
            token = self.xsrf_token.decode()
            if warm is not None and warm is made_by:
                yield self._own(whole, token, path, warm)
                return
            before, after = self.frame.module(path, TOKEN_HERE)
        except Exception:
            LOG.exception("A notebook cannot be read.")
            self.set_status(500)
            yield self.frame.message(OTHERWISE[0], NOT_READABLE)
            return
        renderer = await self._renderer(path, wanted, before, after)
        pieces, sent = renderer.generate_content_generator(), []
        while True:
            piece = asyncio.ensure_future(anext(pieces, None))
            while not (await asyncio.wait({piece}, timeout=self.options.waits.beat))[0]:
                yield BEAT
            arrived = piece.result()
            if arrived is None:
                break
            sent.append(arrived[0])
            yield self._own(arrived[0], token, path, renderer.warm)
        if renderer.warm is not None:
            self.frame.rendered[path.id] = (renderer.warm, "".join(sent))

    def _own(self, html: str, token: str, entry: Written, warm: Warm | None) -> str:
        """A piece of a page with what is this visitor's alone: the token, and a kernel."""
        html = html.replace(TOKEN_HERE, token)
        if warm is not None and KERNEL_HERE in html:
            html = html.replace(KERNEL_HERE, self.kernels.reserve(self.visitor, entry.id, warm).id)
        return html

    async def _renderer(self, entry: Written, wanted: Notebook, before: str, after: str) -> PageRenderer:
        narrative = self.frame.narrative(entry)
        stored = {section.id: section.html for section in narrative.sections}
        renderer = PageRenderer(
            narrative.code,
            self.kernels,
            wanted,
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
            "states": lambda: renderer.warm.states if renderer.warm else "{}",
        }
        return renderer


class OfKernel(Ours, JupyterHandler):  # type: ignore[misc]
    """Everything about a kernel: for the visitor whose page it serves, and for nobody else, whatever the verb."""

    async def prepare(self) -> None:
        """See whose it is before anything else."""
        await super().prepare()
        if not self._finished:
            self.kernel = own_kernel(self)

    def get_login_url(self) -> str:
        """Whoever has not given the password is refused here; only a page asks for it."""
        raise tornado.web.HTTPError(403)

    @tornado.web.authenticated
    async def get(self, kernel_id: str) -> None:
        """Whether it still runs."""
        self.set_header("Cache-Control", "no-store")
        self.write({"id": kernel_id})


def own_kernel(handler: Any) -> Kernel:
    """The visitor's kernel that a request names. Raises 403 for another's, 404 for one that has ended."""
    id = handler.path_kwargs.get("kernel_id") or handler.path_args[0]
    kernels: Kernels = handler.kernels
    kernel = kernels.kernels.get(id)
    owner = kernel.owner if kernel is not None else kernels.gone.get(id)
    if owner is None or owner != handler.visitor:
        raise tornado.web.HTTPError(403)
    if kernel is None:
        raise tornado.web.HTTPError(404)
    return kernel


class EndKernel(OfKernel):
    """A page that is left ends its kernel."""

    @tornado.web.authenticated
    async def post(self, kernel_id: str) -> None:
        """End it at once."""
        self.kernels.end(self.kernel)
        self.set_status(204)
        self.finish()


class NoPart(OfKernel):
    """What Jupyter has beside a kernel (interrupt, restart) and we do not."""

    async def prepare(self) -> None:
        """403 for a stranger, 404 for everybody else."""
        await super().prepare()
        raise tornado.web.HTTPError(404)


class Channel(Ours, WebSocketHandler, JupyterHandler):  # type: ignore[misc]
    """The line between a page and its kernel. Which messages pass, and whose they are, is decided here."""

    refused = 0
    kernel: Kernel | None = None

    def set_default_headers(self) -> None:
        """The one header that a line needs."""
        self.set_header("Server", self.settings["headers"]["Server"])

    def check_origin(self, origin: str = "") -> bool:
        """Only from a page of our own."""
        return guard.from_here(origin or self.request.headers.get("Origin"), self.request.headers.get("Host"))

    async def prepare(self) -> None:
        """See whose it is before anything else."""
        await super().prepare()
        if not self._finished:
            self.kernel = own_kernel(self)
            if self.request.method != "GET":
                raise tornado.web.HTTPError(405)

    async def get(self, kernel_id: str) -> None:
        """Open the line for the visitor whose kernel it is; a line comes from a page, and says from which."""
        if not guard.from_here(self.request.headers.get("Origin"), self.request.headers.get("Host")):
            raise tornado.web.HTTPError(403)
        await super().get(kernel_id)

    async def open(self, *_args: str, **_kwargs: str) -> None:
        """Start the kernel, or find it again."""
        assert self.kernel is not None
        self.set_nodelay(True)  # an answer is several small messages: none waits until the one before is acknowledged
        try:
            await self.kernels.open(self.kernel, self)
        except (CannotStart, Full) as error:
            LOG.error("A kernel did not start: %s", error or "as many run as may")
            self.lost()

    async def on_message(self, message: str | bytes) -> None:
        """Hand on what a page of ours would say; count what none would, and close the line on much of it."""
        assert self.kernel is not None
        try:
            said, id = messages.read(message, self.kernel.warm.players)
        except messages.Unsaid:
            self.refused += 1
            if self.refused >= REFUSED_FRAMES:
                self.close(1008)
            return
        if said is None:
            self.hear(status("idle", id))
        else:
            await self.kernel.send(said, id)

    def on_close(self) -> None:
        """The kernel waits a while for the line to come back."""
        if self.kernel is not None:
            self.kernels.leave(self.kernel, self)

    def hear(self, text: str) -> None:
        """A message of the kernel's."""
        with contextlib.suppress(WebSocketClosedError):
            self.write_message(text)

    def lost(self) -> None:
        """The kernel is gone for good."""
        self.hear(status("dead"))
        self.close()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A socket that cannot be opened shows no page."""
        self.finish()


class Password(Ours, LoginFormHandler):  # type: ignore[misc]
    """Asks for the instructor's password, in our own look."""

    def _render(self, message: dict[str, str] | None = None) -> None:
        following = self.get_argument("next", default=self.base_url)
        self.send(self.frame.login(self.xsrf_token.decode(), following, failed=message is not None))

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        """Let the person in, or ask again after a second, which is enough to make guessing pointless."""
        self.rated()
        user = self.current_user = self.identity_provider.process_login_form(self)
        if user is None:
            await asyncio.sleep(1)
            self.set_status(401)
            self._render({"error": "wrong"})
            return
        self.identity_provider.set_login_cookie(self, user)
        self._redirect_safe(self.get_argument("next", default=self.base_url))


def rooms(options: ServeOptions, page: dict[str, Any], assets: Assets) -> Iterator[Any]:
    """Every address that is served, under the base URL."""
    kernel = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
    if options.kiosk:
        yield r"/", Shell
        yield r"/m/([\w-]+)", Shell
        yield r"/leave", Leave
        yield r"/in/", Landing
        yield r"/in/m/([\w-]+)", ModulePage, page
    else:
        only = options.module
        yield (r"/", ModulePage, page | {"module": only}) if only else (r"/", Landing)
        yield r"/m/([\w-]+)", ModulePage, page
    yield r"/voila/render/([^/]+)", Renamed
    yield r"/static/(?:([0-9a-f]{12})/)?(.+)", File, {"assets": assets}
    yield r"/health", Health
    yield rf"/api/kernels/{kernel}", OfKernel
    yield rf"/api/kernels/{kernel}/channels", Channel
    yield rf"/api/kernels/{kernel}/.*", NoPart
    yield rf"/voila/api/shutdown/{kernel}", EndKernel
    if options.password:
        yield r"/login", Password
