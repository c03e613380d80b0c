"""Read a config from its YAML file."""

from pathlib import Path

from pydantic import ValidationError

from configs.errors import ConfigError
from configs.schema import Config
from configs.validation import sentences
from configs.yaml_loader import read_yaml


def load_config(path: Path | str) -> Config:
    """Read `path`.

    Raises
    ------
    ConfigError
        When the file is missing or cannot be read, is no YAML, or has a key or value that is not allowed.
    """
    try:
        values = read_yaml(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; give a config, for example configs/demo.yaml") from None
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
        return Config.model_validate(values or {})
    except ValidationError as error:
        raise ConfigError(f"{path}: {'; '.join(sentences(error, Config))}") from None
