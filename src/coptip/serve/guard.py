"""Who may ask, from where, and how often: hosts, origins, other sites, a rate for each address."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections import OrderedDict
from urllib.parse import urlsplit

from coptip.serve.settings import ServeOptions

ADDRESSES = 4096
"""How many addresses are remembered for the rate."""


def host_of(header: str) -> str | None:
    """The host in a Host header, or after an Origin's scheme: lower case, without the port. None for no host."""
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None


class Hosts:
    """The names under which the server may be reached.

    An address of numbers can be no trick of a name server, so it is let in where the server listens to others;
    one that listens to this machine alone knows this machine's addresses and what it was told.
    """

    def __init__(self, options: ServeOptions) -> None:
        self.any = "*" in options.allowed
        self.numbers = not options.local
        self.names = {"localhost", *(name.lower() for name in options.allowed)}
        if not options.local:
            own = socket.gethostname().lower()
            self.names |= {own, f"{own}.local", socket.getfqdn().lower()}
        if public := urlsplit(options.public).hostname:
            self.names.add(public)

    def allow(self, header: str | None) -> bool:
        """Whether a request with this Host header may be answered."""
        if self.any:
            return True
        host = host_of(header or "")
        if host is None:
            return False
        if host in self.names:
            return True
        try:
            numbers = ipaddress.ip_address(host)
        except ValueError:
            return False
        return self.numbers or numbers.is_loopback


def from_here(origin: str | None, host: str | None) -> bool:
    """Whether an Origin header names the same place as a Host header."""
    scheme, _, place = (origin or "").partition("://")
    if scheme not in ("http", "https") or not host:
        return False
    usual = {"http": ":80", "https": ":443"}[scheme]
    return place.lower().removesuffix(usual) == host.lower().removesuffix(usual)


def elsewhere(site: str | None, mode: str | None, dest: str | None) -> bool:
    """Whether a browser says that another site asks, and for more than that a person follows a link to us."""
    return site == "cross-site" and not (mode == "navigate" and dest == "document")


class Rate:
    """So many a minute for each address, and so many at once; forgets those that have been quiet."""

    def __init__(self, minute: float, at_once: float | None = None) -> None:
        """``minute``: how many; 0 for any number. ``at_once``: half of a minute's where nothing is said."""
        self.minute, self.most = minute, max(1.0, minute / 2 if at_once is None else at_once)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> float:
        """0 where one more is allowed, else the seconds until it will be."""
        if not self.minute:
            return 0.0
        now = time.monotonic()
        left, since = self._left.pop(address, (self.most, now))
        left = min(self.most, left + (now - since) * self.minute / 60)
        allowed = left >= 1
        self._left[address] = (left - allowed, now)
        while len(self._left) > ADDRESSES:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) * 60 / self.minute
