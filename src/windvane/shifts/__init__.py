"""When the leading framing changes, how sure that is, and what drove it."""
