"""What is unusual: each rule on a small company by hand, what it leaves alone, and who planted it into the demo."""

import numpy as np
import pandas as pd
import pytest
from purchases import AS_OF, company, day, order

from procurement.spend.order_patterns import ordered_often
from procurement.spend.robust_scores import above_highest, chance_above, chance_of_excess, scores_by_past
from procurement.spend.spend_lines import spend_lines
from procurement.spend.unusual_spend import UNUSUAL, unusual_spend

WEEKS = 26


def steady(units=10.0, price=5.0, weeks=WEEKS, **more):
    """An order of SKU a every other week."""
    at = [day("01-01") + pd.Timedelta(days=14 * n) for n in range(weeks)]
    return [order(f"w{n}", str(each), units + n % 3, price, **more) for n, each in enumerate(at)]


def found(orders, limit=None, **tables):
    """What is unusual in a company, by kind: order ids."""
    built = company(orders, **tables)
    lines = spend_lines(built, AS_OF)
    table = unusual_spend(
        lines, built.invoices, built.offers, limit=limit, approvals=bool(len(built.approvals))
    )
    assert list(table) == list(UNUSUAL)
    return table


def test_nothing_is_unusual_in_steady_orders():
    assert found(steady()).empty
    assert found([]).empty


def test_a_price_far_above_those_before_is_found_with_the_money_too_much():
    table = found([*steady(), order("x", "12-29", 10, 7.0)])
    assert table["kind"].tolist() == ["price"]
    row = table.iloc[0]
    assert row["order_id"] == "x"
    assert row[["amount", "expected", "observed"]].tolist() == pytest.approx([20.0, 5.0, 7.0])
    assert row["reason"] == "7.00 a unit, 40% above the 5.00 paid before"


def test_a_price_that_fell_or_rose_a_little_is_let_be():
    assert found([*steady(), order("x", "12-29", 10, 3.0)]).empty
    assert found([*steady(), order("x", "12-29", 10, 5.45)]).empty


def test_a_price_at_a_new_supplier_is_judged_by_what_the_sku_cost_elsewhere():
    orders = [*steady(), order("y", "12-28", 10, 9.0, supplier_id="t")]
    table = found(orders, offers=[{"supplier_id": "t", "unique_id": "a", "unit_price": 9.0}])
    assert table["kind"].tolist() == ["price"]


def test_a_quantity_above_the_most_before_is_found():
    table = found([*steady(), order("x", "12-29", 120, 5.0)])
    assert table["kind"].tolist() == ["quantity"]
    assert table["amount"][0] == pytest.approx((120 - 12) * 5.0)
    assert found([*steady(), order("x", "12-29", 20, 5.0)]).empty


def test_the_same_goods_ordered_again_within_days_are_found():
    again = order("x", "12-18", 10 + (WEEKS - 1) % 3, 5.0)
    table = found([*steady(), again])
    assert table["kind"].tolist() == ["ordered_twice"]
    assert found([*steady(), again | {"quantity_ordered": 17}]).empty
    assert found(
        [*steady(), again | {"supplier_id": "t"}], offers=[{"supplier_id": "t", "unique_id": "a"}]
    ).empty


def test_orders_far_more_often_than_usual_are_found():
    burst = [order(f"x{n}", f"12-{20 + n}", 13 + n, 5.0) for n in range(5)]
    table = found([*steady(), *burst])
    often = table[table["kind"] == "ordered_often"]
    assert set(often["order_id"]) <= {f"x{n}" for n in range(5)}
    assert "x4" in set(often["order_id"])
    observed, expected, _ = ordered_often(spend_lines(company([*steady(), *burst]), AS_OF))
    assert observed[-1] == 6  # five and the one of 16 December
    assert expected[-1] == pytest.approx(1.0)


def test_lines_of_one_order_are_one_order():
    orders = [*steady(), *(order("x", "12-24", 13 + n, 5.0, line=str(n)) for n in range(6))]
    observed, _, _ = ordered_often(spend_lines(company(orders), AS_OF))
    assert observed[WEEKS] == 2
    assert np.isnan(observed[WEEKS + 1 :]).all()


def test_a_new_vendor_is_found_unless_it_offers_or_has_a_contract():
    new = order("x", "12-24", 10, 5.0, supplier_id="new", unique_id="b")
    assert found([*steady(), new])["kind"].tolist() == ["new_vendor"]
    assert found([*steady(), new], offers=[{"supplier_id": "new", "unique_id": "b"}]).empty
    assert found([*steady(), new], contracts=[{"supplier_id": "new"}]).empty
    assert found([*steady(), new | {"ordered_at": day("03-01")}]).empty  # all are new then


APPROVED = [{"order_id": f"w{n}", "requested_by": "ann", "approved_by": "bob"} for n in range(WEEKS)]


def test_orders_at_the_limit_need_somebody_elses_approval():
    own = [
        {"order_id": "x", "requested_by": "ann", "approved_by": "Ann"},
        {"order_id": "y", "requested_by": "ann"},
        {"order_id": "z", "requested_by": "ann"},
    ]
    goods = [order("x", "12-24", 10, 1.0, unique_id="b"), order("y", "12-25", 100, 1.0, unique_id="c")]
    goods += [order("z", "12-25", 99, 1.0, unique_id="d", supplier_id="t")]
    table = found([*steady(), *goods], limit=100.0, approvals=[*APPROVED, *own], offers=[
        {"supplier_id": "t", "unique_id": "d"}
    ])  # fmt: skip
    kinds = table.set_index("order_id")["kind"].to_dict()
    assert kinds == {"x": "self_approved", "y": "no_approval"}
    assert found([*steady(), *goods[:2]], limit=100.0).empty  # nobody keeps approvals


