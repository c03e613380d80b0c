"""What plans are tested with: forecasts of a known distribution, lead times by supplier, and tables of a few SKUs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pytest
from normal_forecast import MONDAY, normal_forecast
from plan_rows import offer_row

from configs.schema import PolicyConfig
from distributions.distribution import Distribution
from distributions.levels import LEAD_TIME_LEVELS
from distributions.parametric import gamma_lead_time
from planning.defect_rates import DefectRates
from planning.inputs import PlanInputs
from planning.planner import Planner
from planning.protocols import INDEPENDENT_DELAYS, Deliveries, FirstParts, NeverComing, SharedDelay
from planning.worklist.list_actions import list_actions


@dataclass
class FakeLeadTimes:
    """Lead times by supplier: mean and standard deviation, in days."""

    days: Mapping[str, tuple[float, float]] = field(default_factory=lambda: {"near": (7, 1), "far": (35, 8)})
    shared_delay: SharedDelay = INDEPENDENT_DELAYS
    never: float = 0.0
    in_parts: float = 0.0  # chance of a first half after a quarter of the time

    def predict(self, rows):
        unknown = np.full(101, np.nan)
        values = [
            gamma_lead_time(*self.days[supplier]).values[0] if supplier in self.days else unknown
            for supplier in rows["supplier_id"]
        ]
        return Distribution(LEAD_TIME_LEVELS, np.array(values).reshape(len(rows), 101))

    def describe(self, rows):
        return pd.DataFrame({"source": ["learned"] * len(rows), "n_orders": [40] * len(rows)})

    def deliveries(self, rows):
        n = len(rows)
        return Deliveries(
            never=NeverComing(np.full(n, self.never), np.full(n, 0.02), learned=self.never > 0),
            first_parts=FirstParts(*(np.full(n, value) for value in (self.in_parts, 0.5, 0.25))),
        )


def _table(rows, columns) -> pd.DataFrame:
    """Rows as a frame with the columns' types of the contract."""
    frame = pd.DataFrame(rows, columns=columns)
    for column in columns:
        if column in {"as_of", "ordered_at", "received_at", "valid_from", "valid_to", "promised_at"}:
            frame[column] = pd.to_datetime(frame[column])
        if column == "expedited":
            frame[column] = frame[column].astype("boolean")
    return frame


def plan_inputs(
    ids: Sequence[str],
    *,
    on_hand: Sequence[float],
    offers: Sequence[dict],
    items: Mapping[str, object] | None = None,
    orders: Sequence[dict] = (),
    as_of: pd.Timestamp = MONDAY,
    purchase_orders: Sequence[dict] = (),
) -> PlanInputs:
    """Plan inputs for `ids`; `items` are columns common to all, offers and orders rows with the columns they have."""
    offer_columns = ["supplier_id", "unique_id", "unit_price", "moq", "order_multiple", "max_quantity",
                     "ordering_cost", "lead_time_days", "expedite_cost", "payment_days", "price_breaks", "valid_from",
                     "valid_to", "preferred"]  # fmt: skip
    order_columns = [
        "order_id",
        "line",
        "supplier_id",
        "unique_id",
        "ordered_at",
        "quantity_open",
        "unit_price",
        "age",
        "expedited",
    ]
    received_columns = ["supplier_id", "unique_id", "ordered_at", "received_at", "expedited"]
    if any("quantity_received" in row for row in purchase_orders):
        received_columns.append("quantity_received")
    received = _table(purchase_orders, received_columns)
    if any("quantity_received" in row for row in orders):
        order_columns = [*order_columns, "quantity_received"]
    open_orders = _table(orders, order_columns)
    return PlanInputs(
        as_of=as_of,
        items=pd.DataFrame({"unique_id": list(ids)}).assign(
            **dict(items or {"unit_cost": 10.0, "unit_price": 15.0})
        ),
        offers=_table(offers, offer_columns),
        stock=pd.DataFrame(
            {"unique_id": list(ids), "as_of": as_of, "on_hand": list(on_hand), "backorders": 0.0}
        ),
        open_orders=open_orders.assign(
            ordered_at=as_of - pd.to_timedelta(open_orders["age"].astype(float), unit="D")
        ),
        suppliers=pd.DataFrame({"supplier_id": ["near", "far"]}),
        purchase_orders=received,
    )


@pytest.fixture(scope="session")
def make_forecast():
    return normal_forecast


@pytest.fixture(scope="session")
def make_inputs():
    return plan_inputs


@pytest.fixture(scope="session")
def make_lead_time():
    return gamma_lead_time


@pytest.fixture(scope="session")
def lead_times():
    return FakeLeadTimes


@pytest.fixture(scope="session")
def assess(make_forecast, make_inputs, lead_times):
    """Assess a plan: 70 ± 20 a week, 200 on hand, an offer of `far` a SKU, or what is given instead."""

    def run(means=(70.0,), spreads=(20.0,), *, rise=0.0, policy=None, recent=None, defects=None, **tables):
        forecast = make_forecast(means, spreads, rise=rise, periods=52)
        ids = forecast.unique_ids
        tables.setdefault("on_hand", [200.0] * len(ids))
        tables.setdefault("offers", [offer_row(unique_id=u) for u in ids])
        inputs = make_inputs(ids, **tables)
        if recent is not None:
            inputs = replace(inputs, recent_demand=pd.DataFrame({"unique_id": ids, "per_day": recent}))
        if defects is not None:
            rates = pd.Series(defects)
            inputs = replace(inputs, defect_rates=DefectRates(0.0, rates, pd.concat({"": rates}).swaplevel()))
        policy = policy or PolicyConfig()
        if "capital_cost_rate" not in policy.model_fields_set:  # by hand it is easier with money at one rate
            policy = policy.model_copy(update={"capital_cost_rate": None})
        return Planner(forecast, lead_times(), policy).assess(inputs)

    return run


@pytest.fixture(scope="session")
def only_action():
    """The one action of a kind in the worklist of an assessment, None without one."""

    def find(assessment, kind):
        actions = list_actions(assessment)
        found = actions[actions["kind"] == kind]
        assert len(found) <= 1
        return None if found.empty else found.iloc[0]

    return find
