"""Vectors on disk: what was written is read, whatever happened in between."""

import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from windvane.embeddings.cache import CacheSize, VectorCache, cache_size, clear_cache, text_keys


def cache_in(folder: Path, *, checksum: str = "weights", prompt: str = "") -> VectorCache:
    """Open a cache as a new run would."""
    return VectorCache(folder, checksum=checksum, prompt=prompt)


def written(folder: Path, texts: list[str], *, dimensions: int = 3) -> np.ndarray:
    """Write a vector for each text."""
    vectors = np.random.default_rng(len(texts)).normal(size=(len(texts), dimensions)).astype(np.float16)
    cache_in(folder).write(text_keys(texts), vectors)
    return vectors


@pytest.fixture
def _as_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to delete or to replace a file as long as anything in this process maps it."""
    maps: list[tuple[Path, weakref.ref[Any]]] = []
    load, unlink, replace = np.load, Path.unlink, Path.replace

    def require_free(path: Path) -> None:
        if path.exists() and any(mapped == path and held() is not None for mapped, held in maps):
            raise PermissionError(13, "in use", str(path))

    def noted_load(path: Path, **options: Any) -> Any:  # noqa: ANN401 - stands for numpy's function
        rows = load(path, **options)
        maps.append((path, weakref.ref(rows._mmap)))
        return rows

    def guarded_unlink(self: Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002 - pathlib's own shape
        require_free(self)
        unlink(self, missing_ok=missing_ok)

    def guarded_replace(self: Path, target: Path) -> Path:
        require_free(self)
        require_free(target)
        return replace(self, target)

    monkeypatch.setattr(np, "load", noted_load)
    monkeypatch.setattr(Path, "unlink", guarded_unlink)
    monkeypatch.setattr(Path, "replace", guarded_replace)


@given(st.lists(st.text(), min_size=2, unique=True))
def test_keys_tell_texts_apart(texts: list[str]) -> None:
    """Different texts have different keys, equal texts equal ones."""
    keys = text_keys(texts)
    assert len(np.unique(keys, axis=0)) == len(texts)
    assert np.array_equal(keys, text_keys(texts))


def test_what_was_written_is_read_in_any_order(tmp_path: Path) -> None:
    """Another run finds the same numbers under the same texts, and says which it does not know."""
    vectors = written(tmp_path, ["a", "b", "c"])
    found, present = cache_in(tmp_path).read(text_keys(["c", "unknown", "a"]), 3)
    assert present.tolist() == [True, False, True]
    assert np.array_equal(found[[0, 2]], vectors[[2, 0]].astype(np.float32))


def test_an_empty_cache_knows_nothing(tmp_path: Path) -> None:
    """Nothing on disk is no error; reading creates nothing."""
    cache = cache_in(tmp_path / "none")
    vectors, present = cache.read(text_keys(["a"]), 3)
    assert vectors.shape == (1, 3)
    assert not present.any()
    assert cache.dimensions is None
    assert not (tmp_path / "none").exists()


def test_reading_no_texts(tmp_path: Path) -> None:
    """No texts give no vectors, also from a cache that has some."""
    written(tmp_path, ["a"])
    vectors, present = cache_in(tmp_path).read(text_keys([]), 3)
    assert vectors.shape == (0, 3)
    assert present.shape == (0,)


@pytest.mark.parametrize("other", [{"checksum": "other weights"}, {"prompt": "query: "}])
def test_another_encoder_or_prompt_shares_nothing(tmp_path: Path, other: dict[str, str]) -> None:
    """A vector belongs to weights, prompt and text together."""
    written(tmp_path, ["a"])
    assert not cache_in(tmp_path, **other).read(text_keys(["a"]), 3)[1].any()


def test_a_cache_that_is_open_sees_what_others_add(tmp_path: Path) -> None:
    """Two runs at once profit from each other."""
    cache = cache_in(tmp_path)
    assert not cache.read(text_keys(["a"]), 3)[1].any()
    written(tmp_path, ["a"])
    assert cache.read(text_keys(["a"]), 3)[1].all()


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty"])
def test_a_damaged_file_is_dropped_with_a_warning(tmp_path: Path, damage: str) -> None:
    """Damage costs the file's own vectors and nothing else; the next run does not meet it again."""
    written(tmp_path, ["a"])
    (first,) = tmp_path.rglob("*.npy")
    written(tmp_path, ["b", "c"])
    content = bytearray(first.read_bytes())
    content[-1] ^= 1
    first.write_bytes({"flip": bytes(content), "truncate": bytes(content[:-2]), "empty": b""}[damage])
    with pytest.warns(UserWarning, match="damaged"):
        present = cache_in(tmp_path).read(text_keys(["a", "b", "c"]), 3)[1]
    assert present.tolist() == [False, True, True]
    assert not first.exists()


