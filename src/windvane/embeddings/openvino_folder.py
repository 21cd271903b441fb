"""Convert a SentenceTransformer folder for OpenVINO, once, and check that it says the same."""

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from windvane.embeddings.openvino_engine import NETWORK, SETTINGS, TOKENIZER, OpenVinoEngine, import_openvino
from windvane.embeddings.torch_engine import LONGEST, load_sentence_transformer, quiet

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

AGREEMENT = 0.999
"""Least cosine between a vector of the converted encoder and torch's."""

_PROBES = (
    "Yes.",
    "Moscow asked Pyongyang for troops.",
    "Россия попросила войска, Пхеньян согласился их отправить.",
    "북한이 러시아에 병력을 파병했다고 정보 당국이 밝혔다.",
    "Le gouvernement a démenti les informations; selon lui, aucun accord n'a été conclu avant l'été.",
    (
        "The ministry said on Tuesday that the agreement, which both sides had signed in June, obliges each of them to help "
        "the other if it is attacked; it did not say who had asked first, nor how many soldiers were meant to be sent."
    ),
)


class NotConvertedError(Exception):
    """OpenVINO can't take this encoder; torch can."""


def convert_to_openvino(source: Path, target: Path) -> None:
    """Write network, tokenizer and settings for `OpenVinoEngine`.

    Parameters
    ----------
    source
        A SentenceTransformer folder.
    target
        An existing, empty folder.

    Raises
    ------
    NotConvertedError
        Where the encoder is of a kind that can't be converted, or the converted one disagrees with torch.

    """
    model = load_sentence_transformer(source, attention="eager")
    _require_plain(model)
    expected = model.encode(list(_PROBES), prompt="", normalize_embeddings=True, show_progress_bar=False)
    _network(model, target)
    tokenizer: Any = model.tokenizer
    (target / TOKENIZER).write_text(tokenizer.backend_tokenizer.to_str(pretty=True), encoding="utf-8")
    length = int(model.max_seq_length or LONGEST)
    settings = {"dimensions": expected.shape[-1], "length": length, "padding": tokenizer.pad_token_id or 0}
    (target / SETTINGS).write_text(json.dumps(settings), encoding="utf-8")
    _require_agreement(expected, OpenVinoEngine(target))


def _require_plain(model: "SentenceTransformer") -> None:
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer  # noqa: PLC0415 - slow to import

    known = all(isinstance(module, Transformer | Pooling | Normalize | Dense) for module in model)
    prompted = all(module.include_prompt for module in model if isinstance(module, Pooling))
    if not (known and prompted and getattr(model.tokenizer, "is_fast", False)):
        msg = "its modules or its tokenizer are of a kind that is not converted"
        raise NotConvertedError(msg)


def _network(model: "SentenceTransformer", target: Path) -> None:
    import torch  # noqa: PLC0415 - slow to import

    class Traced(torch.nn.Module):
        """From tokens to the sentence's vector."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = self.model({"input_ids": input_ids, "attention_mask": attention_mask})[
                "sentence_embedding"
            ]
            return found

    openvino = import_openvino()
    example = {name: torch.ones(2, 8, dtype=torch.long) for name in ("input_ids", "attention_mask")}
    inputs = [(name, [-1, -1], openvino.Type.i64) for name in example]
    try:
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tracing tells of each branch that it fixes; agreement is checked below
            converted = openvino.convert_model(Traced().eval(), example_input=example, input=inputs)
    except Exception as error:  # each network that is unlike the usual fails in its own way
        raise NotConvertedError(str(error).splitlines()[0]) from error
    try:
        openvino.save_model(converted, str(target / NETWORK), compress_to_fp16=True)
    except RuntimeError as error:  # what it makes of a full disk
        msg = "the converted network can't be saved"
        raise OSError(msg) from error


def _require_agreement(expected: NDArray[np.float32], engine: OpenVinoEngine) -> None:
    found = np.zeros_like(expected)
    for places, vectors in engine.vectors(_PROBES, prompt="", batch_size=len(_PROBES)):
        found[places] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    least = float(np.einsum("ij,ij->i", expected, found).min())
    if not least >= AGREEMENT:
        msg = f"the converted encoder disagrees with the original (cosine {least:.4f})"
        raise NotConvertedError(msg)
