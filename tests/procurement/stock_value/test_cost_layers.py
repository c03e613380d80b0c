"""FIFO, LIFO and moving average: textbook examples worked by hand, and what must hold for any movements."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.contract.tables import DataError
from procurement.stock_value.cost_layers import METHODS, CostedStock, cost_layers, stock_value_table

DAY = pd.Timestamp


def moved(*rows: tuple, sku: str = "a") -> pd.DataFrame:
    """Movements (day, quantity, unit cost or None, kind or nothing) of one SKU."""
    frame = pd.DataFrame(
        [(sku, DAY(row[0]), float(row[1]), row[2], row[3] if len(row) > 3 else None) for row in rows],
        columns=["unique_id", "at", "quantity", "unit_cost", "kind"],
    )
    return frame.astype({"unit_cost": float, "kind": object})


def opened(quantity: float, unit_cost: float, sku: str = "a", **more: object) -> pd.DataFrame:
    return pd.DataFrame({"unique_id": [sku], "quantity": [quantity], "unit_cost": [unit_cost], **more})


def balance(each: CostedStock) -> np.ndarray:
    """What the books say is left, money."""
    came = each.opening_value + each.purchases - each.returned + each.uncosted_cost
    return came - each.cogs - each.written_off + each.revaluation


def test_the_books_example_of_two_purchases_and_two_sales() -> None:
    # opening 100 @ 10; 5 Jan buy 50 @ 12; 10 Jan sell 120; 1 Feb buy 80 @ 11; 10 Feb sell 60
    # FIFO: 100·10 + 20·12 = 1,240; then 30·12 + 30·11 = 690; left 50 @ 11 = 550
    # LIFO: 50·12 + 70·10 = 1,300; then 60·11 = 660; left 30 @ 10 + 20 @ 11 = 520
    # average: 1,600/150 a unit, 120 of them 1,280; then (320 + 880)/110 = 10.90909, 60 of them 654.5455; left 545.4545
    movements = moved(
        ("2024-01-05", 50, 12), ("2024-01-10", -120, None), ("2024-02-01", 80, 11), ("2024-02-10", -60, None)
    )
    costed = cost_layers(movements, opened(100, 10))
    assert costed["fifo"].period_cogs.tolist() == [[1_240, 690]]
    assert costed["lifo"].period_cogs.tolist() == [[1_300, 660]]
    assert costed["average"].period_cogs == pytest.approx(np.array([[1_280, 654.545454]]))
    assert costed["fifo"].value_at.tolist() == [[1_000, 360, 550]]
    assert costed["lifo"].value_at.tolist() == [[1_000, 300, 520]]
    assert costed["average"].value_at == pytest.approx(np.array([[1_000, 320, 545.454545]]))
    assert costed["fifo"].value.tolist() == [550]
    assert costed["lifo"].value.tolist() == [520]
    assert costed["average"].value == pytest.approx([545.454545])
    layers = {
        name: each.layers[["quantity", "unit_cost"]].to_numpy().tolist() for name, each in costed.items()
    }
    assert layers["fifo"] == [[50, 11]]
    assert layers["lifo"] == [[30, 10], [20, 11]]
    assert layers["average"] == [pytest.approx([50, 10.9090909])]
    for each in costed.values():
        assert each.units.tolist() == [50]
        assert each.units_sold.tolist() == [180]
        assert each.period_units_sold.tolist() == [[120, 60]]
        assert (each.opening_value[0], each.purchases[0]) == (1_000, 600 + 880)
        assert each.boundaries.astype("datetime64[D]").astype(str).tolist() == [
            "2024-01-01", "2024-02-01", "2024-03-01"
        ]  # fmt: skip


def test_the_books_example_of_a_month_of_rising_prices() -> None:
    # 1 Mar buy 60 @ 15, 9 Mar buy 100 @ 16, 12 Mar sell 120, 20 Mar buy 50 @ 18, 28 Mar sell 70
    # goods for sale: 900 + 1,600 + 900 = 3,400, of which 20 units are left
    # FIFO: 60·15 + 60·16 = 1,860; 40·16 + 30·18 = 1,180; left 20 @ 18 = 360
    # LIFO: 100·16 + 20·15 = 1,900; 50·18 + 20·15 = 1,200; left 20 @ 15 = 300
    # average: 2,500/160 = 15.625: 1,875; (625 + 900)/90 = 16.9444: 1,186.1111; left 338.8889
    movements = moved(
        ("2024-03-01", 60, 15), ("2024-03-09", 100, 16), ("2024-03-12", -120, None),
        ("2024-03-20", 50, 18), ("2024-03-28", -70, None),
    )  # fmt: skip
    costed = cost_layers(movements)
    assert [costed[name].cogs[0] for name in METHODS] == pytest.approx([3_040, 3_100, 3_061.1111])
    assert [costed[name].value[0] for name in METHODS] == pytest.approx([360, 300, 338.8889])


def test_the_books_example_of_goods_sent_back_and_goods_written_off() -> None:
    # buy 10 @ 4, buy 10 @ 6, send 3 of the last back (18; average 5 each: 15), sell 12, write 2 off
    # FIFO: sold 10·4 + 2·6 = 52, written off 2·6 = 12, left 3 @ 6 = 18: 40 + 60 − 18 − 52 − 12 = 18
    # LIFO: sold 7·6 + 5·4 = 62, written off 2·4 = 8, left 3 @ 4 = 12: 100 − 18 − 62 − 8 = 12
    # average: sold 12·5 = 60, written off 10, left 3·5 = 15: 100 − 15 − 60 − 10 = 15
    movements = moved(
        ("2024-01-01", 10, 4), ("2024-01-02", 10, 6), ("2024-01-03", -3, None, "return"),
        ("2024-01-04", -12, None, "sale"), ("2024-01-05", -2, None, "write_off"),
    )  # fmt: skip
    costed = cost_layers(movements)
    of = {name: [costed[m].__getattribute__(name)[0] for m in METHODS] for name in
          ("returned", "cogs", "written_off", "value", "units", "units_sold")}  # fmt: skip
    assert of == {
        "returned": [18, 18, 15],
        "cogs": [52, 62, 60],
        "written_off": [12, 8, 10],
        "value": [18, 12, 15],
        "units": [3, 3, 3],
        "units_sold": [12, 12, 12],
    }


def test_receipts_of_a_day_come_before_its_issues_whatever_their_hour() -> None:
    movements = moved(("2024-01-01 08:00", -5, None), ("2024-01-01 17:00", 5, 3))
    for each in cost_layers(movements).values():
        assert (each.cogs[0], each.units[0], each.uncosted[0]) == (15, 0, 0)


def test_a_sale_beyond_what_is_there_costs_the_last_known_cost_and_is_named() -> None:
    movements = moved(("2024-01-01", 4, 3), ("2024-01-02", 2, 5), ("2024-01-03", -10, None))
    for each in cost_layers(movements).values():
        # 4·3 + 2·5 = 22, and 4 that are not there at 5
        assert (each.cogs[0], each.uncosted[0], each.uncosted_cost[0]) == (pytest.approx(42), 4, 20)
        assert (each.units[0], each.value[0], len(each.layers)) == (0, 0, 0)


def test_goods_that_come_after_their_sale_cover_it_at_their_own_cost() -> None:
    # 10 sold from 4 @ 3; 6 at 3 in advance; then 8 @ 5 come: 6 of them were sold, which is 12 more
    movements = moved(("2024-01-01", 4, 3), ("2024-01-03", -10, None), ("2024-02-01", 8, 5))
    for each in cost_layers(movements).values():
        assert each.period_cogs.tolist() == [[30, 12]]
        assert (each.units[0], each.value[0], each.uncosted[0]) == (2, 10, 0)
        assert each.layers["quantity"].tolist() == [2]
    part = cost_layers(movements.assign(quantity=[4.0, -10.0, 2.0]))["fifo"]
    assert (part.uncosted[0], part.uncosted_cost[0], part.cogs[0], part.units[0]) == (4, 12, 34, 0)


def test_a_receipt_without_a_cost_has_the_last_known_one_else_that_of_the_item() -> None:
    movements = moved(("2024-01-01", 1, None), ("2024-01-02", 1, 7), ("2024-01-03", 1, None))
    known = cost_layers(movements, unit_cost=pd.Series({"b": 1.0, "a": 5.0}))["fifo"]
    assert known.layers["unit_cost"].tolist() == [5, 7, 7]
    assert known.last_cost.tolist() == [7]
    unknown = cost_layers(moved(("2024-01-01", 2, None), ("2024-01-02", -1, None)))["average"]
    assert np.isnan([unknown.value[0], unknown.cogs[0], unknown.last_cost[0]]).all()
    assert (unknown.units[0], unknown.units_sold[0]) == (1, 1)


def test_an_unknown_cost_is_known_again_once_its_layer_is_sold() -> None:
    movements = moved(
        ("2024-01-01", 2, None), ("2024-01-05", -2, None), ("2024-02-01", 3, 4), ("2024-02-02", -1, None)
    )
    for each in cost_layers(movements).values():
        assert np.isnan(each.period_cogs[0, 0])
        assert (each.period_cogs[0, 1], each.value[0]) == (4, 8)


def test_periods_run_from_a_boundary_to_the_day_before_the_next() -> None:
    movements = moved(
        ("2023-12-31", -1, None), ("2024-01-01", -2, None), ("2024-01-31", -3, None), ("2024-02-01", -4, None)
    )
    each = cost_layers(movements, opened(20, 2), periods=[DAY("2024-01-01"), DAY("2024-02-01")])["lifo"]
    assert each.period_cogs.tolist() == [[10]]
    assert each.period_units_sold.tolist() == [[5]]
    assert each.value_at.tolist() == [[38, 28]]
    assert (each.cogs[0], each.value[0], each.units_sold[0]) == (20, 20, 10)


def test_months_without_movements_keep_the_value_and_have_a_column() -> None:
    each = cost_layers(moved(("2024-01-15", 3, 2), ("2024-04-02", -1, None)))["fifo"]
    assert each.value_at.tolist() == [[0, 6, 6, 6, 4]]
    assert each.period_cogs.tolist() == [[0, 0, 0, 2]]


def test_opening_layers_are_the_oldest_and_keep_their_day() -> None:
    opening = pd.DataFrame(
        {
            "unique_id": "a",
            "quantity": [5.0, 5.0, 5.0],
            "unit_cost": [3.0, 2.0, 1.0],
            "received_at": [DAY("2023-06-01"), DAY("2023-03-01"), pd.NaT],
        }
    )
    each = cost_layers(moved(("2024-01-01", -7, None)), opening)["fifo"]
    assert each.layers["unit_cost"].tolist() == [2, 3]
    assert each.layers["quantity"].tolist() == [3, 5]
    assert each.layers["received_at"].tolist() == [DAY("2023-03-01"), DAY("2023-06-01")]
    assert each.cogs.tolist() == [5 * 1 + 2 * 2]


def test_layers_of_many_skus_stay_apart_and_are_sorted() -> None:
    movements = pd.concat([moved(("2024-01-01", 2, 3), sku="b"), moved(("2024-01-01", 4, 1), sku="a")])
    each = cost_layers(movements, opened(0, 9, sku="c"))["lifo"]
    assert each.unique_ids.tolist() == ["a", "b", "c"]
    assert each.value.tolist() == [4, 6, 0]
    assert each.layers["unique_id"].tolist() == ["a", "b"]


def test_the_table_has_a_row_a_sku_and_method() -> None:
    movements = pd.concat([moved(("2024-01-01", 2, 3), sku="b"), moved(("2024-01-01", 4, 1), sku="a")])
    table = stock_value_table(cost_layers(movements))
    assert table["unique_id"].tolist() == ["a"] * 3 + ["b"] * 3
    assert table["method"].tolist() == list(METHODS) * 2
    assert table["value"].tolist() == [4] * 3 + [6] * 3
    assert table["purchases"].sum() == 30
    assert stock_value_table({}).empty


def test_without_movements_the_opening_is_left_and_there_are_no_periods() -> None:
    for each in cost_layers(moved(), opened(3, 2)).values():
        assert (each.value[0], each.opening_value[0], each.cogs[0]) == (6, 6, 0)
        assert each.period_cogs.shape == (1, 0)
        assert each.value_at.shape == (1, 0)
    nothing = cost_layers(moved())["fifo"]
    assert len(nothing.unique_ids) == len(nothing.value) == len(nothing.layers) == 0


@pytest.mark.parametrize(
    ("movements", "opening", "options", "said"),
    [
        (moved(("2024-01-01", np.nan, 1)), None, {}, r"movements row 1 \(a\): quantity is nan"),
        (
            moved(("2024-01-01", 1, 1), ("2024-01-01", 1, -1)),
            None,
            {},
            r"movements row 2 \(a\): unit_cost is -1",
        ),
        (moved(("NaT", 1, 1)), None, {}, r"movements row 1 \(a\): at is NaT"),
        (moved(("2024-01-01", 1, 1, "sale")), None, {}, "give receipts as > 0"),
        (moved(("2024-01-01", -1, 1, "receipt")), None, {}, "give receipts as > 0"),
        (moved(("2024-01-01", -1, 1, "lost")), None, {}, "kind is 'lost', expected one of receipt"),
        (moved().drop(columns="at"), None, {}, "movements has no column 'at'"),
        (moved(("2024-01-01", 1, 1)).assign(unique_id=None), None, {}, "a row has no unique_id"),
        (moved(), opened(-1, 1), {}, "opening of a: quantity is -1"),
        (moved(), None, {"methods": ["hifo"]}, "'hifo' is no costing method"),
        (moved(), None, {"periods": [DAY("2024-01-01")] * 2}, "do not rise"),
    ],
)
def test_what_cannot_be_costed_is_refused(movements, opening, options, said: str) -> None:
    with pytest.raises(DataError, match=said):
        cost_layers(movements, opening, **options)


SKUS = st.sampled_from(["a", "b"])
COSTS = st.integers(0, 20).map(float)
KINDS = st.sampled_from(["sale", "sale", "sale", "return", "write_off"])
ROWS = st.lists(
    st.tuples(SKUS, st.integers(0, 90), st.integers(1, 30).map(lambda n: n / 4), COSTS, st.booleans(), KINDS),
    max_size=40,
)


def frame_of(rows: list[tuple]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["unique_id", "day", "units", "unit_cost", "comes", "kind"])
    return pd.DataFrame(
        {
            "unique_id": frame["unique_id"].astype(object),
            "at": DAY("2024-01-10") + pd.to_timedelta(frame["day"].astype(float), unit="D"),
            "quantity": np.where(frame["comes"].astype(bool), frame["units"], -frame["units"]).astype(float),
            "unit_cost": frame["unit_cost"].astype(float).where(frame["comes"].astype(bool)),
            "kind": frame["kind"].where(~frame["comes"].astype(bool), "receipt").astype(object),
        }
    )


OPENING = pd.DataFrame({"unique_id": ["a", "b"], "quantity": [12.5, 0.0], "unit_cost": [4.0, 9.0]})


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_units_and_money_are_conserved_by_every_method(rows: list[tuple]) -> None:
    movements = frame_of(rows)
    net = OPENING["quantity"].to_numpy() + [
        movements.loc[movements["unique_id"] == sku, "quantity"].sum() for sku in ("a", "b")
    ]
    costed = cost_layers(movements, OPENING)
    for each in costed.values():
        assert balance(each) == pytest.approx(each.value, abs=1e-9)
        assert each.units == pytest.approx(np.maximum(net, 0), abs=1e-9)
        assert each.uncosted == pytest.approx(np.maximum(-net, 0), abs=1e-9)
        worth = each.layers["quantity"] * each.layers["unit_cost"]
        assert worth.groupby(each.layers["unique_id"]).sum().reindex(["a", "b"]).fillna(
            0
        ).to_numpy() == pytest.approx(each.value, abs=1e-9)
        assert each.period_cogs.sum(axis=1) == pytest.approx(each.cogs, abs=1e-9)
        if len(each.boundaries):
            assert each.value_at[:, -1] == pytest.approx(each.value, abs=1e-9)
    assert (costed["fifo"].units_sold == costed["lifo"].units_sold).all()


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_all_methods_agree_where_the_price_never_changes(rows: list[tuple]) -> None:
    movements = frame_of(rows)
    movements["unit_cost"] = movements["unit_cost"].mask(movements["unit_cost"].notna(), 3.0)
    costed = cost_layers(movements, OPENING.assign(unit_cost=3.0))
    for name in ("value", "cogs", "returned", "written_off", "value_at", "period_cogs"):
        first, *others = (getattr(costed[method], name) for method in METHODS)
        for other in others:
            assert other == pytest.approx(first, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_where_prices_rise_fifo_values_most_and_lifo_least(rows: list[tuple]) -> None:
    movements = frame_of(rows).sort_values("at", kind="stable")
    rising = 5.0 + (movements["at"] - DAY("2024-01-01")) / pd.Timedelta(days=10)
    movements["unit_cost"] = rising.where(movements["unit_cost"].notna())
    costed = cost_layers(movements, OPENING.assign(unit_cost=4.0))
    assert (costed["fifo"].value >= costed["lifo"].value - 1e-9).all()
    nothing_back = movements.assign(kind=movements["kind"].replace("return", "sale"))
    costed = cost_layers(nothing_back, OPENING.assign(unit_cost=4.0))
    fifo, lifo, average = (costed[name].value for name in METHODS)
    assert (fifo >= average - 1e-9).all()
    assert (average >= lifo - 1e-9).all()


@settings(deadline=None, max_examples=50)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows: list[tuple], random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = cost_layers(frame_of(rows), OPENING), cost_layers(frame_of(shuffled), OPENING)
    for method in METHODS:
        for field in fields(CostedStock):
            left, right = getattr(one[method], field.name), getattr(other[method], field.name)
            if field.name == "layers":
                pd.testing.assert_frame_equal(left, right)
            else:
                np.testing.assert_array_equal(left, right)


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_a_skus_result_does_not_depend_on_the_other_skus(rows: list[tuple]) -> None:
    movements = frame_of(rows)
    both = cost_layers(movements, OPENING, periods=[DAY("2024-02-01"), DAY("2024-03-01")])
    alone = cost_layers(
        movements[movements["unique_id"] == "b"], OPENING[1:], periods=[DAY("2024-02-01"), DAY("2024-03-01")]
    )
    for method in METHODS:
        assert both[method].value_at[1].tolist() == alone[method].value_at[0].tolist()
        assert both[method].cogs[1] == alone[method].cogs[0]
