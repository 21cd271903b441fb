"""The calendar bins."""

from typing import Literal

from windvane.config.base import Section

Period = Literal["hour", "day", "week", "fortnight", "month", "quarter", "year"]


class TimelineConfig(Section):
    """Periods and what is counted in them."""

    period: Period = "week"
    """Length of a bin; weeks begin on Monday, all bins in UTC."""
    count: Literal["claims", "stories"] = "claims"
    """What the shares are shares of: every published claim, or each story once per period and framing."""
