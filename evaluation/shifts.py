"""Shifts: how often they are false, missed, misdated; whether grade and kind are what was planted."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import altair as alt
import numpy as np
import polars as pl

from evaluation.data import DATA
from windvane.config import Period, ShiftsConfig, TimelineConfig
from windvane.evaluate import shifts as judge
from windvane.framings.confusion import Confusion
from windvane.samples import planted as generator
from windvane.shifts import Detection, detect_shifts
from windvane.tables import ASSIGNED, UNANSWERED
from windvane.timeline import count_claims

HERE: Final = Path(__file__).resolve().parent
NULL_SERIES: Final = DATA / "ecosent_nl"
"""Dutch economic headlines with hand labels, which the package does not carry."""
SAMPLE: Final = HERE.parent / "src" / "windvane" / "samples" / "data" / "nk_deployment"

SWAP: Final = ((0.65, 0.35), (0.35, 0.65))
TEST: Final = ShiftsConfig(permutations=19)
"""The fewest rounds that 5 % allows: the size of the test is the same, a stream costs a fifth."""

VOLUMES: Final = (5, 10, 20, 50, 100, 200)
LENGTHS: Final = (12, 24, 50, 100, 200)
TAILS: Final = (None, None, 2.5, 2.0, 1.5)
COURSES: Final = (((0.5, 0.5),), ((0.55, 0.45),), ((0.65, 0.35),), ((0.4, 0.4, 0.2),))

Options = Mapping[str, object]
Case = tuple[int, Options]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the shift test said of one stream; `kinds` are those of the shifts that were planted."""

    any: judge.Match
    confirmed: judge.Match
    kinds: tuple[str, ...]
    grades: tuple[str, ...]


def section(scale: float = 1.0) -> str:
    """Return the Markdown of this section; `scale` below 1 plants fewer streams."""
    parts = [
        "## Shifts",
        "Planted streams; every number with its count of streams n and, where it is a rate of errors, the one-sided 95 % Clopper-Pearson bound. Stream i has seed i.",
        *_no_change(scale),
        *_dutch(),
        *_change(scale),
        *_curves(scale),
        *_kinds(scale),
        *_misread(scale),
        *_sample(),
    ]
    return "\n\n".join(parts) + "\n"


def _run(case: Case) -> Outcome:
    seed, options = case
    stream = dict(options)
    labels = stream.pop("labels", None)
    made = generator.planted(seed=seed, **stream)  # type: ignore[arg-type]  # options are written in this file
    confusion = None if labels is None else _estimate(made, int(str(labels)), seed)
    found = detect_shifts(
        made.assigned, TEST, framings=made.framings, timeline=TimelineConfig(), confusion=confusion, seed=seed
    )
    return _judge(found, made)


