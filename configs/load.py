"""Read a config from its YAML file."""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from configs.access import AccessConfig
from configs.alerts.alert_options import AlertsConfig
from configs.errors import ConfigError
from configs.schema import Config
from configs.section import Section
from configs.validation import sentences
from configs.yaml_loader import read_yaml

Read = TypeVar("Read", bound=Section)


def load_config(path: Path | str) -> Config:
    """Read `path`.

    Raises
    ------
    ConfigError
        When the file is missing or cannot be read, is no YAML, or has a key or value that is not allowed.
    """
    return _load(Path(path), Config, "give a config, for example configs/demo.yaml")


def load_access(path: Path) -> AccessConfig:
    """Read the file `access.yaml` at `path`.

    Raises
    ------
    ConfigError
        As `load_config`.
    """
    return _load(path, AccessConfig, "write it as docs/access.md says, or unset PURVEY_ACCESS")


def load_alerts(path: Path) -> AlertsConfig:
    """Read the file `alerts.yaml` at `path`.

    Raises
    ------
    ConfigError
        As `load_config`.
    """
    return _load(path, AlertsConfig, "write it as docs/alerts.md says, or unset PURVEY_ALERTS")


def _load(path: Path, schema: type[Read], instead: str) -> Read:
    """Read a file in the shape of `schema`; `instead` is what to do where there is none."""
    try:
        values = read_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; {instead}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not readable as YAML (not UTF-8; save the file as UTF-8)") from None
    except ValueError as error:
        raise ConfigError(f"{path}: not readable as YAML ({error})") from None
    if values is not None and not isinstance(values, dict):
        found = "a list" if isinstance(values, list) else repr(values)
        raise ConfigError(
            f"{path}: file: expected sections with options below them, such as demand: {{horizon: 8}}, found {found}"
        )
    try:
        return schema.model_validate(values or {})
    except ValidationError as error:
        raise ConfigError(f"{path}: {'; '.join(sentences(error, schema))}") from None
