"""Which framing each claim takes."""

from windvane.framings.assignment import Assignment, assign_framings
from windvane.framings.confusion import Confusion
from windvane.framings.framing import Framing

__all__ = ["Assignment", "Confusion", "Framing", "assign_framings"]
