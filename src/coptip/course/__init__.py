"""Modules, exercises and cases: what is taught, what is asked, and how it is marked. Pure."""
