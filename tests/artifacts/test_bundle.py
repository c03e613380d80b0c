import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from artifacts.bundle import BundleError, open_bundle, publish, read_bundle, write_bundle
from artifacts.contents import BundleContents
from artifacts.forecast_store import ForecastError, forecast_frame, read_forecast, write_forecast
from distributions.demand_forecast import DemandForecast
from distributions.levels import DEMAND_LEVELS
from planning.policy.order_rules import OrderRules


def _forecast(n: int = 3, h: int = 4) -> DemandForecast:
    rng = np.random.default_rng(1)
    period = np.sort(rng.gamma(2, 5, (n, h, len(DEMAND_LEVELS))), axis=2)
    return DemandForecast(
        unique_ids=np.array([f"sku{i}" for i in range(n)], object),
        cutoff=pd.Timestamp("2024-01-01"),
        starts=pd.date_range("2024-01-08", periods=h + 1, freq="W-MON").to_numpy(),
        levels=DEMAND_LEVELS,
        mean=period.mean(axis=2),
        quantiles=period,
        cumulative_mean=np.cumsum(period.mean(axis=2), axis=1),
        cumulative=np.cumsum(period, axis=1),
        demand_class=np.array(["smooth", "lumpy", "dead"][:n], object),
        reason=np.array(["", "short_history", "dead"][:n], object),
    )


def _model(text: str) -> SimpleNamespace:
    return SimpleNamespace(save=lambda folder: (folder / "model.json").write_text(json.dumps(text)))


@pytest.fixture
def contents() -> BundleContents:
    return BundleContents(
        demand=_model("demand"),
        lead_time=_model("lead time"),
        forecast=_forecast(),
        rules=OrderRules({"lumpy": -0.5}),
        config={"name": "test"},
        info={"as_of": "2024-01-08", "cutoff": "2024-01-01"},
        metrics={"decision_cost": 1.5},
        per_series=pd.DataFrame({"unique_id": ["sku0"], "mase": [0.9]}),
    )


@pytest.fixture
def folder(contents: BundleContents, tmp_path: Path) -> Path:
    write_bundle(tmp_path / "bundle", contents)
    return tmp_path / "bundle"


def test_a_bundle_gives_back_what_was_put_in(folder: Path) -> None:
    bundle = read_bundle(folder)
    assert bundle.rules.shift == {"lumpy": -0.5}
    assert (bundle.config, bundle.metrics) == ({"name": "test"}, {"decision_cost": 1.5})
    assert bundle.per_series["mase"].tolist() == [0.9]
    np.testing.assert_array_equal(bundle.forecast.cumulative, _forecast().cumulative)


def test_the_same_contents_have_the_same_hash(contents: BundleContents, tmp_path: Path) -> None:
    assert write_bundle(tmp_path / "a", contents) == write_bundle(tmp_path / "b", contents)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: replace(c, metrics={"decision_cost": 1.6}),
        lambda c: replace(c, config={"name": "other"}),
        lambda c: replace(c, rules=OrderRules()),
        lambda c: replace(c, demand=_model("another")),
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


def test_a_bundle_under_a_wrong_hash_is_refused(folder: Path, tmp_path: Path) -> None:
    path = publish(folder, tmp_path / "store")
    path.rename(path.with_name("0" * 64))
    with pytest.raises(BundleError, match=r"holds bundle .*, not 000000000000"):
        open_bundle(tmp_path / "store", "0" * 64)


def test_publishing_addresses_the_bundle_by_its_hash_and_leaves_nothing_else(
    folder: Path, tmp_path: Path
) -> None:
    path = publish(folder, tmp_path / "store")
    assert path.name == read_bundle(folder).hash
    assert list((tmp_path / "store").iterdir()) == [path]
    assert open_bundle(tmp_path / "store", path.name).metrics == {"decision_cost": 1.5}


def test_publishing_again_keeps_the_sound_copy(folder: Path, tmp_path: Path) -> None:
    path = publish(folder, tmp_path / "store")
    before = path.stat().st_ino
    assert publish(folder, tmp_path / "store").stat().st_ino == before


def test_publishing_again_replaces_a_damaged_copy(folder: Path, tmp_path: Path) -> None:
    path = publish(folder, tmp_path / "store")
    (path / "rules.json").unlink()
    publish(folder, tmp_path / "store")
    assert open_bundle(tmp_path / "store", path.name).rules.shift == {"lumpy": -0.5}


def test_a_damaged_bundle_is_not_published(folder: Path, tmp_path: Path) -> None:
    (folder / "rules.json").write_text("{}")
    with pytest.raises(BundleError, match=r"rules\.json: altered"):
        publish(folder, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_store_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file, no folder")
    with pytest.raises(BundleError, match=r"store/.* could not be written"):
        publish(folder, tmp_path / "store")


def test_many_at_once_publish_the_same_bundle(folder: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(publish, [folder] * 16, [tmp_path / "store"] * 16))
    assert len(set(paths)) == 1
    assert list((tmp_path / "store").iterdir()) == paths[:1]
    assert open_bundle(tmp_path / "store", paths[0].name).metrics == {"decision_cost": 1.5}


def test_a_forecast_survives_its_file_bit_by_bit(tmp_path: Path) -> None:
    before = _forecast()
    write_forecast(before, tmp_path / "forecast.parquet")
    after = read_forecast(tmp_path / "forecast.parquet")
    assert after.cutoff == before.cutoff
    for name in (
        "unique_ids",
        "starts",
        "levels",
        "mean",
        "quantiles",
        "cumulative_mean",
        "cumulative",
        "reason",
    ):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name), err_msg=name)


def test_a_file_that_is_no_forecast_is_named(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "forecast.parquet")
    with pytest.raises(ForecastError, match=r"forecast\.parquet: not a stored forecast"):
        read_forecast(tmp_path / "forecast.parquet")


def test_the_long_frame_has_the_backtest_levels_of_periods_and_of_sums() -> None:
    forecast = _forecast()
    frame = forecast_frame(forecast)
    assert len(frame) == 3 * 4
    assert [c for c in frame if c.startswith("q")] == [f"q{level / 100:.2f}" for level in range(5, 100, 5)]
    third = frame[(frame["unique_id"] == "sku1") & (frame["k"] == 3)].iloc[0]
    at = int(np.flatnonzero(DEMAND_LEVELS == 0.9)[0])
    assert third["q0.90"] == forecast.quantiles[1, 2, at]
    assert third["cumulative_q0.90"] == forecast.cumulative[1, 2, at]
    assert (third["ds"], third["end"]) == (pd.Timestamp("2024-01-22"), pd.Timestamp("2024-01-29"))
