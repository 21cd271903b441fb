"""Calendar periods in UTC: hours, days, weeks from Monday, fortnights, months, quarters, years."""

from datetime import UTC, datetime, timedelta
from typing import Final

from windvane.config import Period
from windvane.errors import UserError

EPOCH: Final = datetime(1970, 1, 5, tzinfo=UTC)
"""A Monday: weeks and fortnights are counted from here, so the same day always falls into the same one."""

MOST_PERIODS: Final = 2_000
"""More periods than this take minutes and fit no chart."""

_FIXED: Final = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "fortnight": timedelta(weeks=2),
}
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


def floor_period(moment: datetime, period: Period) -> datetime:
    """Return the first instant (UTC) of the period that holds `moment`, which has a time zone.

    Examples
    --------
    >>> floor_period(datetime(2024, 12, 25, 13, tzinfo=UTC), "week")
    datetime.datetime(2024, 12, 23, 0, 0, tzinfo=datetime.timezone.utc)
    >>> floor_period(datetime(2024, 12, 25, 13, tzinfo=UTC), "quarter")
    datetime.datetime(2024, 10, 1, 0, 0, tzinfo=datetime.timezone.utc)

    """
    moment = moment.astimezone(UTC)
    if period in _FIXED:
        try:
            return moment - (moment - EPOCH) % _FIXED[period]
        except OverflowError:
            # The week of 1 January of year 1 begins before there are dates.
            return datetime.min.replace(tzinfo=UTC)
    months = _MONTHS[period]
    return datetime(moment.year, (moment.month - 1) // months * months + 1, 1, tzinfo=UTC)


def next_period(start: datetime, period: Period) -> datetime:
    """Return the first instant of the period after the one that begins at `start`."""
    if period in _FIXED:
        return start + _FIXED[period]
    months = start.month - 1 + _MONTHS[period]
    return datetime(start.year + months // 12, months % 12 + 1, 1, tzinfo=UTC)


def calendar(first: datetime, last: datetime, period: Period) -> tuple[datetime, ...]:
    """Return the first instant of every period from the one that holds `first` to the one that holds `last`.

    Raises
    ------
    UserError
        If there are more than 2,000: a single wrong date does this as well as a period that is too short.

    """
    start, end = floor_period(first, period), floor_period(last, period)
    found = [start]
    while found[-1] < end:
        if len(found) == MOST_PERIODS:
            message = (
                f"from {first:%Y-%m-%d} to {last:%Y-%m-%d} there are more than {MOST_PERIODS:,} periods of one {period}"
            )
            hint = "Choose a longer timeline.period, or look for a wrong date among the first and last records."
            raise UserError(message, hint=hint)
        found.append(next_period(found[-1], period))
    return tuple(found)
