import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from artifacts.bundle import read_bundle
from artifacts.bundle_contents import BundleContents, write_bundle
from artifacts.manifest import BundleError
from distributions.demand_forecast import DemandForecast
from planning.policy.order_rules import OrderRules


def test_a_bundle_gives_back_what_was_put_in(folder: Path, forecast: DemandForecast) -> None:
    bundle = read_bundle(folder)
    assert bundle.rules.shift == {"lumpy": -0.5}
    assert (bundle.config, bundle.metrics) == ({"name": "test"}, {"decision_cost": 1.5})
    assert bundle.per_series["mase"].tolist() == [0.9]
    np.testing.assert_array_equal(bundle.forecast.cumulative, forecast.cumulative)


def test_the_same_contents_have_the_same_hash(contents: BundleContents, tmp_path: Path) -> None:
    assert write_bundle(tmp_path / "a", contents) == write_bundle(tmp_path / "b", contents)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: replace(c, metrics={"decision_cost": 1.6}),
        lambda c: replace(c, config={"name": "other"}),
        lambda c: replace(c, rules=OrderRules()),
        lambda c: replace(c, demand=type(c.demand)("another")),
    ],
    ids=["metrics", "config", "rules", "model"],
)
def test_other_contents_have_another_hash(
    contents: BundleContents, change: Callable[[BundleContents], BundleContents], tmp_path: Path
) -> None:
    assert write_bundle(tmp_path / "a", contents) != write_bundle(tmp_path / "b", change(contents))


def test_an_altered_file_is_named(folder: Path) -> None:
    (folder / "demand" / "model.json").write_text("{}")
    with pytest.raises(BundleError, match=r"demand/model\.json: altered.*train again"):
        read_bundle(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "forecast.parquet").unlink()
    with pytest.raises(BundleError, match=r"forecast\.parquet: missing"):
        read_bundle(folder)


def test_an_altered_manifest_is_found_out(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["metrics"]["decision_cost"] = 0.1
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match=r"manifest\.json: altered"):
        read_bundle(folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "no bundle here"),
        ("{", "not readable as JSON"),
        ("[]", "not a bundle's manifest"),
        (
            '{"format": 99, "files": {}, "config": {}, "info": {}, "metrics": {}, "hash": ""}',
            "bundle format 99",
        ),
    ],
)
def test_a_folder_that_is_no_bundle_is_named(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(BundleError, match=rf"manifest\.json: .*{message}"):
        read_bundle(tmp_path)
