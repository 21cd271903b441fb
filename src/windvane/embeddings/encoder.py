"""A unit vector per text: from the cache where it is known, from the encoder where it is not."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from windvane.config.encoder import EncoderConfig
from windvane.embeddings.blocks import Elsewhere, Recipe, half_vectors, normalise
from windvane.embeddings.cache import VectorCache, text_keys
from windvane.embeddings.engines import Engine, Runner
from windvane.embeddings.loading import load_engine
from windvane.embeddings.sources import EncoderSource, find_encoder
from windvane.progress import Progress, silent
from windvane.spread import Spread, here

BLOCK: Final = 1_024
"""Texts between two writes: what a run that is killed can lose, and what is handed out at a time."""

_COMPACTED: Final = 64
"""Writes between two mergers: every file of the cache that is not merged is held open."""


class Encoder:
    """Turns texts into unit vectors and remembers them on disk.

    Parameters
    ----------
    source
        The encoder, found but not loaded: it is loaded when a text is met that the cache does not know.
    cache
        The vectors of this encoder under this prompt.
    prompt
        Put before every text; empty for none.
    batch_size
        Most texts in one pass through the network.
    load
        Loads the encoder; called when a text is first met that the cache does not know, and again after `release`.
    progress
        Told of every text that is embedded.
    elsewhere
        Embeds in place of what `load` gives; None: this process embeds.

    Attributes
    ----------
    embedded, cached : int
        Distinct texts that went through the network, and that came from the cache, since the encoder was made.

    """

    def __init__(
        self,
        source: EncoderSource,
        *,
        cache: VectorCache,
        prompt: str,
        batch_size: int,
        load: Callable[[], Engine],
        progress: Progress = silent,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self.name = source.name
        self.checksum = source.checksum
        self.prompt = prompt
        self.embedded = 0
        self.cached = 0
        self._source = source
        self._cache = cache
        self._batch_size = batch_size
        self._load = load
        self._progress = progress
        self._elsewhere = elsewhere
        self._engine: Engine | None = None
        self._ran: Runner | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know: another encoder than the one named, or a slower way to run it."""
        return self._source.notes + (() if self._maker is None else self._maker.notes)

    @property
    def dimensions(self) -> int:
        """Length of the vectors; may load the encoder where nothing else can tell."""
        return self._source.dimensions or self._cache.dimensions or self._loaded().dimensions

    @property
    def engine(self) -> str | None:
        """What runs the network ("openvino", "torch"); None while every vector came from the cache."""
        return None if self._maker is None else self._maker.name

    @property
    def device(self) -> str | None:
        """Where the network runs ("cpu", "cuda"); None as for `engine`."""
        return None if self._maker is None else self._maker.device

    @property
    def precision(self) -> str | None:
        """In which numbers the network runs ("float32", "bfloat16"); None as for `engine`."""
        return None if self._maker is None else self._maker.precision

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give each text its unit vector.

        Parameters
        ----------
        texts
            Without the prompt; equal texts are embedded once.

        Returns
        -------
        array of shape (n, dimensions), float32
            Rows of length 1, in the order of the texts. They have passed through half precision, as the cache
            keeps them, so that a first and a second run see the same bytes.

        Raises
        ------
        EncoderError
            Where the encoder can't be loaded or gives something that is not a direction.

        """
        place_of = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        distinct = list(place_of)
        keys = text_keys(distinct)
        vectors, present = self._cache.read(keys, self.dimensions)
        self.cached += int(present.sum())
        missing = np.flatnonzero(~present)
        if len(missing):
            self._embed([distinct[place] for place in missing], keys[missing], vectors, missing)
        normalise(vectors)
        if len(distinct) == len(texts):
            return vectors
        return vectors[[place_of[text] for text in texts]]

    def encode_and_release(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode what are probably the last texts; see `encode` and `release`."""
        vectors = self.encode(texts)
        self.release()
        return vectors

    def release(self) -> None:
        """Give the memory of the network back: half a gigabyte. A new text after that loads it again."""
        self._engine = None

    @property
    def _maker(self) -> Runner | None:
        return self._ran if self._elsewhere is None else self._elsewhere.maker

    def _loaded(self) -> Engine:
        if self._engine is None:
            self._engine = self._load()
            self._ran = Runner.of(self._engine)
        return self._engine

    def _embed(
        self,
        texts: Sequence[str],
        keys: NDArray[np.uint64],
        vectors: NDArray[np.float32],
        places: NDArray[np.intp],
    ) -> None:
        # Sorting by content makes blocks, and so the last bits, the same whatever the order of the input.
        order = np.array(sorted(range(len(texts)), key=lambda i: (len(texts[i]), texts[i])), dtype=np.intp)
        blocks = [order[start : start + BLOCK] for start in range(0, len(order), BLOCK)]
        steps = iter(self._progress(range(len(texts)), what="embedding", total=len(texts), unit="texts"))
        made = self._halves(([texts[i] for i in block] for block in blocks), steps)
        for number, (block, halves) in enumerate(zip(blocks, made, strict=True), start=1):
            self._cache.write(keys[block], halves)
            vectors[places[block]] = halves
            self.embedded += len(block)
            if number % _COMPACTED == 0:
                self._cache.compact()
        deque(steps, maxlen=0)
        self._cache.compact()

    def _halves(self, blocks: Iterator[list[str]], steps: Iterator[int]) -> Iterator[NDArray[np.float16]]:
        def told(count: int) -> None:
            deque(islice(steps, count), maxlen=0)

        if self._elsewhere is None:
            engine = self._loaded()
            for block in blocks:
                yield half_vectors(engine, block, prompt=self.prompt, batch_size=self._batch_size, told=told)
        else:
            for halves in self._elsewhere.embed(blocks):
                yield halves
                told(len(halves))


def load_encoder(
    section: EncoderConfig, *, base: Path, cache_dir: Path, progress: Progress = silent, spread: Spread = here
) -> Encoder:
    """Find the encoder that a configuration names; its weights are loaded when the first new text is met.

    Parameters
    ----------
    section
        Which encoder, prompt and batch size.
    base
        What a relative folder is relative to: where the configuration file lies.
    cache_dir
        Keeps vectors and converted encoders; created when something is first written.
    progress
        Told of every text that is embedded.
    spread
        Embeds in this process or in others; either way this one writes the vectors.

    Raises
    ------
    EncoderError
        Where the encoder is unknown, damaged or out of reach.

    """
    source = find_encoder(section.model, base=base, cache_dir=cache_dir)
    prompt = source.prompt if section.prompt is None else section.prompt
    recipe = Recipe(section.model, base.absolute(), cache_dir.absolute(), source.checksum, prompt, section.batch_size)
    return Encoder(
        source,
        cache=VectorCache(cache_dir, checksum=source.checksum, prompt=prompt),
        prompt=prompt,
        batch_size=section.batch_size,
        load=partial(load_engine, source, cache_dir),
        progress=progress,
        elsewhere=None if spread is here else Elsewhere(recipe, spread),
    )
