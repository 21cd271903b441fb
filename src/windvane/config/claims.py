"""How claims are found in documents, and when two of them are one story."""

from windvane.config.base import Section


class ClaimsConfig(Section):
    """Claims and stories."""
