"""Streams of real arguments with a planted change, read by the method itself."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing import get_context
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from platformdirs import user_cache_path
from threadpoolctl import threadpool_limits

from evaluation.assignment_tasks import PER_FRAMING, ROOT, make_claims, topics
from evaluation.data import DATA
from windvane.config import EncoderConfig, FramingsConfig, ShiftsConfig, TimelineConfig
from windvane.embeddings import load_encoder
from windvane.evaluate import shifts as judge
from windvane.framings import Assignment, Confusion, assign_framings
from windvane.shifts import detect_shifts
from windvane.tables import UNANSWERED
from windvane.timeline import count_claims

FRAMINGS: Final = ("old", "new")
START: Final = datetime(2024, 1, 1, tzinfo=UTC)
"""A Monday."""
WEEKS: Final = 24
CHANGE: Final = 12
TOLERANCE: Final = 4
SILENT: Final = 0.2
"""The share of a stream's claims that answer nothing."""

VOLUMES: Final = (10, 20, 40, 80)
STRENGTHS: Final = (0.6, 0.7, 0.8, 0.9)
WANTED: Final = (40, 0.7)
PER_CELL: Final = 8
IN_WANTED: Final = 80
NULLS: Final = 200

FEWEST: Final = 12
"""Arguments that a key point must have beyond its statements to be a framing; where two have not, the two largest."""
_OTHERS: Final = 4
_LEAST: Final = 8
TEST: Final = ShiftsConfig(permutations=19)
"""The fewest rounds that 5 % allows: the size of the test is the same, a stream costs a fifth."""

