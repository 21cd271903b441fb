"""How probable each declared framing is for each text, learnt from statements and hand labels."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from windvane.claims.selection import Encode
from windvane.framings.calibration import HeldOut, choose_temperature, hold_out
from windvane.framings.centring import Space, centre_statements
from windvane.framings.classes import Classes
from windvane.framings.classifier import Classifier, train, train_on_itself
from windvane.framings.placement import place_claims, read_texts
from windvane.progress import Progress

POOL: Final = 5_000
"""Texts that the classifier learns from beside its examples; the others are only classified."""

_CHUNK: Final = 2_000
"""Texts that are scored at once: their vectors, in double precision, stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt about n texts.

    Attributes
    ----------
    posteriors
        (n, K + 1) float64 calibrated probabilities, `unanswered` last.
    checked
        (K + 1, K + 1) float64 counts of hand labels (rows) by the most probable class when held out.

    """

    posteriors: NDArray[np.float64]
    checked: NDArray[np.float64]


def learn(
    texts: Sequence[str],
    languages: Sequence[str],
    classes: Classes,
    labels: Mapping[int, int | None],
    *,
    encode: Encode,
    question: str | None,
    seed: int,
    progress: Progress,
) -> Learnt:
    """Learn the classes and give every text its probabilities.

    Parameters
    ----------
    texts, languages
        (n,) distinct pairs, in an order of their own (the result depends on nothing else).
    classes
        What to tell apart.
    labels
        Row of a text to its class by hand; None: unanswered, of any group.
    encode
        Turns texts into vectors.
    question
        Read before each text as well; None: texts are read by themselves only.
    seed
        Draws the pool where there are more than `POOL` texts.
    progress
        Shows how far it is.

    """
    free = np.setdiff1d(np.arange(len(texts)), np.array(list(labels), dtype=np.int64))
    if len(free) > POOL:
        free = np.sort(np.random.default_rng(seed).choice(free, POOL, replace=False))
    space = place_claims(texts, languages, classes, free, encode=encode, question=question)
    examples = _gather(space, classes, labels, encode=encode, question=question)
    pool = space.rows(free)
    first = train(examples.vectors, examples.classes)
    final = train_on_itself(examples.vectors, examples.classes, pool, first)
    held = hold_out(examples.vectors, examples.classes, pool)
    labelled = held.rows >= examples.stated
    temperature = choose_temperature(held, labelled, first.scores(pool), final.scores(pool))
    posteriors = classes.merge(_classify(space, final, temperature, progress))
    return Learnt(posteriors, _check(held, labelled, classes, temperature))


@dataclass(frozen=True, slots=True)
class _Examples:
    """Vectors and classes of statements, then of hand labels."""

    vectors: NDArray[np.float64]
    classes: NDArray[np.int64]
    stated: int


def _gather(
    space: Space, classes: Classes, labels: Mapping[int, int | None], *, encode: Encode, question: str | None
) -> _Examples:
    """Put statements and labelled texts together. A label that only says `unanswered` joins the nearest group."""
    stated = [text for text, _ in classes.statements]
    numbers = np.array([number for _, number in classes.statements], dtype=np.int64)
    statements = centre_statements(read_texts(encode, stated, question=question), numbers)
    rows = np.array(sorted(labels), dtype=np.int64)
    vectors = np.vstack([statements, space.rows(rows)])
    numbers = np.concatenate([numbers, np.array([_or(labels[row]) for row in rows.tolist()], dtype=np.int64)])
    open_rows = np.flatnonzero(numbers < 0)
    if len(open_rows):
        known = numbers >= 0
        scores = train(vectors[known], numbers[known]).scores(vectors[open_rows])[:, len(classes.framings) :]
        numbers[open_rows] = len(classes.framings) + scores.argmax(axis=1)
    return _Examples(vectors, numbers, len(stated))


def _or(position: int | None) -> int:
    return -1 if position is None else position


def _classify(space: Space, classifier: Classifier, temperature: float, progress: Progress) -> NDArray[np.float64]:
    def classify(start: int) -> NDArray[np.float64]:
        found: NDArray[np.float64] = softmax(
            classifier.scores(space.rows(slice(start, start + _CHUNK))) / temperature, axis=1
        )
        return found

    starts = range(0, len(space), _CHUNK)
    with ThreadPoolExecutor() as threads:
        chunks = progress(threads.map(classify, starts), what="assigning", total=len(starts))
        return np.vstack(list(chunks))


def _check(held: HeldOut, labelled: NDArray[np.bool_], classes: Classes, temperature: float) -> NDArray[np.float64]:
    width = len(classes.framings) + 1
    decided = classes.merge(softmax(held.final[labelled] / temperature, axis=1)).argmax(axis=1)
    counts = np.zeros((width, width))
    np.add.at(counts, (np.minimum(held.classes[labelled], width - 1), decided), 1.0)
    return counts
