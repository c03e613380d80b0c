"""One YAML file per business or data set, read into frozen models."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from features.config import DataConfig
from models.config import DemandConfig, LeadTimeConfig
from planning.config import PolicyConfig


class ConfigError(ValueError):
    """A config that cannot be used: says the file, the key and the fix."""


class Config(BaseModel):
    """Everything a training run is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "purvey"
    notice: str = Field("", description="shown on every page, for example that data are simulated")
    currency: str = Field("USD", description="the company's one currency, for labels")
    seed: int = 0
    threads: int = Field(2, ge=1)
    data: DataConfig = DataConfig()
    demand: DemandConfig = DemandConfig()
    lead_time: LeadTimeConfig = LeadTimeConfig()
    policy: PolicyConfig = PolicyConfig()


def load_config(path: Path) -> Config:
    """Read `path`.

    Raises
    ------
    ConfigError
        When the file is missing, is no YAML, or has a key or value that is not allowed.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; give a config, for example configs/demo.yaml") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not readable as YAML ({str(error).splitlines()[0]})") from None
    try:
        return Config.model_validate(values or {})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: {place or 'file'}: {first['msg']} (found {first['input']!r})") from None
