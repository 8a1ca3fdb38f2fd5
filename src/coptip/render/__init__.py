"""Rendering: one definition as plain text, HTML, pictures and the Player."""
