"""The command line: parse, call, turn an error into one message and an exit code."""

from windvane.cli.entry import main

__all__ = ["main"]
