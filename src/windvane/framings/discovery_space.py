"""How alike two claims are, with language and story taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from windvane.framings.naming import split_words

_SHRINKAGE: Final = 10.0
_GRAM: Final = 4
_MIN_LANGUAGE: Final = 10


@dataclass(frozen=True, slots=True)
class LanguageCentres:
    """The mean vector of each language, shrunk to the mean of all.

    Attributes
    ----------
    overall
        (d,) float64, the mean of the languages' centres' claims; also used for a language that was not seen.
    by_language
        Language to its centre, (d,) float64.

    """

    overall: NDArray[np.float64]
    by_language: dict[str, NDArray[np.float64]]

    def remove(self, vectors: NDArray[np.float32], languages: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, d) float32 unit rows: `vectors` less the centre of each row's language."""
        centred = vectors.astype(np.float32, copy=True)
        codes = np.asarray(languages, dtype=object)
        for language in sorted(set(languages)):
            rows = np.flatnonzero(codes == language)
            centred[rows] -= self.by_language.get(language, self.overall).astype(np.float32)
        return to_unit(centred)


def centre_languages(vectors: NDArray[np.float32], languages: Sequence[str]) -> LanguageCentres:
    """Estimate the centres: a language of n claims keeps n / (n + 10) of its own mean.

    What is common to the texts of a language (and, in some encoders, most of what tells two texts apart) says nothing
    about the answer. A rare language has no mean of its own worth the name, hence the shrinkage.
    """
    overall = vectors.mean(axis=0, dtype=np.float64)
    codes = np.asarray(languages, dtype=object)
    centres = {}
    for language in sorted(set(languages)):
        own = vectors[codes == language]
        total = own.sum(axis=0, dtype=np.float64) + _SHRINKAGE * overall
        centres[language] = total / (len(own) + _SHRINKAGE)
    return LanguageCentres(overall, centres)


def to_unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows at length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (vectors / np.where(lengths > 1e-6, lengths, np.inf)).astype(np.float32)  # noqa: PLR2004 - rounding
    return unit


def wording_similarity(texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float32]:
    """Return how alike the wording of claims in one language is, (n, n) float32 in [-1, 1]; 0 between languages.

    Cosine of TF-IDF over runs of four characters within words (pairs, where a script sets no spaces), centred per
    language. A sentence vector blurs the words that two answers differ by; their letters don't.
    """
    similarity = np.zeros((len(texts), len(texts)), dtype=np.float32)
    codes = np.asarray(languages, dtype=object)
    for language in sorted(set(languages)):
        rows = np.flatnonzero(codes == language)
        if len(rows) >= _MIN_LANGUAGE:
            similarity[np.ix_(rows, rows)] = _within_language([texts[row] for row in rows.tolist()])
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
