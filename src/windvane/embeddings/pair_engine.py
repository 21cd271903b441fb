"""The network that reads a pair of texts, as sentence-transformers runs it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from windvane.embeddings.engines import Batch
from windvane.embeddings.torch_engine import quiet
from windvane.errors import EncoderError

Pair = tuple[str, str]
"""A premise and a hypothesis."""

TOKENS = 4_096
"""Most tokens in one pass through the network, padding counted: pairs of like length share one."""


class PairEngine:
    """A CrossEncoder folder in torch, in single precision.

    Parameters
    ----------
    folder
        A folder with the settings, tokenizer and safetensors weights of a sequence classifier.

    Raises
    ------
    EncoderError
        Where the folder can't be loaded.

    """

    def __init__(self, folder: Path) -> None:
        import torch  # noqa: PLC0415 - seconds to import, and a run that finds every score in the cache needs none
        from sentence_transformers import CrossEncoder  # noqa: PLC0415 - as above

        try:
            with quiet():
                self._model = CrossEncoder(
                    str(folder),
                    device="cuda" if torch.cuda.is_available() else "cpu",
                    trust_remote_code=False,
                    local_files_only=True,
                    model_kwargs={"use_safetensors": True},
                    # Given here, so that no activation that the folder names is imported.
                    activation_fn=torch.nn.Softmax(dim=-1),
                )
        except Exception as error:  # a folder can be broken in as many ways as its libraries can complain
            msg = f"The model in {folder} can't be loaded: {error}".splitlines()[0]
            raise EncoderError(msg) from error
        self._model.float()

    def scores(self, pairs: Sequence[Pair]) -> Iterator[Batch]:
        """Give each pair the probabilities of the labels, a batch of like length at a time.

        Returns
        -------
        iterator of Batch
            Places in `pairs`, and (b, labels) float32 rows that sum to 1; each pair exactly once.

        """
        if not pairs:
            return
        tokenizer: Any = self._model.tokenizer
        encoded = tokenizer([one for one, _ in pairs], [other for _, other in pairs], truncation="longest_first")
        lengths = [len(ids) for ids in encoded["input_ids"]]
        for places in batches(lengths, pairs):
            batch = [pairs[place] for place in places.tolist()]
            found = self._model.predict(batch, batch_size=len(batch), show_progress_bar=False)
            yield places, np.asarray(found, dtype=np.float32)


def batches(lengths: Sequence[int], pairs: Sequence[Pair]) -> Iterator[NDArray[np.intp]]:
    """Put pairs of like length together, at most `TOKENS` a batch; the order of the pairs makes no difference."""
    order = sorted(range(len(pairs)), key=lambda place: (-lengths[place], pairs[place]))
    start = 0
    while start < len(order):
        end = start + max(1, TOKENS // max(1, lengths[order[start]]))
        yield np.array(order[start:end], dtype=np.intp)
        start = end
