import numpy as np
import pandas as pd
import pytest

from examples.company.anomalies import NEEDS, PLANT, plant_anomalies
from examples.company.planting_ground import KEY, TRUTH
from features.contract.tables import DataError

START = pd.Timestamp("2023-01-02")
LIMIT = 500.0


def company(n: int = 400, skus: int = 130) -> dict[str, pd.DataFrame]:
    """A made-up company of n closed order lines over a year, two an order, each received in two parts and invoiced."""
    rng = np.random.default_rng(1)
    order, days = np.arange(n) // 2, np.repeat(np.sort(rng.integers(0, 340, n // 2)), 2)
    orders = pd.DataFrame(
        {
            "order_id": [f"po{i:04d}" for i in order],
            "line": [str(1 + i % 2) for i in range(n)],
            "supplier_id": [f"s{i % 7}" for i in order],
            "unique_id": [f"u{i}" for i in rng.permutation(np.arange(n) % skus)],
            "ordered_at": START + pd.to_timedelta(days, unit="D"),
            "quantity_ordered": rng.integers(10, 60, n).astype(float),
            "received_at": START + pd.to_timedelta(days + 6, unit="D"),
            "quantity_rejected": 1.0,
            "unit_price": rng.uniform(1, 20, n).round(2),
        }
    )
    orders["quantity_received"] = orders["quantity_ordered"]
    half = np.floor(orders["quantity_ordered"] / 2)
    parts = [(half, -2), (orders["quantity_ordered"] - half, 0)]
    receipts = pd.concat(
        [
            orders[KEY].assign(received_at=orders["received_at"] + pd.Timedelta(days=day), quantity=units)
            for units, day in parts
        ],
        ignore_index=True,
    )
    invoices = orders[KEY].assign(
        invoice_id=[f"I{i}" for i in range(n)],
        amount=(orders["quantity_received"] * orders["unit_price"]).round(2),
        at=orders["received_at"] + pd.Timedelta(days=5),
    )
    approvals = orders.drop_duplicates("order_id")[["order_id"]].assign(
        requested_by="anna", department="shop", approved_by="ben", at=orders["ordered_at"]
    )
    suppliers = pd.DataFrame({"supplier_id": [f"s{i}" for i in range(7)], "name": "S", "is_local": True})
    return {
        "purchase_orders": orders, "receipts": receipts, "invoices": invoices, "approvals": approvals,
        "suppliers": suppliers,
    }  # fmt: skip


@pytest.fixture(scope="module")
def planted():
    before = company()
    kept = {name: frame.copy() for name, frame in before.items()}
    tables, truth = plant_anomalies(before, np.random.default_rng(3), 4, limit=LIMIT)
    for name, frame in kept.items():
        pd.testing.assert_frame_equal(before[name], frame)
    return before, tables, truth


