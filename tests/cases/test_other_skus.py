"""What stands beside a SKU does not set its numbers: neither a seller of a billion nor another unit of measure."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from small_company import FIRST, SmallCompany

from configs.schema import DemandConfig
from distributions.levels import DEMAND_LEVELS
from features.demand.panel import Panel
from models.demand.forecaster import DemandForecaster

WEEKS, H = 80, 4
Q95 = int(np.searchsorted(DEMAND_LEVELS, 0.95))


def series(kind: str, seed: int) -> np.ndarray:
    """Eighty weeks of demand of one kind."""
    rng = np.random.default_rng([seed, *kind.encode()])
    return {
        "constant": lambda: np.full(WEEKS, 70.0),
        "none": lambda: np.zeros(WEEKS),
        "counts": lambda: rng.poisson(20, WEEKS).astype(float),
        "few": lambda: rng.poisson(3, WEEKS).astype(float),
        "scattered": lambda: rng.negative_binomial(2, 2 / 22, WEEKS).astype(float),
        "kilograms": lambda: np.round(rng.gamma(3, 0.4 / 3, WEEKS), 3),
        "lumps": lambda: rng.binomial(1, 0.15, WEEKS) * (1.0 + rng.geometric(0.02, WEEKS)),
        "billions": lambda: np.round(rng.normal(1e9, 1e8, WEEKS)),
    }[kind]()


def reorder_points(demand: dict[str, np.ndarray]) -> dict[str, float]:
    """The 95 % quantile of three weeks' demand of each SKU, which is its reorder point at 14 days and a weekly review."""
    y = np.stack([demand[name] for name in sorted(demand)])
    panel = Panel(
        unique_ids=np.array(sorted(demand), object),
        ds=pd.date_range("2024-01-01", periods=WEEKS, freq="W-MON").to_numpy(),
        freq="W-MON",
        y=y,
        in_stock=np.ones(y.shape, bool),
        static=pd.DataFrame({"category": ["c"] * len(y)}),
    )
    model = DemandForecaster(DemandConfig(members=("level", "boosting", "sba"), windows=2), H, threads=1)
    forecast = model.fit(panel).predict(panel, H)
    return dict(zip(forecast.unique_ids, forecast.cumulative[:, 2, Q95].tolist(), strict=True))


def allowed(reorder_point: float, kind: str) -> float:
    """How far a reorder point may move for others' sake: a tenth, or one unit where that is more."""
    return max(0.1 * reorder_point, 0.02 if kind.endswith("kilograms") else 1.001)


@dataclass(frozen=True)
class Change:
    """Something done to a company's other SKUs: one is added or removed, or measured in another unit."""

    added: str | None
    removed: int | None
    factor: float


MEASURED = ("constant", "counts", "few", "scattered", "kilograms")
ANY = (*MEASURED, "none", "lumps", "billions")
CHANGES = st.builds(
    Change,
    st.one_of(st.none(), st.sampled_from(ANY)),
    st.one_of(st.none(), st.integers(0, 3)),
    st.sampled_from([1.0, 12.0, 1000.0, 0.001]),
)


@settings(
    max_examples=8,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # an example is two trainings: shrinking one takes long
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    st.lists(st.sampled_from(MEASURED), min_size=2, max_size=6),
    st.lists(st.sampled_from(ANY), min_size=4, max_size=6),
    CHANGES,
    st.integers(0, 10_000),
)
def test_adding_removing_or_rescaling_other_skus_hardly_moves_a_sku(
    kinds: list[str], others: list[str], change: Change, seed: int
) -> None:
    measured = {f"a{i}{kind}": series(kind, seed + i) for i, kind in enumerate(kinds)}
    around = {f"b{i}{kind}": series(kind, seed + 50 + i) for i, kind in enumerate(others)}
    before = reorder_points(measured | around)
    changed = {name: y * change.factor if name.startswith("b0") else y for name, y in around.items()}
    if change.removed is not None:
        del changed[sorted(changed)[change.removed]]
    if change.added is not None:
        changed["c" + change.added] = series(change.added, seed + 99)
    after = reorder_points(measured | changed)
    for name in measured:
        assert abs(after[name] - before[name]) <= allowed(before[name], name), name


