"""How a stage hands work out, without knowing who does it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Spread(Protocol):
    """Does the same work on many items, in this process or in others."""

    def __call__(self, work: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
        """Yield the result of each item, in the order of the items, however they were done.

        Parameters
        ----------
        work
            What can be sent elsewhere: a function of a module, or a `partial` of one. Its result depends on the item
            alone, for it may be called again where the first call was lost.
        items
            Drawn as they can be worked on, not all at once.

        """
        ...


def here(work: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
    """Do everything in this process, one item after the other."""
    return map(work, items)


def chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield `rows` in lists of `size`; the last may be shorter."""
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk
