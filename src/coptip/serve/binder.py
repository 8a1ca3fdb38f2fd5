"""How Binder starts the server: behind a path prefix, with the notebooks in JupyterLab beside it."""

from __future__ import annotations

import os
import sys
from typing import Any


def setup() -> dict[str, Any]:
    """What jupyter-server-proxy needs in order to start and to offer ``coptip serve`` under ``coptip/``."""
    command = ["serve", "--port", "{port}", "--base-url", "{base_url}coptip/"]
    if "JUPYTERHUB_API_URL" in os.environ:
        # the hub alone can reach the port, asks who one is, and has a name that is not known here
        command += ["--allow-host", "*"]
    return {
        "command": [sys.executable, "-m", "coptip", *command],
        "absolute_url": True,
        "timeout": 60,
        "launcher_entry": {"title": "Training pages"},
    }
