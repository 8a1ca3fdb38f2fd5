"""What a Jupyter server gets that tries to load the kiosk into itself: a refusal, with the reason.

Inside a Jupyter server everybody who reaches a page reaches terminals, files and kernels that run any code.
"""

from __future__ import annotations

from typing import Any

REASON = (
    "coptip does not run inside a Jupyter server: there, whoever opens a page can also run code, read files and open "
    "terminals. Start it by itself: coptip kiosk"
)


class Refused(RuntimeError):
    """The kiosk was to be a server extension."""


def _load_jupyter_server_extension(serverapp: Any) -> None:
    """Refuse. Raises Refused."""
    serverapp.log.critical(REASON)
    raise Refused(REASON)
