"""Options that make no sense are refused where they are written."""

import pytest

from windvane.config import parse_config
from windvane.errors import ConfigError

HEAD = "question: Why?\ndocuments:\n  paths: [a.jsonl]\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("timezone: Mars/Base", r"documents\.timezone: .*unknown time zone; .*line 4"),
        ("timezone: ../../etc/passwd", r"documents\.timezone: .*unknown time zone"),
        ("file_name: '{outlet}_{date}'", r"documents\.file_name: each of \{id\}"),
        ("file_name: '{outlet}_{outlet}'", r"documents\.file_name: each of \{id\}"),
        ("mapping: factiva", r"documents\.mapping: .*media_cloud"),
        ("max_rejected: 2", r"documents\.max_rejected: .*less than or equal to 1"),
        ("since: soon", r"documents\.since: "),
        ("fields: {text: 3}", r"documents\.fields\.text: must be text"),
    ],
)
def test_options_are_checked(line: str, message: str) -> None:
    """The message names the option, its line and what would be right."""
    with pytest.raises(ConfigError, match=message):
        parse_config(f"{HEAD}  {line}\n")


def test_options_are_read() -> None:
    """A date, a zone and a pattern come through YAML as they are meant."""
    config = parse_config(f"{HEAD}  since: 2024-10-01\n  timezone: Europe/Berlin\n  file_name: '{{published}}_*'\n")
    assert (str(config.documents.since), config.documents.timezone) == ("2024-10-01", "Europe/Berlin")
