"""What the report shows, and what is written beside it."""

from windvane.config.base import Section, Text


class ReportConfig(Section):
    """The page."""

    title: Text | None = None
    """Title of the page. None: the question."""
    annotations: bool = False
    """Also write `claims.jsonld`: claims and framings as W3C Web Annotations, for tools that read these."""
