"""Is it fast? `make bench` runs every benchmark and writes RESULTS.md."""
