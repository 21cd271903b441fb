"""Found against true: assignment (`evaluate.assignment`) and shifts (`evaluate.shifts`)."""
