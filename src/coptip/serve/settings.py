"""How the server is set up: what one may choose, and Voilà's settings for it."""

from __future__ import annotations

import ipaddress
import logging
import os
import re
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from jupyter_server.auth import passwd
from traitlets.config import Config

from coptip.serve import kernels

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
    ``kiosk``: the browser keeps nothing of what a person types. ``notebook``: serve this one notebook, which
    need not belong to a module (a preview).
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
    notebook: Path | None = None

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
    c.IdentityProvider.cookie_name = f"coptip-{options.port}"  # beside other servers of the same host
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
