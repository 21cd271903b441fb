"""A unit vector per distinct text, and the cache."""

from windvane.embeddings.cache import CacheSize, cache_size, clear_cache
from windvane.embeddings.encoder import Encoder, load_encoder

__all__ = ["CacheSize", "Encoder", "cache_size", "clear_cache", "load_encoder"]