READINGS: Final = (
    "as a run does: estimated confusion",
    "true confusion (can't be had)",
    "decisions taken for true (no confusion)",
    "true labels",
)
Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Case:
    """A stream to draw: arguments that answer a week, the old leader's share before (and the new one's after)."""

    seed: int
    volume: int
    strength: float
    change: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found in a stream.

    Attributes
    ----------
    matches
        One per reading in `READINGS`.
    accuracy
        Balanced accuracy of the decisions over the two framings and `unanswered`; unassigned is wrong.
    expected
        What the estimated confusion says it is.

    """

    case: Case
    topic: str
    matches: tuple[judge.Match, ...]
    accuracy: float
    expected: float


@dataclass(frozen=True, slots=True)
class Stream:
    """Claims with their true framing, and the framings with their statements."""

    topic: str
    claims: pl.DataFrame
    true: tuple[str, ...]
    section: FramingsConfig


def section() -> str:
    """Return the Markdown of this section."""
    title = "## Streams of real arguments"
    if not (DATA / "argkp").exists():
        return f"{title}\n\nNot measured: ArgKP is not there.\n"
    _warm()
    cells = [(volume, strength) for volume in VOLUMES for strength in STRENGTHS]
    changed = [cell for cell in cells for _ in range(IN_WANTED if cell == WANTED else PER_CELL)]
    still = [cells[number % len(cells)] for number in range(NULLS)]
    cases = [Case(number, *cell, change=True) for number, cell in enumerate(changed)]
    cases += [Case(len(changed) + number, *cell, change=False) for number, cell in enumerate(still)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        outcomes = list(pool.map(run, cases, chunksize=4))
    found = [one for one in outcomes if one.case.change]
    wanted = [one for one in found if (one.case.volume, one.case.strength) == WANTED]
    quiet = [one for one in outcomes if not one.case.change]
    parts = [title, _head(len(found), len(quiet)), _answer(wanted, quiet), _grid(found), _lost(wanted, quiet)]
    return "\n\n".join([*parts, _by_accuracy(wanted)]) + "\n"


def draw(case: Case) -> Stream:
    """Draw the two key points, the others, four statements of each, and a stream of what is left.

    Few arguments are left, so they are drawn with replacement; each time one is a claim and a story of its own.
    """
    rng = np.random.default_rng([case.seed, 4])
    several = list(topics())
    topic = several[case.seed % len(several)]
    own = _own(topic)
    sizes = {point: len(texts) for point, texts in own.items()}
    large = [point for point, size in sizes.items() if size >= FEWEST + PER_FRAMING]
    if len(large) < len(FRAMINGS):
        large = sorted(sizes, key=lambda point: (-sizes[point], point))[: len(FRAMINGS)]
    pair = rng.choice(large, 2, replace=False).tolist()
    rest = [point for point in own if point not in pair]
    others = rng.choice(rest, min(_OTHERS, len(rest)), replace=False).tolist()
    names = [*FRAMINGS, *(f"other_{number}" for number in range(len(others)))]
    texts = {name: rng.permutation(own[point]).tolist() for name, point in zip(names, [*pair, *others], strict=True)}
    statements = {name: tuple(several[:PER_FRAMING]) for name, several in texts.items()}
    left = {name: tuple(several[PER_FRAMING:]) for name, several in texts.items()}
    section = FramingsConfig.model_validate(
        {
            "declared": {name: {"statements": statements[name]} for name in FRAMINGS},
            "unanswered": {name: statements[name] for name in names[2:]},
            "discover": False,
        }
    )
    drawn, dates, true = _fill(case, left, rng)
    ids = [f"c{number:05}" for number in range(len(drawn))]
    return Stream(topic, make_claims(ids, drawn, dates, "en"), tuple(true), section)


def _own(topic: str) -> dict[str, list[str]]:
    """Distinct arguments by key point, of those with exactly one; key points that have eight."""
    own: dict[str, set[str]] = defaultdict(set)
    for row in topics()[topic]:
        if len(row["key_points"]) == 1:
            own[row["key_points"][0]].add(row["text"])
    return {point: sorted(texts) for point, texts in sorted(own.items()) if len(texts) >= _LEAST}


def _fill(
    case: Case, left: dict[str, tuple[str, ...]], rng: np.random.Generator
) -> tuple[list[str], list[datetime], list[str]]:
    """Texts in order of time, when each was published, and its true framing."""
    others = [text for name, texts in left.items() if name not in FRAMINGS for text in texts]
    rows = []
    for week in range(WEEKS):
        ahead = case.strength if not case.change or week < CHANGE else 1 - case.strength
        names = rng.choice(FRAMINGS, rng.poisson(case.volume), p=(ahead, 1 - ahead)).tolist()
        names += [UNANSWERED] * int(rng.poisson(case.volume * SILENT / (1 - SILENT)))
        for name in names:
            date = START + timedelta(weeks=week, minutes=int(rng.integers(7 * 24 * 60)))
            rows.append((date, str(rng.choice(left.get(name, others))), name))
    rows.sort()
    return [text for _, text, _ in rows], [date for date, _, _ in rows], [name for _, _, name in rows]


@cache
def _encode() -> Encode:
    return load_encoder(EncoderConfig(), base=ROOT, cache_dir=user_cache_path("windvane")).encode


def _warm() -> None:
    """Embed everything once, so that the workers find it."""
    for topic in topics():
        texts = [text for several in _own(topic).values() for text in several]
        _encode()([*texts, *(f"{topic} {text}" for text in texts)])


def run(case: Case) -> Outcome:
    """Read a stream as a run does, and as one would who knew more."""
    stream = draw(case)
    with threadpool_limits(limits=1, user_api="blas"):
        found = assign_framings(stream.claims, stream.section, encode=_encode(), question=stream.topic)
        truth = true_confusion(found, stream.true)
        labelled = found.claims.with_columns(framing=pl.Series(stream.true))
        full = (case.volume, case.strength) == WANTED or not case.change
        readings = [(found.claims, found.confusion), (found.claims, truth), (found.claims, None), (labelled, None)]
        matches = tuple(_match(case, *reading) for reading in readings[: len(READINGS) if full else 1])
    expected = np.zeros(0) if found.confusion is None else np.diag(found.confusion.rates)
    return Outcome(case, stream.topic, matches, float(np.diag(truth.rates).mean()), float(expected.mean()))


def true_confusion(found: Assignment, true: Sequence[str]) -> Confusion:
    """Count the decisions by the true class; half a claim more in each cell, lest one be impossible."""
    names: list[str | None] = [*FRAMINGS, UNANSWERED, None]
    counts = np.full((len(names) - 1, len(names)), 0.5)
    for name, decision in zip(true, found.claims["framing"].to_list(), strict=True):
        counts[names.index(name), names.index(decision)] += 1
    return Confusion(counts)


def _match(case: Case, claims: pl.DataFrame, confusion: Confusion | None) -> judge.Match:
    found = detect_shifts(
        claims, TEST, framings=FRAMINGS, timeline=TimelineConfig(period="week"), confusion=confusion, seed=case.seed
    )
    periods = count_claims(claims, framings=FRAMINGS, period="week").periods
    late = (periods[0] - START).days // 7
    true = [judge.Event("old", "new", CHANGE - late)] if case.change else []
    return judge.match(judge.found_events(found.shifts, periods), true, tolerance=TOLERANCE)


def _head(changed: int, still: int) -> str:
    return (
        f"ArgKP: in each stream two key points of one topic are the framings, with {PER_FRAMING} arguments each as statements; "
        f"up to {_OTHERS} other key points are groups of unanswered statements, and a fifth of the claims come from them. "
        "What is left of a key point's arguments (from a handful to some tens) is drawn with replacement, each time a claim and "
        f"a story of its own: so a stream's misreadings come from few texts, and repeat. {WEEKS} weeks; in {changed} streams the two "
        f"shares change places in week {CHANGE + 1}, in {still} nothing changes. Claims are read and shifts tested as in a run, with "
        f"{TEST.permutations} rounds of the control. A found shift is right within {TOLERANCE} weeks. Bounds are one-sided, 95 %, "
        "Clopper-Pearson."
    )


def _answer(wanted: list[Outcome], quiet: list[Outcome]) -> str:
    hits = sum(bool(one.matches[0].pairs) for one in wanted)
    alarms = sum(bool(one.matches[0].false) for one in quiet)
    low = 1 - judge.upper_bound(len(wanted) - hits, len(wanted))
    high = judge.upper_bound(alarms, len(quiet))
    volume, ahead = WANTED
    change = f"{ahead:g}/{1 - ahead:.1g} to {1 - ahead:.1g}/{ahead:g}"
    return f"""| measure | n | value | bound | wanted |
