"""How probable each declared framing is for each text, learnt from statements and hand labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from windvane.framings.calibration import HeldOut, choose_temperature, hold_out
from windvane.framings.centring import Space, centre_by_language, centre_statements
from windvane.framings.classes import Classes
from windvane.framings.classifier import Classifier, Examples, train, train_on_itself
from windvane.progress import Progress

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Turns m texts into (m, d) float32 unit vectors."""

POOL: Final = 5_000
"""Texts that the classifier learns from beside its examples; the others are only classified."""

_CHUNK: Final = 20_000


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt about n texts.

    Attributes
    ----------
    posteriors
        (n, K + 1) float64 calibrated probabilities, `unanswered` last.
    checked
        (K + 1, K + 1) float64 counts of hand labels (rows) by the decision on them when held out.

    """

    posteriors: NDArray[np.float64]
    checked: NDArray[np.float64]


def read_texts(encode: Encode, texts: Sequence[str], *, question: str | None) -> tuple[NDArray[np.float32], ...]:
    """Encode texts by themselves and, given a question, once more after it.

    After the question the encoder reads a text as an answer to it. The two readings err differently, and together they
    tell framings apart better than either, at twice the cost.
    """
    alone = encode(texts)
    return (alone,) if question is None else (alone, encode([f"{question} {text}" for text in texts]))


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
    space = centre_by_language(read_texts(encode, texts, question=question), languages)
    stated = [text for text, _ in classes.statements]
    numbers = np.array([number for _, number in classes.statements], dtype=np.int64)
    statements = Examples(
        centre_statements(read_texts(encode, stated, question=question), numbers), numbers, len(classes)
    )
    examples = _with_labels(statements, space, labels, classes)
    free = np.setdiff1d(np.arange(len(space)), np.array(list(labels), dtype=np.int64))
    if len(free) > POOL:
        free = np.sort(np.random.default_rng(seed).choice(free, POOL, replace=False))
    pool = space.rows(free)
    first = train(examples)
    final = train_on_itself(examples, pool, first)
    held = hold_out(examples, pool)
    labelled = held.rows >= len(stated)
    temperature = choose_temperature(held, labelled, first.scores(pool), final.scores(pool))
    posteriors = classes.merge(_classify(space, final, temperature, progress))
    return Learnt(posteriors, _check(held, labelled, classes))


def _with_labels(statements: Examples, space: Space, labels: Mapping[int, int | None], classes: Classes) -> Examples:
    """Add the labelled texts. One that only says `unanswered` joins the group that it is nearest to."""
    if not labels:
        return statements
    rows = np.array(sorted(labels), dtype=np.int64)
    vectors = space.rows(rows)
    numbers = np.array([-1 if labels[int(row)] is None else labels[int(row)] for row in rows], dtype=np.int64)
    sure = numbers >= 0
    known = Examples(
        np.vstack([statements.vectors, vectors[sure]]),
        np.concatenate([statements.classes, numbers[sure]]),
        statements.n_classes,
    )
    if not sure.all():
        nearest = train(known).scores(vectors[~sure])[:, len(classes.framings) :].argmax(axis=1)
        numbers[~sure] = len(classes.framings) + nearest
    return Examples(
        np.vstack([statements.vectors, vectors]), np.concatenate([statements.classes, numbers]), statements.n_classes
    )


def _classify(space: Space, classifier: Classifier, temperature: float, progress: Progress) -> NDArray[np.float64]:
    starts = range(0, len(space), _CHUNK)
    parts = [
        softmax(classifier.scores(space.rows(slice(start, start + _CHUNK))) / temperature, axis=1)
        for start in progress(starts, what="assigning", total=len(starts))
    ]
    return np.vstack(parts)


def _check(held: HeldOut, labelled: NDArray[np.bool_], classes: Classes) -> NDArray[np.float64]:
    width = len(classes.framings) + 1
    decided = classes.merge(np.exp(held.final[labelled])).argmax(axis=1)
    counts = np.zeros((width, width))
    np.add.at(counts, (np.minimum(held.classes[labelled], width - 1), decided), 1.0)
    return counts
