import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_plays import LeverPlays
from planning.planner import Planner


@pytest.fixture
def plays(make_forecast, make_inputs, lead_times):
    """Plays of some SKUs of 70 ± `spread` a week from `near`, which takes 7 ± `late` days."""

    def run(
        count=1, *, spread=20.0, late=1.0, rise=0.0, days=7.0, effort=10.0, money=0.1, **offer
    ) -> LeverPlays:
        forecast = make_forecast((70.0,) * count, (spread,) * count, periods=52, rise=rise)
        ids = forecast.unique_ids.tolist()
        offers = [
            offer_row(supplier_id="near", unique_id=name, **{"payment_days": 0, **offer}) for name in ids
        ]
        inputs = make_inputs(ids, on_hand=[200.0] * count, offers=offers)
        policy = PolicyConfig(capital_cost_rate=money, effort={"project": effort})
        return LeverPlays(Planner(forecast, lead_times(days={"near": (days, late)}), policy).assess(inputs))

    return run
