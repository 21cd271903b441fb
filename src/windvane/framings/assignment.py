"""Which framing each claim takes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import softmax

from windvane.config.framings import FramingsConfig
from windvane.errors import FramingsError
from windvane.framings.calibration import fit_temperature, held_out_scores
from windvane.framings.centring import centre_by_language, unit
from windvane.framings.classifier import Classifier, Examples, train
from windvane.framings.confusion import Confusion, expected_confusion
from windvane.framings.decisions import decide
from windvane.framings.framing import Framing
from windvane.framings.labels import read_labels
from windvane.progress import Progress, silent
from windvane.tables import ASSIGNED, CLAIMS, UNANSWERED, UNASSIGNED

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Turns n texts into (n, d) float32 unit vectors."""

CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which framing each claim takes, and how far that can be trusted.

    Attributes
    ----------
    claims
        The claims with `framing` and `probability`, in the order they came.
    framings
        Declared ones in declared order, then discovered ones.
    posteriors
        (n, K + 1) float64, a row per claim: calibrated probabilities of the framings in order, then of `unanswered`.
    confusion
        What the decisions get wrong; None where no framing was declared.
    notes
        What a reader should know, in plain words.

    """

    claims: pl.DataFrame
    framings: tuple[Framing, ...]
    posteriors: NDArray[np.float64]
    confusion: Confusion | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Classes:
    """The classes that are told apart in training: each framing, then each group of unanswered statements."""

    names: tuple[str, ...]
    n_framings: int
    statements: tuple[tuple[str, int], ...]

    def merge(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add the probabilities of all groups of unanswered statements."""
        unanswered = probabilities[:, self.n_framings :].sum(axis=1, keepdims=True)
        return np.hstack([probabilities[:, : self.n_framings], unanswered])


def assign_framings(
    claims: pl.DataFrame,
    section: FramingsConfig,
    *,
    encode: Encode,
    question: str,  # noqa: ARG001 - part of the contract
    labels: pl.DataFrame | None = None,
    seed: int = 0,  # noqa: ARG001 - part of the contract
    progress: Progress = silent,
) -> Assignment:
    """Assign each claim to a declared framing, to `unanswered`, or to none.

    Parameters
    ----------
    claims
        Table `CLAIMS`.
    section
        The framings and how to assign to them.
    encode
        Turns texts into vectors.
    question
        What the framings answer.
    labels
        Columns `claim_id`, `framing`: what an analyst decided by hand. None: no labels.
    seed
        Seeds what is drawn at random.
    progress
        Shows how far it is.

    Raises
    ------
    FramingsError
        If statements or labels contradict each other or name what is not there.

    """
    claims = CLAIMS.require(claims)
    classes = _list_classes(section)
    known = read_labels(labels, claims["claim_id"].to_list(), {*classes.names, UNANSWERED})
    units = claims.select("text", "language").unique().sort("text", "language").with_row_index("unit")
    row_of = claims.join(units, on=["text", "language"], how="left", maintain_order="left")["unit"].to_numpy()
    vectors = centre_by_language(encode(units["text"].to_list()), units["language"].to_numpy().astype(str))
    examples = _gather_examples(
        classes,
        encode=encode,
        vectors=vectors,
        row_of=row_of,
        claim_ids=claims["claim_id"].to_list(),
        decisions=known.decisions,
    )
    scores, possible = held_out_scores(examples)
    temperature = fit_temperature(scores[possible], examples.classes[possible], examples.weights[possible])
    of_units = _predict(train(examples), temperature, vectors, progress)
    posteriors = classes.merge(of_units)[row_of]
    decisions, probabilities = decide(posteriors, min_probability=section.min_probability)
    _impose(
        posteriors,
        decisions,
        probabilities,
        claim_ids=claims["claim_id"].to_list(),
        told=known.decisions,
        classes=classes,
    )
    framings = tuple(
        Framing(name, declared.label or name.replace("_", " "), declared.statements)
        for name, declared in section.declared.items()
    )
    values = [*(framing.name for framing in framings), UNANSWERED, None]
    assigned = claims.with_columns(
        framing=pl.Series([values[decision] for decision in decisions], dtype=pl.String),
        probability=pl.Series(probabilities, dtype=pl.Float64),
    )
    strengths = np.bincount(np.minimum(examples.classes, len(framings)), minlength=len(framings) + 1).astype(float)
    confusion = expected_confusion(posteriors, decisions, np.maximum(strengths, 1.0))
    return Assignment(ASSIGNED.require(assigned), framings, posteriors, confusion, known.notes)


def _list_classes(section: FramingsConfig) -> _Classes:
    groups: dict[str, tuple[str, ...]] = {name: framing.statements for name, framing in section.declared.items()}
    groups |= {f"unanswered: {name}": statements for name, statements in section.unanswered.items()}
    statements = [(text, number) for number, texts in enumerate(groups.values()) for text in dict.fromkeys(texts)]
    homes: dict[str, set[int]] = {}
    for text, number in statements:
        homes.setdefault(text, set()).add(number)
    names = tuple(groups)
    torn = [
        f"{text!r} ({', '.join(names[number] for number in sorted(numbers))})"
        for text, numbers in homes.items()
        if len(numbers) > 1
    ]
    if torn:
        message = f"statements that describe two framings: {'; '.join(torn)}"
        raise FramingsError(message, hint="Give each statement to one framing.")
    return _Classes(names, len(section.declared), tuple(sorted(statements)))


def _gather_examples(
    classes: _Classes,
    *,
    encode: Encode,
    vectors: NDArray[np.float64],
    row_of: NDArray[np.int64],
    claim_ids: Sequence[str],
    decisions: Mapping[str, str],
) -> Examples:
    texts = [text for text, _ in classes.statements]
    raw = np.asarray(encode(texts), dtype=np.float64)
    told = [(row_of[row], decisions[claim]) for row, claim in enumerate(claim_ids) if claim in decisions]
    told = sorted({(int(row), name) for row, name in told if name in classes.names})
    return Examples(
        np.vstack([unit(raw - raw.mean(axis=0)), vectors[[row for row, _ in told]]]),
        np.array([*(number for _, number in classes.statements), *(classes.names.index(name) for _, name in told)]),
        np.ones(len(texts) + len(told)),
        len(classes.names),
    )


def _predict(
    classifier: Classifier, temperature: float, vectors: NDArray[np.float64], progress: Progress
) -> NDArray[np.float64]:
    starts = range(0, len(vectors), CHUNK)
    parts = [
        softmax(classifier.scores(vectors[start : start + CHUNK]) / temperature, axis=1)
        for start in progress(starts, what="assigning", total=len(starts))
    ]
    return np.vstack([np.zeros((0, len(classifier.intercepts))), *parts])


def _impose(
    posteriors: NDArray[np.float64],
    decisions: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    *,
    claim_ids: Sequence[str],
    told: Mapping[str, str],
    classes: _Classes,
) -> None:
    """Let hand labels stand, with certainty."""
    for row, claim in enumerate(claim_ids):
        name = told.get(claim)
        if name is None:
            continue
        if name == UNASSIGNED:
            decisions[row] = -1
            continue
        column = min(classes.names.index(name) if name in classes.names else classes.n_framings, classes.n_framings)
        posteriors[row] = np.eye(classes.n_framings + 1)[column]
        decisions[row], probabilities[row] = column, 1.0
