"""Logistic regression over several classes.

scikit-learn's does the same and takes longer to import than a warm run may take in all; the tests compare the two.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

Floats = NDArray[np.float64]

_ROUNDS: Final = 1_000
_ENOUGH: Final = 1e-4
"""scikit-learn's own: the largest derivative at which the fit is done."""


def fit_logistic(
    vectors: Floats, classes: NDArray[np.int64], weights: Floats, *, inverse_penalty: float
) -> tuple[Floats, Floats]:
    """Minimise the weighted log loss plus the squared length of the coefficients over twice `inverse_penalty`.

    Parameters
    ----------
    vectors
        (m, d) float64.
    classes
        (m,) int64, numbered from 0 without a gap; at least two.
    weights
        (m,) float64, not negative.
    inverse_penalty
        As `C` in scikit-learn: the larger, the closer the fit. Intercepts are free.

    Returns
    -------
    (classes, d) float64 coefficients and (classes,) float64 intercepts; each sums to nothing over the classes.

    """
    count, width = int(classes.max()) + 1, vectors.shape[1]
    share = weights / weights.sum()
    # Of two classes one row of coefficients is the whole answer: halved between both, its square must count twice.
    penalty = (2.0 if count == 2 else 1.0) / (inverse_penalty * weights.sum())  # noqa: PLR2004 - see above
    at = np.arange(len(classes))

    def loss(flat: Floats) -> tuple[float, Floats]:
        table = flat.reshape(count, width + 1)
        coefficients = table[:, :width]
        log_chances = log_softmax(vectors @ coefficients.T + table[:, width], axis=1)
        error = np.exp(log_chances)
        error[at, classes] -= 1.0
        error *= share[:, None]
        slope = np.empty_like(table)
        slope[:, :width] = error.T @ vectors + penalty * coefficients
        slope[:, width] = error.sum(axis=0)
        value = -float(share @ log_chances[at, classes]) + penalty / 2 * float((coefficients * coefficients).sum())
        return value, slope.ravel()

    found = minimize(
        loss,
        np.zeros(count * (width + 1)),
        method="L-BFGS-B",
        jac=True,
        options={"maxiter": _ROUNDS, "maxls": 50, "gtol": _ENOUGH, "ftol": 64 * float(np.finfo(float).eps)},
    ).x
    table = found.reshape(count, width + 1)
    return table[:, :width], table[:, width]
