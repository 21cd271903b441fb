"""What takes a moment to load, and one core: it is loaded beside the first stages."""

from threading import Thread

from windvane.claims.language import load_identifier
from windvane.config import RunConfig
from windvane.report import start_drawing


def load_ahead(config: RunConfig) -> None:
    """Begin to load what the run needs later on; whoever needs it sooner waits for it, and nothing else changes."""
    Thread(target=_load, args=(config,), name="windvane-ahead", daemon=True).start()


def _load(config: RunConfig) -> None:
    # Where a field says which language each record is in, most runs never ask.
    if config.documents.fields.language is None:
        load_identifier()
    start_drawing()
