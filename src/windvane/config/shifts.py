"""When a change of leader is called a shift."""

from windvane.config.base import Probability, Section


class ShiftsConfig(Section):
    """The shift test."""

    confidence: Probability = 0.95
    """A framing counts as leader where the probability that it leads is at least this."""
