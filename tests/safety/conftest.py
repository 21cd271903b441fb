"""What the tests of safety share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.safety.runs import Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Return a process that runs the command line, out of reach of any network where that is permitted."""
    with Server() as started:
        yield started


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small encoder."""
    from tests.embeddings.tiny import tiny_encoder  # noqa: PLC0415 - imports torch

    return tiny_encoder(tmp_path_factory.mktemp("encoder") / "tiny")
