"""What people set in place of the model's numbers holds in the next plan, is said, and is judged when demand has come."""

import json

import numpy as np
import pandas as pd
import pytest
from small_company import COUNTED, IDS, SmallCompany

WHY = "promotion agreed with the customer"
WEEK = pd.Timedelta(weeks=1)


def overrides(*rows: dict[str, object]) -> pd.DataFrame:
    """A table of overrides by Ann, entered a day ago, that expire in ten weeks; and what each row says otherwise."""
    usual = {
        "reason": WHY,
        "author": "Ann",
        "created": COUNTED - pd.Timedelta(days=1),
        "expires": COUNTED + 10 * WEEK,
    }
    return pd.DataFrame([usual | row for row in rows])


def planned(company: SmallCompany, *rows: dict[str, object]) -> pd.DataFrame:
    company.tables["overrides"] = overrides(*rows)
    done = company.plan()
    assert done.status == 0, done.text
    return company.table()


def test_a_category_s_forecast_is_doubled_with_its_spread_and_the_model_s_stays_beside(
    small_company: SmallCompany,
) -> None:
    assert small_company.plan().status == 0
    alone, before = small_company.table(), small_company.table("forecast")
    assert (before["model_mean"] == before["mean"]).all()
    plan = planned(small_company, {"kind": "forecast", "category": "c", "factor": 2})
    after = small_company.table("forecast")
    np.testing.assert_allclose(after["mean"], 2 * before["mean"])
    np.testing.assert_allclose(after["cumulative_mean"], 2 * before["cumulative_mean"])
    np.testing.assert_allclose(after["cumulative_q0.95"], 2 * before["cumulative_q0.95"])
    np.testing.assert_allclose(after["model_mean"], before["mean"])
    assert (plan["expected_lead_time_demand"] > 1.9 * alone["expected_lead_time_demand"]).all()
    assert (plan["reorder_point"] > 1.8 * alone["reorder_point"]).all()
    assert plan.loc["A0", "override"].startswith(f"Ann: forecast × 2 (“{WHY}”): ")
    assert "override_forecast" in plan.loc["A0", "codes"]
    assert (alone["override"] == "").all()
    explained = small_company.table("explanation")
    parts = explained.columns.difference(["unique_id", "ds", "end", "mean"])
    np.testing.assert_allclose(explained[parts].sum(axis=1), after["mean"], rtol=1e-5)


def test_a_category_s_units_are_shared_by_the_model_s_means(small_company: SmallCompany) -> None:
    week = COUNTED + WEEK
    planned(small_company, {"kind": "forecast", "category": "c", "units": 300, "from": week, "until": week})
    forecast = small_company.table("forecast")
    sums = forecast.groupby("ds")[["mean", "model_mean"]].sum()
    assert sums["mean"][week] == pytest.approx(300)
    others = sums.drop(index=week)
    np.testing.assert_allclose(others["mean"], others["model_mean"])
    there = forecast[forecast["ds"] == week]
    ratio = there["mean"] / there["model_mean"]
    np.testing.assert_allclose(ratio, ratio.iloc[0])


def test_as_last_year_takes_what_was_sold_in_the_same_weeks(small_company: SmallCompany) -> None:
    planned(small_company, {"kind": "forecast", "unique_id": "A2", "last_year": True})
    demand = small_company.tables["demand"]
    own = demand[demand["unique_id"] == "A2"].set_index("ds")["y"]
    forecast = small_company.table("forecast")
    here = forecast[forecast["unique_id"] == "A2"]
    assert here["mean"].tolist() == [own[ds - 52 * WEEK] for ds in here["ds"]]
    other = forecast[forecast["unique_id"] == "A1"]
    assert (other["mean"] == other["model_mean"]).all()


def test_an_own_service_level_is_aimed_at_by_its_sku_alone(small_company: SmallCompany) -> None:
    assert small_company.plan().status == 0
    alone = small_company.table()
    plan = planned(small_company, {"kind": "service_level", "unique_id": "A1", "service_level": 0.7})
    assert plan.loc["A1", "target_level"] == 0.7
    assert plan.loc["A2", "target_level"] == 0.95
    assert plan.loc["A1", "reorder_point"] < alone.loc["A1", "reorder_point"]
    assert plan.loc["A2", "reorder_point"] == alone.loc["A2", "reorder_point"]
    assert plan.loc["A1", "override"] == f"Ann: service level 70% (“{WHY}”), 95% without it."


