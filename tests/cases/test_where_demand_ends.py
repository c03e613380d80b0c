"""Demand that ends before the plan's day, within a period or for one SKU: said by all verbs, and not forecast as known."""

import pandas as pd
from small_company import COUNTED, IDS, SmallCompany

WEEK = pd.Timedelta(weeks=1)


def test_demand_that_ends_long_before_the_stock_count_is_said_and_the_forecast_is_the_wider_for_it(
    small_company: SmallCompany,
) -> None:
    small_company.plan()
    fresh = small_company.table()
    small_company.tables["stock"] = small_company.tables["stock"].assign(as_of=COUNTED + 97 * WEEK / 7)
    checked, planned = small_company.check(), small_company.plan()
    assert (checked.status, planned.status) == (0, 0)
    for text in (checked.text, planned.text):
        assert "demand ends on 2025-02-23, 98 days before the stock was counted (2025-06-01)" in text
    old = small_company.table()
    assert old["reason"].str.contains("demand of late is not known").all()
    ratio = old["safety_stock"] / fresh["safety_stock"]
    assert ratio.mean() > 1.05
    assert 0.85 < old["expected_lead_time_demand"].sum() / fresh["expected_lead_time_demand"].sum() < 1.15
    starts = pd.to_datetime(small_company.table("forecast")["ds"])
    assert starts.min() == pd.Timestamp(
        "2025-05-26"
    )  # the week of the stock count, not that after the last demand


def test_a_week_of_delay_is_said_by_nobody(small_company: SmallCompany) -> None:
    small_company.tables["stock"] = small_company.tables["stock"].assign(as_of=COUNTED + WEEK)
    assert "warning" not in small_company.check().text
    assert "warning" not in small_company.plan().text
    assert not small_company.table()["reason"].str.contains("not known").any()


def test_a_last_week_exported_on_its_wednesday_is_no_drop_of_demand(small_company: SmallCompany) -> None:
    small_company.plan()
    whole = small_company.table()
    demand = small_company.tables["demand"]
    last = demand["ds"] == demand["ds"].max()
    small_company.tables["demand"] = demand.assign(y=demand["y"].where(~last, demand["y"] * 3 // 7))
    wednesday = COUNTED - 4 * WEEK / 7
    small_company.tables["stock"] = small_company.tables["stock"].assign(as_of=wednesday)
    checked, planned = small_company.check(), small_company.plan()
    for text in (checked.text, planned.text):
        assert "the demand of the period that starts on 2025-02-17 is not all in" in text
    partial = small_company.table()
    assert (pd.to_datetime(partial["as_of"]) == wednesday).all()
    assert (partial["expected_lead_time_demand"] / whole["expected_lead_time_demand"]).between(0.9, 1.1).all()


def test_a_sku_whose_rows_end_before_the_others_is_named_and_its_silence_is_the_plans_reason(
    small_company: SmallCompany,
) -> None:
    demand = small_company.tables["demand"]
    early = (demand["unique_id"] == "A3") & (demand["ds"] >= COUNTED - 14 * WEEK)
    small_company.tables["demand"] = demand[~early]
    checked, planned = small_company.check(), small_company.plan()
    for text in (checked.text, planned.text):
        assert "the rows of 1 of 6 SKUs (A3) end long before those of the others" in text
        assert "count as zero demand" in text
    reasons = small_company.table()["reason"]
    assert "missing from the export" in reasons["A3"]
    assert not reasons.drop("A3").str.contains("missing from the export").any()


def test_where_no_row_means_not_recorded_the_sku_keeps_its_level_and_is_the_less_certain(
    untrained_company: SmallCompany,
) -> None:
    company = untrained_company
    demand = company.tables["demand"]
    one = demand[demand["unique_id"] == "A0"]
    twins = [one.assign(unique_id=name) for name in IDS]  # of the same demand, so that only the end differs
    early = (demand["unique_id"] == "A3") & (demand["ds"] >= COUNTED - 14 * WEEK)
    company.tables["demand"] = pd.concat(twins, ignore_index=True)[~early.to_numpy()]
    company.config.write_text(company.config.read_text() + "data: {gaps: missing}\n")
    trained, planned = company.train(), company.plan()
    assert (trained.status, planned.status) == (0, 0), trained.text + planned.text
    for text in (trained.text, planned.text):
        assert "(A3) end long before those of the others; since then they count as unknown demand" in text
    plan = company.table()
    assert "demand of late is not known" in plan["reason"]["A3"]
    assert not plan["reason"].drop("A3").str.contains("not known").any()
    assert 0.8 < plan["expected_lead_time_demand"]["A3"] / plan["expected_lead_time_demand"]["A0"] < 1.25
    last = company.table("forecast").groupby("unique_id").tail(1)
    last = last.set_index("unique_id") if "unique_id" in last else last
    spread = last["cumulative_q0.95"] - last["cumulative_q0.05"]
    assert spread["A3"] > 1.1 * spread["A0"]