def test_orders_split_below_the_limit_are_found_only_near_each_other_and_of_the_same_sku():
    asked = [{"order_id": name, "requested_by": "ann", "approved_by": "bob"} for name in "xyz"]
    parts = [order("x", "12-24", 60, 1.0, unique_id="b"), order("y", "12-26", 61, 1.0, unique_id="b")]

    def split(orders):
        table = found([*steady(), *orders], limit=100.0, approvals=[*APPROVED, *asked])
        return set(table.loc[table["kind"] == "split", "order_id"])

    assert split(parts) == {"x", "y"}
    assert split([parts[0], parts[1] | {"ordered_at": day("12-28")}]) == set()
    assert split([parts[0], parts[1] | {"unique_id": "c"}]) == set()
    assert split([parts[0] | {"quantity_ordered": 38}, parts[1]]) == set()
    thirds = [order(name, f"12-2{n}", 34, 1.0, unique_id="b") for n, name in enumerate("xyz", 4)]
    assert split(thirds) == {"x", "y", "z"}
    assert split([each | {"quantity_ordered": 33} for each in thirds]) == set()


def test_splits_are_looked_for_without_approvals_too():
    parts = [order("x", "12-24", 60, 1.0, unique_id="b"), order("y", "12-26", 61, 1.0, unique_id="b")]
    table = found([*steady(), *parts], limit=100.0)
    assert set(table.loc[table["kind"] == "split", "order_id"]) == {"x", "y"}


def test_invoices_asked_for_twice_and_above_the_order_are_found():
    invoices = [
        {"order_id": "w1", "line": "1", "amount": 55.0, "at": day("02-01"), "invoice_id": "i1"},
        {"order_id": "w1", "line": "1", "amount": 55.0, "at": day("02-09"), "invoice_id": "i2"},
        {"order_id": "w2", "line": "1", "amount": 66.0, "at": day("03-01"), "invoice_id": "i3"},
        {"order_id": "w3", "line": "1", "amount": 51.0, "at": day("03-01"), "invoice_id": "i4"},
        {"order_id": "w4", "line": "1", "amount": 30.0, "at": day("03-01"), "invoice_id": "i5"},
        {"order_id": "w4", "line": "1", "amount": 25.0, "at": day("03-01"), "invoice_id": "i6"},
    ]
    table = found(steady(), invoices=invoices).set_index("order_id")
    assert table["kind"].to_dict() == {"w1": "invoiced_twice", "w2": "invoiced_above"}
    assert table["amount"].to_dict() == {"w1": 55.0, "w2": pytest.approx(6.0)}


def test_equal_parts_of_an_invoice_are_parts_and_a_whole_order_asked_for_twice_is_told_once():
    half = {"order_id": "w1", "line": "1", "amount": 27.5}
    assert found(steady(), invoices=[half | {"at": day("02-01")}, half | {"at": day("02-02")}]).empty
    whole = {"order_id": "w1", "amount": 55.0}
    table = found(steady(), invoices=[whole | {"at": day("02-01")}, whole | {"at": day("02-02")}])
    assert table["kind"].tolist() == ["invoiced_twice"]
    assert table["amount"].tolist() == [55.0]


def test_scores_look_at_earlier_values_of_the_group_only():
    values = np.array([1.0, 1.0, 1.2, 5.0, 1.0, 2.0])
    groups = np.array([0, 0, 0, 0, 0, 1])
    score, median = scores_by_past(values, groups, least=2, floor=0.1)
    np.testing.assert_array_equal(np.isnan(score), [True, True, False, False, False, True])
    assert median[3] == 1.0
    assert score[3] > 10
    changed, _ = scores_by_past(np.append(values[:4], [99.0, 2.0]), groups, least=2, floor=0.1)
    np.testing.assert_array_equal(score[:4], changed[:4])
    excess, highest = above_highest(values, groups, least=1)
    np.testing.assert_allclose(excess[:5], [np.nan, 0.0, 0.2, 3.8, -4.0])
    assert highest[4] == 5.0


def test_chances_fall_with_the_score_and_fit_usual_ones():
    rng = np.random.default_rng(0)
    scores = rng.standard_t(4, 20_000)
    chance = chance_above(scores)
    order_ = np.argsort(scores)
    assert (np.diff(chance[order_]) <= 0).all()
    assert 0.3 < (chance < 0.001).mean() / 0.001 < 3.0
    excess = rng.exponential(0.3, 20_000) - 1.0
    assert 0.3 < (chance_of_excess(excess) < 0.001).mean() / 0.001 < 3.0
    assert np.isnan(chance_above(np.array([np.nan]))).all()


@pytest.fixture(scope="module")
def planted():
    """The demo company with four cases of everything planted."""
    from examples import demo
    from examples.company.anomalies import plant_anomalies

    tables, truth = demo.make(7)
    changed, planted = plant_anomalies(tables, np.random.default_rng(3), 4, limit=500.0)
    return changed, pd.concat([planted, truth["anomalies"]]), planted


def test_most_of_what_is_planted_into_the_demo_is_found_and_little_else(planted, tmp_path):
    from configs.load import load_config
    from database.sources.data_directory import write_directory
    from database.sources.load_tables import load_tables

    changed, every, own = planted
    write_directory(changed, tmp_path)
    checked = load_tables(str(tmp_path), load_config("configs/demo.yaml").data)
    lines = spend_lines(checked.tables, checked.as_of)
    table = unusual_spend(lines, checked.tables.invoices, checked.tables.offers, limit=500.0, approvals=True)
    orders = set(table["order_id"])
    cases = own.assign(found=own["order_id"].isin(orders)).groupby(["kind", "case"])["found"].any()
    assert cases.mean() >= 0.9
    false = table[~table["order_id"].isin(every["order_id"])]
    assert len(false) <= len(lines) / 1_000
