"""Goods that perish: the lanes of a SKU are played all or none, so that they can be compared."""

import numpy as np
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.planner import Planner


def test_a_lane_that_wastes_nothing_is_played_where_another_of_its_sku_does(
    make_forecast, make_inputs, lead_times
):
    near = offer_row(supplier_id="near", moq=10, preferred=False)
    far = offer_row(supplier_id="far", moq=2000, preferred=True)
    items = {"unit_cost": 9.0, "unit_price": 15.0, "shelf_life_days": 60.0}

    def near_total(offers):
        forecast = make_forecast([70.0], [20.0], periods=104)
        inputs = make_inputs(forecast.unique_ids, on_hand=[50.0], offers=offers, items=items)
        terms = Planner(forecast, lead_times(), PolicyConfig(played_from=1e9)).assess(inputs).lane_terms
        row = int(np.flatnonzero(terms.lanes["supplier_id"] == "near")[0])
        return terms.total_cost.total[row], terms.steady_state.spoiled[row]

    closed_form, beside = near_total([near]), near_total([near, far])
    assert closed_form[1] == beside[1] == 0  # sixty days sell six hundred
    assert closed_form[0] != beside[0]
