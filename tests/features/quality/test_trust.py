from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from configs.schema import DataConfig
from features.contract.tables import RawTable
from features.quality.check import check_tables
from features.quality.checked import TrustWarning

WEEKS = pd.date_range("2023-01-02", periods=60, freq="W-MON")
CONFIG = DataConfig(max_bad_share=1.0)
END = WEEKS[-1] + pd.Timedelta(days=7)


def demand(unique_id="a", y=None) -> pd.DataFrame:
    noise = np.random.default_rng(1).normal(1, 0.05, 60)
    return pd.DataFrame(
        {"unique_id": unique_id, "ds": WEEKS, "y": (np.full(60, 40.0) if y is None else y) * noise}
    )


def orders(n=60, **columns) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    ordered = pd.Timestamp("2023-01-02") + pd.to_timedelta(rng.integers(0, 300, n), "D")
    frame = pd.DataFrame(
        {
            "order_id": [f"po{i}" for i in range(n)],
            "line": "1",
            "supplier_id": "s",
            "unique_id": "a",
            "ordered_at": ordered,
            "quantity_ordered": 10.0,
            "received_at": ordered + pd.to_timedelta(rng.integers(10, 60, n), "D"),
        }
    )
    return frame.assign(**columns)


def warnings(config=CONFIG, **tables) -> dict[str, TrustWarning]:
    frames = {"demand": demand()} | tables
    checked = check_tables({name: RawTable(frame, name) for name, frame in frames.items()}, config)
    return {warning.kind: warning for warning in checked.warnings}


def test_sound_tables_raise_no_warning():
    assert warnings(purchase_orders=orders()) == {}


def test_zero_lead_times_of_a_slow_supplier_are_placeholders():
    frame = orders()
    frame.loc[:4, "received_at"] = frame.loc[:4, "ordered_at"]
    found = warnings(purchase_orders=frame)["placeholder_lead_time"]
    assert (found.count, found.total) == (5, 60)
    assert "of supplier s" in found.example


def test_promises_equal_to_the_outcome_are_overwritten():
    frame = orders()
    frame["promised_at"] = frame["received_at"].where(
        frame.index < 50, frame["ordered_at"] + pd.Timedelta(days=30)
    )
    found = warnings(purchase_orders=frame)["overwritten_promises"]
    assert 50 <= found.count < 55
    assert "repromised_at" in found.fix


def test_promises_that_are_kept_one_time_in_five_are_believed():
    frame = orders()
    late = pd.to_timedelta(np.arange(60) % 5, "D")
    assert "overwritten_promises" not in warnings(
        purchase_orders=frame.assign(promised_at=frame["received_at"] - late)
    )


def test_receipts_on_one_weekday_look_booked_in_batches():
    frame = orders()
    friday = frame["received_at"] + pd.to_timedelta((4 - frame["received_at"].dt.dayofweek) % 7, "D")
    found = warnings(purchase_orders=frame.assign(received_at=friday))["batched_receipts"]
    assert found.count == 60
    assert "Friday" in found.message
    assert found.example == "supplier s: 60 of 60 on a Friday"


def test_one_supplier_that_books_in_batches_is_found_among_others():
    friday = orders(30, supplier_id="late", order_id=[f"x{i}" for i in range(30)])
    friday["received_at"] += pd.to_timedelta((4 - friday["received_at"].dt.dayofweek) % 7, "D")
    found = warnings(purchase_orders=pd.concat([orders(200), friday], ignore_index=True))["batched_receipts"]
    assert found.count == 30
    assert "by 1 of 2 suppliers" in found.message
    assert found.example.startswith("supplier late")


def test_a_copied_line_is_a_duplicate_and_lines_of_one_shipment_count_one_delay_many_times():
    frame = orders()
    copied = pd.concat([frame, frame.iloc[:3].assign(line="2")], ignore_index=True)
    assert warnings(purchase_orders=copied)["duplicated_lines"].count == 3
    travelled = pd.concat([frame, frame.assign(line="2", unique_id="b")], ignore_index=True)
    both = pd.concat([demand("a"), demand("b")], ignore_index=True)
    found = warnings(demand=both, purchase_orders=travelled)
    assert found["shared_shipments"].count == 60
    assert "duplicated_lines" not in found


