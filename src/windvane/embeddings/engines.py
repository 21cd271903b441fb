"""What computes vectors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Batch = tuple[NDArray[np.intp], NDArray[np.float32]]
"""Places in the sequence that was asked for, and a vector for each."""


class Engine(Protocol):
    """A loaded encoder."""

    @property
    def name(self) -> str:
        """What runs the network ("torch", "openvino")."""
        ...

    @property
    def device(self) -> str:
        """Where it runs ("cpu", "cuda")."""
        ...

    @property
    def precision(self) -> str:
        """In which numbers ("float32", "bfloat16")."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know about how it runs."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of the vectors."""
        ...

    def vectors(self, texts: Sequence[str], *, prompt: str, batch_size: int) -> Iterator[Batch]:
        """Embed texts, batch by batch, in an order of the engine's choice.

        Parameters
        ----------
        texts
            Without the prompt.
        prompt
            Put before each; empty for none.
        batch_size
            Most texts in one pass through the network.

        Returns
        -------
        iterator of Batch
            Each text exactly once; vectors need not be of unit length.

        """
        ...


@dataclass(frozen=True, slots=True)
class Runner:
    """What is told of an engine, when it is gone or elsewhere, too; for the fields see there."""

    name: str
    device: str
    precision: str
    notes: tuple[str, ...]

    @classmethod
    def of(cls, engine: Engine) -> "Runner":
        """Describe an engine."""
        return cls(engine.name, engine.device, engine.precision, engine.notes)
