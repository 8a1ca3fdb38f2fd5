"""Content: the YAML files under ``data/``, loaded, validated and found by id."""

from coptip.content.check import check
from coptip.content.library import Library
from coptip.content.source import ContentError, Fault, nearest

__all__ = ["ContentError", "Fault", "Library", "check", "nearest"]
