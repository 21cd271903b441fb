"""Is it good? `make evaluate` runs every section and writes RESULTS.md."""
