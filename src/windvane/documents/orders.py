"""Whether the dates of a column name the day or the month first."""

from dataclasses import dataclass, field
from typing import Final

from windvane.documents.dates import Order
from windvane.errors import DocumentsError

EXAMPLES: Final = 3


def keep_example(examples: list[str], value: object) -> None:
    """Keep the first few in alphabetical order, each once, so that they don't depend on the order of records."""
    example = str(value)[:60]
    if example not in examples:
        examples.append(example)
        examples.sort()
        del examples[EXAMPLES:]


@dataclass(slots=True)
class Orders:
    """What the numeric dates of each column tell, and what was decided on them.

    One date with a part beyond 12 shows how all of its column are written. The column counts, not the file: the same
    records may be spread over files in another way.

    Attributes
    ----------
    decided
        Whether the day stands first, of each column for which it had to be decided and could be.
    seen
        A few dates of each kind, of each column.

    """

    decided: dict[str, bool] = field(default_factory=dict)
    seen: dict[str, dict[Order, list[str]]] = field(default_factory=dict)

    def note(self, column: str, order: Order, value: object) -> None:
        """Remember a date of `column`."""
        seen = self.seen.setdefault(column, {order: [] for order in Order})
        keep_example(seen[order], value)

    def join(self, other: "Orders") -> None:
        """Remember the dates that another noted."""
        for column, seen in other.seen.items():
            for order, examples in seen.items():
                for example in examples:
                    self.note(column, order, example)

    def decide(self) -> bool:
        """Decide what can be; return whether there was something to decide and all of it could be."""
        unclear = self._unclear()
        for column, seen in unclear.items():
            if bool(seen[Order.DAY_FIRST]) != bool(seen[Order.MONTH_FIRST]):
                self.decided[column] = bool(seen[Order.DAY_FIRST])
        return bool(unclear) and unclear.keys() == self.decided.keys()

    def require_decided(self) -> None:
        """Raise `DocumentsError` if a column holds dates that can be read two ways."""
        problems = []
        for column, seen in self._unclear().items():
            if column not in self.decided:
                problem = f"`{column}`: dates can be read two ways: e.g. {', '.join(map(repr, seen[Order.EITHER]))}"
                if seen[Order.DAY_FIRST]:
                    day, month = seen[Order.DAY_FIRST][0], seen[Order.MONTH_FIRST][0]
                    problem += f"; the day stands first in {day!r}, but the month in {month!r}"
                problems.append(problem)
        if problems:
            hint = (
                "Set documents.day_first: true if the day stands first, false if the month does; "
                "dates that can't be read so are set aside."
            )
            raise DocumentsError("; ".join(problems), hint=hint)

    def notes(self) -> list[str]:
        """Say in plain words what was decided, and by which date."""
        lines = []
        for column, day_first in sorted(self.decided.items()):
            seen = self.seen[column]
            proof = seen[Order.DAY_FIRST if day_first else Order.MONTH_FIRST][0]
            where = f" in `{column}`" if len(self.decided) > 1 else ""
            first = "day" if day_first else "month"
            lines.append(f"dates{where} such as {seen[Order.EITHER][0]} are read {first} first, as {proof} must be")
        return lines

    def _unclear(self) -> dict[str, dict[Order, list[str]]]:
        return {column: seen for column, seen in sorted(self.seen.items()) if seen[Order.EITHER]}