def test_open_orders_older_than_any_delivery_were_forgotten():
    frame = orders()
    frame.loc[frame["ordered_at"].idxmin(), "received_at"] = pd.NaT
    found = warnings(purchase_orders=frame)["forgotten_orders"]
    assert (found.count, found.total) == (1, 1)
    assert "open for" in found.example


@pytest.mark.parametrize("factor", [10, 12, 100])
def test_a_level_that_jumps_for_good_is_a_change_of_unit(factor):
    found = warnings(demand=demand(y=np.where(np.arange(60) < 30, 40.0, 40.0 * factor)))["unit_jump_level"]
    assert (found.count, found.total) == (1, 1)
    assert f"about ×{factor}" in found.example


@pytest.mark.parametrize("factor", [10, 12, 100])
def test_a_single_row_in_another_unit_is_found(factor):
    found = warnings(demand=demand(y=np.where(np.arange(60) == 30, 40.0 * factor, 40.0)))["unit_jump_row"]
    assert found.count == 1
    assert "a on 2023-07-31" in found.example


def test_a_doubling_is_no_change_of_unit():
    assert warnings(demand=demand(y=np.where(np.arange(60) < 30, 40.0, 80.0))) == {}


def test_a_slow_seller_that_sells_a_dozen_is_no_change_of_unit():
    assert warnings(demand=demand(y=np.where(np.arange(60) == 30, 12.0, 1.0))) == {}


def test_a_price_a_hundred_times_the_usual_is_found():
    frame = orders(unit_price=5.0)
    frame.loc[7, "unit_price"] = 500.0
    found = warnings(purchase_orders=frame)["unit_jump_price"]
    assert found.count == 1
    assert found.example == "order po7 line 1: 500 for a"


@pytest.mark.parametrize(("gaps", "counted"), [("zero", "zero demand"), ("missing", "unknown demand")])
def test_gaps_are_counted_with_what_the_config_makes_of_them(gaps, counted):
    holes = demand().drop(index=[5, 6, 20])
    found = warnings(DataConfig(gaps=gaps), demand=holes)["gaps"]
    assert (found.count, found.total) == (3, 60)
    assert counted in found.message


def test_a_week_without_any_rows_is_lost_data():
    many = pd.concat([demand(f"s{i}") for i in range(8)], ignore_index=True)
    found = warnings(demand=many[many["ds"] != WEEKS[30]])["empty_periods"]
    assert (found.count, found.total) == (1, 60)
    assert found.example == f"{WEEKS[30]:%Y-%m-%d}: 0 rows, around it 8"


def test_a_sku_with_a_row_every_fourth_week_may_hold_sums_of_months():
    slow = demand("b")[::4]
    found = warnings(demand=pd.concat([demand(), slow], ignore_index=True))["mixed_frequencies"]
    assert (found.count, found.total) == (1, 2)
    assert found.example == "b: every 4 periods"


def test_ids_that_one_table_lacks_are_counted_and_a_spelling_is_suggested():
    items = pd.DataFrame({"unique_id": ["A"]})
    found = warnings(items=items)["not_in_items"]
    assert (found.count, found.total) == (1, 1)
    assert found.example == "a, which stands in items as A"


def test_a_stock_count_older_than_a_period_is_old():
    stock = pd.DataFrame({"unique_id": ["a"], "as_of": [END - pd.Timedelta(days=20)], "on_hand": [1.0]})
    assert warnings(stock=stock)["old_stock"].count == 1
    assert warnings(stock=stock.assign(as_of=END)) == {}


def test_a_warning_reads_as_sentences():
    warning = TrustWarning("gaps", "demand", 3, 60, "3 periods have no row", "a: 3", "Set data.gaps")
    assert str(warning) == "demand: 3 periods have no row. For example a: 3. Set data.gaps."
    assert str(replace(warning, example="")) == "demand: 3 periods have no row. Set data.gaps."
