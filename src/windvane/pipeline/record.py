"""What made a run: configuration, versions, model; enough to do it again."""

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Final

from windvane import __version__
from windvane.config import RunConfig
from windvane.pipeline.files import checksums
from windvane.pipeline.stages import Analysis

LIBRARIES: Final = (
    "numpy",
    "openvino",
    "polars",
    "scikit-learn",
    "scipy",
    "sentence-transformers",
    "sentencex",
    "torch",
)


def config_hash(config: RunConfig) -> str:
    """Return the sha256 of the configuration with every default written out; spelling of the YAML does not matter."""
    text = json.dumps(config.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def describe_versions() -> dict[str, str]:
    """Return the versions of Windvane, Python and the libraries that the numbers depend on."""
    return {"windvane": __version__, "python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def describe_run(config: RunConfig, analysis: Analysis, contents: Mapping[str, bytes]) -> dict[str, object]:
    """Return the contents of `run.json`; what was embedded, seconds and memory aside, the same for the same run.

    `contents` are the other outputs, by name.
    """
    return {
        "question": config.question,
        "config_sha256": config_hash(config),
        "config": config.model_dump(mode="json"),
        "seed": config.seed,
        "versions": describe_versions(),
        "encoder": describe_encoder(analysis),
        **describe_entailer(analysis),
        "rows": count_rows(analysis),
        "files": checksums(contents),
        "seconds": {stage: round(seconds, 3) for stage, seconds in analysis.seconds.items()},
        "peak_memory_mib": peak_memory_mib(),
    }


def describe_encoder(analysis: Analysis) -> dict[str, object]:
    """Return which model made the vectors, and how many were made and found in the cache."""
    encoder = analysis.encoder
    return {
        "model": encoder.name,
        "sha256": encoder.checksum,
        "prompt": encoder.prompt,
        "embedded": encoder.embedded,
        "cached": encoder.cached,
    }


def describe_entailer(analysis: Analysis) -> dict[str, object]:
    """Return which model read claims against statements, under `entailment`; nothing where none did."""
    entailer = analysis.entailer
    if entailer is None:
        return {}
    about = {"model": entailer.name, "sha256": entailer.checksum, "read": entailer.read, "cached": entailer.cached}
    return {"entailment": about}


def count_rows(analysis: Analysis) -> dict[str, int]:
    """Return rows per table."""
    return {
        "records": analysis.corpus.read,
        "documents": analysis.corpus.documents.height,
        "rejects": analysis.corpus.rejects.height,
        "claims": analysis.assignment.claims.height,
        "shares": analysis.shares.height,
        "shifts": len(analysis.detection.shifts),
    }


def peak_memory_mib() -> float | None:
    """Return the largest resident size of this process so far, in MiB; None on Windows, which does not tell."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - there is none on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)