|---|---|---|---|---|
| recall, {volume} answers a week, {change} | {len(wanted)} | {hits / len(wanted):.3f} | at least {low:.3f} | 0.80 |
| a shift found where nothing changes | {len(quiet)} | {alarms / len(quiet):.3f} | at most {high:.3f} | 0.05 |"""


def _grid(found: list[Outcome]) -> str:
    lines = [
        f"**Recall by volume and strength** ({PER_CELL} streams each, {IN_WANTED} at {WANTED[0]} and {WANTED[1]:g})",
        "",
        "| answers a week | " + " | ".join(f"{strength:g}" for strength in STRENGTHS) + " |",
        "|---|" + "---|" * len(STRENGTHS),
    ]
    for volume in VOLUMES:
        cells = [
            judge.recall(
                [one.matches[0] for one in found if (one.case.volume, one.case.strength) == (volume, strength)]
            )
            for strength in STRENGTHS
        ]
        lines.append(f"| {volume} | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |")
    return "\n".join(lines)


def _lost(wanted: list[Outcome], quiet: list[Outcome]) -> str:
    lines = [
        f"**Where recall is lost** ({WANTED[0]} answers a week, {WANTED[1]:g}), and what it costs in false alarms",
        "",
        "| the shift test is given | recall | other shifts, per stream | false alarms without a change |",
        "|---|---|---|---|",
    ]
    for place, reading in enumerate(READINGS):
        matches = [one.matches[place] for one in wanted]
        false = np.mean([len(match.false) for match in matches])
        alarms = judge.false_alarm_rate([one.matches[place] for one in quiet])
        lines.append(f"| {reading} | {judge.recall(matches):.3f} | {false:.3f} | {alarms:.3f} |")
    return "\n".join(lines)


def _by_accuracy(wanted: list[Outcome]) -> str:
    """Recall by how well the topic's two framings are told apart."""
    ordered = sorted(wanted, key=lambda one: one.accuracy)
    lines = [
        "By the true balanced accuracy of a stream's decisions (two framings and unanswered), in fifths:",
        "",
        "| accuracy | estimated | recall, as a run does | " + " | ".join(READINGS[1:3]) + " |",
        "|---|---|---|---|---|",
    ]
    for part in np.array_split(np.arange(len(ordered)), 5):
        few = [ordered[place] for place in part.tolist()]
        cells = " | ".join(f"{judge.recall([one.matches[place] for one in few]):.2f}" for place in range(3))
        accuracy, expected = np.mean([(one.accuracy, one.expected) for one in few], axis=0)
        lines.append(f"| {accuracy:.2f} | {expected:.2f} | {cells} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(section())
