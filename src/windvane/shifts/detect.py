"""The stage: from assigned claims to shifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from windvane.config import ShiftsConfig, TimelineConfig
from windvane.framings.confusion import Confusion
from windvane.progress import Progress, silent
from windvane.shifts.control import Bins, Rounds, adjusted_p, permute
from windvane.shifts.dependence import settled_effect
from windvane.shifts.finding import Candidate, candidates, locate, strength
from windvane.shifts.fragile import fragile_parts
from windvane.shifts.power import detectable
from windvane.shifts.reading import Reading, read_counts
from windvane.shifts.record import Detection, NegativeControl, Shift
from windvane.shifts.sides import Context
from windvane.shifts.split import split_change
from windvane.shifts.stretches import list_stretches
from windvane.tables import ASSIGNED, LEADERS
from windvane.timeline import Counted, count_claims
from windvane.timeline.correction import draw_rates, mean_rates, require_fit

Floats = NDArray[np.float64]

_MOST_DRAWS: Final = 16
_DRAWN_PERIODS: Final = 16 * 100**2


def detect_shifts(
    assigned: pl.DataFrame,
    section: ShiftsConfig,
    *,
    framings: Sequence[str],
    timeline: TimelineConfig,
    confusion: Confusion | None,
    seed: int,
    progress: Progress = silent,
) -> Detection:
    """Find when the leading framing changed, how sure that is and what drove it.

    The counts of a period are multinomial; shares are constant between changes; the posterior over all ways to place
    the changes is summed exactly (Fearnhead 2006). From a period in which framing A leads with probability
    `section.confidence` to a later one in which B does, nobody else certain between, the leader changed. It is a shift
    if the negative control rarely finds one as strong. Everything is done twice: counting claims (*coverage*), and
    counting stories, of which each has one vote in all and whose remaining dependence is measured (*confirmed*).

    Parameters
    ----------
    assigned
        Table ASSIGNED.
    section
        The shift test.
    framings
        Names of the framings, in order. Claims of any other framing count as unassigned.
    timeline
        The periods; `count` has no say here.
    confusion
        What assignment gets wrong; None: nothing, and only claims that take a framing count.
    seed
        For the permutations, the bootstrap and the draws of the confusion: same seed, same result.
    progress
        Told about the rounds of the negative control.

    Raises
    ------
    UserError
        If there are more than 2,000 periods.
    TableError
        If the confusion is not one of these framings.

    """
    require_fit(confusion, len(framings))
    counted = count_claims(assigned, framings=framings, period=timeline.period)
    if not counted.periods or not framings:
        return _nothing(counted, section)
    weighed = counted.keep(counted.answering) if confusion is None else counted
    votes = weighed.votes()
    effect = settled_effect(votes[:, : len(framings)])
    rates = None if confusion is None else _draw(confusion, len(counted.periods), seed)
    coverage = read_counts(weighed.claims(), rates, tie=section.tie)
    confirmed = read_counts(votes / effect, rates, tie=section.tie)
    bins = Bins.of(len(counted.periods), None if confusion is None else mean_rates(confusion))
    rounds = permute(weighed, bins, rounds=section.permutations, seed=seed, progress=progress)
    languages = ASSIGNED.require(assigned).sort("published", "claim_id")["language"]
    context = Context(counted, languages, votes / effect, confusion, timeline.period)
    judge = _Judge(
        context=context,
        weighed=weighed,
        coverage=coverage,
        confirmed=confirmed,
        bins=bins,
        binned_claims=bins.by_claims(weighed),
        binned_stories=bins.by_stories(weighed),
        rounds=rounds,
        section=section,
        seed=seed,
    )
    found = candidates(coverage.lead, confidence=section.confidence, min_periods=section.min_periods)
    told = [judge.shift(candidate) for candidate in found]
    sure = [shift for shift in told if shift.adjusted_p <= section.false_alarm_rate]
    power = nan
    if not sure:
        power = detectable(
            bins.claims(weighed),
            bins.rates,
            confidence=section.confidence,
            min_periods=max(1, section.min_periods // bins.width),
            seed=seed,
        )
    return Detection(
        shifts=tuple(shift for shift in sure if not shift.brief),
        brief_leads=tuple(shift for shift in sure if shift.brief),
        rejected=tuple(shift for shift in told if shift.adjusted_p > section.false_alarm_rate),
        stretches=list_stretches(context, coverage, found, section),
        leaders=_leaders(counted, coverage.lead, confirmed.lead),
        change=_change(counted, coverage.change, confirmed.change),
        control=_control(section, rounds, -(-len(counted.periods) // bins.width)),
        design_effect=effect,
        power=power,
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    """Turns candidates into shifts."""

    context: Context
    weighed: Counted
    coverage: Reading
    confirmed: Reading
    bins: Bins
    binned_claims: Floats
    binned_stories: Floats
    rounds: Rounds
    section: ShiftsConfig
    seed: int

    def shift(self, candidate: Candidate) -> Shift:
        """Tell all about one change of leader."""
        counted, old, new = self.context.counted, candidate.old, candidate.new
        probability, _ = self._holds(self.coverage, candidate)
        story_probability, story_strength = self._holds(self.confirmed, candidate)
        adjusted, story_adjusted = self._adjusted(candidate)
        confirmed = story_strength >= self.section.confidence and story_adjusted <= self.section.false_alarm_rate
        # Copies blur the date; where independent stories carry the shift they tell it better.
        date, interval = locate(self.confirmed if confirmed else self.coverage, candidate)
        early, late = self.context.between(old.first, date - 1), self.context.between(date, new.last)
        gained = late & (counted.decision == new.leader)
        split, kind = split_change(counted, (early, late), (old.leader, new.leader), seed=self.seed)
        outlets, stories = fragile_parts(self.weighed, self.bins, candidate, date, confidence=self.section.confidence)
        return Shift(
            old=counted.framings[old.leader],
            new=counted.framings[new.leader],
            date=counted.periods[date],
            earliest=counted.periods[old.last],
            latest=counted.periods[new.first],
            interval=(counted.periods[interval[0]], counted.periods[interval[1]]),
            probability=probability,
            story_probability=story_probability,
            adjusted_p=adjusted,
            story_adjusted_p=story_adjusted,
            grade="confirmed" if confirmed else "coverage",
            kind=kind,
            brief=candidate.brief,
            claims=int(gained.sum()),
            stories=len(np.unique(counted.story[gained])),
            outlets=len(np.unique(counted.outlet[gained & (counted.outlet >= 0)])),
            languages=tuple(sorted(set(self.context.languages.filter(pl.Series(gained)).to_list()))),
            largest_story=self.context.largest_story(gained),
            lead=self.context.lead(date, new.last, new.leader),
            before=self.context.side(old.first, date - 1, old.leader, new.leader),
            after=self.context.side(date, new.last, old.leader, new.leader),
            split=split,
            fragile_outlets=outlets,
            fragile_stories=stories,
            first_claims=self.context.first_claims(new.leader),
        )

    def _holds(self, reading: Reading, candidate: Candidate) -> tuple[float, float]:
        """Joint probability of the surest pair of periods, and how sure the less sure of the two is."""
        old, new = candidate.old.leader, candidate.new.leader
        sure, s, t = strength(reading.lead, old, new, candidate.before, candidate.after)
        return reading.joint((s, old), (t, new)), sure

    def _adjusted(self, candidate: Candidate) -> tuple[float, float]:
        by_claims = self.bins.strength(self.binned_claims, candidate)
        by_stories = self.bins.strength(self.binned_stories, candidate)
        return adjusted_p(self.rounds.coverage, by_claims), adjusted_p(self.rounds.confirmed, by_stories)


def _draw(confusion: Confusion, periods: int, seed: int) -> tuple[Floats, ...]:
    """Draws of the rates: fewer where a series is long, since each costs the square of its length."""
    number = int(np.clip(_DRAWN_PERIODS // periods**2, 1, _MOST_DRAWS))
    if number == 1:
        return (mean_rates(confusion),)
    return tuple(draw_rates(confusion, number, np.random.default_rng(seed)))


def _control(section: ShiftsConfig, rounds: Rounds, bins: int) -> NegativeControl:
    alarms = {
        name: int((getattr(rounds, name) >= section.confidence).sum()) for name in ("coverage", "copies", "confirmed")
    }
    return NegativeControl(rounds=len(rounds.coverage), bound=section.false_alarm_rate, periods=bins, **alarms)


def _leaders(counted: Counted, coverage: Floats, confirmed: Floats) -> pl.DataFrame:
    framings = len(counted.framings)
    return LEADERS.require(
        pl.DataFrame(
            {
                "period": [start for start in counted.periods for _ in range(framings)],
                "framing": list(counted.framings) * len(counted.periods),
                "coverage": coverage.ravel(),
                "confirmed": confirmed.ravel(),
            },
            schema=LEADERS.schema,
        )
    )


def _change(counted: Counted, coverage: Floats, confirmed: Floats) -> pl.DataFrame:
    schema = {"period": LEADERS.schema["period"], "coverage": pl.Float64(), "confirmed": pl.Float64()}
    return pl.DataFrame({"period": list(counted.periods), "coverage": coverage, "confirmed": confirmed}, schema=schema)


def _nothing(counted: Counted, section: ShiftsConfig) -> Detection:
    """Tell of a corpus without claims or without framings."""
    empty = np.zeros(0)
    zero = np.zeros(len(counted.periods))
    return Detection(
        shifts=(),
        brief_leads=(),
        rejected=(),
        stretches=(),
        leaders=LEADERS.empty(),
        change=_change(counted, zero, zero),
        control=_control(section, Rounds(empty, empty, empty), len(counted.periods)),
        design_effect=1.0,
    )
