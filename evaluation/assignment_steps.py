"""The method of assignment with steps left out, put together from the same functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evaluation.assignment_tasks import Task
from windvane.framings.assignment import reads_context
from windvane.framings.centring import centre_by_language, centre_statements
from windvane.framings.classes import list_classes
from windvane.framings.classifier import ensemble_scores, learn_ensemble
from windvane.framings.declared import read_texts
from windvane.framings.parts import SIZES, split_classes
from windvane.tables import UNANSWERED

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Steps:
    """Which steps are taken; as they stand, all."""

    centre: str = "language"
    groups: bool = True
    context: bool | None = None
    sizes: tuple[int | None, ...] = field(default=SIZES)
    again: bool = True


WITHOUT: Final = {
    "the whole method": Steps(),
    "vectors not centred": Steps(centre="no"),
    "centred, but not by language": Steps(centre="all"),
    "unanswered statements in one group": Steps(groups=False),
    "texts never read after the question": Steps(context=False),
    "texts always read after the question": Steps(context=True),
    "framings not told in parts": Steps(sizes=(None,)),
    "not learnt again from claims": Steps(again=False),
    "none of these but centring (the plain method)": Steps(context=False, sizes=(None,), again=False),
}


def score_claims(task: Task, steps: Steps, encode: Encode) -> NDArray[np.float64]:
    """Return (n, K + 1) probabilities under some of the steps, not calibrated; `unanswered` last."""
    section = task.section
    if not steps.groups and section.unanswered:
        together = tuple(text for group in section.unanswered.values() for text in group)
        section = section.model_copy(update={"unanswered": {UNANSWERED: together}})
    section = section.model_copy(update={"context": steps.context})
    classes = list_classes(section, frozenset())
    question = task.question if reads_context(section, task.question, task.claims["language"]) else None
    numbers = np.array([number for _, number in classes.statements])
    claims = read_texts(encode, task.claims["text"].to_list(), question=question)
    stated = read_texts(encode, [text for text, _ in classes.statements], question=question)
    space = centre_by_language(
        claims, task.claims["language"].to_list(), **({} if steps.centre == "language" else {"shrinkage": 1e12})
    )
    statements = centre_statements(stated, numbers)
    if steps.centre == "no":
        space = replace(space, means=tuple(np.zeros_like(mean) for mean in space.means))
        statements = np.hstack(stated).astype(np.float64)
        statements /= np.linalg.norm(statements, axis=1, keepdims=True)
    vectors = space.rows(slice(None))
    ways = [split_classes(statements, numbers, len(numbers), size=size) for size in steps.sizes]
    first, final = learn_ensemble(statements, ways, vectors)
    return classes.merge(np.exp(ensemble_scores(final if steps.again else first, vectors)))


def nearest_centroid(task: Task, encode: Encode) -> NDArray[np.float64]:
    """Return (n, K) cosines with the mean of each framing's statements: the baseline."""
    centres = np.stack([encode(framing.statements).mean(axis=0) for framing in task.section.declared.values()])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    cosines: NDArray[np.float64] = (encode(task.claims["text"].to_list()) @ centres.T).astype(np.float64)
    return cosines
