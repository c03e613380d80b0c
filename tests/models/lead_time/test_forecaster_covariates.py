"""Covariates of an order improve forecasts where they have an effect, and cost nothing where they have none."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from distributions.distribution import Array
from features.contract.tables import COVARIATE, Tables, empty_table
from features.orders.supplier_calendar import SupplierCalendar
from models.lead_time.evaluation.crps import cdf_on_grid, censored_crps
from models.lead_time.forecaster import LeadTimeForecaster
from models.lead_time.snapshots import snapshot

START = pd.Timestamp("2021-01-04")
CUT = pd.Timestamp("2022-10-31")  # a Monday
SHUTDOWNS = (("2021-02-08", "2021-02-21"), ("2022-01-31", "2022-02-13"), ("2023-01-23", "2023-02-05"))
_GRID = np.arange(0.25, 150.0, 0.5)


def supplier(
    name: str, mean: float, day: Array, random: np.random.Generator, spread: float = 0.25
) -> pd.DataFrame:
    """Closed orders placed on the days since the start `day` (n,), around `mean` days."""
    days = np.maximum(np.rint(mean * np.exp(spread * random.standard_normal(len(day)))), 1.0)
    return pd.DataFrame(
        {
            "order_id": [f"{name}-{k}" for k in range(len(day))],
            "supplier_id": name,
            "unique_id": "a",
            "category": "c",
            "ordered_at": START + pd.to_timedelta(day, "D"),
            "quantity_ordered": 10.0,
            "unit_price": 1.0,
            "is_open": False,
            "duration": days,
        }
    )


def company(means: list[float], *, orders: int = 200, days: int = 800) -> pd.DataFrame:
    random = np.random.default_rng(1)
    parts = [
        supplier(f"s{k}", mean, np.sort(random.integers(0, days, orders)), random)
        for k, mean in enumerate(means)
    ]
    return pd.concat(parts, ignore_index=True)


def in_order(orders: pd.DataFrame) -> pd.DataFrame:
    return orders.sort_values("ordered_at", kind="stable", ignore_index=True)


def later_on_fridays(orders: pd.DataFrame) -> pd.DataFrame:
    friday = orders["ordered_at"].dt.dayofweek == 4
    return orders.assign(duration=orders["duration"] + 2.0 * friday)


def closed_in_shutdowns(orders: pd.DataFrame) -> pd.DataFrame:
    """The orders had the first two suppliers done nothing in a shutdown."""
    start = ((orders["ordered_at"] - START) / pd.Timedelta(days=1)).to_numpy()
    days = orders["duration"].to_numpy(float)
    who = orders["supplier_id"].isin(["s0", "s1"]).to_numpy()
    for first, last in SHUTDOWNS:
        begin, end = ((pd.Timestamp(day) - START).days for day in (first, last))
        met = who & (start + days > begin - 1) & (start < end)
        days = days + np.where(met, end - np.maximum(begin - 1, start), 0)
    return orders.assign(duration=days)


def with_small_ones(orders: pd.DataFrame, mean: float) -> pd.DataFrame:
    """And six suppliers in the far region, of three orders each before the cut."""
    random = np.random.default_rng(2)
    cut = (CUT - START).days
    parts = [
        supplier(
            f"small{k}",
            mean,
            np.r_[random.integers(cut - 200, cut - 80, 3), random.integers(cut, 800, 30)],
            random,
        )
        for k in range(6)
    ]
    return pd.concat([orders, *parts], ignore_index=True)


def shutdowns() -> SupplierCalendar:
    empty = empty_table("events")
    rows = pd.DataFrame(SHUTDOWNS, columns=["ds", "until"]).assign(name="shutdown")
    rows["ds"], rows["until"] = pd.to_datetime(rows["ds"]), pd.to_datetime(rows["until"])
    return SupplierCalendar.of(Tables(events=rows.reindex(columns=empty.columns).astype(empty.dtypes)))


def regions() -> SupplierCalendar:
    names = [f"s{k}" for k in range(8)] + [f"small{k}" for k in range(6)]
    where = ["near"] * 4 + ["far"] * 10
    rows = pd.DataFrame({"supplier_id": names, "region": where})
    return SupplierCalendar.of(Tables(suppliers=rows.reindex(columns=empty_table("suppliers").columns)))


def loss(orders: pd.DataFrame, scored: pd.Series, supplier_calendar: SupplierCalendar | None = None) -> float:
    """Mean CRPS, days, of the orders placed since the cut that are `scored`."""
    model = LeadTimeForecaster(supplier_calendar=supplier_calendar).fit(
        snapshot(orders, CUT - pd.Timedelta(days=1))
    )
    later = orders[(orders["ordered_at"] >= CUT) & scored].reset_index(drop=True)
    cdf = cdf_on_grid(model.predict(later).values, _GRID)
    return float(censored_crps(cdf, later, _GRID, np.full(len(_GRID), 0.5)).mean())


def without_weekday(orders: pd.DataFrame) -> pd.DataFrame:
    """The same orders, all placed on the Wednesday of their week."""
    monday = orders["ordered_at"] - pd.to_timedelta(orders["ordered_at"].dt.dayofweek, "D")
    return orders.assign(ordered_at=monday + pd.Timedelta(days=2))


def test_orders_that_wait_for_monday_are_forecast_better() -> None:
    orders = in_order(later_on_fridays(company([3, 4, 5, 6, 8, 12])))
    friday = orders["ordered_at"].dt.dayofweek == 4
    assert loss(orders, friday) < 0.8 * loss(without_weekday(orders), friday)


def test_orders_before_a_shutdown_are_forecast_better() -> None:
    orders = in_order(closed_in_shutdowns(company([6, 10, 6, 10, 20])))
    met = orders["ordered_at"].between(pd.Timestamp("2023-01-12"), pd.Timestamp("2023-02-05"))
    met &= orders["supplier_id"].isin(["s0", "s1"])
    assert loss(orders, met, shutdowns()) < 0.6 * loss(orders, met)


def test_a_supplier_of_three_orders_leans_on_its_slow_region() -> None:
    orders = in_order(with_small_ones(company([10, 10, 10, 10, 40, 40, 40, 40], orders=80), 40))
    small = orders["supplier_id"].str.startswith("small")
    assert loss(orders, small, regions()) < 0.9 * loss(orders, small)


def test_weekdays_and_events_without_an_effect_change_nothing() -> None:
    orders = in_order(company([3, 4, 6, 10, 20]))
    everyone = orders["supplier_id"].notna()
    assert loss(orders, everyone, shutdowns()) == pytest.approx(loss(orders, everyone), rel=0.002)
    assert loss(orders, everyone) == pytest.approx(loss(without_weekday(orders), everyone), rel=0.01)


def test_a_region_without_an_effect_costs_nothing() -> None:
    orders = in_order(with_small_ones(company([10] * 8, orders=80), 10))
    everyone = orders["supplier_id"].notna()
    assert loss(orders, everyone, regions()) < 1.01 * loss(orders, everyone)


def test_a_request_without_a_region_is_answered_for_the_suppliers_own() -> None:
    orders = in_order(with_small_ones(company([10, 10, 10, 10, 40, 40, 40, 40], orders=80), 40))
    model = LeadTimeForecaster(supplier_calendar=regions()).fit(orders[orders["supplier_id"] != "small0"])
    requested = orders.tail(1).assign(supplier_id=["small0"])
    without_region = model.with_calendar(SupplierCalendar.unknown())
    assert (
        model.predict(requested).quantile(0.5)[0] > 1.3 * without_region.predict(requested).quantile(0.5)[0]
    )


NAMES_INSIDE = (
    "category", "region", "supplier_id", "unique_id", "order_id", "line", "ordered_at", "duration", "lead_time", "age",
    "is_open", "contract_days", "quantity", "value", "contract", "memory", "half_life_days", "days", "part_after",
    "arrived_at", "placed_at", "index", "level_0", "h", "y", "ds", "cutoff", "covariate:mode", "",
)  # fmt: skip


def test_a_covariate_may_be_called_as_a_column_inside_is(tmp_path: Path) -> None:
    orders = in_order(company([10, 20, 30], orders=60)).assign(lead_time=lambda rows: rows["duration"])
    random = np.random.default_rng(3)
    values = {
        name: random.choice(["a", "b", "c"], len(orders)).astype(object)
        if place % 2
        else random.uniform(1, 9, len(orders))
        for place, name in enumerate(NAMES_INSIDE)
    }
    odd = orders.assign(**{COVARIATE + name: value for name, value in values.items()})
    plain = orders.assign(**{f"{COVARIATE}x{k}": value for k, value in enumerate(values.values())})
    learned, expected = LeadTimeForecaster().fit(odd), LeadTimeForecaster().fit(plain)
    learned.save(tmp_path)
    request = in_order(company([10, 20, 30], orders=5))
    for rows, same in ((request, request), (odd, plain)):
        np.testing.assert_array_equal(learned.predict(rows).values, expected.predict(same).values)
        np.testing.assert_array_equal(
            LeadTimeForecaster.load(tmp_path).predict(rows).values, expected.predict(same).values
        )


def test_a_bundle_from_before_finds_its_covariates_by_their_plain_names(tmp_path: Path) -> None:
    orders = in_order(company([10, 30], orders=100))
    orders = orders.assign(duration=orders["duration"] * np.where(np.arange(len(orders)) % 2, 3.0, 1.0))
    mode = pd.Series(np.where(np.arange(len(orders)) % 2, "sea", "air"), dtype=object)
    now = orders.assign(**{COVARIATE + "mode": mode})
    model = LeadTimeForecaster().fit(now)
    model.save(tmp_path)
    for path in tmp_path.rglob("*"):  # as they were written before covariates had a prefix
        if path.suffix == ".json":
            path.write_text(
                path.read_text().replace(',\n "covariate_prefix": "covariate:"', "").replace(COVARIATE, "")
            )
        elif path.suffix == ".parquet":
            pd.read_parquet(path).rename(columns=lambda name: name.removeprefix(COVARIATE)).to_parquet(path)
    assert "covariate" not in (tmp_path / "lead_time.json").read_text()
    before = LeadTimeForecaster.load(tmp_path)
    np.testing.assert_array_equal(before.predict(now).values, model.predict(now).values)
    assert (
        model.predict(now).mean()[mode == "sea"].mean() > 2 * model.predict(now).mean()[mode == "air"].mean()
    )
