"""What a corpus of this volume could have shown."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from windvane.shifts.finding import candidates
from windvane.shifts.many import lead_of_many

Floats = NDArray[np.float64]

BEFORE: Final = 0.6
"""Share of the old leader before the planted change, and of the new one after it."""

ROUNDS: Final = 40


def detectable(counts: Floats, rates: Floats | None, *, confidence: float, min_periods: int, seed: int) -> float:
    """Return how often a change of leader from 60:40 to 40:60 would have been found in a corpus of this volume.

    Streams with as many claims a period, as many of them unanswered and as often misread, are drawn with a change of
    the two leading framings where half of the claims have passed. Claims are drawn independently: copies would make
    less of a corpus than its number of claims says.

    Parameters
    ----------
    counts
        (T, K + 2) decisions by period: K framings, unanswered, unassigned.
    rates
        (K + 1, K + 2) P(decision | true class); None: decisions are right.
    confidence, min_periods
        As for the shift test.
    seed
        Seeds the draws.

    Returns
    -------
    A share of `ROUNDS` draws; nan with fewer than two framings, periods or answers.

    """
    periods, framings = counts.shape[0], counts.shape[1] - 2
    volume = counts.sum(axis=1)
    if framings < 2 or periods < 2 or counts[:, :framings].sum() < 2:  # noqa: PLR2004 - nothing could change
        return float("nan")
    unanswered = counts[:, framings].sum() / volume.sum()
    later = np.cumsum(volume) - volume / 2 > volume.sum() / 2
    true = np.zeros((periods, framings + 1))
    true[:, 0] = (1 - unanswered) * np.where(later, 1 - BEFORE, BEFORE)
    true[:, 1] = (1 - unanswered) * np.where(later, BEFORE, 1 - BEFORE)
    true[:, framings] = unanswered
    chances = true @ (np.eye(framings + 1, framings + 2) if rates is None else rates)
    rng = np.random.default_rng(seed)
    size, chances = np.rint(volume).astype(np.int64), chances / chances.sum(axis=1, keepdims=True)
    drawn = np.stack([rng.multinomial(size, chances) for _ in range(ROUNDS)]).astype(np.float64)
    found = 0
    for lead in lead_of_many(drawn, rates):
        changes = candidates(lead, confidence=confidence, min_periods=min_periods)
        found += any((change.old.leader, change.new.leader) == (0, 1) and not change.brief for change in changes)
    return found / ROUNDS
