"""The server: Voilà with our settings, our template, and no address but the ones listed here."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import re
import shutil
import socket
import tempfile
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tornado.ioloop
from jupyter_core.utils import run_sync
from jupyter_server.auth import passwd
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import RequestHandler
from tornado.websocket import WebSocketClosedError
from traitlets.config import Config
from voila.app import Voila

from coptip.content import ContentError, Library
from coptip.course.module import Module
from coptip.serve import handlers, kernels
from coptip.serve.assets import Assets
from coptip.serve.collection import Collection
from coptip.serve.frame import TEMPLATES, Frame, Look

KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
POLICY = "; ".join(
    f"{what} {where}"
    for what, where in {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
    }.items()
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Server": "coptip",
}


@dataclass(frozen=True)
class ServeOptions:
    """How to serve. ``notebooks``: their folder. ``module``: the id of the only one to serve, or None for all.

    ``ip``: the address to listen on. ``base_url``: the path under which everything stands (behind a proxy).
    ``instructor``: notes, presenter and answers; away from this machine it needs ``password``.
    ``kiosk``: the browser keeps nothing of what a person types.
    """

    notebooks: Path
    module: str | None
    port: int
    ip: str = "127.0.0.1"
    base_url: str = "/"
    instructor: bool = False
    password: str | None = None
    kiosk: bool = False
    open_browser: bool = False

    @property
    def base(self) -> str:
        """The base URL with a slash at both ends."""
        return re.sub("/+", "/", f"/{self.base_url}/")

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.ip).is_loopback
        except ValueError:
            return self.ip == "localhost"

    @property
    def host(self) -> str:
        """The name to type in order to reach the server."""
        if self.local:
            return "127.0.0.1"
        return socket.gethostname() if self.ip in ("", "0.0.0.0", "::") else self.ip


class CannotServe(Exception):
    """A reason not to start, in one sentence, with what to do."""


def settings(options: ServeOptions) -> Config:
    """Voilà's settings for these options; nothing else is read, from no file and no request."""
    c = Config()
    c.Voila.root_dir = str(options.notebooks.resolve())
    c.Voila.base_url = options.base
    c.Voila.ip = options.ip
    c.Voila.port = options.port
    c.Voila.open_browser = False
    c.Voila.log_level = logging.WARNING
    c.VoilaConfiguration.template = "coptip"
    c.VoilaConfiguration.allow_template_override = "NO"
    c.VoilaConfiguration.allow_theme_override = "NO"
    c.VoilaConfiguration.show_tracebacks = False
    c.VoilaConfiguration.multi_kernel_manager_class = kernels.Kernels
    c.VoilaConfiguration.kernel_spec_manager_class = kernels.ThisPython
    c.VoilaExecutor.startup_timeout = kernels.STARTUP_SECONDS
    c.VoilaExecutor.timeout = kernels.CELL_SECONDS
    c.VoilaExecutor.allow_errors = True  # a cell that fails says so in its place; the others still run
    if os.name == "posix" and len(tempfile.gettempdir()) < 40:  # a socket's path may not be long
        c.KernelManager.transport = "ipc"  # out of reach for everybody else on this machine
    c.Kernels.settings = kernel_environment(options)
    c.Kernels.cull_idle_timeout = 600
    c.Kernels.cull_interval = 30
    c.Kernels.cull_connected = False
    c.IdentityProvider.cookie_options = {"samesite": "Strict", "expires_days": None}
    c.PasswordIdentityProvider.hashed_password = passwd(options.password) if options.password else ""
    return c


def kernel_environment(options: ServeOptions) -> dict[str, str]:
    """What kernels are told: that our own page shows them, for whom, and what may be kept."""
    told = {"COPTIP_PAGE": "1"}
    if options.instructor:
        told["COPTIP_ROLE"] = "instructor"
    if options.kiosk:
        told["COPTIP_KEEP"] = "memory"
    return told


