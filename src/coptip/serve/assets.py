"""The page's own files (scripts, styles, the Player), held in memory and addressed by their content."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coptip.render.widget import LOADER

SERVED = {".css", ".js", ".json", ".svg", ".png", ".woff2"}
HERE = Path(__file__).resolve().parent
FOLDERS = {"": HERE / "static", "player/": HERE.parent / "render" / "player"}
"""Prefix of the address -> folder. The Player's modules are served as they are."""


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    type: str


class Assets:
    """All files by address. Reads them once; nothing on disk is touched by a request, so none can escape."""

    def __init__(self, folders: dict[str, Path] | None = None) -> None:
        self.files: dict[str, Asset] = {}
        for prefix, folder in (folders or FOLDERS).items():
            for path in sorted(folder.rglob("*")):
                if path.suffix in SERVED and path.is_file():
                    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                    self.files[prefix + path.relative_to(folder).as_posix()] = Asset(path.read_bytes(), kind)

    @cached_property
    def build(self) -> str:
        """A hash over all files. It stands in the path, so that a script's relative imports inherit it and
        everything may be cached for ever."""
        digest = hashlib.sha256()
        for name, asset in self.files.items():
            digest.update(name.encode() + b"\0" + hashlib.sha256(asset.body).digest())
        return digest.hexdigest()[:12]

    def address(self, name: str) -> str:
        """The address of a file under the base URL."""
        return f"static/{self.build}/{name}"

    def text(self, name: str) -> str:
        """A file's text, for pages that carry everything in themselves."""
        return self.files[name].body.decode()

    @property
    def player_modules(self) -> list[str]:
        """The Player's scripts, for the page to ask for all of them at once."""
        scripts = (name for name in self.files if name.startswith("player/") and name.endswith(".js"))
        return [name for name in scripts if name != f"player/{LOADER}"]