def _judge(found: Detection, made: generator.Planted) -> Outcome:
    periods = count_claims(made.assigned, framings=made.framings, period="week").periods
    # A stream may begin with an empty week: the calendar of what was found starts later than the one of the truth.
    late = (periods[0] - generator.START).days // 7
    true = [judge.Event(one.old, one.new, one.period - late) for one in judge.true_events(made.shifts)]
    events = judge.found_events(found.shifts, periods)
    grades = tuple(shift.grade for shift in found.shifts)
    sure = [event for event, grade in zip(events, grades, strict=True) if grade == "confirmed"]
    tolerance = max(2, len(made.shares) // 6)
    matched = judge.match(events, true, tolerance=tolerance)
    right = [event for event, _ in matched.pairs]
    return Outcome(
        matched,
        judge.match(sure, true, tolerance=tolerance),
        tuple(shift.kind for shift, event in zip(found.shifts, events, strict=True) if event in right),
        grades,
    )


def _estimate(made: generator.Planted, labels: int, seed: int) -> Confusion:
    """Estimate the confusion from `labels` claims of each class, as an analyst would."""
    rng = np.random.default_rng([seed, 1])
    return Confusion(np.array([rng.multinomial(labels, rates) for rates in made.rates]) + 0.5)


def _all(cases: Sequence[Case]) -> list[Outcome]:
    return list(_pool().map(_run, cases, chunksize=1))


@cache
def _pool() -> ProcessPoolExecutor:
    """Two workers, started once: each loads the package anew."""
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


def _times(number: int, scale: float) -> range:
    return range(max(4, round(number * scale)))


def _no_change(scale: float) -> list[str]:
    cases = [(seed, _null(seed)) for seed in _times(1000, scale)]
    outcomes = _all(cases)
    rows = []
    for name, chosen in {
        "independent claims": [n for n, (_, case) in enumerate(cases) if case["tail"] is None],
        "copies, Zipf 2.5": [n for n, (_, case) in enumerate(cases) if case["tail"] == 2.5],  # noqa: PLR2004 - the grid
        "copies, Zipf 2.0": [n for n, (_, case) in enumerate(cases) if case["tail"] == 2.0],  # noqa: PLR2004 - the grid
        "copies, Zipf 1.5": [n for n, (_, case) in enumerate(cases) if case["tail"] == 1.5],  # noqa: PLR2004 - the grid
        "exact ties": [n for n, (_, case) in enumerate(cases) if case["shares"] in (COURSES[0], COURSES[3])],
        "all": list(range(len(cases))),
    }.items():
        coverage = sum(bool(outcomes[n].any.false) for n in chosen)
        confirmed = sum(bool(outcomes[n].confirmed.false) for n in chosen)
        rows.append((name, len(chosen), *_rate(coverage, len(chosen)), *_rate(confirmed, len(chosen))))
    return [
        "### No change planted",
        "Volumes 5-200 claims a week, 12-200 weeks, two or three framings at .5/.5, .55/.45, .65/.35, .4/.4/.2, outlets that drift in volume (standard deviation 0, 0.1 or 0.3 a week), copies that follow for weeks. Asked for: confirmed shifts in at most 5 % of all streams, any shift in at most 5 % of those with independent claims. Copies do move the lead in what was published: that is what *coverage* says.",
        _table(("streams", "n", "any shift", "bound", "confirmed", "bound"), rows),
    ]


def _null(seed: int) -> Options:
    rng = np.random.default_rng([seed, 2])
    periods = int(rng.choice(LENGTHS))
    volume = float(rng.choice([one for one in VOLUMES if one * periods <= 10_000]))  # noqa: PLR2004 - a stream in memory
    tail = TAILS[int(rng.integers(len(TAILS)))]
    return {
        "periods": periods,
        "volume": volume,
        "tail": tail,
        "follow_up": 0.0 if tail is None else float(rng.choice([0.0, 2.0])),
        "shares": COURSES[int(rng.integers(len(COURSES)))],
        "outlets": int(rng.choice([4, 12, 40])),
        "drift": float(rng.choice([0.0, 0.1, 0.3])),
    }


def _dutch() -> list[str]:
    title = "### No change known: Dutch economic headlines, hand labels"
    if not NULL_SERIES.exists():
        return [title, f"Not run: {NULL_SERIES.name} is not there."]
    rows = []
    claims = _dutch_claims()
    periods: tuple[Period, ...] = ("week", "day")
    for period in periods:
        found = detect_shifts(
            claims,
            ShiftsConfig(),
            framings=("negative", "neutral", "positive"),
            timeline=TimelineConfig(period=period),
            confusion=None,
            seed=0,
        )
        control = found.control
        alarms = f"{control.coverage} / {control.confirmed} of {control.rounds}"
        rows.append((period, found.change.height, len(found.shifts), len(found.rejected), alarms))
    return [
        title,
        f"{claims.height:,} headlines of February to July 2015. Asked for: none.",
        _table(("period", "periods", "shifts", "rejected by the control", "control alarms (claims / stories)"), rows),
    ]


def _dutch_claims() -> pl.DataFrame:
    records = [json.loads(line) for line in (NULL_SERIES / "documents.jsonl").read_text("utf-8").splitlines()]
    lines = (NULL_SERIES / "labels.jsonl").read_text("utf-8").splitlines()
    labels = {one["id"]: one["label"] for one in map(json.loads, lines)}
    return _assigned(
        [(one["id"], one["published"], one["outlet"], "nl", one["id"], labels[one["id"]]) for one in records]
    )


def _assigned(rows: Sequence[tuple[str, str, str | None, str, str, str]]) -> pl.DataFrame:
    columns = ("claim_id", "published", "outlet", "language", "story_id", "framing")
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        published=pl.col("published").str.slice(0, 10).str.to_datetime("%Y-%m-%d", time_unit="us", time_zone="UTC"),
        doc_id=pl.col("claim_id"),
        url=pl.lit(None, pl.String),
        text=pl.lit("not needed"),
        start=pl.lit(0, pl.Int64),
        end=pl.lit(10, pl.Int64),
        probability=pl.lit(1.0),
    )
    return ASSIGNED.require(frame)


