"""How alike two claims are, with language and story taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from windvane.framings.naming import split_words

_SHRINKAGE: Final = 3.0
_WHITENING: Final = 0.3
_SMALLEST: Final = 1e-6
_GRAM: Final = 4
_MIN_LANGUAGE: Final = 10


@dataclass(frozen=True, slots=True)
class Projection:
    """From vectors to where claims are compared: language taken out, the loudest directions turned down.

    Attributes
    ----------
    overall
        (d,) float64, the mean of all claims; the centre of a language that was not seen.
    centres
        Language to its mean vector, (d,) float64, shrunk to `overall`.
    axes
        (d, d) float64 symmetric map that is applied after centring.

    """

    overall: NDArray[np.float64]
    centres: Mapping[str, NDArray[np.float64]]
    axes: NDArray[np.float64]

    def project(self, vectors: NDArray[np.float32], languages: Sequence[str]) -> NDArray[np.float32]:
        """Return `vectors`, (n, d), projected: (n, d) float32 unit rows, zeros where a row is its centre."""
        return _to_unit(_centre(vectors, languages, self.overall, self.centres) @ self.axes.astype(np.float32))


def fit_projection(vectors: NDArray[np.float32], languages: Sequence[str]) -> Projection:
    """Fit the projection on n claims that stand for the corpus.

    A language of n claims keeps n / (n + 3) of its own mean: what is common to its texts says nothing about the answer,
    but a rare language has no mean of its own worth the name. Then each principal axis of variance v is scaled by
    v^-0.15, a third of the way to whitening (Su et al. 2021, arXiv 2103.15316): whitening in full raises the noise of
    the smallest axes, none leaves the subject of the corpus louder than the answers.
    """
    overall = vectors.mean(axis=0, dtype=np.float64)
    codes = np.asarray(languages, dtype=object)
    centres = {}
    for language in sorted(set(languages)):
        own = vectors[codes == language]
        total = own.sum(axis=0, dtype=np.float64) + _SHRINKAGE * overall
        centres[language] = total / (len(own) + _SHRINKAGE)
    centred = _to_unit(_centre(vectors, languages, overall, centres)).astype(np.float64)
    return Projection(overall, centres, _whiten_partly(centred))


def _centre(
    vectors: NDArray[np.float32],
    languages: Sequence[str],
    overall: NDArray[np.float64],
    centres: Mapping[str, NDArray[np.float64]],
) -> NDArray[np.float32]:
    centred = vectors.astype(np.float32, copy=True)
    codes = np.asarray(languages, dtype=object)
    for language in sorted(set(languages)):
        centred[codes == language] -= centres.get(language, overall).astype(np.float32)
    return centred


def _whiten_partly(centred: NDArray[np.float64]) -> NDArray[np.float64]:
    variances, axes = np.linalg.eigh(centred.T @ centred)
    relative = variances / max(variances.max(), _SMALLEST)
    # An axis without variance is left out, not blown up.
    scales = np.where(relative > _SMALLEST, np.maximum(relative, _SMALLEST) ** (-_WHITENING / 2), 0)
    mapped: NDArray[np.float64] = (axes * scales) @ axes.T
    return mapped


def _to_unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows at length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (vectors / np.where(lengths > 1e-6, lengths, np.inf)).astype(np.float32)  # noqa: PLR2004 - rounding
    return unit


def wording_similarity(texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float32]:
    """Return how alike the wording of claims in one language is, (n, n) float32 in [-1, 1]; 0 between languages.

    Cosine of TF-IDF over runs of four characters within words (pairs, where a script sets no spaces), centred per
    language. A sentence vector blurs the words that two answers differ by; their letters don't. Each language is
    weighted by its share of the claims: where there are many, wording would bind the claims of each together.
    """
    similarity = np.zeros((len(texts), len(texts)), dtype=np.float32)
    codes = np.asarray(languages, dtype=object)
    for language in sorted(set(languages)):
        rows = np.flatnonzero(codes == language)
        if len(rows) >= _MIN_LANGUAGE:
            share = len(rows) / len(texts)
            similarity[np.ix_(rows, rows)] = share * _within_language([texts[row] for row in rows.tolist()])
    return similarity


def _within_language(texts: Sequence[str]) -> NDArray[np.float32]:
    # Letters that one claim alone holds tell nothing; those that a fifth of the claims hold are the topic's.
    vectorizer = TfidfVectorizer(
        analyzer=_grams, sublinear_tf=True, min_df=min(3, len(texts)), max_df=0.2, dtype=np.float32
    )
    try:
        weights = vectorizer.fit_transform(texts)
    except ValueError:  # no run of characters is left
        return np.zeros((len(texts), len(texts)), dtype=np.float32)
    gram = (weights @ weights.T).toarray()
    gram -= gram.mean(axis=0, keepdims=True)
    gram -= gram.mean(axis=1, keepdims=True)
    lengths = np.sqrt(np.maximum(gram.diagonal(), 0))
    lengths = np.where(lengths > 1e-6, lengths, np.inf)  # noqa: PLR2004 - rounding
    similarity: NDArray[np.float32] = gram / np.outer(lengths, lengths)
    return similarity.astype(np.float32)


def _grams(text: str) -> list[str]:
    grams: list[str] = []
    for word in split_words(text):
        padded = f" {word} "
        grams.extend(padded[i : i + _GRAM] for i in range(max(len(padded) - _GRAM + 1, 1)))
    return grams
