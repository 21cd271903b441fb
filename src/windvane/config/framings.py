"""The framings: answers to the question, described by statements."""

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from windvane.config.base import Name, Section, Text
from windvane.tables import RESERVED_NAMES, UNANSWERED

Statements = Annotated[tuple[Text, ...], Field(min_length=1)]


Clustering = Literal["agreement", "hdbscan"]
"""How groups of claims are found."""


class DeclaredFraming(Section):
    """One answer to the question."""

    label: Text | None = None
    """How the report calls it. None: its name, with spaces."""
    statements: Statements
    """Short sentences that give this answer; 4 to 10 serve well."""


class FramingsConfig(Section):
    """Which framings there are and how claims are assigned to them."""

    declared: dict[Name, DeclaredFraming] = Field(default_factory=dict)
    """The framings that are known; with none, all are discovered."""
    unanswered: dict[Name, Statements] = Field(default_factory=dict)
    """Statements on the topic that answer nothing: a list, or named groups, told apart in training and merged after."""
    labels: Text | None = None
    """A CSV with columns claim_id, framing: what an analyst decided by hand. Relative to the configuration file."""
    context: bool | None = None
    """Read each text once more, after the question, as an answer to it: twice the embedding. None: where nine claims in
    ten are in the question's language, since it helps there, and hurts where two languages meet in one reading."""
    clustering: Clustering = "agreement"
    """How undeclared framings are found: `agreement` of many clusterings gives every claim a group; `hdbscan` finds \
small, pure groups and leaves many claims unassigned."""
    discover: bool = True
    """Group the answers that no declared framing explains."""
    min_probability: Annotated[float, Field(ge=0.5, lt=1)] = 0.55
    """What the best framing must reach against the second best, the two alone compared; below, the claim is unassigned."""

    @field_validator("unanswered", mode="before", json_schema_input_type=Statements | dict[Name, Statements])
    @classmethod
    def _name_the_only_group(cls, value: object) -> object:
        groups = {UNANSWERED: value} if isinstance(value, list) else value
        if not isinstance(groups, dict):
            return groups
        # What a validator hands on is checked as Python, not as JSON: there a strict tuple is no list.
        return {name: tuple(texts) if isinstance(texts, list) else texts for name, texts in groups.items()}

    @field_validator("declared")
    @classmethod
    def _refuse_reserved_names(cls, value: dict[str, DeclaredFraming]) -> dict[str, DeclaredFraming]:
        taken = sorted(RESERVED_NAMES & value.keys())
        if taken:
            message = f"{', '.join(taken)}: reserved name, choose another"
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _tell_names_apart(self) -> "FramingsConfig":
        shared = sorted(self.declared.keys() & self.unanswered.keys())
        if shared:
            message = f"{', '.join(shared)}: name of a framing and of a group of unanswered statements, change one"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _require_something_to_do(self) -> "FramingsConfig":
        if not self.declared and not self.discover:
            message = "no framing is declared and discover is false: declare framings or set discover: true"
            raise ValueError(message)
        return self