def test_what_a_killed_run_left_half_written_is_not_read(tmp_path: Path) -> None:
    """Only a rename makes a file part of the cache."""
    written(tmp_path, ["a"])
    (shard,) = tmp_path.rglob("*.npy")
    (shard.parent / ".writing-left").write_bytes(shard.read_bytes()[:40])
    assert cache_in(tmp_path).read(text_keys(["a"]), 3)[1].all()


def test_merging_keeps_every_vector_in_few_files(tmp_path: Path) -> None:
    """Many small writes end in few files, with the same content."""
    cache = cache_in(tmp_path)
    texts = [f"text {i}" for i in range(100)]
    vectors = np.random.default_rng(0).normal(size=(100, 3)).astype(np.float16)
    for i in range(100):
        cache.write(text_keys(texts[i : i + 1]), vectors[i : i + 1])
        cache.compact()
    found, present = cache.read(text_keys(texts), 3)
    assert present.all()
    assert np.array_equal(found, vectors.astype(np.float32))
    assert len(list(tmp_path.rglob("*.npy"))) <= 24


def test_a_run_reads_on_while_another_merges(tmp_path: Path) -> None:
    """Files that were merged away are looked for no longer."""
    reader = cache_in(tmp_path)
    for i in range(8):
        written(tmp_path, [f"text {i}"])
    keys = text_keys([f"text {i}" for i in range(8)])
    assert reader.read(keys, 3)[1].all()
    cache_in(tmp_path).compact()
    assert len(list(tmp_path.rglob("*.npy"))) == 1
    assert reader.read(keys, 3)[1].all()


@pytest.mark.usefixtures("_as_on_windows")
def test_merging_deletes_also_where_a_mapped_file_can_not_be_deleted(tmp_path: Path) -> None:
    """On Windows the cache lets go of what it merged before it deletes it."""
    cache = cache_in(tmp_path)
    texts = [f"text {i}" for i in range(24)]
    for text in texts:
        written(tmp_path, [text])
        cache.compact()
    assert len(list(tmp_path.rglob("*.npy"))) == 3
    assert cache.read(text_keys(texts), 3)[1].all()


@pytest.mark.usefixtures("_as_on_windows")
def test_merging_again_what_another_run_holds_changes_nothing(tmp_path: Path) -> None:
    """On Windows another run keeps merged files alive; merging them anew finds its own result, and the last one tidies."""
    texts = [f"text {i}" for i in range(8)]
    late = cache_in(tmp_path)
    for text in reversed(texts):
        written(tmp_path, [text])
        assert not late.read(text_keys(["unknown"]), 3)[1].any()
    holding = cache_in(tmp_path)
    assert holding.read(text_keys(texts), 3)[1].all()
    for cache in (cache_in(tmp_path), late, cache_in(tmp_path)):
        cache.compact()
        assert cache.read(text_keys(texts), 3)[1].all()
        assert len(list(tmp_path.rglob("*.npy"))) == 9
    del cache, late, holding
    cache_in(tmp_path).compact()
    assert len(list(tmp_path.rglob("*.npy"))) == 1


@pytest.mark.usefixtures("_as_on_windows")
def test_what_is_there_already_is_not_written_over(tmp_path: Path) -> None:
    """On Windows a file that is being read can't be replaced; one of the same name holds the same bytes."""
    written(tmp_path, ["a"])
    cache = cache_in(tmp_path)
    assert cache.read(text_keys(["a"]), 3)[1].all()
    written(tmp_path, ["a"])
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".npy"]


def test_a_damaged_file_of_the_same_name_is_written_over(tmp_path: Path) -> None:
    """A name alone is no proof of its content."""
    written(tmp_path, ["a"])
    (shard,) = tmp_path.rglob("*.npy")
    shard.write_bytes(b"")
    written(tmp_path, ["a"])
    assert cache_in(tmp_path).read(text_keys(["a"]), 3)[1].all()


def test_vectors_of_another_length_are_not_taken(tmp_path: Path) -> None:
    """A file of vectors of another length is left alone, not misread."""
    written(tmp_path, ["a"], dimensions=5)
    cache = cache_in(tmp_path)
    assert not cache.read(text_keys(["a"]), 3)[1].any()
    assert cache.dimensions == 5


def test_size_and_clearing(tmp_path: Path) -> None:
    """The size counts vectors and bytes; clearing leaves what is not Windvane's."""
    assert cache_size(tmp_path / "none") == CacheSize(vectors=0, bytes=0)
    written(tmp_path, ["a", "b"])
    (tmp_path / "notes.txt").write_text("mine")
    size = cache_size(tmp_path)
    assert size.vectors == 2
    assert size.bytes > 2 * 3 * 2
    assert clear_cache(tmp_path) == CacheSize(vectors=2, bytes=size.bytes - 4)
    assert clear_cache(tmp_path) == CacheSize(vectors=0, bytes=0)
    assert cache_size(tmp_path) == CacheSize(vectors=0, bytes=4)
    assert not cache_in(tmp_path).read(text_keys(["a"]), 3)[1].any()
