"""What the sources must not hold."""

import re
from pathlib import Path

import pytest

SOURCES = sorted((Path(__file__).parents[2] / "src").rglob("*.py"))

FORBIDDEN = (
    r"\bimport (?:pickle|marshal|shelve|dill|cloudpickle|joblib)\b",
    r"\bfrom (?:pickle|marshal|shelve|dill|cloudpickle|joblib)\b",
    r"\b(?:torch|joblib|pickle|marshal|dill)\.loads?\(",
    r"\b(?:read_pickle|to_pickle|unsafe_load|full_load)\b",
    r"allow_pickle=True",
    r"yaml\.load\((?!text[\[)])",
    r"YAML\(typ=\"(?!rt\"|safe\")",
    r"trust_remote_code=(?!False)",
    r"weights_only=False",
    r"(?<![\w.])(?:eval|exec)\(",
    r"shell=True|os\.system\(",
)


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_nothing_that_runs_what_it_reads(pattern: str) -> None:
    """No pickle, no torch.load, no unsafe YAML, no code out of a model's folder."""
    found = [
        f"{path.name}: {line}"
        for path in SOURCES
        for line in path.read_text("utf-8").splitlines()
        if re.search(pattern, line)
    ]
    assert not found


def test_the_patterns_find_what_they_are_for() -> None:
    """Each matches an example, so that a slip in one does not pass for safety."""
    examples = (
        "import pickle", "from joblib import load", "torch.load(path)", "frame.read_pickle", "np.load(x, allow_pickle=True)",
        "yaml.load(stream)", 'YAML(typ="unsafe")', "trust_remote_code=True", "weights_only=False", "eval(text)", "shell=True",
    )  # fmt: skip
    assert all(re.search(pattern, example) for pattern, example in zip(FORBIDDEN, examples, strict=True))
