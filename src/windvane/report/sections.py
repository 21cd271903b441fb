"""The sections below the first screen."""

import polars as pl

from windvane.report.context import Context
from windvane.report.evidence import choose_quotes, quote_in_order
from windvane.report.figures import share_panel
from windvane.report.tabular import make_table
from windvane.report.values import Finding, FramingSection, ShiftSection, Table, TextSection, Voices
from windvane.report.words import (
    UNKNOWN_OUTLET,
    clean,
    count,
    day,
    in_period,
    language_name,
    listing,
    percent,
    probability,
    the_period,
)
from windvane.shifts.record import Estimate, Shift, Side
from windvane.tables import UNANSWERED, UNASSIGNED


def shift_sections(context: Context, findings: tuple[Finding, ...]) -> tuple[ShiftSection, ...]:
    """Return the evidence for each shift."""
    shifts = context.run.detection.shifts
    return tuple(_shift_section(context, shift, finding) for shift, finding in zip(shifts, findings, strict=True))


def framing_sections(context: Context) -> tuple[FramingSection, ...]:
    """Return each framing: what describes it, what was said, how it fared."""
    return tuple(_framing_section(context, position) for position in range(len(context.framings)))


def near_misses(context: Context) -> TextSection | None:
    """Tell which changes were seen and not counted; None where there were none."""
    detection = context.run.detection
    seen = [
        *((shift, "too short a lead") for shift in detection.brief_leads),
        *((shift, "not borne out by the test against chance") for shift in detection.rejected),
    ]
    if not seen:
        return None
    columns = (
        "When",
        "From",
        "To",
        "Probability",
        "Probability, each story once",
        "Claims",
        "Stories",
        "Why not counted",
    )
    rows = [
        (
            the_period(shift.date, context.period),
            context.keys[shift.old].label,
            context.keys[shift.new].label,
            probability(shift.probability),
            probability(shift.story_probability),
            f"{shift.claims:,}",
            f"{shift.stories:,}",
            why,
        )
        for shift, why in sorted(seen, key=lambda pair: (pair[0].date, pair[0].new))
    ]
    return TextSection(
        f"{count(len(seen), 'change')} seen, but not counted",
        ("Each looks like a change of leader; none passes every test.",),
        make_table("Changes not counted", columns, rows, name="not-counted", text_columns=3),
    )


def unanswered_section(context: Context) -> TextSection:
    """Tell how much was set apart because it answers nothing, or nothing known."""
    total = context.claims.height
    unanswered, unassigned = (int((context.claims["framing"] == name).sum()) for name in (UNANSWERED, UNASSIGNED))
    of_all = f"of {count(total, 'claim')}"
    title = (
        f"{percent((unanswered + unassigned) / total)} of all claims are in no answer's share"
        if total
        else "No claim was found"
    )
    return TextSection(
        title,
        (
            f"{unanswered:,} {of_all} are on the topic but do not answer the question.",
            f"{unassigned:,} {of_all} seem to answer it, but fit none of the answers well enough.",
            "Shares of answers are shares of the remaining claims; these two groups are never counted for or against an answer.",
        ),
    )


def rejects_section(context: Context) -> TextSection:
    """Tell which records could not be used, and why."""
    rejects = context.run.rejects
    if rejects.is_empty():
        return TextSection("No record was set aside", ("Every record of the input could be used.",))
    reasons = rejects.group_by("reason").len().sort(["len", "reason"], descending=[True, False])
    rows = [(clean(reason, 200), f"{number:,}") for reason, number in reasons.iter_rows()]
    return TextSection(
        f"{count(rejects.height, 'record')} could not be used",
        ("They are counted nowhere else. Each stands in rejects.jsonl with its file and line.",),
        make_table("Records set aside, by reason", ("Reason", "Records"), rows, name="rejects"),
    )


