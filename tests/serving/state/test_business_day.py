from dataclasses import replace
from datetime import date, timedelta

from serving.state.business_day import business_day


def test_the_day_of_the_business_moves_on_after_a_plan(served):
    run = served.run
    assert business_day(run) == date(2024, 7, 15)
    assert business_day(replace(run, at=run.at - timedelta(days=3))) == date(2024, 7, 18)
