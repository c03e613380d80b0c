"""The contract test of every lead-time member and of the forecaster that mixes them."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from configs.schema import LeadTimeConfig
from distributions.levels import LEAD_TIME_LEVELS
from models.lead_time.forecaster import LeadTimeForecaster
from models.lead_time.members.aft import LogNormalAFT
from models.lead_time.members.contract import ContractLeadTime
from models.lead_time.members.drifting_aft import DriftingAFT
from models.lead_time.members.empirical import ShrunkEmpirical
from models.lead_time.members.empirical_average import EmpiricalAverage
from models.protocols import LeadTimeMember

Make = Callable[[], LeadTimeMember]
MODELS: dict[str, Make] = {
    "empirical": partial(ShrunkEmpirical, ("supplier_id", "unique_id"), (5.0, 5.0)),
    "family": EmpiricalAverage,
    "aft": LogNormalAFT,
    "pace": DriftingAFT,
    "contract": ContractLeadTime,
    "forecaster": LeadTimeForecaster,
    "forecaster by contract": partial(LeadTimeForecaster, LeadTimeConfig(source="contract")),
}
HISTORIES = {
    "many": lambda: history(150),
    "three": lambda: history(3),
    "one": lambda: history(1),
    "none": lambda: history(150).iloc[:0],
    "all open": lambda: history(60, is_open=True),
    "same day": lambda: history(60, scale=0.0),
    "never late": lambda: history(60, scale=14.0, spread=0.0),
    "huge": lambda: history(60, scale=1e6),
    "without covariates": lambda: history(80)[
        ["supplier_id", "unique_id", "ordered_at", "is_open", "duration"]
    ],
}


def history(
    orders: int, *, is_open: bool = False, scale: float = 30.0, spread: float = 0.4, seed: int = 3
) -> pd.DataFrame:
    """Order lines of five suppliers and seven SKUs, the last ones open."""
    random = np.random.default_rng(seed)
    ordered_at = pd.Timestamp("2022-01-03") + pd.to_timedelta(np.sort(random.integers(0, 700, orders)), "D")
    days = np.round(scale * np.exp(spread * random.standard_normal(orders)), 0)
    supplier = random.integers(0, 5, orders)
    age = (pd.Timestamp("2024-01-01") - ordered_at).days.to_numpy(float)
    still_open = (age < days) | is_open
    return pd.DataFrame(
        {
            "order_id": [f"po{k}" for k in range(orders)],
            "line": "1",
            "supplier_id": [f"s{k}" for k in supplier],
            "unique_id": [f"u{k}" for k in random.integers(0, 7, orders)],
            "category": [("dry", "fresh", None)[k] for k in random.integers(0, 3, orders)],
            "ordered_at": ordered_at,
            "promised_at": pd.NaT,
            "quantity_ordered": random.integers(1, 50, orders).astype(float),
            "quantity_open": 0.0,
            "unit_price": 2.5,
            "lead_time": np.where(still_open, np.nan, days),
            "age": np.where(still_open, age, np.nan),
            "is_open": still_open,
            "duration": np.where(still_open, age, days),
            "contract_days": np.where(supplier == 0, np.nan, 28.0),
            "covariate:mode": [("air", "sea")[k] for k in supplier % 2],
        }
    )


@cache
def fitted(name: str, kind: str) -> LeadTimeMember:
    """Fitting is the slow part, and `predict` changes nothing (a test of its own says so)."""
    return MODELS[name]().fit(HISTORIES[kind]())


@pytest.fixture(params=MODELS, ids=str)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=MODELS, ids=str)
def make(request: pytest.FixtureRequest) -> Make:
    return MODELS[request.param]


@pytest.mark.parametrize("kind", HISTORIES)
def test_quantiles_are_finite_rise_and_are_not_negative(name: str, kind: str) -> None:
    forecast = fitted(name, kind).predict(history(50, seed=4))
    assert forecast.values.shape == (50, len(LEAD_TIME_LEVELS))
    assert np.isfinite(forecast.values).all()
    assert (np.diff(forecast.values, axis=1) >= -1e-9).all()
    assert (forecast.values >= 0).all()
    assert np.isfinite(forecast.mean()).all()


@pytest.mark.parametrize("kind", HISTORIES)
def test_an_open_order_cannot_come_before_its_age(name: str, kind: str) -> None:
    forecast = fitted(name, kind).predict(history(50, seed=4))
    later = forecast.above(1000.0)
    assert np.isfinite(later.values).all()
    assert (later.values >= 1000).all()


def test_what_was_never_seen_gets_a_distribution(name: str) -> None:
    strange = history(1).assign(
        supplier_id="new",
        unique_id="new",
        category="new",
        **{"covariate:mode": "new"},
        quantity_ordered=np.nan,
        contract_days=np.nan,
    )
    values = fitted(name, "many").predict(strange).values
    assert np.isfinite(values).all()
    assert values[0, 0] < values[0, -1]


def test_no_rows_give_no_distributions(name: str) -> None:
    assert len(fitted(name, "many").predict(history(150).iloc[:0])) == 0


def test_the_loaded_model_says_the_same(name: str, tmp_path: Path) -> None:
    model = fitted(name, "many")
    model.save(tmp_path)
    requested = history(50, seed=4)
    np.testing.assert_array_equal(
        type(model).load(tmp_path).predict(requested).values, model.predict(requested).values
    )


def test_a_model_of_an_empty_history_can_be_saved(name: str, tmp_path: Path) -> None:
    model = fitted(name, "none")
    model.save(tmp_path)
    requested = history(5, seed=4)
    np.testing.assert_array_equal(
        type(model).load(tmp_path).predict(requested).values, model.predict(requested).values
    )


def test_the_same_orders_give_the_same_files(make: Make, tmp_path: Path) -> None:
    for name in ("a", "b"):
        make().fit(history(150)).save(tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert files
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_a_clone_has_the_parameters_and_nothing_learned(make: Make) -> None:
    model = make().fit(history(150))
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert not [name for name in vars(copy) if name.endswith("_")]


def test_an_unknown_parameter_is_refused(make: Make) -> None:
    with pytest.raises(ValueError, match="Invalid parameter 'strenght'"):
        make().set_params(strenght=3.0)


def test_predicting_twice_says_the_same(name: str) -> None:
    model, requested = fitted(name, "many"), history(50, seed=4)
    np.testing.assert_array_equal(model.predict(requested).values, model.predict(requested).values)


def test_fitting_leaves_the_orders_as_they_were(make: Make) -> None:
    orders = history(100)
    make().fit(orders)
    pd.testing.assert_frame_equal(orders, history(100))


def test_predicting_does_not_depend_on_the_other_rows(name: str) -> None:
    model, requested = fitted(name, "many"), history(50, seed=4)
    together = model.predict(requested).values
    np.testing.assert_allclose(model.predict(requested.iloc[7:9]).values, together[7:9], rtol=1e-12)
