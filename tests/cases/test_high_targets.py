"""Targets near 100 % ask for stock that the tail of demand needs, and one that nobody can meet is said to be capped."""

import numpy as np
import pandas as pd
from small_company import IDS, SmallCompany


def planned(company: SmallCompany, column: str, level: float) -> pd.DataFrame:
    """The plan with this target of every item."""
    items = company.tables["items"]
    company.tables["items"] = items.assign(**{column: level})
    assert company.plan().status == 0
    company.tables["items"] = items
    return company.table()


def test_reorder_points_go_on_rising_beyond_the_outermost_quantile(small_company: SmallCompany) -> None:
    levels = (0.95, 0.995, 0.999, 0.9999, 0.9999999)
    plans = [planned(small_company, "cycle_service_level", level) for level in levels]
    usual, outermost, high, highest, beyond = (plan["reorder_point"] for plan in plans)
    # Poisson 60 over the three weeks: 73 at 95 %, 81 at 99.5 %, 85 at 99.9 %, 90 at 99.99 %
    assert (high - usual >= 8).all()
    assert (highest - usual >= 12).all()
    assert (high > outermost).all()
    assert (highest > high).all()
    assert (beyond == highest).all()
    assert plans[-1]["reason"].str.contains("cycle service of 99.99%").all()
    assert plans[-1]["reason"].str.contains("the target asked for lies outside 1% to 99.99%").all()
    assert not plans[-2]["reason"].str.contains("lies outside").any()


def test_fill_rates_go_on_rising_beyond_it_too(small_company: SmallCompany) -> None:
    points = [planned(small_company, "fill_rate", level)["reorder_point"] for level in (0.99, 0.999, 0.9999)]
    assert (np.diff(np.stack(points), axis=0) >= 3).all()


def test_a_capped_target_is_said_by_the_check(small_company: SmallCompany) -> None:
    small_company.tables["items"]["cycle_service_level"] = [0.95] * (len(IDS) - 1) + [0.9999999]
    done = small_company.check()
    assert "1 of 6 items have a service target above 99.99%, which is taken instead" in done.text
    assert "A5: 0.9999999" in done.text


def test_a_policy_beyond_the_cap_is_refused_with_the_bound(small_company: SmallCompany) -> None:
    small_company.config.write_text(small_company.config.read_text().replace("0.95", "0.99999"))
    done = small_company.plan()
    assert done.status == 1
    assert "0.9999" in done.text
