"""Shares of rejected units as they are learned from receipts: drawn together where chance may tell them apart."""

import numpy as np
import pandas as pd
import pytest

from planning.defect_rates import DefectRates


def receipts(rates, *, lines=40, units=50, seed=0):
    """Received lines of supplier → (SKU → share rejected), each of `units`, its rejects binomial."""
    rng = np.random.default_rng(seed)
    rows = [
        (supplier, sku, units, units, rng.binomial(units, share), pd.Timestamp("2024-05-01"))
        for supplier, skus in rates.items()
        for sku, share in skus.items()
        for _ in range(lines)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    "supplier_id", "unique_id", "quantity_ordered", "quantity_received", "quantity_rejected", "received_at",
]  # fmt: skip


def of_lane(rates: DefectRates, supplier: str, sku: str) -> float:
    return float(rates.of_lanes(pd.Series([supplier], dtype=object), pd.Series([sku], dtype=object))[0])


def test_suppliers_that_differ_for_certain_keep_their_own_rates() -> None:
    skus = [f"s{i}" for i in range(10)]
    rates = DefectRates.learn(
        receipts({"good": dict.fromkeys(skus, 0.005), "bad": dict.fromkeys(skus, 0.06)})
    )
    assert of_lane(rates, "good", "s3") == pytest.approx(0.005, abs=0.003)
    assert of_lane(rates, "bad", "s3") == pytest.approx(0.06, abs=0.006)
    assert of_lane(rates, "bad", "never bought there") == pytest.approx(0.06, abs=0.004)
    assert (
        of_lane(rates, "nobody knows", "s3")
        == pytest.approx(rates.company)
        == pytest.approx(0.0325, abs=0.004)
    )


def test_suppliers_that_chance_may_tell_apart_are_taken_to_be_alike() -> None:
    skus = [f"s{i}" for i in range(5)]
    alike = receipts({f"S{i:02}": dict.fromkeys(skus, 0.03) for i in range(20)}, lines=4)
    raw = (
        alike.groupby("supplier_id")["quantity_rejected"].sum()
        / alike.groupby("supplier_id")["quantity_received"].sum()
    )
    learned = DefectRates.learn(alike).suppliers
    assert raw.std() > 0.004
    assert learned.std() < 0.4 * raw.std()


def test_a_lane_of_few_lines_follows_its_supplier_and_one_of_many_its_own() -> None:
    truth = pd.Series(np.linspace(0.02, 0.1, 30), [f"s{i}" for i in range(30)])
    errors = []
    for seed in range(20):
        many = receipts({"S": truth.to_dict()}, lines=60, seed=seed)
        few = many.groupby("unique_id").head(2)
        raw = few.groupby("unique_id")["quantity_rejected"].sum() / 100
        rates = [DefectRates.learn(many).lanes["S"], DefectRates.learn(few).lanes["S"], raw]
        errors.append([((rate - truth) ** 2).mean() for rate in rates])
    of_many, of_few, of_raw = np.mean(errors, axis=0)
    assert of_many < 0.00003
    assert of_few < 0.8 * of_raw


def test_a_rate_is_its_own_where_lines_of_a_group_never_differ() -> None:
    rows = receipts({"A": {"x": 0.0, "y": 0.0}, "B": {"x": 1.0, "y": 1.0}}, lines=3)
    rates = DefectRates.learn(rows)
    assert rates.suppliers.to_dict() == {"A": 0.0, "B": 1.0}
    assert of_lane(rates, "B", "x") == 1.0
    assert rates.company == 0.5


def test_nothing_is_told_apart_by_a_line_each() -> None:
    rows = receipts({"A": {"x": 0.0}, "B": {"x": 0.5}}, lines=1)
    rates = DefectRates.learn(rows)
    assert rates.company > 0
    assert set(rates.suppliers) == set(rates.lanes) == {rates.company}


def test_the_unit_in_which_a_sku_is_counted_makes_no_difference() -> None:
    skus = {f"s{i}": 0.01 * i for i in range(8)}
    kilos = receipts({"A": skus, "B": {sku: share / 2 for sku, share in skus.items()}}, lines=6)
    grams = kilos.copy()
    quantities = [column for column in COLUMNS if column.startswith("quantity")]
    grams[quantities] = grams[quantities].where(grams["unique_id"] != "s4", grams[quantities] * 1000)
    pd.testing.assert_series_equal(DefectRates.learn(kilos).lanes, DefectRates.learn(grams).lanes)


def test_a_large_line_counts_for_more_than_a_small_one_of_the_same_sku() -> None:
    rows = receipts({"A": {"x": 0.0}}, lines=2)
    rows["quantity_received"] = rows["quantity_ordered"] = [90.0, 10.0]
    rows["quantity_rejected"] = [0.0, 10.0]
    assert DefectRates.learn(rows).company == pytest.approx(0.1)


def test_lines_still_coming_and_lines_that_say_nothing_of_rejects_do_not_count() -> None:
    rows = receipts({"A": {"x": 0.2}}, lines=30)
    still = rows.assign(received_at=pd.NaT, quantity_received=10, quantity_rejected=0)
    unsaid = rows.assign(quantity_rejected=np.nan)
    rates = DefectRates.learn(rows)
    assert DefectRates.learn(pd.concat([rows, still, unsaid], ignore_index=True)).company == rates.company
    whole = rows.assign(quantity_received=np.nan)
    assert DefectRates.learn(whole).company == rates.company, "a line received without a quantity came whole"


@pytest.mark.parametrize(
    "table", [pd.DataFrame(), receipts({"A": {"x": 0.0}}), receipts({"A": {"x": 0.0}}).iloc[:0]]
)
def test_without_rejects_there_is_no_defect_rate(table) -> None:
    assert of_lane(DefectRates.learn(table), "A", "x") == 0.0


def test_two_suppliers_of_two_lines_each_are_drawn_together_as_by_hand() -> None:
    rows = receipts({"A": {"x": 0.0}, "B": {"y": 0.0}}, lines=2, units=10)
    rows["quantity_rejected"] = [0.0, 2.0, 4.0, 6.0]
    # means .1 and .5 about .3; σ² = .04 / 2, τ² = (.16 − .02) / 2, Z = .14 / (.14 + .02)
    rates = DefectRates.learn(rows)
    assert rates.suppliers.to_dict() == pytest.approx({"A": 0.3 - 0.2 * 0.875, "B": 0.3 + 0.2 * 0.875})
    assert rates.lanes.tolist() == pytest.approx(rates.suppliers.tolist()), "the only SKU bought there"
