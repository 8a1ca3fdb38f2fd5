"""Serving: Voilà with our settings and template, the page's own files, slides, and Binder's entry."""

from coptip.serve.app import ServeOptions, serve
from coptip.serve.slides import slides

__all__ = ["ServeOptions", "serve", "slides"]
