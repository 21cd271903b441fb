"""A unit vector per distinct text, and the cache."""

from windvane.embeddings.cache import CacheSize, cache_size, clear_cache
from windvane.embeddings.encoder import Encoder, load_encoder
from windvane.embeddings.entailer import Entailer, load_entailer

__all__ = ["CacheSize", "Encoder", "Entailer", "cache_size", "clear_cache", "load_encoder", "load_entailer"]
