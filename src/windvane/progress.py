"""How a stage tells how far it is, without knowing who listens."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Wraps an iterable and shows how far it is; the items pass through unchanged."""

    def __call__(self, items: Iterable[T], /, *, what: str, total: int | None = None, unit: str = "") -> Iterable[T]:
        """Yield the items.

        Parameters
        ----------
        items
            What is worked on; one step each.
        what
            The work, as a reader would name it ("embedding").
        total
            Number of steps; None where it is not known.
        unit
            What a step is ("texts"), for rates.

        """
        ...


def silent(items: Iterable[T], /, *, what: str, total: int | None = None, unit: str = "") -> Iterable[T]:  # noqa: ARG001 - the shape of Progress
    """Show nothing."""
    return items
