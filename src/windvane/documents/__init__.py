"""Read dated records and set the bad ones aside, with the reason."""

from windvane.documents.reading import Corpus, read_documents

__all__ = ["Corpus", "read_documents"]
