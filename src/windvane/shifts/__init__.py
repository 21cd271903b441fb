"""When the leading framing changes, how sure that is, and what drove it."""

from windvane.shifts.detect import detect_shifts
from windvane.shifts.record import (
    Detection,
    Estimate,
    LargestStory,
    NegativeControl,
    OutletPart,
    Shift,
    Side,
    Split,
    Standing,
    Stretch,
)

__all__ = [
    "Detection",
    "Estimate",
    "LargestStory",
    "NegativeControl",
    "OutletPart",
    "Shift",
    "Side",
    "Split",
    "Standing",
    "Stretch",
    "detect_shifts",
]
