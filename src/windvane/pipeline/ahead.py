"""What takes a moment to load, and one core: it is loaded beside the first stages."""

from threading import Thread

from windvane.claims.language import load_identifier
from windvane.report import start_drawing


def load_ahead() -> None:
    """Begin to load what every run needs later on; whoever needs it sooner waits for it, and nothing else changes."""
    Thread(target=_load, name="windvane-ahead", daemon=True).start()


def _load() -> None:
    load_identifier()
    start_drawing()
