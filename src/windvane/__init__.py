"""Windvane reads dated texts and one question, and flags when the leading answer changes.

Examples
--------
>>> from windvane import load_config
>>> load_config("configs/sample.yaml").question
'Who initiated the deployment of North Korean troops to Russia?'

"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from windvane.config import load_config
    from windvane.pipeline import run

__version__ = "0.1.0"
__all__ = ["__version__", "load_config", "run"]

_HOMES: Final = {"load_config": "windvane.config", "run": "windvane.pipeline"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import on first use: `windvane --help` need not wait for the libraries of a run."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