def control_section(context: Context) -> TextSection:
    """Tell how often the same procedure finds a change where there is none."""
    control = context.run.detection.control
    if not control.rounds:
        return TextSection(
            "The test against chance could not be run", ("There were too few claims or periods to shuffle.",)
        )
    of_rounds = f"of {count(control.rounds, 'round')}"
    return TextSection(
        f"With the dates shuffled, a change was found in {percent(control.coverage / control.rounds)} of {control.rounds:,} rounds",
        (
            f"Shuffling the dates of single claims, a change in what was published was found in {control.coverage:,} {of_rounds}.",
            f"Moving whole stories within their outlet, it was found in {control.copies:,} {of_rounds}: "
            "that is how often copies of one report alone would move the lead.",
            f"Counting each story once and shuffling whole stories, a change was found in {control.confirmed:,} {of_rounds}.",
            f"A change is only reported where at most {percent(control.bound)} of the rounds show one as strong.",
        ),
    )


def _shift_section(context: Context, shift: Shift, finding: Finding) -> ShiftSection:
    old, new = context.keys[shift.old], context.keys[shift.new]
    ids = {"before": shift.before.claim_ids, "after": shift.after.claim_ids}
    before, after = (context.claims.filter(pl.col("claim_id").is_in(list(ids[side]))) for side in ("before", "after"))
    return ShiftSection(
        finding=finding,
        title=f"‘{new.label}’ took the lead from ‘{old.label}’ {in_period(shift.date, context.period)}",
        points=_shift_points(context, shift),
        numbers=_shift_numbers(context, shift, finding.anchor),
        outlets=_shift_outlets(shift, finding.anchor),
        before=Voices(
            f"Before: ‘{old.label}’",
            old,
            choose_quotes(before.filter(pl.col("framing") == shift.old)),
            "No claim before the change takes this answer.",
        ),
        after=Voices(
            f"After: ‘{new.label}’",
            new,
            choose_quotes(after.filter(pl.col("framing") == shift.new)),
            "No claim after the change takes this answer.",
        ),
        first=Voices(
            f"First seen: ‘{new.label}’", new, quote_in_order(context.claims, shift.first_claims), "Not seen before."
        ),
    )


def _shift_points(context: Context, shift: Shift) -> tuple[str, ...]:
    first, last = shift.interval
    when = (
        f"The new leader's first {context.period} is most likely {the_period(shift.date, context.period)}; "
        f"with probability 0.95 it lies between {the_period(first, context.period)} and {the_period(last, context.period)}."
        if first != last
        else f"That the new leader's first {context.period} is {the_period(shift.date, context.period)} has a probability over 0.95."
    )
    certain = (
        f"The old leader was last certain in {the_period(shift.earliest, context.period)}, "
        f"the new one first in {the_period(shift.latest, context.period)}."
    )
    return (when, certain, _sources(shift), _cause(shift), _fragility(shift), _chance(shift))


def _sources(shift: Shift) -> str:
    largest = shift.largest_story.claims
    tail = f"; {largest:,} of the claims carry one and the same story" if largest > 1 else ""
    return (
        f"{count(shift.claims, 'claim')} took the new answer, from {count(shift.stories, 'story', 'stories')}, "
        f"{count(shift.outlets, 'outlet')} and {count(len(shift.languages), 'language')} "
        f"({listing([language_name(code) for code in shift.languages], limit=8)}){tail}."
    )


def _cause(shift: Shift) -> str:
    split = shift.split
    parts = (
        f"Of a change of {_points(split.change)} in the margin, {_points(split.conversion.value)} "
        f"{_interval(split.conversion)} come from outlets that changed their answer and {_points(split.composition.value)} "
        f"{_interval(split.composition)} from a change in who published. "
        f"Outlets present on both sides published {_share(split.continuing)} of these claims."
    )
    plain = {
        "conversion": "The same outlets changed their answer.",
        "composition": "Other outlets entered the mix; those present throughout did not change their answer.",
        "mixed": "Outlets changed their answer, and other outlets entered the mix.",
    }[shift.kind]
    return f"{plain} {parts}"


