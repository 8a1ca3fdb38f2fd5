"""How the server is set up: what one may choose, and Voilà's settings for it."""

from __future__ import annotations

import ipaddress
import json
import logging
import re
import socket
from dataclasses import dataclass, field, fields
from pathlib import Path

from jupyter_server.auth import passwd
from traitlets.config import Config

POLICY = "; ".join(
    f"{what} {where}"
    for what, where in {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "frame-src": "'self'",
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
class Waits:
    """How long anything is waited for, in seconds; nothing is waited for without an end.

    ``start``: a notebook's preparation, or a kernel's start. ``cell``: one cell. ``answer``: a kernel's answer.
    ``grace``: a line that may come back. ``unopened``: a page that may still open its line;
    during the first ``fresh`` of it the page counts as if it had a kernel. ``unheard``: an open
    page that asks for nothing. ``ping``: between two signs of life on a line. ``beat``: between two of a page that
    is being written. ``idle``: a kiosk that nobody touches; during the last ``countdown`` of it the page says so.

    A page's own: ``sign``, between two questions whether its line still carries; ``late``, for the answer to one;
    ``reach``, an attempt to reach the server; ``again``, the longest pause before the next.
    """

    start: float = 60
    cell: float = 20
    answer: float = 7
    grace: float = 300
    unopened: float = 120
    fresh: float = 10
    unheard: float = 6 * 3600
    ping: float = 10
    beat: float = 2.5
    idle: float = 180
    countdown: float = 30
    sign: float = 4
    late: float = 3
    reach: float = 4
    again: float = 5

    @property
    def page(self) -> str:
        """Those that a page has to know, as JSON."""
        names = ("answer", "beat", "sign", "late", "reach", "again")
        return json.dumps({name: getattr(self, name) for name in names})

    @classmethod
    def of(cls, text: str, **others: float) -> Waits:
        """From ``name=seconds,name=seconds``. Raises ValueError, in one sentence, for anything else."""
        known = {one.name for one in fields(cls)}
        for part in filter(None, text.split(",")):
            name, _, value = part.partition("=")
            if name not in known:
                raise ValueError(f"There is no wait called '{name}'. Known: {', '.join(sorted(known))}.")
            try:
                others[name] = float(value)
            except ValueError:
                raise ValueError(f"'{value}' is no number of seconds.") from None
            if not 0 < others[name] < 10**6:
                raise ValueError(f"The wait '{name}' must be more than 0 and less than a million seconds.")
        return cls(**others)


KIOSK_WAITS = {"grace": 30.0}
"""Where nothing may outlive the person: a crashed page is known by its pings, and its kernel ends soon after."""


@dataclass(frozen=True)
class ServeOptions:
    """How to serve. ``notebooks``: their folder. ``module``: the id of the only one to serve, or None for all.

    ``ip``: the address to listen on. ``base_url``: the path under which everything stands (behind a proxy).
    ``instructor``: notes, presenter and answers; away from this machine it needs ``password``.
    ``kiosk``: the browser keeps nothing of what a person types. ``notebook``: serve this one notebook, which
    need not belong to a module (a preview). ``allowed``: host names under which it may be reached, beside this
    machine's own; ``*`` for any. ``proxied``: the visitor's address and scheme are what a proxy in front says.
    ``most``: the cap on kernels. ``rate``: pages a minute for one address, 0 for any number. ``megabytes``: memory
    a kernel may take. ``public``: the address to show to others, with a code to photograph.
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
    allowed: tuple[str, ...] = ()
    proxied: bool = False
    most: int = 200
    rate: float = 120
    megabytes: int = 256
    waits: Waits = field(default_factory=Waits)
    public: str = ""

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
