"""What the report shows."""

from windvane.config.base import Section, Text


class ReportConfig(Section):
    """The page."""

    title: Text | None = None
    """Title of the page. None: the question."""
