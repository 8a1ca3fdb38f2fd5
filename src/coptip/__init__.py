"""coptip: interactive training in community-oriented policing against trafficking in persons.

In a notebook::

    import coptip
    m = coptip.module("1a")
    m.exercise("three-drawers")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coptip.lesson import Lesson, Missing

__version__ = "0.1.0"
__all__ = ["module"]


def module(id: str) -> Lesson | Missing:
    """The lesson of a module, by its id (``0``, ``1a``, ``1b``, ``2`` ... ``8``; case does not matter).

    An id that no module has gives an object that shows a readable message instead of a traceback.
    """
    from coptip.lesson import open_lesson

    return open_lesson(id)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Says who answers when a Jupyter server is told to load coptip: one who refuses."""
    return [{"module": "coptip.serve.extension"}]
