"""Log evidence and leader of every segment of a series of counts."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from windvane.shifts.leading import lead_probabilities

Floats = NDArray[np.float64]

_USED: Final = 0.05


def even_prior(framings: int) -> Floats:
    """Dirichlet parameters of the shares before any claim is seen: 2 / K each.

    Of two framings every share is equally likely. Their sum does not grow with K (Perks 1947; Berger, Bernardo and Sun
    2015), so that many framings are not taken to be close to a tie from the start.
    """
    return np.full(framings, 2.0 / framings)


def corpus_prior(shares: Floats) -> Floats:
    """Dirichlet parameters (K,) likewise, given the framings' shares (K,) of the answers of the whole corpus.

    With 2 / K each, a share of 60 % is the less expected the more framings there are, though nobody uses the others:
    ten that are declared and never met took most shifts of two that are. So framings count in so far as they are
    used: one with a twentieth of the answers as much as any, one that nobody uses a twentieth of that. The sum stays 2.
    """
    used = np.clip(shares / _USED, _USED, 1.0)
    parameters: Floats = 2.0 * used / used.sum()
    return parameters


def all_segments(counts: Floats) -> Floats:
    """(T, T + 1, K) sums of counts over [i, e), from counts (T, K)."""
    summed = np.concatenate([np.zeros((1, counts.shape[1])), np.cumsum(counts, axis=0)])
    spans: Floats = np.clip(summed[None, :, :] - summed[:-1, None, :], 0.0, None)
    return spans


def dirichlet_evidence(parameters: Floats, start: Floats) -> Floats:
    """(T, T + 1) log evidence of segments with posterior `parameters` (T, T + 1, K) and prior `start` (K,)."""
    found = (gammaln(parameters) - gammaln(start)).sum(axis=2)
    found -= gammaln(parameters.sum(axis=2)) - gammaln(start.sum())
    return _above_diagonal(found)


def leads_of_segments(parameters: Floats, segments: Floats, *, unseen: float = 1e-5) -> Floats:
    """(T, T + 1, K) probability that k leads in [i, e).

    Segments that together hold no more than `unseen` posterior probability are not looked at: all framings are alike there.
    """
    framings = parameters.shape[2]
    leads = np.full(parameters.shape, 1.0 / framings)
    order = np.argsort(-segments, axis=None, kind="stable")
    mass = segments.ravel()[order]
    remaining = np.cumsum(mass[::-1])[::-1]
    chosen = order[(remaining > unseen) & (mass > 0)]
    distinct, where = np.unique(parameters.reshape(-1, framings)[chosen], axis=0, return_inverse=True)
    leads.reshape(-1, framings)[chosen] = lead_probabilities(distinct)[where]
    return leads


def _above_diagonal(found: Floats) -> Floats:
    periods = len(found)
    return np.where(np.arange(periods + 1)[None, :] > np.arange(periods)[:, None], found, -np.inf)