def cases(planted, kind: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The truth about a kind, and the order lines that it names, each with its case."""
    _, tables, truth = planted
    rows = truth[truth["kind"] == kind]
    lines = rows.merge(tables["purchase_orders"], on=KEY, how="left", validate="1:1")
    return rows, lines


def original(planted, lines: pd.DataFrame) -> pd.DataFrame:
    """The lines that added orders were copied from."""
    source = lines["order_id"].str.rsplit("-", n=1).str[0]
    found = planted[0]["purchase_orders"].merge(
        pd.DataFrame({"order_id": source, "unique_id": lines["unique_id"]}).reset_index(), how="inner"
    )
    return found.set_index("index").loc[lines.index]


def test_every_kind_is_planted_as_often_as_asked_on_late_closed_lines_and_no_order_twice(planted):
    before, tables, truth = planted
    assert list(truth.columns) == list(TRUTH)
    assert truth.groupby("kind")["case"].nunique().to_dict() == dict.fromkeys(PLANT, 4)
    assert truth.groupby("kind").size().to_dict() == dict.fromkeys(PLANT, 4) | {"split": 12, "frequency": 16}
    source = (
        truth["order_id"]
        .str.rsplit("-", n=1)
        .str[0]
        .where(truth["order_id"].str.contains("-"), truth["order_id"])
    )
    by_case = pd.DataFrame({"source": source, "case": truth["kind"] + truth["case"].astype(str)})
    assert by_case.groupby("source")["case"].nunique().max() == 1
    assert by_case.groupby("case")["source"].nunique().max() == 1
    days = before["purchase_orders"].set_index("order_id")["ordered_at"]
    days = days[~days.index.duplicated()]
    assert days[source.unique()].min() >= days.min() + pd.Timedelta(weeks=26)
    assert tables["purchase_orders"]["received_at"].max() <= before["purchase_orders"]["received_at"].max()


def test_no_other_line_changes(planted):
    before, tables, truth = planted
    named = truth["order_id"].str.rsplit("-", n=1).str[0]
    touched = {*truth["order_id"], *named}
    for name in ("purchase_orders", "receipts", "invoices", "approvals"):
        old, new = (
            frame[~frame["order_id"].isin(touched)].reset_index(drop=True)
            for frame in (before[name], tables[name])
        )
        pd.testing.assert_frame_equal(old, new)
        assert len(old) > len(before[name]) / 2


def test_a_price_and_a_quantity_are_raised_with_their_invoice_and_receipts(planted):
    before, tables, _ = planted
    old = before["purchase_orders"].set_index(KEY)
    invoices = [frame["invoices"].set_index(KEY)["amount"] for frame in (before, tables)]
    for kind, low, high in (("price", 1.3, 3), ("quantity", 5, 20)):
        rows, lines = cases(planted, kind)
        was, at = old.loc[pd.MultiIndex.from_frame(lines[KEY])], pd.MultiIndex.from_frame(lines[KEY])
        column = "unit_price" if kind == "price" else "quantity_ordered"
        times = lines[column].to_numpy() / was[column].to_numpy()
        assert times == pytest.approx(rows["factor"].to_numpy(), rel=1e-2)
        assert ((times > low - 0.01) & (times < high + 0.01)).all()
        assert invoices[1].loc[at].to_numpy() == pytest.approx(
            times * invoices[0].loc[at].to_numpy(), rel=1e-2
        )
        other = "quantity_ordered" if kind == "price" else "unit_price"
        assert lines[other].tolist() == was[other].tolist()
    assert lines["quantity_received"].tolist() == lines["quantity_ordered"].tolist()
    came = tables["receipts"].groupby(KEY)["quantity"].sum()
    assert came.loc[at].tolist() == lines["quantity_received"].tolist()


def test_a_duplicate_is_the_same_line_one_to_three_days_later_with_its_papers(planted):
    _, tables, _ = planted
    _, lines = cases(planted, "duplicate")
    was = original(planted, lines)
    for column in ("supplier_id", "unique_id", "quantity_ordered", "unit_price"):
        assert lines[column].tolist() == was[column].tolist()
    late = (lines["ordered_at"] - was["ordered_at"]).dt.days
    assert late.between(1, 3).all()
    assert ((lines["received_at"] - was["received_at"]).dt.days == late).all()
    for name, rows in (("receipts", 2), ("invoices", 1), ("approvals", 1)):
        assert tables[name]["order_id"].isin(lines["order_id"]).sum() == 4 * rows, name
    assert tables["purchase_orders"]["order_id"].isin(was["order_id"]).sum() == 8, "what is copied stays"
    assert tables["invoices"]["invoice_id"].is_unique


def test_a_sku_is_ordered_four_more_times_within_two_weeks(planted):
    _, lines = cases(planted, "frequency")
    was = original(planted, lines)
    late = (lines["ordered_at"] - was["ordered_at"]).dt.days
    assert late.between(1, 13).all()
    assert (late.groupby(lines["case"]).nunique() == 4).all()
    assert (lines.groupby("case")["unique_id"].nunique() == 1).all()


def test_a_new_vendor_sells_one_line_in_place_of_the_usual_one_and_has_a_row_in_suppliers(planted):
    before, tables, _ = planted
    _, lines = cases(planted, "new_vendor")
    assert not set(lines["supplier_id"]) & set(before["purchase_orders"]["supplier_id"])
    assert set(lines["supplier_id"]) <= set(tables["suppliers"]["supplier_id"])
    assert tables["suppliers"]["is_local"].dtype == bool
    was = original(planted, lines)
    assert lines["quantity_ordered"].tolist() == was["quantity_ordered"].tolist()
    gone = pd.MultiIndex.from_frame(was[KEY])
    for name in ("purchase_orders", "receipts", "invoices"):
        assert not pd.MultiIndex.from_frame(tables[name][KEY]).isin(gone).any()


def test_a_split_order_is_three_just_below_the_limit_within_two_days(planted):
    _, tables, _ = planted
    _, lines = cases(planted, "split")
    value = lines["quantity_ordered"] * lines["unit_price"]
    assert value.between(0.81 * LIMIT, 0.99 * LIMIT).all()
    whole = tables["purchase_orders"].groupby("order_id").size()
    assert (whole[lines["order_id"]] == 1).all()
    days = lines.groupby("case")["ordered_at"].agg(["min", "max"])
    assert ((days["max"] - days["min"]).dt.days <= 2).all()
    assert (lines.groupby("case")[["supplier_id", "unique_id"]].nunique() == 1).all(axis=None)
    came = tables["receipts"].groupby(KEY)["quantity"].sum()
    at = pd.MultiIndex.from_frame(lines[KEY])
    assert came.loc[at].tolist() == lines["quantity_received"].tolist() == lines["quantity_ordered"].tolist()
    amount = tables["invoices"].set_index(KEY)["amount"]
    assert amount.loc[at].to_numpy() == pytest.approx(value.to_numpy(), abs=0.01)


def test_an_invoice_is_entered_twice_or_is_too_high(planted):
    before, tables, truth = planted
    invoices = tables["invoices"]
    double = truth[truth["kind"] == "double_invoice"]
    again = invoices[invoices["invoice_id"].isin(double["invoice_id"])]
    assert len(again) == 4
    pair = invoices.merge(again, on=[*KEY, "amount"])
    pair = pair[pair["invoice_id_x"] != pair["invoice_id_y"]]
    assert len(pair) == 4
    assert ((pair["at_y"] - pair["at_x"]).dt.days).between(1, 20).all()
    over = truth[truth["kind"] == "over_invoiced"].set_index("invoice_id")
    old, new = (
        frame["invoices"].set_index("invoice_id").loc[over.index, "amount"] for frame in (before, tables)
    )
    assert (new / old).tolist() == pytest.approx(over["factor"].tolist(), rel=1e-3)
    assert (new / old).between(1.1, 1.4).all()


def test_large_orders_lose_their_approval_and_others_approve_themselves(planted):
    before, tables, truth = planted
    orders = before["purchase_orders"]
    value = (orders["quantity_ordered"] * orders["unit_price"]).groupby(orders["order_id"]).sum()
    approvals = tables["approvals"].set_index("order_id")
    nobody = truth.loc[truth["kind"] == "no_approval", "order_id"]
    assert (value[nobody] > LIMIT).all()
    assert approvals.loc[nobody, ["approved_by", "at"]].isna().all(axis=None)
    assert approvals.drop(nobody)["approved_by"].notna().all()
    own = truth.loc[truth["kind"] == "self_approved", "order_id"]
    assert approvals.loc[own, "approved_by"].tolist() == ["anna"] * 4
    assert (approvals.drop([*own, *nobody])["approved_by"] == "ben").all()
    assert truth.loc[truth["kind"].isin(["no_approval", "self_approved"]), "line"].isna().all()


def test_the_same_seed_plants_the_same_whatever_the_order_of_the_rows(planted):
    before, _, truth = planted
    mixed = {name: frame.sample(frac=1, random_state=2) for name, frame in before.items()}
    _, again = plant_anomalies(mixed, np.random.default_rng(3), 4, limit=LIMIT)
    pd.testing.assert_frame_equal(again, truth)
    _, other = plant_anomalies(before, np.random.default_rng(4), 4, limit=LIMIT)
    assert other["order_id"].tolist() != truth["order_id"].tolist()


def test_kinds_whose_table_is_not_there_are_left_out_and_too_many_are_refused():
    orders = {"purchase_orders": company()["purchase_orders"]}
    tables, truth = plant_anomalies(orders, np.random.default_rng(3), 2, limit=LIMIT)
    assert set(truth["kind"]) == set(PLANT) - set(NEEDS)
    assert set(tables) == {"purchase_orders"}
    with pytest.raises(
        DataError, match=r"anomalies: 900 of kind split are asked for, and \d+ order lines are free"
    ):
        plant_anomalies(orders, np.random.default_rng(3), 900, limit=LIMIT)
    same, none = plant_anomalies(orders, np.random.default_rng(3), 0)
    assert none.empty
    assert list(none.columns) == list(TRUTH)
    pd.testing.assert_frame_equal(same["purchase_orders"], orders["purchase_orders"])
