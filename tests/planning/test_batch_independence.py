"""A SKU's plan is its own: whatever else is in the batch, in whatever order, in however many requests."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configs.schema import PolicyConfig
from planning.inputs import PlanInputs
from planning.planner import Planner
from planning.protocols import INDEPENDENT_DELAYS, SharedDelay
from planning.tables.plan_table import plan_frame

SUPPLIERS = {"near": (9.0, 4.0), "mid": (17.0, 6.0), "far": (30.0, 12.0)}
COMPARED = [
    "supplier_id",
    "order_quantity",
    "reorder_point",
    "stockout_probability",
    "expected_shortage",
    "cover",
]

sku_facts = st.fixed_dictionaries(
    {
        "mean": st.sampled_from([0.6, 4.0, 25.0]),
        "on_hand": st.integers(0, 90),
        "supplier": st.sampled_from(sorted(SUPPLIERS)),
        "orders": st.lists(
            st.tuples(st.sampled_from(sorted(SUPPLIERS)), st.integers(0, 20), st.integers(1, 60)), max_size=4
        ),
    }
)


@pytest.fixture(scope="module")
def plan_of(make_forecast, make_inputs, lead_times):
    """Plan some SKUs, in the order given, each named by its number: unique_id → what is compared."""

    def plan(facts: dict[str, dict], policy: PolicyConfig, shared: SharedDelay, items=None) -> pd.DataFrame:
        ids = sorted(facts)
        forecast = make_forecast(
            [facts[name]["mean"] for name in ids], [facts[name]["mean"] ** 0.5 for name in ids]
        )
        forecast.unique_ids[:] = ids
        lines = [
            {"order_id": f"PO-{name}-{k}", "line": "1", "supplier_id": s, "unique_id": name, "age": float(age),
             "quantity_open": float(units)}
            for name in facts for k, (s, age, units) in enumerate(facts[name]["orders"])
        ]  # fmt: skip
        inputs = make_inputs(
            list(facts),
            on_hand=[facts[name]["on_hand"] for name in facts],
            offers=[
                {"supplier_id": facts[name]["supplier"], "unique_id": name, "unit_price": 10.0}
                for name in facts
            ],
            orders=lines,
            items=items,
        )
        model = lead_times(SUPPLIERS, shared)
        assessment = Planner(forecast, model, policy).assess(inputs)
        return plan_frame(assessment).set_index("unique_id")[COMPARED]

    return plan


@pytest.mark.parametrize("lost_sales", [False, True], ids=["backorders", "lost sales"])
@pytest.mark.parametrize("target", ["cycle_service_level", "fill_rate", "cost"])
@pytest.mark.parametrize(
    "shared", [INDEPENDENT_DELAYS, SharedDelay(0.5, 28.0)], ids=["independent", "late together"]
)
@settings(max_examples=4, deadline=None)
@given(facts=st.lists(sku_facts, min_size=1, max_size=5), seed=st.integers(0, 9))
def test_a_sku_is_planned_alike_alone_among_others_permuted_and_twice(
    plan_of, lost_sales, target, shared, facts, seed
):
    policy = PolicyConfig(target=target, lost_sales=lost_sales, review_period_days=7)
    named = {f"sku{i:02d}": fact for i, fact in enumerate(facts)}
    named["twin"] = facts[0]  # the same SKU under another name
    whole = plan_of(named, policy, shared)
    order = np.random.default_rng(seed).permutation(sorted(named))
    permuted = plan_of({name: named[name] for name in order}, policy, shared)
    pd.testing.assert_frame_equal(permuted.loc[whole.index], whole, check_exact=True)
    parts = [plan_of({name: named[name]}, policy, shared) for name in sorted(named)]
    pd.testing.assert_frame_equal(pd.concat(parts).loc[whole.index], whole, check_exact=True)
    # played with luck of each SKU's own
    twins = whole.loc[["twin", "sku00"], "reorder_point"].to_numpy(float)
    assert np.ptp(twins) <= max(2, 0.1 * twins.max())


def test_goods_that_perish_are_planned_alike_alone_and_beside_a_slow_supplier(plan_of):
    facts = {
        name: {"mean": 25.0, "on_hand": 20, "supplier": supplier, "orders": []}
        for name, supplier in (("fresh", "near"), ("slow", "far"))
    }
    items = {"unit_cost": 8.0, "unit_price": 10.0, "shelf_life_days": 6.0}
    together = plan_of(facts, PolicyConfig(), INDEPENDENT_DELAYS, items)
    lasting = plan_of(facts, PolicyConfig(), INDEPENDENT_DELAYS)
    assert (together["reorder_point"] < lasting["reorder_point"]).all()
    for name in facts:
        alone = plan_of({name: facts[name]}, PolicyConfig(), INDEPENDENT_DELAYS, items)
        pd.testing.assert_frame_equal(alone, together.loc[[name]], check_exact=True)


def test_orders_late_together_leave_more_lost_and_less_to_be_bought(plan_of):
    """Where the order placed now is late its supplier's open orders were too: what was lost meanwhile is not bought."""
    fact = {"mean": 10.0, "on_hand": 5, "supplier": "far", "orders": [("far", 3, 30), ("far", 1, 30)]}
    policy = PolicyConfig(target="cycle_service_level", level=0.95, lost_sales=True, played_from=1e9)
    apart, together = (
        plan_of({"sku": fact}, policy, shared).iloc[0]
        for shared in (INDEPENDENT_DELAYS, SharedDelay(0.9, 60.0))
    )
    assert together["expected_shortage"] > apart["expected_shortage"]
    assert together["order_quantity"] < apart["order_quantity"]


def test_whether_lines_arrive_together_is_the_companys_habit_for_some_of_its_skus_too():
    day = pd.Timestamp("2024-01-01")
    received = {"apart": (3, 9), "b": (5, 5), "c": (6, 6)}
    past = pd.DataFrame(
        [
            (f"PO-{sku}", sku, "far", day, day + pd.Timedelta(days=n))
            for sku, days in received.items()
            for n in days
        ],
        columns=["order_id", "unique_id", "supplier_id", "ordered_at", "received_at"],
    )
    nothing = pd.DataFrame({"unique_id": pd.Series(dtype=object)})
    tables = SimpleNamespace(
        items=nothing, offers=nothing, stock=nothing, suppliers=nothing, purchase_orders=past
    )
    inputs = PlanInputs.of(tables, nothing.assign(is_open=True), as_of=day)
    assert inputs.lines_together
    assert inputs.of_skus(["apart"]).lines_together
