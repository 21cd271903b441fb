"""Longer fuzzing than CI has time for; `make fuzz`."""
