"""Which framing each claim takes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from windvane.claims.language import identify_language
from windvane.claims.selection import Encode
from windvane.config.framings import FramingsConfig
from windvane.framings.classes import Classes, list_classes
from windvane.framings.confusion import Confusion, estimate_confusion, soften
from windvane.framings.decisions import NO_DECISION, decide
from windvane.framings.declared import Learnt, learn
from windvane.framings.framing import Framing
from windvane.framings.labels import read_labels
from windvane.framings.undeclared import NOTICEABLE, as_framings, emerging, posteriors_of
from windvane.progress import Progress, silent
from windvane.tables import ASSIGNED, CLAIMS, UNANSWERED, UNASSIGNED

if TYPE_CHECKING:
    from windvane.framings.discovery import Discovery

OF_ONE_LANGUAGE: Final = 0.9
"""The share of the texts that must be in the question's language for them to be read after it by default."""


_LOPSIDED: Final = 2
"""So many times the statements of another class is worth a note."""


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
class _Decided:
    """Decisions on n claims: columns of `posteriors`, or `NO_DECISION`."""

    framings: tuple[Framing, ...]
    posteriors: NDArray[np.float64]
    decisions: NDArray[np.int64]
    probabilities: NDArray[np.float64]


def assign_framings(
    claims: pl.DataFrame,
    section: FramingsConfig,
    *,
    encode: Encode,
    question: str,
    labels: pl.DataFrame | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> Assignment:
    """Assign each claim to a framing, to `unanswered`, or to none.

    With framings declared: claims are centred where the statements lie, language by language; a classifier is learnt
    from the statements and hand labels, then again with the claims that it is surest of; its probabilities are
    calibrated on held-out statements and labels. Groups among the claims that stay unassigned become framings where
    they reach a noticeable share of the answers. With none declared, all framings are discovered. Equal texts are
    decided equally, however often and wherever they appear; the order of the rows makes no difference.

    Parameters
    ----------
    claims
        Table `CLAIMS`.
    section
        The framings and how to assign to them.
    encode
        Turns m texts into (m, d) float32 unit vectors.
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
    if not section.declared:
        return _discover_all(claims, labels, section, encode=encode, seed=seed)
    named = frozenset() if labels is None or "framing" not in labels.columns else frozenset(labels["framing"])
    classes = list_classes(section, named)
    told = read_labels(labels, claims["claim_id"].to_list(), classes.label_values)
    rows = _labelled_rows(claims, told.decisions)
    learnt = _learn_units(
        claims, rows, classes, section, encode=encode, question=question, seed=seed, progress=progress
    )
    decided = _decide(section, classes, learnt.posteriors, rows)
    if section.discover:
        decided = _add_emerging(claims, decided, section, encode=encode, seed=seed)
    grown = len(decided.framings) - len(classes.framings)
    checked = np.insert(np.insert(learnt.checked, [-1] * grown, 0.0, axis=0), [-1] * grown, 0.0, axis=1)
    confusion = soften(
        estimate_confusion(decided.posteriors, decided.decisions, checked),
        len(told.decisions) / max(claims.height, 1),
    )
    return _finish(claims, decided, confusion, (*told.notes, *_remark(classes, decided)))


def _learn_units(
    claims: pl.DataFrame,
    rows: Mapping[int, str],
    classes: Classes,
    section: FramingsConfig,
    *,
    encode: Encode,
    question: str,
    seed: int,
    progress: Progress,
) -> Learnt:
    """Learn on distinct texts, so that neither copies nor the order of the rows matter; one posterior per claim."""
    width = len(classes.framings) + 1
    if claims.is_empty():
        return Learnt(np.zeros((0, width)), np.zeros((width, width)))
    units = claims.select("text", "language").unique().sort("text", "language").with_row_index("unit")
    unit_of = claims.join(units, on=["text", "language"], how="left", maintain_order="left")["unit"].to_numpy()
    positions = {name: classes.position(name) for name in classes.label_values}
    named: dict[int, set[str]] = {}
    for row, name in rows.items():
        if name in positions:
            named.setdefault(int(unit_of[row]), set()).add(name)
    # Equal texts with different labels teach nothing; each still keeps its own label.
    labels = {unit: positions[min(names)] for unit, names in named.items() if len(names) == 1}
    learnt = learn(
        units["text"].to_list(),
        units["language"].to_list(),
        classes,
        labels,
        encode=encode,
        question=question if reads_context(section, question, units["language"]) else None,
        seed=seed,
        progress=progress,
    )
    posteriors = learnt.posteriors
    for unit, position in labels.items():
        posteriors[unit] = _certain(position, width)
    return replace(learnt, posteriors=posteriors[unit_of])


def _labelled_rows(claims: pl.DataFrame, decisions: Mapping[str, str]) -> dict[int, str]:
    """Return what was decided by hand, by row."""
    ids = claims["claim_id"]
    rows = ids.is_in(list(decisions)).arg_true().to_list()
    return {row: decisions[ids[row]] for row in rows}


def reads_context(section: FramingsConfig, question: str, languages: pl.Series) -> bool:
    """Whether texts of these languages are read after the question as well, as configured or by their languages."""
    if section.context is not None:
        return section.context
    return (languages == identify_language(question)).sum() >= OF_ONE_LANGUAGE * len(languages)


def _certain(position: int | None, width: int) -> NDArray[np.float64]:
    row = np.zeros(width)
    row[width - 1 if position is None else min(position, width - 1)] = 1.0
    return row


def _decide(
    section: FramingsConfig, classes: Classes, posteriors: NDArray[np.float64], rows: Mapping[int, str]
) -> _Decided:
    for row, name in rows.items():
        if name != UNASSIGNED:
            posteriors[row] = _certain(classes.position(name), posteriors.shape[1])
    decisions, probabilities = decide(posteriors, min_probability=section.min_probability)
    by_hand = [row for row, name in rows.items() if name == UNASSIGNED]
    decisions[by_hand] = NO_DECISION
    probabilities[by_hand] = posteriors[by_hand, :-1].max(axis=1)
    framings = tuple(
        Framing(name, declared.label or name.replace("_", " "), declared.statements)
        for name, declared in section.declared.items()
    )
    return _Decided(framings, posteriors, decisions, probabilities)


def _add_emerging(
    claims: pl.DataFrame, decided: _Decided, section: FramingsConfig, *, encode: Encode, seed: int
) -> _Decided:
    """Make framings of the groups among unassigned claims that hold a noticeable share of the answers."""
    left = np.flatnonzero(decided.decisions == NO_DECISION)
    answers = int((decided.decisions != decided.posteriors.shape[1] - 1).sum())
    if len(left) < NOTICEABLE * answers or not len(left):
        return decided
    found = _discover(claims[left], section, encode, seed)
    kept = emerging(found, answers)
    declared = len(decided.framings)
    added = [as_framings(found, [framing.name for framing in decided.framings])[group] for group in kept]
    posteriors = np.insert(decided.posteriors, [declared] * len(kept), 0.0, axis=1)
    decisions, probabilities = decided.decisions.copy(), decided.probabilities.copy()
    decisions[decisions == declared] += len(kept)
    for column, group in enumerate(kept.tolist(), start=declared):
        rows = left[found.groups == group]
        sure = found.probability[found.groups == group]
        posteriors[rows] *= (1.0 - sure)[:, None]
        posteriors[rows, column] = sure
        decisions[rows], probabilities[rows] = column, sure
    return _Decided((*decided.framings, *added), posteriors, decisions, probabilities)


def _discover_all(
    claims: pl.DataFrame, labels: pl.DataFrame | None, section: FramingsConfig, *, encode: Encode, seed: int
) -> Assignment:
    found = _discover(claims, section, encode, seed)
    framings = as_framings(found)
    posteriors = posteriors_of(found)
    probabilities = posteriors[:, :-1].max(axis=1, initial=0.0)
    notes = [f"No framing was declared: {len(framings)} were discovered, with a stability of {found.stability:.2f}."]
    if not framings:
        notes = [f"No framing was declared, and none was discovered: {found.note}."]
    if labels is not None:
        notes.append("Hand labels were left out: they need declared framings.")
    return _finish(claims, _Decided(framings, posteriors, found.groups, probabilities), None, tuple(notes))


def _discover(claims: pl.DataFrame, section: FramingsConfig, encode: Encode, seed: int) -> "Discovery":
    from windvane.framings.discovery import discover  # noqa: PLC0415 - a second, and most runs discover nothing

    texts = claims["text"].to_list()
    vectors = encode(texts) if texts else np.zeros((0, 1), dtype=np.float32)
    languages, stories = claims["language"].to_list(), claims["story_id"].to_list()
    return discover(vectors, texts, languages, stories, seed=seed, clustering=section.clustering)


def _remark(classes: Classes, decided: _Decided) -> list[str]:
    notes = []
    if not classes.groups:
        notes.append(
            "There are no unanswered statements, so every claim is taken for an answer; a few statements on the topic "
            "that answer nothing would change that."
        )
    sizes = {name: classes.size(number) for number, name in enumerate((*classes.framings, *classes.groups))}
    few, many = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    if sizes[many] > _LOPSIDED * sizes[few]:
        notes.append(
            f"{many} has {sizes[many]} statements and {few} {sizes[few]}: what is described at more length draws claims "
            "away from the rest; about as many for each serve best."
        )
    lonely = [name for name, size in sizes.items() if size == 1]
    if lonely:
        notes.append(f"One statement alone can't be checked against others: {', '.join(lonely)}; 4 to 10 serve well.")
    notes.extend(
        f"Undeclared: {framing.label} ({framing.name}), a group of claims that no declared framing explains."
        for framing in decided.framings
        if framing.discovered
    )
    return notes


def _finish(claims: pl.DataFrame, decided: _Decided, confusion: Confusion | None, notes: tuple[str, ...]) -> Assignment:
    values = pl.Series([*(framing.name for framing in decided.framings), UNANSWERED, None], dtype=pl.String)
    places = np.where(decided.decisions == NO_DECISION, len(values) - 1, decided.decisions)
    assigned = claims.with_columns(
        framing=values.gather(places),
        probability=pl.Series(decided.probabilities, dtype=pl.Float64),
    )
    return Assignment(ASSIGNED.require(assigned), decided.framings, decided.posteriors, confusion, notes)
