"""What every section of the configuration shares."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^\w[\w-]{0,63}$")]
"""The name of a framing or group: letters, digits, underscores and hyphens, of any script; no hyphen first."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
"""A line of prose: not empty."""

Probability = Annotated[float, Field(gt=0, lt=1)]
"""A probability, neither 0 nor 1."""


class Section(BaseModel):
    """A part of the configuration: frozen; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
