"""How Binder starts the server: behind a path prefix, with the notebooks in JupyterLab beside it."""

from __future__ import annotations

import sys
from typing import Any


def setup() -> dict[str, Any]:
    """What jupyter-server-proxy needs in order to start and to offer ``coptip serve`` under ``coptip/``."""
    command = ["serve", "--port", "{port}", "--base-url", "{base_url}coptip/"]
    return {
        "command": [sys.executable, "-m", "coptip", *command],
        "absolute_url": True,
        "timeout": 60,
        "launcher_entry": {"title": "Training pages"},
    }
