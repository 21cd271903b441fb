"""The probability that each category of a Dirichlet distribution is the largest."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammainc, gammaln

Floats = NDArray[np.float64]

_REACH: Final = 5.0
"""Half-width of the range of integration in units of the square root, where every Gamma variable has s.d. 1/2."""
_CHUNK: Final = 20_000


def lead_probabilities(parameters: Floats, *, nodes: int = 48) -> Floats:
    """Return P(theta_k = max) for theta ~ Dirichlet, one distribution per row.

    A Dirichlet variable is a set of independent Gamma variables, normalised, so the largest of one is the largest of
    the other: P(k leads) is the integral of Gamma k's density times the distribution functions of all others. Two
    categories have the closed form of the Beta distribution; more are integrated by Gauss-Legendre quadrature over
    the square root, whose spread does not depend on the parameter. Categories ten standard deviations behind the
    first are given 0.

    Parameters
    ----------
    parameters
        (S, K) float64, all positive.
    nodes
        Of the quadrature: 48 give eight digits, 24 give three in half the time.

    Returns
    -------
    (S, K) float64, rows sum to 1.

    """
    rows, width = parameters.shape
    if width <= 1:
        return np.ones((rows, width))
    order = np.argsort(-parameters, axis=1, kind="stable")
    ranked = np.take_along_axis(parameters, order, axis=1)
    live = (np.sqrt(ranked[:, :1]) - np.sqrt(ranked) < _REACH).sum(axis=1)
    found = np.zeros_like(ranked)
    found[:, 0] = 1.0
    pairs = live == 2  # noqa: PLR2004 - two are left: the closed form
    found[pairs, 1] = betainc(ranked[pairs, 0], ranked[pairs, 1], 0.5)
    found[pairs, 0] = 1.0 - found[pairs, 1]
    for count in np.unique(live[live > 2]):  # noqa: PLR2004 - as above
        chosen = np.flatnonzero(live == count)
        for start in range(0, chosen.size, _CHUNK):
            part = chosen[start : start + _CHUNK]
            found[part, :count] = _integrate(ranked[part, :count], nodes)
    leads = np.empty_like(found)
    np.put_along_axis(leads, order, found, axis=1)
    return leads


def _integrate(ranked: Floats, nodes: int) -> Floats:
    """Quadrature for rows in descending order."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    # Close to zero the density of a small parameter has a pole; a power of the variable takes it away.
    power = np.maximum(1.0, 0.5 / ranked[:, -1])
    top = np.sqrt(ranked[:, 0])
    low = np.where(top > _REACH, top - _REACH, 0.0) ** (1 / power)
    high = (top + _REACH) ** (1 / power)
    half = (high - low) / 2
    spread = low[:, None] + half[:, None] * (points + 1)
    root = spread ** power[:, None]
    slope = half[:, None] * power[:, None] * spread ** (power[:, None] - 1) * weights
    squared = root * root
    below = [gammainc(ranked[:, k, None], squared) for k in range(ranked.shape[1])]
    before = np.ones_like(root)
    parts = []
    for k in range(ranked.shape[1]):
        shape = ranked[:, k, None]
        density = 2 * np.exp((2 * shape - 1) * np.log(root) - squared - gammaln(shape))
        after = np.prod(below[k + 1 :], axis=0) if k + 1 < len(below) else 1.0
        parts.append((density * before * after * slope).sum(axis=1))
        before = before * below[k]
    mass = np.stack(parts, axis=1)
    normalised: Floats = mass / mass.sum(axis=1, keepdims=True)
    return normalised
