"""The server: Voilà with our settings, our template, and no address but the ones listed here."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import shutil
import socket
import webbrowser
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import tornado.ioloop
from jupyter_server.utils import url_path_join
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import RequestHandler
from tornado.websocket import WebSocketClosedError
from voila.app import Voila

from coptip.content import ContentError, Library
from coptip.course.module import Module
from coptip.serve import handlers, log, search
from coptip.serve.assets import Asset, Assets
from coptip.serve.collection import Collection, Written
from coptip.serve.frame import TEMPLATES, Frame, Look
from coptip.serve.guard import Hosts, Rate
from coptip.serve.kernels import CannotStart, Kernels
from coptip.serve.messages import LARGEST
from coptip.serve.settings import HEADERS, ServeOptions, kernel_environment, settings

__all__ = ["ServeOptions", "serve"]

NO_FAULTS = ("Clearing invalid/expired login cookie",)  # the server was started anew since
"""Beginnings of what others log and nobody needs to read."""


class CannotServe(Exception):
    """A reason not to start, in one sentence, with what to do."""


class CoptipVoila(Voila):  # type: ignore[misc]
    """Voilà, serving what :meth:`init_handlers` lists and nothing else."""

    options: ServeOptions
    sockets: list[socket.socket]
    frame: Frame
    kernels: Kernels

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
            "coptip_kernels": self.kernels,
            "coptip_options": self.options,
            "coptip_hosts": Hosts(self.options),
            "coptip_rate": Rate(self.options.rate),
            "default_handler_class": handlers.Missing,
            "login_url": self.options.base + "login",
            "xsrf_cookie_name": "_xsrf_coptip",  # beside a Jupyter server on the same host, which has "_xsrf"
            "xsrf_cookie_kwargs": {"samesite": "Strict", "path": self.options.base, "httponly": True,
                                   "expires_days": None},
            "websocket_max_message_size": LARGEST,
            "websocket_ping_interval": self.options.waits.ping,
            "websocket_ping_timeout": self.options.waits.ping,
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
        served = handlers.rooms(self.options, page, self.frame.assets)
        return [(url_path_join(self.options.base, path), *rest) for path, *rest in served]

    def listen(self) -> None:
        """Serve on the sockets that were taken before anything was prepared, until stopped."""
        server = HTTPServer(self.app, xheaders=self.options.proxied, max_body_size=1 << 20, max_header_size=1 << 16)
        server.add_sockets(self.sockets)
        self.ioloop = tornado.ioloop.IOLoop.current()
        asyncio.get_event_loop().set_exception_handler(_unless_gone)
        waits = self.options.waits
        often = max(0.05, min(0.5, waits.grace / 4, waits.answer / 8)) * 1000
        tornado.ioloop.PeriodicCallback(self.kernels.sweep, often).start()
        self.ioloop.add_callback(self._warm_up)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            print("\nStopped.")
        finally:
            self.stop()

    async def _warm_up(self) -> None:
        """Prepare every notebook, one after another, before anybody asks for it."""
        for entry in self.frame.collection.written:
            with contextlib.suppress(CannotStart, OSError):
                await self.kernels.warm(self.frame.notebook(entry))
        # what stays for good is not looked through again each time that rubbish is collected
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """End every kernel at once."""
        self.kernels.close()
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


def check(options: ServeOptions, written: list[Written]) -> None:
    """Raises CannotServe for options that cannot or must not be served."""
    if options.instructor and not options.local and not options.password:
        raise CannotServe(
            f"Instructor's pages on {options.ip} can be opened from other machines, and they show the answers: "
            "choose a password with --password, or leave out --ip."
        )
    if options.module and options.module not in [entry.id for entry in written]:
        known = ", ".join(entry.id for entry in written) or "none"
        raise CannotServe(f"There is no written module '{options.module}'. Written so far: {known}.")


def public_address(options: ServeOptions) -> str:
    """The address to give to others, or nothing where only this machine is served."""
    if options.public or options.local:
        return options.public
    host = options.ip
    if host in ("", "0.0.0.0", "::"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))  # sends nothing: it asks which of our addresses would be used
                host = str(probe.getsockname()[0])
            except OSError:
                return ""
    return f"http://{host}:{options.port}{options.base}"


def prepare(options: ServeOptions, modules: Mapping[str, Module], data: Path | None = None) -> Frame:
    """Everything that pages need, read once. Raises CannotServe, and ContentError for faulty modules."""
    look = Look(options.base, options.instructor, options.kiosk, options.waits, public_address(options))
    collection = Collection(options.notebooks, modules)
    check(options, collection.written)
    if options.module:
        collection = Collection(options.notebooks, modules, options.module)
    # who serves for others changes nothing meanwhile; who writes does
    frame = Frame(collection, Assets(), look, None if options.kiosk else data)
    # before anything asks for an address, as those follow from all files
    frame.assets.files["search.json"] = Asset(search.index(frame).encode(), "application/json")
    for entry in collection.written:
        frame.module(entry)
    return frame


def alone(notebook: Path) -> tuple[str, dict[str, Module]]:
    """A notebook that belongs to no module, as if it were one: the id to serve, and the modules."""
    module = Module(
        id="alone", notebook=notebook.name, title=notebook.stem, summary="", content_note="",
        objectives=(), outcomes=(), readings=(), parts=(), exercises=(),
    )  # fmt: skip
    return module.id, {module.id: module}


def serve(options: ServeOptions) -> int:
    """Serve until stopped. Returns the exit code: 0 when stopped, 1 when it could not start."""
    try:
        sockets = take_port(options)
        print("Preparing the pages ...", flush=True)
        modules: Mapping[str, Module]
        if options.notebook:
            only, modules = alone(options.notebook)
            options = replace(options, notebooks=options.notebook.parent, module=only)
        else:
            modules = Library.load().modules
        frame = prepare(options, modules, Library.load().data)
    except (CannotServe, ContentError) as reason:
        print(reason)
        return 1
    app = CoptipVoila.instance(config=settings(options))
    app.options, app.sockets, app.frame = options, sockets, frame
    app.kernels = Kernels(kernel_environment(options), options.waits, options.most, options.megabytes)
    app.initialize([])
    # Jupyter counts a socket's pings in milliseconds and tornado in seconds: its warning about that is none
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    app.log.addFilter(lambda record: not record.getMessage().startswith(NO_FAULTS))
    log.bound()
    address = f"http://{options.host}:{options.port}{options.base}"
    ready = ", ".join(e.title if options.notebook else e.label for e in frame.collection.written)
    print(f"Ready: {ready}." if ready else "No module is written yet.")
    print(f"Open {address}\nStop with Ctrl+C.", flush=True)
    if options.open_browser:
        webbrowser.open(address)
    app.start()
    return 0
