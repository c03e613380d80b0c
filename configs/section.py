"""Sections of a config file and their options."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Section(BaseModel):
    """A section of the config: immutable, and an unknown key is an error rather than a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _empty(cls, values: Any) -> Any:
        """A section of which the file has only the name says nothing."""
        return {} if values is None else values


def option(default: Any, meaning: str, unit: str = "", **bounds: Any) -> Any:
    """Declare an option with its default, what it means, its unit, and bounds (`ge`, `gt`, `le`, `lt`)."""
    return Field(default, description=meaning, json_schema_extra={"unit": unit}, **bounds)