def test_nothing_is_ordered_before_a_hold_ends(small_company: SmallCompany) -> None:
    until = COUNTED + pd.Timedelta(days=12)
    plan = planned(small_company, {"kind": "hold", "unique_id": "A1", "hold_until": until})
    assert plan.loc["A1", "order_quantity"] == 0
    assert plan.loc["A1", "order_by"] >= until
    assert plan.loc["A2", "order_quantity"] > 0
    fact = json.loads(plan.loc["A1", "override_facts"])[0]
    assert (fact["kind"], fact["value"]) == ("hold", 0)
    assert fact["instead_of"] > 0
    assert plan.loc["A1", "reason"].startswith(f"No order before {until:%Y-%m-%d}: ")
    lines = small_company.table("order_lines")
    assert "A1" not in set(lines["unique_id"])


def test_a_hold_on_a_day_of_no_orders_goes_on_until_the_supplier_s_next_one(
    small_company: SmallCompany,
) -> None:
    small_company.tables["suppliers"] = pd.DataFrame({"supplier_id": ["S1"], "order_days": ["Thu"]})
    until = COUNTED + pd.Timedelta(days=8)  # a Tuesday
    plan = planned(small_company, {"kind": "hold", "unique_id": "A1", "hold_until": until})
    assert plan.loc["A1", "order_by"] == until + pd.Timedelta(days=2)


def test_a_hold_is_over_on_its_day(small_company: SmallCompany) -> None:
    plan = planned(small_company, {"kind": "hold", "unique_id": "A1", "hold_until": COUNTED})
    assert plan.loc["A1", "order_quantity"] > 0
    assert small_company.table("overrides")["status"].tolist() == ["over"]


def test_a_fixed_quantity_is_what_is_ordered(small_company: SmallCompany) -> None:
    plan = planned(small_company, {"kind": "quantity", "unique_id": "A1", "quantity": 77})
    assert plan.loc["A1", "order_quantity"] == 77
    assert "override_quantity" in plan.loc["A1", "codes"]
    lines = small_company.table("order_lines").set_index("unique_id")
    assert lines.loc["A1", "quantity"] == 77
    assert small_company.table("overrides")["status"].tolist() == ["used"]


def test_a_fixed_quantity_waits_until_something_is_ordered(small_company: SmallCompany) -> None:
    stock = small_company.tables["stock"]
    stock.loc[stock["unique_id"] == "A1", "on_hand"] = 5_000
    plan = planned(small_company, {"kind": "quantity", "unique_id": "A1", "quantity": 77})
    assert plan.loc["A1", "order_quantity"] == 0
    assert small_company.table("overrides")["status"].tolist() == ["waits"]
    assert "waits for the next order" in plan.loc["A1", "override"]


@pytest.mark.parametrize(
    ("terms", "asked", "said"),
    [
        ({"moq": 100}, 77, "quantity is 77, less than the MOQ of 100; give that or more"),
        ({"max_quantity": 70}, 77, "quantity is 77, more than the maximum of 70; give that or less"),
        ({"order_multiple": 25}, 77, "quantity is 77, no multiple of 25; give 75 or 100"),
    ],
)
def test_a_fixed_quantity_that_breaks_a_term_is_not_used_and_said(
    terms: dict[str, float], asked: float, said: str, small_company: SmallCompany
) -> None:
    small_company.tables["offers"] = small_company.tables["offers"].assign(**terms)
    assert small_company.plan().status == 0
    alone = small_company.table()
    small_company.tables["overrides"] = overrides({"kind": "quantity", "unique_id": "A1", "quantity": asked})
    done = small_company.plan()
    assert f"an override is not used, that of Ann for A1 (next order 77 units): {said}" in done.text
    plan = small_company.table()
    assert plan.loc["A1", "order_quantity"] == alone.loc["A1", "order_quantity"]
    assert said in plan.loc["A1", "override"]
    given = small_company.table("overrides")
    assert (given["status"].tolist(), given["says"].tolist()) == (["refused"], [said])


