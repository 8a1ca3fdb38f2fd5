"""Serving: Voilà with our settings and template, the page's own files, slides, and Binder's entry."""