@pytest.mark.parametrize("factor", [1000.0, 0.001])
def test_a_thousand_times_the_demand_has_a_thousand_times_the_reorder_point(factor: float) -> None:
    company = {f"a{i}{kind}": series(kind, i) for i, kind in enumerate(ANY)}
    measured = [name for name in company if name[2:] in MEASURED]
    before = reorder_points(company)
    for name in measured[1::2]:
        after = reorder_points(company | {name: company[name] * factor})
        assert abs(after[name] / factor - before[name]) <= allowed(before[name], name), name


def _later(lines: pd.DataFrame, ordered: pd.Timestamp) -> pd.DataFrame:
    """Order lines that were placed on the day `ordered`, and received as much later."""
    days = {name: lines[name] + (ordered - lines["ordered_at"]) for name in ("promised_at", "received_at")}
    return lines.assign(**days, ordered_at=ordered)


def test_a_small_company_of_unlike_skus_has_a_plan_that_a_planner_would_sign(
    untrained_company: SmallCompany,
) -> None:
    rng = np.random.default_rng(3)
    counts = [f"counts{i}" for i in range(4)]
    weeks = {name: np.arange(WEEKS) for name in ("constant", *counts, "huge", "none", "once")}
    demand = {
        "constant": np.full(WEEKS, 70.0),
        **{name: rng.poisson(20, WEEKS).astype(float) for name in counts},
        "huge": np.round(rng.normal(1e9, 1e8, WEEKS)),
        "none": np.zeros(WEEKS),
        "once": np.where(np.arange(WEEKS) == 30, 500.0, 0.0),
        "new": np.array([12.0]),
    }
    weeks["new"] = np.array([WEEKS - 1])
    ds = pd.date_range(FIRST, periods=WEEKS, freq="W-MON")
    ids = pd.DataFrame({"unique_id": [*demand, "never", "launched"]})  # the last two have no demand yet
    template = untrained_company.tables["purchase_orders"]
    lines = template[template["unique_id"] == "A0"].drop(columns="unique_id")
    untrained_company.tables = {
        "demand": pd.concat(
            [pd.DataFrame({"unique_id": name, "ds": ds[weeks[name]], "y": y}) for name, y in demand.items()]
        ),
        "items": ids.assign(unit_cost=5.0, unit_price=9.0, category="c"),
        "offers": ids.assign(supplier_id="S1", unit_price=5.0),
        "purchase_orders": pd.concat(
            [lines.assign(unique_id=name, order_id=lines["order_id"] + name) for name in [*demand, "never"]]
            + [_later(lines.iloc[:1], ds[-1] - pd.Timedelta(days=30)).assign(unique_id="launched")]
        ),
        "stock": ids.assign(as_of=ds[-1] + pd.Timedelta(days=7), on_hand=5),
    }
    untrained_company.config.write_text(
        "name: t\nthreads: 1\ndemand: {horizon: 4, windows: 2}\n"
        "policy: {target: cycle_service_level, level: 0.95, review_period_days: 7}\n"
    )
    assert untrained_company.train().status == 0
    assert untrained_company.plan().status == 0
    plan = untrained_company.table()
    assert plan["reorder_point"]["constant"] == plan["order_up_to"]["constant"] == 210
    own = 3 * np.mean([demand[name] for name in counts])
    assert plan["reorder_point"][counts].mean() == pytest.approx(own + 1.645 * np.sqrt(own), abs=4)
    assert plan["reorder_point"]["huge"] == pytest.approx(3e9 + 1.645 * np.sqrt(3) * 1e8, rel=0.1)
    assert plan["order_quantity"]["none"] == 0
    assert plan["reorder_point"]["none"] == 0
    assert (plan["reorder_point"]["never"], plan["order_quantity"]["never"]) == (0, 0)
    assert "no order of the last half-year says it is new" in plan["reason"]["never"]
    assert (
        1.2 < plan["expected_lead_time_demand"]["launched"] < 210
    )  # of sellers from next to nothing to 70 a week
    assert plan["reorder_point"]["launched"] < 500
    assert "planned as new, by what SKUs of its category typically sell" in plan["reason"]["launched"]
    assert plan["reorder_point"]["new"] < 500  # a first week of 12, and sellers of 20 and 70 a week beside it