def test_a_fixed_quantity_is_done_once_an_order_was_placed(small_company: SmallCompany) -> None:
    orders = small_company.tables["purchase_orders"]
    last = orders["order_id"] == "POA1-23"
    orders.loc[last, "ordered_at"] = COUNTED - pd.Timedelta(days=1)
    orders.loc[last, ["promised_at", "received_at", "quantity_received"]] = None
    plan = planned(small_company, {"kind": "quantity", "unique_id": "A1", "quantity": 77})
    assert plan.loc["A1", "order_quantity"] != 77
    assert small_company.table("overrides")["status"].tolist() == ["done"]


def test_what_has_expired_changes_nothing(small_company: SmallCompany) -> None:
    row = {"kind": "forecast", "category": "c", "factor": 2, "created": COUNTED - 9 * WEEK}
    last_day = planned(small_company, row | {"expires": COUNTED})
    expired = planned(small_company, row | {"expires": COUNTED - pd.Timedelta(days=1)})
    assert (last_day["reorder_point"] > 1.8 * expired["reorder_point"]).all()
    assert (expired["override"] == "").all()
    assert small_company.table("overrides")["status"].tolist() == ["expired"]


def test_the_most_specific_override_goes_first_then_the_newest_and_both_are_said(
    small_company: SmallCompany,
) -> None:
    plan = planned(
        small_company,
        {"kind": "service_level", "unique_id": "A1", "service_level": 0.8, "created": COUNTED - 3 * WEEK},
        {"kind": "service_level", "category": "c", "service_level": 0.9, "author": "Bob"},
        {
            "kind": "service_level",
            "category": "c",
            "service_level": 0.85,
            "author": "Cid",
            "created": COUNTED - 2 * WEEK,
        },
    )
    assert plan.loc["A1", "target_level"] == 0.8
    assert (plan["target_level"].drop("A1") == 0.9).all()
    assert "goes before that of Cid for category c (service level 85%)" in plan.loc["A2", "override"]
    assert "that of Bob for category c (service level 90%)" in plan.loc["A1", "override"]
    given = small_company.table("overrides").set_index("author")
    assert given["skus"].to_dict() == {"Ann": 1, "Bob": 5, "Cid": 0}
    assert given["status"].to_dict() == {"Ann": "used", "Bob": "used", "Cid": "beaten"}
    assert given["says"]["Bob"] == "that of Ann for A1 (service level 80%) goes before it"


def test_forecasts_of_other_periods_are_no_conflict(small_company: SmallCompany) -> None:
    first, second = COUNTED, COUNTED + WEEK
    plan = planned(
        small_company,
        {"kind": "forecast", "category": "c", "factor": 2, "from": first, "until": first},
        {"kind": "forecast", "unique_id": "A1", "factor": 3, "from": second, "until": second},
    )
    forecast = small_company.table("forecast")
    ratio = (forecast["mean"] / forecast["model_mean"])[forecast["unique_id"] == "A1"]
    np.testing.assert_allclose(ratio, [2, 3, 1, 1])
    assert "goes before" not in plan.loc["A1", "override"]
    assert (small_company.table("overrides")["says"] == "").all()


