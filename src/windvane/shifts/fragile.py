"""Which outlets and stories a shift hangs on: each is left out alone."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from windvane.shifts.control import Bins
from windvane.shifts.finding import Candidate, strength
from windvane.timeline import Counted

_MOST_TRIED: Final = 10


def fragile_parts(
    counted: Counted, bins: Bins, candidate: Candidate, *, confidence: float
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the outlets and the stories without whose claims the shift would not be certain by claims.

    Tried are the ten outlets and the ten stories that carry most claims of the old leader before the shift and of the
    new one after it: no others can matter more. Sorted by that number, largest first.
    """
    outlets = _undoing(counted, counted.outlet, counted.outlets, bins, candidate, confidence)
    stories = _undoing(counted, counted.story, counted.stories, bins, candidate, confidence)
    return outlets, stories


def _undoing(
    counted: Counted,
    part: NDArray[np.int64],
    names: Sequence[str],
    bins: Bins,
    candidate: Candidate,
    confidence: float,
) -> tuple[str, ...]:
    old, new = candidate.old, candidate.new
    carries = (counted.decision == old.leader) & (counted.period >= old.first) & (counted.period < candidate.date)
    carries |= (counted.decision == new.leader) & (counted.period >= candidate.date) & (counted.period <= new.last)
    sizes = np.bincount(part[carries & (part >= 0)], minlength=len(names))
    tried = [n for n in np.argsort(-sizes, kind="stable")[:_MOST_TRIED].tolist() if sizes[n] > 0]
    before, after = bins.cover(old.first, new.first), bins.cover(old.last, new.last)
    found = []
    for number in tried:
        lead = bins.by_claims(counted.keep(part != number))
        if strength(lead, old.leader, new.leader, before, after)[0] < confidence:
            found.append(names[number])
    return tuple(found)
