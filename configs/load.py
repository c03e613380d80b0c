"""Read a config from its YAML file."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from configs.errors import ConfigError
from configs.schema import Config


def load_config(path: Path | str) -> Config:
    """Read `path`.

    Raises
    ------
    ConfigError
        When the file is missing, is no YAML, or has a key or value that is not allowed.
    """
    try:
        values = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
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
