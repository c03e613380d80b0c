"""Orders that take longer when demand is high are found where the past shows it, and nowhere else."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.lead_time.demand_correlation import learn_demand_correlation
from models.lead_time.forecaster import LeadTimeForecaster


def company(
    correlation: float,
    *,
    seed: int = 1,
    suppliers: int = 20,
    orders: int = 26,
    shared: float = 0.0,
    growth: float = 0.0,
) -> pd.DataFrame:
    """Closed lines of ten SKUs a supplier, ordered each fortnight as much as was sold since the order before.

    Demand is 60 · exp(.3·F), F a level that is forgotten in eight weeks; lead times are 20 · exp(.25·z), z correlated
    with F. With `shared` a supplier's orders of a day are late together, with `growth` both rise through the years.
    """
    rng = np.random.default_rng(seed)
    shape, kept = (suppliers, 10, orders), np.exp(-2 / 8)
    level = rng.normal(size=shape)
    for t in range(1, orders):
        level[..., t] = kept * level[..., t - 1] + np.sqrt(1 - kept**2) * level[..., t]
    own = np.sqrt(shared) * rng.normal(size=(suppliers, 1, orders))
    own = own + np.sqrt(1 - shared) * rng.normal(size=shape)
    score = correlation * level + np.sqrt(1 - correlation**2) * own
    rise = growth * np.linspace(-1, 1, orders)
    s, u, t = (at.ravel() for at in np.indices(shape))
    lines = pd.DataFrame(
        {
            "order_id": np.arange(s.size).astype(str),
            "line": "1",
            "supplier_id": [f"S{i}" for i in s],
            "unique_id": [f"{i}-{j}" for i, j in zip(s, u, strict=True)],
            "category": "c",
            "ordered_at": pd.Timestamp("2023-01-02") + pd.to_timedelta(14 * t, unit="D"),
            "quantity_ordered": rng.poisson(60 * np.exp(0.3 * level + rise)).ravel(),
            "unit_price": 1.0,
            "is_open": False,
            "duration": np.round(20 * np.exp(0.25 * score + rise)).ravel(),
            "contract_days": np.nan,
        }
    )
    return lines.sort_values(["ordered_at", "supplier_id", "unique_id"], ignore_index=True)


@pytest.mark.parametrize("correlation", [0.3, 0.6, -0.5])
def test_a_correlation_is_found_with_its_sign_and_never_stronger_than_it_is(correlation: float) -> None:
    """A fortnight's sales say less of the level than the level itself: about six tenths of it is seen."""
    found = learn_demand_correlation(company(correlation))
    assert 0.5 < found / correlation < 0.8


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("shared", "growth"), [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5)])
def test_there_is_none_where_delays_and_demand_have_nothing_in_common(
    seed: int, shared: float, growth: float
) -> None:
    assert learn_demand_correlation(company(0.0, seed=seed, shared=shared, growth=growth)) == 0.0


def test_what_may_be_chance_is_none() -> None:
    assert learn_demand_correlation(company(0.6, suppliers=9)) == 0.0, "too few suppliers"
    assert learn_demand_correlation(company(0.6, suppliers=10)) > 0.3
    assert learn_demand_correlation(company(0.6, orders=18)) == 0.0, "too few months"
    many = company(0.6, orders=40)
    number, lane = many.groupby("unique_id").cumcount(), pd.factorize(many["unique_id"])[0] % 7 * 4
    for orders, found in ((6, False), (12, True)):  # of each lane, at one time or another
        some = many[(number >= lane) & (number < lane + orders)]
        assert (learn_demand_correlation(some) > 0.1) == found, "too few orders of a lane"
    assert learn_demand_correlation(company(0.6).assign(quantity_ordered=10.0)) == 0.0, "always the same"
    assert learn_demand_correlation(company(0.6).iloc[:0]) == 0.0


def test_lots_say_as_much_by_the_days_between_them_as_orders_by_their_size() -> None:
    lines = company(0.6, orders=40)
    sold = lines.groupby("unique_id")["quantity_ordered"].cumsum()
    lots = (sold // 120).groupby(lines["unique_id"]).diff() > 0
    found = learn_demand_correlation(lines[lots].assign(quantity_ordered=120.0))
    assert 0.2 < found < 0.6


def test_lines_of_one_day_are_one_order_of_their_lane() -> None:
    lines = company(0.6)
    halves = pd.concat([lines, lines]).assign(quantity_ordered=lambda both: both["quantity_ordered"] / 2)
    assert learn_demand_correlation(halves) == pytest.approx(learn_demand_correlation(lines), abs=1e-12)


def test_the_forecaster_learns_it_from_closed_lines_and_keeps_it(tmp_path: Path) -> None:
    lines = company(0.6, suppliers=12)
    open_lines = lines.tail(120).assign(is_open=True, quantity_ordered=1e6, duration=1.0)
    model = LeadTimeForecaster().fit(pd.concat([lines.iloc[:-120], open_lines], ignore_index=True))
    assert model.shared_delay.with_demand == pytest.approx(
        learn_demand_correlation(lines.iloc[:-120]), abs=0.02
    )
    assert model.shared_delay.with_demand > 0.25
    model.save(tmp_path)
    assert LeadTimeForecaster.load(tmp_path).shared_delay == model.shared_delay
