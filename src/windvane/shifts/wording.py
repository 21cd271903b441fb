"""A shift in words."""

from collections.abc import Mapping
from typing import Final

from windvane.config import Period
from windvane.shifts.record import Shift
from windvane.timeline import label_period

_FEW: Final = 0.2
"""Below this share of claims from outlets on both sides, conversion and composition can't be told apart."""

_KINDS: Final = {
    "conversion": "Outlets that wrote before and after changed their answer.",
    "composition": "No outlet need have changed its answer: other outlets entered or grew.",
    "mixed": "Outlets changed their answer and the mix of outlets changed; neither explains it alone.",
}


def describe_shift(shift: Shift, *, labels: Mapping[str, str], period: Period) -> str:
    """Return what a reader needs to know of one shift: what, when, how sure, on what it rests, what it came from.

    Parameters
    ----------
    shift
        As found.
    labels
        How a framing is called; a name without label stands for itself.
    period
        Length of the periods.

    """
    old, new = (labels.get(name, name) for name in (shift.old, shift.new))
    label = label_period(shift.date, period)
    when = f" in the {label}" if period in {"week", "fortnight"} else f": {label}"
    changed = f"In what was published the leading answer changed from “{old}” to “{new}”{when}"
    return f"{changed} (probability {_percent(shift.probability)}). {_basis(shift)} {_origin(shift)}"


def _origin(shift: Shift) -> str:
    """Say what the change came from, and where that can hardly be told."""
    if shift.split.continuing < _FEW:
        return "Hardly any outlet wrote both before and after: it can't be told whether outlets changed their answer."
    return _KINDS[shift.kind]


def _basis(shift: Shift) -> str:
    """Say on how many stories the new lead rests, and whether these alone would carry it."""
    carried = f"{shift.largest_story.claims} of its {shift.claims} claims stem from one story"
    stories = f"by stories the new answer has {shift.after.new.stories} and the old one {shift.after.old.stories}"
    if shift.grade == "confirmed":
        return f"Independent stories confirm it (probability {_percent(shift.story_probability)}): {stories}."
    certainty = f"which is not certain (probability {_percent(shift.story_probability)})"
    return f"Independent stories do not confirm it: {carried}; {stories}, {certainty}."


def _percent(probability: float) -> str:
    if probability > 0.995:  # noqa: PLR2004 - would round to a certainty that nothing has
        return "above 99 %"
    return f"{probability:.0%}".replace("%", " %")
