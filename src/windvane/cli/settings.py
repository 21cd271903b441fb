"""What the command line takes from its surroundings, so that no stage has to."""

import os
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path:
    """Return where models and vectors are kept: WINDVANE_CACHE, or the user's cache folder."""
    named = os.environ.get("WINDVANE_CACHE")
    return Path(named) if named else user_cache_path("windvane")


def default_out(config_path: Path) -> Path:
    """Return the folder of a run's outputs: `reports/<config name>` where the command was called."""
    return Path("reports") / config_path.stem


def now() -> datetime:
    """Return the present instant, UTC."""
    return datetime.now(tz=UTC)
