"""Every example in a docstring runs and shows what it says."""

import doctest
import importlib
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
LOADS_THE_ENCODER = {"windvane.pipeline.running"}


def _modules() -> list[object]:
    paths = [path for path in sorted(SOURCE.rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")]
    names = [".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__") for path in paths]
    return [pytest.param(name, marks=[pytest.mark.model] if name in LOADS_THE_ENCODER else []) for name in names]


@pytest.mark.parametrize("name", _modules())
def test_examples_in_docstrings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are run where the sample's configuration lies below; what they write goes elsewhere."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").symlink_to(os.path.relpath(ROOT / "configs", tmp_path))
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted
    assert not result.failed
