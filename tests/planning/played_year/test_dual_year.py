import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.actions.played_worth import SCENARIOS, played_years
from planning.played_year.dual_year import NEVER, DualYear
from planning.played_year.year_play import YearPlay

SLOW = offer_row(preferred=True, moq=200, ordering_cost=12, price_breaks="400:8.8", payment_days=30)
QUICK = offer_row(supplier_id="near", unit_price=9.4, order_multiple=6, preferred=False, payment_days=None)


@pytest.fixture(params=["keeps", "perishes", "lost"])
def assessment(request, assess):
    items = {"unit_cost": 9.0, "unit_price": 14.0}
    if request.param == "perishes":
        items["shelf_life_days"] = 28.0
    return assess(
        offers=[SLOW, QUICK],
        items=items,
        defects={"far": 0.02, "near": 0.01},
        policy=PolicyConfig(lost_sales=request.param == "lost"),
    )


def dual(assessment) -> DualYear:
    terms = assessment.lane_terms.select(np.array([0, 1]))
    assert terms.lanes["supplier_id"].tolist() == ["far", "near"]
    year = YearPlay.of(
        terms, assessment.forecast, assessment.inputs.items, assessment.setting, scenarios=SCENARIOS,
        shared=assessment.pipeline.shared_delay,
    )  # fmt: skip
    return DualYear.of(year, terms)


@pytest.mark.parametrize(("row", "supplier"), [(0, "base"), (1, "surge")])
def test_all_from_one_supplier_is_the_year_of_its_lane_alone(assessment, row, supplier):
    year = dual(assessment)
    cost = year.cost(year.alone(supplier))
    lane = played_years(assessment, assessment.lane_terms.select(np.array([row])))
    assert cost.total == pytest.approx(lane.total, rel=1e-6)
    for name, value in cost.frame().items():
        assert value.to_numpy() == pytest.approx(lane.parts[str(name)], rel=1e-6, abs=1e-6)


def test_the_surge_supplier_delivers_more_the_higher_its_reorder_point(assessment):
    year = dual(assessment)
    slow, quick = 0.8 * year.base_terms.reorder_point, year.surge_terms.reorder_point
    played = [year.play(slow, part * quick) for part in (0.3, 0.6, 0.9)]
    shares = [float(result.surge_share[0]) for result in played]
    assert shares == sorted(shares)
    assert shares[-1] > 2 * shares[0]
    missed = [float(result.missed.mean()) for result in played]
    assert missed[-1] < 0.9 * missed[0]
    assert float(year.play(slow, np.array([NEVER])).surge_share[0]) == 0
    parts = pd.concat([year.cost(result).frame() for result in played])
    assert parts["price"].is_monotonic_increasing
    assert parts["shortage"].iloc[-1] < parts["shortage"].iloc[0]


def test_every_unit_ordered_arrives_is_sold_or_still_there(assessment):
    year = dual(assessment)
    result = year.play(year.base_terms.reorder_point, 0.8 * year.surge_terms.reorder_point)
    good = (result.received - result.rejected).sum(axis=2)
    used = result.demand - (result.missed if assessment.setting.policy.lost_sales else 0) + result.wasted
    assert good.mean() == pytest.approx(used.mean(), rel=0.01)