def _change(scale: float) -> list[str]:
    rows = []
    for name, stream in {
        "independent claims": {},
        "30 claims of 15 stories (Zipf 2.5)": {"tail": 2.5},
        "likewise, over weeks": {"tail": 2.5, "follow_up": 1.0},
    }.items():
        cases: list[Case] = []
        for seed in _times(200, scale):
            rng = np.random.default_rng([seed, 3])
            periods = int(rng.choice([24, 36, 52]))
            when = int(rng.integers(periods // 4, 3 * periods // 4))
            cases.append((seed, {"periods": periods, "changes": (when,), "shares": SWAP, **stream}))
        outcomes = _all(cases)
        for grade, matches in {
            "any": [one.any for one in outcomes],
            "confirmed": [one.confirmed for one in outcomes],
        }.items():
            rows.append((name, grade, len(matches), *_scores(matches)))
    return [
        "### A change planted: .65/.35 to .35/.65, 30 claims a week",
        "Asked for: recall at least 0.95, median date error 0, mean at most 1, intervals that hold the truth in 93-97 %. A date is a whole week: an interval can't hold exactly 95 % of the probability, and where one week holds 90 % and two hold 99 % it is the nearer one. `any` counts a coverage shift that copies made as false.",
        _table(
            ("streams", "shifts", "n", "recall", "precision", "median error", "mean error", "interval holds", "delay"),
            rows,
        ),
    ]


def _scores(matches: Sequence[judge.Match]) -> tuple[float, ...]:
    return (
        judge.recall(matches),
        judge.precision(matches),
        judge.median_date_error(matches),
        judge.mean_date_error(matches),
        judge.interval_coverage(matches),
        judge.mean_delay(matches),
    )


def _curves(scale: float) -> list[str]:
    rows = []
    for lead in (0.1, 0.2, 0.3, 0.5):
        course = ((0.5 + lead / 2, 0.5 - lead / 2), (0.5 - lead / 2, 0.5 + lead / 2))
        for volume in (5, 10, 20, 50, 100):
            stream: Options = {"shares": course, "volume": float(volume), "changes": (12,)}
            outcomes = _all([(seed, stream) for seed in _times(25, scale)])
            matches = [one.any for one in outcomes]
            rows.append((lead, volume, len(matches), judge.recall(matches), judge.mean_delay(matches)))
    frame = pl.DataFrame(rows, schema=("lead", "volume", "n", "recall", "delay"), orient="row")
    _draw(frame, "recall", "shifts_recall.svg", "share of shifts found")
    _draw(frame, "delay", "shifts_delay.svg", "weeks until the new leader is certain")
    return [
        "### Recall and delay against volume and lead",
        "24 weeks, the lead passes in week 13 from +lead to -lead; claims a week. Curves: `shifts_recall.svg`, `shifts_delay.svg`.",
        _table(("lead", "claims a week", "n", "recall", "delay"), rows),
    ]


def _draw(frame: pl.DataFrame, column: str, name: str, title: str, *, over: str = "volume") -> None:
    chart = alt.Chart(alt.InlineData(values=frame.fill_nan(None).to_dicts()))
    chart.mark_line(point=True).encode(
        x=alt.X(f"{over}:Q", title={"volume": "claims a week", "misread": "claims misread"}[over]),
        y=alt.Y(f"{column}:Q", title=title),
        color=alt.Color("lead:O", title="lead"),
    ).properties(width=420, height=260).save(HERE / name)


def _kinds(scale: float) -> list[str]:
    rows = []
    for by in ("composition", "conversion"):
        for tail in (None, 2.5):
            stream: Options = {"shares": SWAP, "changes": (12,), "by": by, "tail": tail, "volume": 60.0}
            outcomes = [one for one in _all([(seed, stream) for seed in _times(100, scale)]) if one.any.pairs]
            named = sum(all(kind == by for kind in one.kinds) for one in outcomes)
            copies = "independent claims" if tail is None else "copies, Zipf 2.5"
            rows.append(
                (
                    by,
                    copies,
                    len(outcomes),
                    named / max(1, len(outcomes)),
                    judge.upper_bound(len(outcomes) - named, len(outcomes)),
                )
            )
    return [
        "### Conversion or composition",
        "12 outlets, 60 claims a week. Composition: every outlet keeps its one answer, volumes change; conversion: every outlet changes its answer. n counts the streams with a shift found. Asked for: at least 0.95 named right.",
        _table(("planted", "streams", "n", "named right", "bound of the wrong"), rows),
    ]


def _misread(scale: float) -> list[str]:
    ties: tuple[tuple[str, Options], ...] = (
        ("null, .5/.5", {"shares": ((0.5, 0.5),)}),
        ("null, .65/.35", {"shares": ((0.65, 0.35),)}),
        ("null, .65/.35, copies", {"shares": ((0.65, 0.35),), "tail": 2.0}),
    )
    nulls = []
    for name, stream in ties:
        cases: list[Case] = [
            (seed, {"misread": 0.25, "labels": 40, "unanswered": 0.3, **stream}) for seed in _times(60, scale)
        ]
        outcomes = _all(cases)
        alarms = [sum(bool(getattr(one, part).false) for one in outcomes) for part in ("any", "confirmed")]
        nulls.append((name, len(outcomes), *_rate(alarms[0], len(outcomes)), *_rate(alarms[1], len(outcomes))))
    rows = []
    for lead in (0.3, 0.6):
        course = ((0.5 + lead / 2, 0.5 - lead / 2), (0.5 - lead / 2, 0.5 + lead / 2))
        for misread in (0.0, 0.1, 0.2, 0.25, 0.3, 0.4):
            changed: Options = {
                "shares": course,
                "changes": (12,),
                "misread": misread,
                "labels": 40,
                "volume": 43.0,
                "unanswered": 0.3,
            }
            matches = [one.any for one in _all([(seed, changed) for seed in _times(15, scale)])]
            rows.append((lead, misread, len(matches), judge.recall(matches), judge.precision(matches)))
    frame = pl.DataFrame(rows, schema=("lead", "misread", "n", "recall", "precision"), orient="row")
    _draw(frame, "recall", "shifts_misread.svg", "share of shifts found", over="misread")
    return [
        "### Claims misread",
        "Each claim is taken for another class with probability 0.25; the confusion is estimated from 40 labels a class. Asked for: at most 5 % false alarms.",
        _table(("streams", "n", "any shift", "bound", "confirmed", "bound"), nulls),
        "Recall as misreading grows (43 claims a week, 30 % unanswered; `shifts_misread.svg`):",
        _table(("lead", "misread", "n", "recall", "precision"), rows),
    ]


def _sample() -> list[str]:
    labels = dict(pl.read_csv(SAMPLE / "labels.csv").select("claim_id", "framing").iter_rows())
    records = [json.loads(line) for line in (SAMPLE / "claims.jsonl").read_text("utf-8").splitlines()]
    ids = [record["doc_id"] for record in records]
    seen: dict[str, int] = {}
    rows = []
    for record in records:
        name = record["doc_id"]
        seen[name] = seen.get(name, 0) + 1
        claim_id = name if ids.count(name) == 1 else f"{name}-{seen[name]}"
        label = labels[claim_id]
        framing = UNANSWERED if label in {"denied", "none"} else label
        origin = record["origin_story"]
        rows.append((claim_id, record["published"], record["outlet"], record["language"], origin, framing))
    told: list[tuple[object, ...]] = []
    periods: tuple[Period, ...] = ("week", "fortnight")
    for period in periods:
        found = detect_shifts(
            _assigned(rows),
            ShiftsConfig(),
            framings=("moscow_requested", "pyongyang_offered", "mutual"),
            timeline=TimelineConfig(period=period),
            confusion=None,
            seed=0,
        )
        for shift in found.shifts:
            span = f"{shift.earliest:%Y-%m-%d} to {shift.latest:%Y-%m-%d}"
            largest = f"{shift.largest_story.claims} of {shift.claims}"
            rivals = f"{shift.after.new.stories} of {shift.after.stories}"
            told.append(
                (
                    period,
                    f"{shift.old} to {shift.new}",
                    span,
                    shift.grade,
                    shift.kind,
                    shift.probability,
                    shift.story_probability,
                    largest,
                    rivals,
                )
            )
        told.append(
            (
                period,
                "control alarms",
                f"claims {found.control.coverage}, copies {found.control.copies}, stories {found.control.confirmed} of {found.control.rounds}",
                "",
                "",
                "",
                "",
                "",
                "",
            )
        )
    carried = _run((0, {"periods": 30, "changes": (15,), "shares": ((0.9, 0.1), (0.1, 0.9)), "volume": 5.0}))
    return [
        "### The sample with its hand labels",
        "Expected: M to J, J to P, P to J, all by coverage, none confirmed.",
        _table(
            (
                "period",
                "shift",
                "between",
                "grade",
                "kind",
                "P by claims",
                "P by stories",
                "largest story",
                "stories after",
            ),
            told,
        ),
        f"The same size of lead carried by separate stories (planted, 5 claims a week, .9/.1 to .1/.9): {', '.join(carried.grades) or 'none'}.",
    ]


def _rate(hits: int, runs: int) -> tuple[float, float]:
    return (hits / runs if runs else float("nan")), judge.upper_bound(hits, runs)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(one) for one in row) + " |" for row in cells)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "undefined" if np.isnan(value) else f"{value:.3f}"
    return str(value)


if __name__ == "__main__":
    print(section())
