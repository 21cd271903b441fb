"""Numerical work side by side in threads: NumPy and SciPy let go of the interpreter while they compute."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def side_by_side(function: Callable[..., T], *items: Iterable[Any]) -> Iterator[T]:
    """Yield `function` of each of the items, like `map` and in its order.

    One thread a core and no more: what NumPy computes is often short, and threads that wait for the interpreter slow
    those that have it. Results do not depend on the number of threads as long as `function` changes nothing.
    """
    with ThreadPoolExecutor(usable_cores()) as threads:
        yield from threads.map(function, *items)


def usable_cores() -> int:
    """Count the cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
