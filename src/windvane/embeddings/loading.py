"""Choose what runs an encoder on this machine."""

import importlib.metadata
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

from windvane.embeddings.checksums import prepared_folder
from windvane.embeddings.engines import Engine
from windvane.embeddings.sources import EncoderSource
from windvane.embeddings.storage import storing_in

OPTIMISED = "openvino"
"""The folder of the cache in which encoders lie as OpenVINO reads them."""

_CONVERTER = 2


def load_engine(source: EncoderSource, cache_dir: Path, *, cores: int | None = None) -> Engine:
    """Load an encoder: in torch where there is a graphics card, else in OpenVINO, or in torch where that can't be had.

    Parameters
    ----------
    source
        The encoder, found.
    cache_dir
        Keeps what OpenVINO reads; the first call for an encoder writes it.
    cores
        How many OpenVINO computes on; None: all that this process may use.

    Raises
    ------
    EncoderError
        Where the encoder is damaged.
    OutputError
        Where `cache_dir` can't be written.

    """
    from windvane.embeddings.torch_engine import TorchEngine  # noqa: PLC0415 - light, but of no use to a warm run

    if _has_card():
        return TorchEngine(source.folder())
    if find_spec("openvino") is None:
        note = "OpenVINO is not installed; torch is used, which is several times slower on a processor."
        return TorchEngine(source.folder(), notes=(note,))
    return _in_openvino(source, cache_dir, cores)


def _in_openvino(source: EncoderSource, cache_dir: Path, cores: int | None) -> Engine:
    from windvane.embeddings.openvino_engine import OpenVinoEngine  # noqa: PLC0415
    from windvane.embeddings.openvino_folder import NotConvertedError, convert_to_openvino  # noqa: PLC0415
    from windvane.embeddings.torch_engine import TorchEngine  # noqa: PLC0415

    version = importlib.metadata.version("openvino")
    folder = cache_dir / OPTIMISED / f"{source.checksum[:16]}-{version}-{_CONVERTER}"
    try:
        with _converting_alone(cache_dir):
            prepared = prepared_folder(folder, lambda target: convert_to_openvino(source.folder(), target))
    except NotConvertedError as error:
        return TorchEngine(source.folder(), notes=(f"OpenVINO can't run {source.name}, torch is used: {error}.",))
    return OpenVinoEngine(prepared, cores=cores)


@contextmanager
def _converting_alone(cache_dir: Path) -> Iterator[None]:
    # Converting takes gigabytes: on a cluster, as many processes as there are cores would do it at once.
    lock = FileLock(cache_dir / ".converting.lock")
    with storing_in(cache_dir):
        cache_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _has_card() -> bool:
    # Importing torch takes seconds; its processor-only build says so in its version.
    if importlib.metadata.version("torch").endswith("+cpu"):
        return False
    import torch  # noqa: PLC0415 - see above

    return torch.cuda.is_available()
