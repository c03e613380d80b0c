from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from configs.load import load_config
from database.sources.load_tables import load_tables, read_source
from examples.company.desk import assign_buyers, play
from examples.company.offers import make_offers
from examples.company.suppliers import mean_lead_time, read_suppliers
from planning.defect_rates import DefectRates

Demo = tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]


def test_the_company_passes_the_contract_and_nothing_simulated_looks_doubtful(demo_folder: Path) -> None:
    checked = load_tables(str(demo_folder), load_config(Path("configs/demo.yaml")).data)
    assert not checked.quarantine
    doubts = [
        str(warning) for warning in checked.warnings if warning.table != "demand"
    ]  # the real sales may jump
    assert all("came with another line of the same order on the same day" in doubt for doubt in doubts)
    assert checked.switched_off == ()
    assert checked.as_of == pd.Timestamp("2018-01-01")


def test_the_same_seed_gives_the_same_company(demo: Demo) -> None:
    from examples.demo import make

    for again, before in zip(make(7), demo, strict=True):
        assert set(again) == set(before)
        for name, table in again.items():
            written = table.reset_index(drop=True)
            pd.testing.assert_frame_equal(written, before[name], check_dtype=False)


def test_another_seed_gives_other_terms_to_the_same_product() -> None:
    items = pd.DataFrame(
        {
            "unique_id": ["a", "b"],
            "manufacturer_id": "69",
            "department": "grocery",
            "category": "pasta",
            "base_cost": 1.0,
        }
    )
    first, again, other = (
        make_offers(items, np.array([5.0, 9.0]), read_suppliers(), np.random.default_rng(seed))
        for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert first["unit_price"].tolist() != other["unit_price"].tolist()


def test_there_are_600_products_and_25_suppliers_with_one_to_three_offers_each(demo: Demo) -> None:
    company, _ = demo
    assert len(company["items"]) == 600
    assert len(company["suppliers"]) == 25
    assert set(company["purchase_orders"]["supplier_id"]) == set(company["suppliers"]["supplier_id"])
    offers = company["offers"].groupby("unique_id")
    assert offers.size().between(1, 3).all()
    assert set(offers.size()) == {1, 2, 3}
    assert (offers["preferred"].sum() == 1).all()


def test_fresh_goods_come_from_near_and_fast_suppliers_only(demo: Demo) -> None:
    company, truth = demo
    offers = (
        company["offers"].merge(company["items"], on="unique_id").merge(truth["suppliers"], on="supplier_id")
    )
    milk_and_meat = offers["category"].eq("fluid milk products") | offers["department"].eq("meat")
    assert milk_and_meat.sum() > 50
    assert offers.loc[milk_and_meat, "goods"].eq("fresh").all()
    assert offers.loc[milk_and_meat, "mean_days"].max() <= 7


def test_no_fuel_and_no_coupons_are_sold(demo: Demo) -> None:
    items = demo[0]["items"]
    named = items["category"] + " " + items["description"] + " " + items["department"]
    assert not named.str.contains("fuel|coupon|gasoline", case=False).any()


def test_most_products_sell_steadily_and_some_are_slow_or_intermittent(demo: Demo) -> None:
    asked = demo[1]["demand"]
    weeks = (asked["y"] > 0).groupby(asked["unique_id"]).sum()
    assert (weeks >= 48).sum() == 400
    assert weeks.between(26, 47).sum() == 140
    assert weeks.between(10, 25).sum() == 60


def test_promotions_are_known_ahead_and_sales_and_prices_are_not(demo: Demo) -> None:
    demand = demo[0]["demand"]
    ahead = demand["ds"] >= "2018-01-01"
    assert demand.loc[ahead, ["y", "price", "in_stock"]].isna().all(axis=None)
    assert demand.loc[ahead, ["promotion", "display"]].notna().all(axis=None)
    assert demand.loc[~ahead, ["y", "price", "promotion", "display"]].notna().all(axis=None)
    assert demand["promotion"].between(0, 1).all()


def test_a_mailer_sells_more_of_a_product(demo: Demo) -> None:
    demand = demo[0]["demand"].dropna(subset=["y"])
    usual = demand["y"] / demand.groupby("unique_id")["y"].transform("mean")
    assert usual[demand["promotion"] > 0.5].mean() > 1.3 * usual[demand["promotion"] == 0].mean()


def test_stock_is_what_was_there_and_came_in_less_what_was_rejected_sold_and_thrown_away(demo: Demo) -> None:
    company, truth = demo
    orders, receipts = company["purchase_orders"], company["receipts"]
    by_line = receipts.merge(orders[["order_id", "line", "unique_id"]], on=["order_id", "line"], how="left")
    ids = company["items"]["unique_id"]
    came, rejected, sold, wasted = (
        frame.groupby("unique_id")[column].sum().reindex(ids, fill_value=0).to_numpy()
        for frame, column in (
            (by_line, "quantity"),
            (orders, "quantity_rejected"),
            (company["demand"], "y"),
            (truth["waste"], "units"),
        )
    )
    on_hand = company["stock"].set_index("unique_id").loc[ids, "on_hand"]
    expected = truth["stock"].set_index("unique_id").loc[ids, "start"] + came - rejected - sold - wasted
    np.testing.assert_allclose(on_hand, expected)
    assert on_hand.min() == 0


def test_nothing_on_hand_is_older_than_its_shelf_life_and_what_keeps_is_never_thrown_away(demo: Demo) -> None:
    company, truth = demo
    items, orders = company["items"], company["purchase_orders"].dropna(subset=["received_at"])
    life = items.set_index("unique_id")["shelf_life_days"]
    assert truth["waste"]["unique_id"].map(life).notna().all()
    assert (truth["waste"]["units"] > 0).all()
    end = pd.Timestamp("2018-01-01")
    fresh = orders[
        (end - orders["received_at"]).dt.days <= orders["unique_id"].map(life)
    ]  # thrown away that morning
    good = (fresh["quantity_received"] - fresh["quantity_rejected"]).groupby(fresh["unique_id"]).sum()
    on_hand = company["stock"].set_index("unique_id")["on_hand"]
    perishes = life[life.notna() & (life < 180)].index  # older receipts may be the start's
    partly = company["receipts"].merge(
        company["purchase_orders"], on=["order_id", "line"], suffixes=("", "_of")
    )
    open_parts = partly[partly["received_at_of"].isna()].groupby("unique_id")["quantity"].sum()
    possible = good.reindex(perishes).fillna(0) + open_parts.reindex(perishes).fillna(0)
    assert len(perishes) > 100
    assert (on_hand[perishes] <= possible + 1e-9).all()


def test_a_sold_out_week_records_what_was_there_and_the_truth_is_kept_beside(demo: Demo) -> None:
    company, truth = demo
    recorded = company["demand"].dropna(subset=["y"])
    both = recorded.merge(truth["demand"], on=["unique_id", "ds"], suffixes=("", "_true"))
    assert len(both) == len(recorded) == len(truth["demand"])
    there = both["in_stock"].astype(bool)
    assert (both["y"] == both["y_true"])[there].all()
    assert (both["y"] < both["y_true"])[~there].all()
    assert 0.07 < (~there).mean() < 0.13, "a tenth of all weeks sell out"
    assert 0.05 < 1 - both["y"].sum() / both["y_true"].sum() < 0.11
    worst = (~there).groupby(both["unique_id"]).mean()
    assert worst.max() < 0.75, "nothing stays sold out for good"


def test_the_desk_sees_what_it_sold_and_not_what_was_asked_for() -> None:
    """Two worlds that differ only in what was asked for beyond the stock leave the same orders."""
    suppliers = read_suppliers()
    items = pd.DataFrame(
        {
            "unique_id": [f"p{i}" for i in range(6)],
            "manufacturer_id": "69",
            "department": "grocery",
            "category": [f"c{i}" for i in range(6)],
            "base_cost": 1.0,
        }
    )
    offers = make_offers(items, np.full(6, 20.0), suppliers, np.random.default_rng(1))
    buyers = assign_buyers(items["category"], np.random.default_rng(2))
    units = np.random.default_rng(3).poisson(20 / 7, (6, 364)).astype(float)
    units[:, 100:114] *= 12  # far more than there is
    year = play(units, offers, suppliers, buyers, np.random.default_rng(4), shelf_life=np.full(6, np.nan))
    lost = year.sold < units
    assert lost.sum() > 30
    more = play(
        units + 500 * lost, offers, suppliers, buyers, np.random.default_rng(4), shelf_life=np.full(6, np.nan)
    )
    pd.testing.assert_frame_equal(more.lines, year.lines)
    np.testing.assert_array_equal(more.sold, year.sold)
    missed = np.flatnonzero(lost[0])[0]
    assert year.sold[0, missed] < units[0, missed]


def test_orders_go_out_on_the_days_on_which_their_supplier_takes_them(demo: Demo) -> None:
    company, truth = demo
    taken = truth["suppliers"].dropna(subset=["order_days"]).set_index("supplier_id")["order_days"]
    assert 5 <= len(taken) <= 15
    assert company["suppliers"]["order_days"].notna().sum() == len(taken)
    days = (
        company["purchase_orders"]["ordered_at"]
        .dt.strftime("%a")
        .groupby(company["purchase_orders"]["supplier_id"])
    )
    for supplier_id, text in taken.items():
        assert set(days.get_group(supplier_id)) == set(text.split(",")), supplier_id
    assert days.nunique().drop(taken.index).min() >= 4, "others are ordered from on any buyer's day"


def test_offers_say_what_expediting_costs_and_when_goods_are_paid_for(demo: Demo) -> None:
    offers = demo[0]["offers"]
    silent = offers["expedite_cost"].isna().groupby(offers["supplier_id"]).mean()
    assert set(silent) == {0.0, 1.0}
    assert 3 <= silent.sum() <= 8
    value = offers["unit_price"] * offers["moq"]
    terms = pd.DataFrame({"supplier": offers["supplier_id"], "value": value, "cost": offers["expedite_cost"]})
    rank = terms.dropna().groupby("supplier")[["value", "cost"]].corr(method="spearman")["cost"]
    assert rank.xs("value", level=1).min() > 0.5, "a larger line costs more"
    paid = offers.groupby("supplier_id")["payment_days"]
    assert (paid.nunique() <= 1).all()
    assert paid.first().isna().sum() >= 2
    assert paid.first().min() < 0 < 30 < paid.first().max()


def test_some_suppliers_have_visible_defects(demo: Demo) -> None:
    done = demo[0]["purchase_orders"].dropna(subset=["received_at"])
    rate = DefectRates.learn(done).suppliers
    true = demo[1]["suppliers"].set_index("supplier_id")["defect"]
    assert (rate > 0.025).sum() >= 4
    assert (rate < 0.01).sum() >= 8
    assert (rate - true.loc[rate.index]).abs().max() < 0.012


def test_quantities_received_are_the_sums_of_their_receipts(demo: Demo) -> None:
    orders, receipts = demo[0]["purchase_orders"], demo[0]["receipts"]
    summed = receipts.groupby(["order_id", "line"])["quantity"].sum()
    booked = orders.set_index(["order_id", "line"])["quantity_received"]
    assert (booked == summed.reindex(booked.index, fill_value=0)).all()
    closed = orders.dropna(subset=["received_at"]).set_index(["order_id", "line"])["received_at"]
    last = receipts.groupby(["order_id", "line"])["received_at"].max()
    assert (closed == last.reindex(closed.index)).all(), "an order is received when its last part is"


def test_orders_keep_to_their_offers_terms(demo: Demo) -> None:
    orders = demo[0]["purchase_orders"].merge(
        demo[0]["offers"], on=["supplier_id", "unique_id"], suffixes=("", "_offer")
    )
    assert len(orders) == len(demo[0]["purchase_orders"])
    assert (orders["quantity_ordered"] >= orders["moq"]).all()
    assert (orders["quantity_ordered"] % orders["order_multiple"] == 0).all()
    assert not (orders["quantity_ordered"] > orders["max_quantity"]).any()


def test_nothing_is_known_before_it_happened(demo: Demo) -> None:
    company, truth = demo
    orders = company["purchase_orders"]
    as_of = pd.Timestamp("2018-01-01")
    assert (orders[["ordered_at", "received_at"]].max() < as_of).all()
    true = orders["ordered_at"] + pd.to_timedelta(truth["orders"]["lead_time"], unit="D")
    assert (true[orders["received_at"].isna()] >= as_of).all()
    assert (true == orders["received_at"])[orders["received_at"].notna()].all()


def test_the_desk_leaves_every_kind_of_trace(demo: Demo) -> None:
    company, _ = demo
    orders = company["purchase_orders"]
    is_open = orders["received_at"].isna()
    partly = is_open & (orders["quantity_received"] > 0)
    short = ~is_open & (orders["quantity_received"] < orders["quantity_ordered"])
    traces = {
        "open": is_open,
        "open and overdue": is_open & (orders["promised_at"] < "2018-01-01"),
        "partly received": partly,
        "short": short,
        "late": orders["received_at"] > orders["promised_at"],
        "rejected": orders["quantity_rejected"] > 0,
        "expedited": orders["expedited"],
        "promised anew": is_open & orders["repromised_at"].notna(),
        "sold out": ~company["demand"]["in_stock"].dropna().astype(bool),
    }
    assert {trace: bool(rows.any()) for trace, rows in traces.items()} == dict.fromkeys(traces, True)


@pytest.mark.parametrize("law", ["gamma", "lognormal", "customs", "erodes", "improves", "congestion"])
def test_lead_times_follow_their_suppliers_law(demo: Demo, law: str) -> None:
    suppliers, orders = demo[1]["suppliers"].set_index("supplier_id", drop=False), demo[1]["orders"]
    for supplier_id in suppliers.index[suppliers["law"] == law]:
        mine = orders[(orders["supplier_id"] == supplier_id) & ~orders["expedited"]]
        day = (mine["ordered_at"] - pd.Timestamp("2017-01-02")).dt.days.to_numpy(float)
        error = mine["lead_time"] - mean_lead_time(suppliers.loc[mine["supplier_id"]], day)
        assert abs(error.mean()) < 4 * error.std() / np.sqrt(len(error)) + 0.05, supplier_id
        assert len(mine) > 80


def test_a_held_shipment_makes_a_second_mode(demo: Demo) -> None:
    orders = demo[1]["orders"]
    mekong = orders.loc[(orders["supplier_id"] == "D14") & ~orders["expedited"], "lead_time"]
    assert (mekong > 45).mean() == pytest.approx(0.2, abs=0.09), "30 ± 4.5 days, or 55 when held"
    assert mekong.between(41, 46).mean() < mekong.between(47, 65).mean()


def test_a_supplier_that_erodes_is_slower_in_the_second_half(demo: Demo) -> None:
    orders = demo[1]["orders"].query("~expedited")
    half = orders["ordered_at"] >= "2017-07-03"
    mean = orders.groupby(["supplier_id", half])["lead_time"].mean().unstack()
    assert (mean.loc[["D15", "D16"], True] > 1.15 * mean.loc[["D15", "D16"], False]).all()
    assert (mean.loc[["D17", "D18"], True] < 0.87 * mean.loc[["D17", "D18"], False]).all()


def test_the_truth_is_kept_beside_the_company_where_no_source_reads_it(demo_folder: Path) -> None:
    assert {path.stem for path in (demo_folder / "truth").iterdir()} == {
        "demand",
        "suppliers",
        "orders",
        "stock",
        "waste",
        "buyers",
        "anomalies",
    }
    suppliers = read_source(str(demo_folder))["suppliers"].frame
    assert len(suppliers) == 25
    assert "mean_days" not in suppliers
