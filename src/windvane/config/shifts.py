"""When a change of leader is called a shift."""

from typing import Annotated

from pydantic import Field, model_validator

from windvane.config.base import Probability, Section


class ShiftsConfig(Section):
    """The shift test."""

    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    """A framing counts as leader where the probability that it leads is at least this."""
    false_alarm_rate: Probability = 0.05
    """A shift is reported only if at most this share of the negative control's rounds finds one as strong."""
    permutations: Annotated[int, Field(ge=19, le=9_999)] = 99
    """Rounds of the negative control."""
    min_periods: Annotated[int, Field(ge=1, le=1_000)] = 1
    """A lead that lasts fewer periods than this is a brief lead, not a shift; the first one, which may be older than the corpus, is taken as it is."""
    tie: Annotated[float, Field(gt=0, lt=1)] = 0.1
    """Two framings tie where it is as good as certain that their shares differ by less than this."""

    @model_validator(mode="after")
    def _require_enough_permutations(self) -> "ShiftsConfig":
        if self.false_alarm_rate * (self.permutations + 1) < 1:
            message = f"a false_alarm_rate of {self.false_alarm_rate:g} needs at least {1 / self.false_alarm_rate:.0f} permutations"
            raise ValueError(message)
        return self
