from pathlib import Path

import pytest

from configs.errors import ConfigError
from configs.load import load_config


def _config(folder: Path, text: str) -> Path:
    path = folder / "shop.yaml"
    path.write_text(text)
    return path


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert load_config(_config(tmp_path, "")).policy.level == 0.95


def test_values_are_read_into_their_sections(tmp_path: Path) -> None:
    config = load_config(_config(tmp_path, "demand: {horizon: 8}\npolicy: {target: cost}"))
    assert (config.demand.horizon, config.policy.target) == (8, "cost")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("policy: {level: 95}", r"shop\.yaml: policy\.level: .*number [<≤] .*95"),
        ("polizy: {}", r"shop\.yaml: polizy: unknown key; is it policy\?"),
        ("demand: {horizon: soon}", r"shop\.yaml: demand\.horizon: .*'soon'"),
        ("demand: [", r"shop\.yaml: not readable as YAML"),
        ("- demand", r"shop\.yaml: file: .*options"),
    ],
    ids=["value out of range", "unknown key", "no number", "no YAML", "a list"],
)
def test_a_bad_config_names_file_key_and_value(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config(_config(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: no such file"):
        load_config(tmp_path / "none.yaml")


@pytest.mark.parametrize("path", sorted(Path("configs").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_config_we_ship_can_be_read(path: Path) -> None:
    assert load_config(path).name
