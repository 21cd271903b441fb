"""Windvane reads dated texts and one question, and flags when the leading answer changes."""

__version__ = "0.1.0"