class CoptipVoila(Voila):  # type: ignore[misc]
    """Voilà, serving what :meth:`init_handlers` lists and nothing else."""

    options: ServeOptions
    sockets: list[socket.socket]
    frame: Frame

    def load_config_file(self, *args: Any, **kwargs: Any) -> None:
        """Settings are ours alone: a stray file in the folder or the home changes nothing."""

    def setup_template_dirs(self) -> None:
        """Our template, found beside this file."""
        self.template_paths = [str(TEMPLATES / "coptip"), str(TEMPLATES)]
        self.static_paths: list[str] = []

    def init_settings(self) -> dict[str, Any]:
        """Voilà's, plus ours: headers, cookies, what logs, and our page for every error."""
        found: dict[str, Any] = super().init_settings()
        self.identity_provider.login_handler_class = handlers.Password
        ours = {
            "headers": HEADERS,
            "coptip_frame": self.frame,
            "default_handler_class": handlers.Missing,
            "login_url": self.options.base + "login",
            "xsrf_cookie_name": "_xsrf_coptip",  # beside a Jupyter server on the same host, which has "_xsrf"
            "xsrf_cookie_kwargs": {"samesite": "Strict", "path": self.options.base, "httponly": True},
            "websocket_max_message_size": 1 << 20,
            "ws_ping_interval": 10_000,
            "ws_ping_timeout": 30_000,
            "log_function": _log,
            # over a real line it pays; on the same machine it only costs time
            "compress_response": not self.options.local,
        }
        return found | ours

    def init_handlers(self) -> list[Any]:
        """Every address that is served."""
        page = {
            "voila_configuration": self.voila_configuration,
            "template_paths": self.template_paths,
            "config": self.config,
        }
        assets = {"assets": self.frame.assets, "headers": HEADERS}
        only = self.options.module
        served: list[Any] = [
            (r"/", handlers.ModulePage, page | {"module": only}) if only else (r"/", handlers.Landing),
            (r"/m/([\w-]+)", handlers.ModulePage, page),
            (r"/voila/render/([^/]+)", handlers.Renamed),
            (r"/static/(?:([0-9a-f]{12})/)?(.+)", handlers.File, assets),
            (rf"/api/kernels/{KERNEL}", KernelHandler),
            (rf"/api/kernels/{KERNEL}/channels", handlers.Channel),
            (rf"/voila/api/shutdown/{KERNEL}", handlers.EndKernel),
        ]
        if self.options.password:
            served.append((r"/login", handlers.Password))
        return [(url_path_join(self.options.base, path), *rest) for path, *rest in served]

    def listen(self) -> None:
        """Serve on the sockets that were taken before anything was prepared, until stopped."""
        server = HTTPServer(self.app, xheaders=False, max_body_size=1 << 20, max_header_size=1 << 16)
        server.add_sockets(self.sockets)
        self.ioloop = tornado.ioloop.IOLoop.current()
        asyncio.get_event_loop().set_exception_handler(_unless_gone)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            print("\nStopped.")
        finally:
            self.stop()

    def stop(self) -> None:
        """End every kernel at once."""
        run_sync(self.kernel_manager.shutdown_all)(now=True)
        shutil.rmtree(self.connection_dir, ignore_errors=True)


def _unless_gone(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Someone who leaves while something is being sent to them is no error."""
    if not isinstance(context.get("exception"), StreamClosedError | WebSocketClosedError):
        loop.default_exception_handler(context)


def _log(handler: RequestHandler) -> None:
    """Log our own failures, without the query: nothing that a person sent."""
    if handler.get_status() >= 500:
        request = handler.request
        logging.getLogger("coptip").error("%s %s: %s", handler.get_status(), request.method, request.path)


def take_port(options: ServeOptions) -> list[socket.socket]:
    """Listen on the port. Raises CannotServe, with the remedy, where it cannot be had."""
    try:
        return bind_sockets(options.port, options.ip)
    except OSError as error:
        another = options.port + 1
        raise CannotServe(
            f"Port {options.port} on {options.ip} cannot be used ({error.strerror}). Choose another one: "
            f"PORT={another} make serve, or coptip serve --port {another}"
        ) from error


def check(options: ServeOptions, collection: Collection) -> None:
    """Raises CannotServe for options that cannot or must not be served."""
    if options.instructor and not options.local and not options.password:
        raise CannotServe(
            f"Instructor's pages on {options.ip} can be opened from other machines, and they show the answers: "
            "choose a password with --password, or leave out --ip."
        )
    if options.module and collection.find(options.module) is None:
        known = ", ".join(entry.id for entry in collection.written) or "none"
        raise CannotServe(f"There is no written module '{options.module}'. Written so far: {known}.")


def prepare(options: ServeOptions, modules: Mapping[str, Module], titles: dict[str, str]) -> Frame:
    """Everything that pages need, read once. Raises CannotServe."""
    look = Look(options.base, options.instructor, "memory" if options.kiosk else "browser")
    frame = Frame(Collection(options.notebooks, modules, options.module), Assets(), look, titles)
    check(options, Collection(options.notebooks, modules))
    for entry in frame.collection.written:
        frame.narrative(entry)
    return frame


def serve(options: ServeOptions) -> int:
    """Serve until stopped. Returns the exit code: 0 when stopped, 1 when it could not start."""
    try:
        sockets = take_port(options)
        print("Preparing the pages ...", flush=True)
        library = Library.load()
        frame = prepare(options, library.modules, {id: one.title for id, one in library.exercises.items()})
    except (CannotServe, ContentError) as reason:
        print(reason)
        return 1
    app = CoptipVoila.instance(config=settings(options))
    app.options, app.sockets, app.frame = options, sockets, frame
    app.initialize([])
    # Jupyter counts a socket's pings in milliseconds and tornado in seconds: its warning about that is none
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    # said of every reader who leaves before a kernel is ready; what is a fault is logged by our own renderer
    app.log.addFilter(lambda record: not record.getMessage().startswith("Error occurred while starting new"))
    address = f"http://{options.host}:{options.port}{options.base}"
    ready = ", ".join(entry.label for entry in frame.collection.written)
    print(f"Module {ready} is ready." if ready else "No module is written yet.")
    print(f"Open {address}\nStop with Ctrl+C.", flush=True)
    if options.open_browser:
        webbrowser.open(address)
    app.start()
    return 0
