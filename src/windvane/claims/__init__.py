"""Find the claims in documents, and which of them are one story."""

from windvane.claims.extraction import Extraction, extract_claims

__all__ = ["Extraction", "extract_claims"]
