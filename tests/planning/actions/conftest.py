"""Assessments of plans with a year's forecast, and the one action of a kind in them."""

from dataclasses import replace

import pandas as pd
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.actions.worklist import list_actions
from planning.defect_rates import DefectRates
from planning.planner import Planner


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
        return Planner(forecast, lead_times(), policy or PolicyConfig()).assess(inputs)

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
