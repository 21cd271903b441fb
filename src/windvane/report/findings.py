"""The answer in plain words."""

from typing import Final

from windvane.report.context import Context
from windvane.report.values import Finding
from windvane.report.words import between_periods, count, in_period, listing, numeral, probability, times
from windvane.shifts.record import Shift

_BADGES: Final = {"coverage": "Only in what was published", "confirmed": "Also among independent sources"}
_FEW_CLAIMS: Final = 20
_ONE_STORY: Final = 0.5
_CLOSE: Final = 3


def make_findings(context: Context) -> tuple[Finding, ...]:
    """Return one finding a shift, in order of date."""
    taken: set[str] = set()
    findings = []
    for number, shift in enumerate(context.run.detection.shifts, 1):
        anchor = f"shift-{shift.date:%Y-%m-%d}-{shift.new}"
        if anchor in taken:  # two shifts within one day
            anchor = f"shift-{shift.date:%Y-%m-%dT%H%M}-{shift.new}"
        taken.add(anchor)
        findings.append(
            Finding(
                number=str(number),
                anchor=anchor,
                opening="In what was published the leading answer changed from",
                when=_when(shift, context),
                sure=f"probability {probability(shift.probability)}",
                caveat=_caveat(shift),
                badge=_BADGES[shift.grade],
                confirmed=shift.grade == "confirmed",
                old=context.keys[shift.old],
                new=context.keys[shift.new],
            )
        )
    return tuple(findings)


def verdict(context: Context) -> str:
    """Tell whether the leading answer changed: the only question of the first screen."""
    shifts = context.run.detection.shifts
    if not shifts:
        return _without_shift(context)
    confirmed = sum(shift.grade == "confirmed" for shift in shifts)
    changed = f"The leading answer changed {times(len(shifts))}."
    if confirmed == len(shifts):
        return changed + (
            " Independent sources confirm it." if confirmed == 1 else " Independent sources confirm each change."
        )
    if not confirmed:
        none = "it" if len(shifts) == 1 else "none of the changes"
        verb = "do not confirm it" if len(shifts) == 1 else f"confirm {none}"
        return f"{changed} Independent sources {verb} yet."
    return f"{changed} Independent sources confirm {numeral(confirmed)} of these changes."


def headline(context: Context) -> str:
    """Say in one line what the picture shows."""
    shifts = context.run.detection.shifts
    if shifts:
        first, last = shifts[0].old, shifts[-1].new
        if first != last:
            return f"‘{context.keys[first].label}’ was the first to lead with certainty, ‘{context.keys[last].label}’ the last"
        between = listing(sorted({f"‘{context.keys[shift.new].label}’" for shift in shifts[:-1]}))
        return f"‘{context.keys[first].label}’ led with certainty first and last, {between} in between"
    leaders = {s.framing for s in context.run.detection.stretches if s.outcome == "lead" and s.framing is not None}
    if len(leaders) == 1:
        return f"‘{context.keys[leaders.pop()].label}’ is the only answer that ever led with certainty"
    return "No answer took the lead from another with certainty"


def asides(context: Context) -> tuple[str, ...]:
    """Say what else a reader of the first screen must know."""
    detection = context.run.detection
    lines = []
    if not detection.shifts:
        lines.append(_who_led(context))
    if context.run.framings and all(framing.discovered for framing in context.run.framings):
        lines.append(
            "No one described the answers beforehand: they were found in the corpus, named by a typical claim."
        )
    if detection.brief_leads:
        lines.append(
            f"{count(len(detection.brief_leads), 'short-lived lead').capitalize()} "
            f"{'is' if len(detection.brief_leads) == 1 else 'are'} not counted as a change."
        )
    if detection.rejected:
        lines.append(
            f"{count(len(detection.rejected), 'apparent change').capitalize()} "
            "did not stand the test against chance and "
            f"{'is' if len(detection.rejected) == 1 else 'are'} not counted."
        )
    return tuple(lines)


def _when(shift: Shift, context: Context) -> str:
    """Say when; a start that may lie in many periods is told as the span that it is."""
    likely = in_period(shift.date, context.period)
    first, last = shift.interval
    span = context.series.position(last) - context.series.position(first)
    if span <= _CLOSE:
        return likely
    return f"{between_periods(first, last, context.period)}, most likely {likely}"


def _caveat(shift: Shift) -> str:
    one_story = shift.claims > 1 and shift.largest_story.claims >= _ONE_STORY * shift.claims
    if shift.grade == "coverage" and one_story:
        return (
            f"{shift.largest_story.claims:,} of its {count(shift.claims, 'claim')} stem from one story, "
            "so independent sources do not confirm it yet."
        )
    if shift.grade == "coverage":
        return (
            "Counting each story once, the change is not certain "
            f"(probability {probability(shift.story_probability)}), so independent sources do not confirm it yet."
        )
    held = f"It also holds with each story counted once (probability {probability(shift.story_probability)})"
    if shift.kind == "composition":
        return f"{held}, but it came from a change in who published, not from outlets that changed their answer."
    if shift.claims < _FEW_CLAIMS:
        return f"{held}, but it rests on only {count(shift.claims, 'claim')}."
    if shift.fragile_outlets:
        names = listing([f"‘{name}’" for name in shift.fragile_outlets], limit=2)
        return f"{held}, but it would not be found without {names}."
    return f"{held}."


def _without_shift(context: Context) -> str:
    """Tell a leader that stayed from a lead that can't be told: not to know is not to know that nothing changed."""
    periods = sum(stretch.periods for stretch in context.run.detection.stretches)
    led = _periods_led(context)
    if len(led) == 1 and 2 * sum(led.values()) > periods:
        return "The leading answer did not change."
    return "Whether the leading answer changed can’t be told with certainty."


def _periods_led(context: Context) -> dict[str, int]:
    """Count the periods in which each framing led with certainty."""
    led: dict[str, int] = {}
    for stretch in context.run.detection.stretches:
        if stretch.outcome == "lead" and stretch.framing is not None:
            led[stretch.framing] = led.get(stretch.framing, 0) + stretch.periods
    return led


def _who_led(context: Context) -> str:
    periods = sum(stretch.periods for stretch in context.run.detection.stretches)
    led = _periods_led(context)
    if not led or not periods:
        return "No answer led with certainty in any period."
    parts = [f"‘{context.keys[name].label}’ in {number:,}" for name, number in led.items()]
    of_all = count(periods, context.period)
    rest = "; in the others the lead is unclear" if sum(led.values()) < periods else ""
    return f"Of {of_all}, an answer led with certainty as follows: {listing(parts)}{rest}."
