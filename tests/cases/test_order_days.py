"""Cases: suppliers who take orders on some weekdays only. The plan's day is a Monday, and goods take 14 days."""

import pandas as pd
import pytest
from small_company import SmallCompany


def test_an_order_waits_until_its_supplier_takes_orders(small_company: SmallCompany) -> None:
    points = {}
    for order_days, wait in ((None, 0), ("0,3", 0), (3, 3), ("Sunday", 6)):
        small_company.tables["suppliers"] = pd.DataFrame({"supplier_id": ["S1"], "order_days": [order_days]})
        done = small_company.plan()
        assert done.status == 0, done.text
        assert small_company.table("lead_time")["mean"].to_numpy() == pytest.approx(14 + wait, abs=0.1)
        points.setdefault(wait, []).append(small_company.table()["reorder_point"])
    assert (points[0][0] == points[0][1]).all()
    more = points[6][0] - points[0][0]
    assert more.mean() == pytest.approx(6 / 7 * 20, abs=5), "what sells in the days of waiting"


def test_orders_go_by_a_day_on_which_the_supplier_takes_them(small_company: SmallCompany) -> None:
    on_hand = [0, 60, 75, 90, 120, 200]
    small_company.tables["stock"] = small_company.tables["stock"].assign(on_hand=on_hand)
    latest = {}
    for order_days, weekdays in ((None, set(range(7))), ("Mon", {0}), ("Tue,Thu", {1, 3})):
        small_company.tables["suppliers"] = pd.DataFrame({"supplier_id": ["S1"], "order_days": [order_days]})
        assert small_company.plan().status == 0
        plan = small_company.table()
        latest[order_days] = plan["order_by"]
        assert set(plan["order_by"].dt.weekday) <= weekdays
        assert (plan["order_by"] >= plan["as_of"]).all()
        idle = plan[plan["order_quantity"] == 0]
        said = idle["reason"].str.extract(r"^No order needed until (\S+):", expand=False).dropna()
        assert (said == idle.loc[said.index, "order_by"].dt.strftime("%Y-%m-%d")).all()
        assert len(said) >= 2
    assert (latest["Mon"]["A0"], latest["Tue,Thu"]["A0"]) == (
        plan["as_of"]["A0"],
        latest["Mon"]["A0"] + pd.Timedelta(days=1),
    )
    assert latest[None]["A5"].weekday() != 0
    assert latest["Mon"]["A5"] == latest[None]["A5"] - pd.Timedelta(days=latest[None]["A5"].weekday())


def test_the_page_plans_with_the_same_wait_as_the_files(small_company: SmallCompany) -> None:
    small_company.tables["suppliers"] = pd.DataFrame({"supplier_id": ["S1"], "order_days": ["Wed"]})
    assert small_company.plan().status == 0
    page = small_company.page("/skus/A0")
    assert "16.0 ± " in page
    assert f"reorder point {small_company.table().loc['A0', 'reorder_point']:.0f}" in page.replace(",", "")


def test_what_is_no_weekday_is_refused_with_how_to_write_it(small_company: SmallCompany) -> None:
    suppliers = pd.DataFrame({"supplier_id": ["S1", "S2", "S3", "S4"]})
    for wrong in ("8", "Montag"):
        small_company.tables["suppliers"] = suppliers.assign(order_days=["Mon,Thu", wrong, None, "0"])
        text = small_company.check().text
        assert f"order_days is {wrong}, expected weekdays such as Mon,Thu or 0,3 (0 is Monday)" in text
    small_company.tables["suppliers"] = suppliers.assign(order_days=["Mon,Thu", "Mon-Fri", None, "0"])
    assert "order_days" not in small_company.check().text