def test_bad_rows_are_quarantined_with_place_value_and_fix(small_company: SmallCompany) -> None:
    good = {"kind": "hold", "unique_id": "A1", "hold_until": COUNTED + WEEK}
    rows = [
        (good | {"kind": "halt"}, "kind is halt, expected one of forecast, service_level, hold, quantity"),
        (good | {"reason": "because"}, "reason is because, expected at least 10 characters that say why"),
        (good | {"category": "c"}, "unique_id is A1 and category is c, expected one of the two"),
        (good | {"unique_id": None}, "unique_id and category are empty, expected the SKU or the category"),
        (good | {"hold_until": None}, "hold_until is empty, expected a date such as"),
        (good | {"factor": 2}, "factor is 2.0 beside kind hold, expected none"),
        (good | {"expires": COUNTED}, "before hold_until"),
        (
            {"kind": "forecast", "unique_id": "A1"},
            "factor and units and last_year are empty, expected factor, units or",
        ),
        ({"kind": "forecast", "unique_id": "A1", "factor": 2, "units": 5}, "factor and units are both given"),
        ({"kind": "forecast", "unique_id": "A1", "factor": -2}, "factor is -2.0, expected a number ≥ 0"),
        (
            {"kind": "service_level", "unique_id": "A1", "service_level": 95},
            "expected a share between 0 and 1",
        ),
        ({"kind": "quantity", "category": "c", "quantity": 5}, "give its unique_id instead"),
        (good | {"expires": COUNTED - WEEK}, "expires is"),
        (good, None),
    ]
    harmless = {"kind": "forecast", "unique_id": "A5", "factor": 1}
    small_company.tables["overrides"] = overrides(*(row for row, _ in rows), *[harmless] * 300)
    assert small_company.plan().status == 0
    bad = pd.read_csv(small_company.out / "quarantine" / "overrides.csv")
    assert len(bad) == len(rows) - 1
    for reason, (_, said) in zip(bad["reason"], rows, strict=False):
        assert said in reason
    assert small_company.table().loc["A1", "order_quantity"] == 0
    small_company.tables["overrides"] = overrides(rows[0][0])
    assert "overrides.csv row 2: kind is halt, expected one of" in small_company.plan().text


def test_a_table_s_overrides_entered_later_are_not_known_on_an_earlier_day(
    small_company: SmallCompany,
) -> None:
    small_company.tables["overrides"] = overrides({"kind": "forecast", "category": "c", "factor": 2})
    earlier = f"{COUNTED - 2 * WEEK:%Y-%m-%d}"
    assert small_company.plan("--as-of", earlier).status == 0
    assert (small_company.table()["override"] == "").all()


def test_an_override_of_nothing_that_is_known_is_said(small_company: SmallCompany) -> None:
    planned(small_company, {"kind": "forecast", "unique_id": "A9", "factor": 2})
    assert small_company.table("overrides")["status"].tolist() == ["nowhere"]
    assert "SKUs of overrides have no demand" in small_company.check().text


def test_expected_units_bring_a_dead_sku_back(small_company: SmallCompany) -> None:
    demand, stock = small_company.tables["demand"], small_company.tables["stock"]
    demand.loc[demand["unique_id"] == "A3", "y"] = 0
    stock["on_hand"] = 0
    plan = planned(small_company, {"kind": "forecast", "unique_id": "A3", "units": 20})
    assert plan.loc["A3", "order_quantity"] > 20
    assert "overridden" in plan.loc["A3", "codes"]
    doubled = planned(small_company, {"kind": "forecast", "unique_id": "A3", "factor": 2})
    assert doubled.loc["A3", "order_quantity"] == 0


def test_a_forecast_is_judged_beside_the_model_s_once_demand_has_come(small_company: SmallCompany) -> None:
    planned(small_company, {"kind": "forecast", "unique_id": IDS[1], "factor": 2})
    demand = small_company.tables["demand"]
    came = pd.DataFrame({"unique_id": IDS, "ds": COUNTED, "y": 40})
    small_company.tables["demand"] = pd.concat([demand, came])
    stock = small_company.tables["stock"]
    small_company.tables["stock"] = stock.assign(as_of=COUNTED + WEEK)
    assert small_company.plan().status == 0
    folder = max((small_company.home / "plans").iterdir(), key=lambda path: path.stat().st_mtime)
    kept = pd.read_parquet(folder / "kept_forecasts.parquet")
    over = kept[kept["actual"].notna()]
    assert (over["unique_id"].tolist(), over["actual"].tolist()) == (["A1"], [40])
    assert over["mean"].item() == pytest.approx(2 * over["model_mean"].item())
    assert over["scale"].item() == pytest.approx(20, abs=2)
    assert kept["ds"].is_unique
    assert (kept["ds"].max() - COUNTED) / WEEK == 4  # the periods ahead are those of the last plan