def _fragility(shift: Shift) -> str:
    outlets = [f"‘{clean(name, 60)}’" for name in shift.fragile_outlets]
    stories = [f"‘{clean(name, 60)}’" for name in shift.fragile_stories]
    if not outlets and not stories:
        return "Leaving out any one outlet, or any one story, the change is still found."
    pieces = []
    if outlets:
        pieces.append(f"the outlet{'s' * (len(outlets) > 1)} {listing(outlets, limit=4)}")
    if stories:
        pieces.append(f"the stor{'ies' if len(stories) > 1 else 'y'} {listing(stories, limit=4)}")
    each = "Without any one of" if len(outlets) + len(stories) > 1 else "Without"
    return f"{each} {listing(pieces)}, the change would not be found."


def _chance(shift: Shift) -> str:
    return (
        f"Counting each story once, the probability of the change is {probability(shift.story_probability)}. "
        f"With shuffled dates, {percent(shift.adjusted_p)} of the rounds show a change as strong "
        f"({percent(shift.story_adjusted_p)} counting each story once)."
    )


def _shift_numbers(context: Context, shift: Shift, anchor: str) -> Table:
    old, new = context.keys[shift.old].label, context.keys[shift.new].label
    sides = (shift.before, shift.after)
    rows = [
        ("Time", *(_span(side) for side in sides)),
        ("Answering claims", *(f"{side.claims:,}" for side in sides)),
        ("Stories", *(f"{side.stories:,}" for side in sides)),
        (f"‘{old}’: share of claims", *(_estimate(side.old.share) for side in sides)),
        (f"‘{new}’: share of claims", *(_estimate(side.new.share) for side in sides)),
        (f"‘{old}’: share of stories", *(_estimate(side.old.story_share) for side in sides)),
        (f"‘{new}’: share of stories", *(_estimate(side.new.story_share) for side in sides)),
    ]
    return make_table("Before and after the change", ("", "Before", "After"), rows, name=f"{anchor}-shares")


def _shift_outlets(shift: Shift, anchor: str) -> Table:
    presence = {"both": "before and after", "entered": "only after", "left": "only before"}
    rows = [
        (
            clean(part.outlet or UNKNOWN_OUTLET, 80),
            presence[part.presence],
            _points(part.conversion),
            _points(part.composition),
        )
        for part in shift.split.outlets
    ]
    return make_table(
        "Outlets that moved the margin most",
        ("Outlet", "Published", "By changing its answer", "By publishing more or less"),
        rows,
        name=f"{anchor}-outlets",
        text_columns=2,
    )


def _framing_section(context: Context, position: int) -> FramingSection:
    key, framing = context.framings[position], context.run.framings[position]
    claims = context.claims.filter(pl.col("framing") == key.name)
    stories = count(claims["story_id"].n_unique(), "story", "stories")
    answering = context.answering().height
    share = f", {percent(claims.height / answering)} of all answers" if answering else ""
    return FramingSection(
        key=key,
        title=f"{key.label}: {count(claims.height, 'claim')} from {stories}{share}",
        origin="Found in the corpus; no one described it beforehand."
        if framing.discovered
        else "Described by an analyst:",
        statements=tuple(clean(statement, 300) for statement in framing.statements),
        words=tuple(
            (language_name(code), ", ".join(clean(word, 40) for word in words))
            for code, words in sorted(framing.words.items())
        ),
        panel=share_panel(context, key),
        quotes=choose_quotes(claims, most=3),
    )


def _span(side: Side) -> str:
    return f"{day(side.start)} until {day(side.end)}"


def _estimate(value: Estimate) -> str:
    if value.value != value.value:  # noqa: PLR0124 - nan
        return "–"
    return f"{percent(value.value)} ({100 * value.low:.0f}–{100 * value.high:.0f})"


def _points(value: float) -> str:
    if value != value:  # noqa: PLR0124 - nan
        return "an unknown number of points"
    return f"{100 * value:+.0f} points".replace("-", "−")


def _interval(value: Estimate) -> str:
    if value.low != value.low:  # noqa: PLR0124 - nan
        return ""
    return f"({100 * value.low:+.0f} to {100 * value.high:+.0f})".replace("-", "−")


def _share(value: float) -> str:
    return "an unknown part" if value != value else percent(value)  # noqa: PLR0124 - nan
