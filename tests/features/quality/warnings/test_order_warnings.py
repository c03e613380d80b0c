import numpy as np
import pandas as pd


def test_sound_tables_raise_no_warning(warnings_of, sound_orders):
    assert warnings_of(purchase_orders=sound_orders()) == {}


def test_zero_lead_times_of_a_slow_supplier_are_placeholders(warnings_of, sound_orders):
    frame = sound_orders()
    frame.loc[:4, "received_at"] = frame.loc[:4, "ordered_at"]
    found = warnings_of(purchase_orders=frame)["placeholder_lead_time"]
    assert (found.count, found.total) == (5, 60)
    assert "of supplier s" in found.example


def test_promises_equal_to_the_outcome_are_overwritten(warnings_of, sound_orders):
    frame = sound_orders()
    frame["promised_at"] = frame["received_at"].where(
        frame.index < 50, frame["ordered_at"] + pd.Timedelta(days=30)
    )
    found = warnings_of(purchase_orders=frame)["overwritten_promises"]
    assert 50 <= found.count < 55
    assert "repromised_at" in found.fix


def test_promises_that_are_kept_one_time_in_five_are_believed(warnings_of, sound_orders):
    frame = sound_orders()
    late = pd.to_timedelta(np.arange(60) % 5, "D")
    assert "overwritten_promises" not in warnings_of(
        purchase_orders=frame.assign(promised_at=frame["received_at"] - late)
    )


def test_receipts_on_one_weekday_look_booked_in_batches(warnings_of, sound_orders):
    frame = sound_orders()
    friday = frame["received_at"] + pd.to_timedelta((4 - frame["received_at"].dt.dayofweek) % 7, "D")
    found = warnings_of(purchase_orders=frame.assign(received_at=friday))["batched_receipts"]
    assert found.count == 60
    assert "Friday" in found.message
    assert found.example == "supplier s: 60 of 60 on a Friday"


def test_one_supplier_that_books_in_batches_is_found_among_others(warnings_of, sound_orders):
    friday = sound_orders(30, supplier_id="late", order_id=[f"x{i}" for i in range(30)])
    friday["received_at"] += pd.to_timedelta((4 - friday["received_at"].dt.dayofweek) % 7, "D")
    found = warnings_of(purchase_orders=pd.concat([sound_orders(200), friday], ignore_index=True))[
        "batched_receipts"
    ]
    assert found.count == 30
    assert "by 1 of 2 suppliers" in found.message
    assert found.example.startswith("supplier late")


def test_a_copied_line_is_a_duplicate_and_lines_of_one_shipment_count_one_delay_many_times(
    warnings_of, sound_demand, sound_orders
):
    frame = sound_orders()
    copied = pd.concat([frame, frame.iloc[:3].assign(line="2")], ignore_index=True)
    assert warnings_of(purchase_orders=copied)["duplicated_lines"].count == 3
    travelled = pd.concat([frame, frame.assign(line="2", unique_id="b")], ignore_index=True)
    both = pd.concat([sound_demand("a"), sound_demand("b")], ignore_index=True)
    found = warnings_of(demand=both, purchase_orders=travelled)
    assert found["shared_shipments"].count == 60
    assert "duplicated_lines" not in found


def test_open_orders_older_than_any_delivery_were_forgotten(warnings_of, sound_orders):
    frame = sound_orders()
    frame.loc[frame["ordered_at"].idxmin(), "received_at"] = pd.NaT
    found = warnings_of(purchase_orders=frame)["forgotten_orders"]
    assert (found.count, found.total) == (1, 1)
    assert "open for" in found.example


def test_a_price_a_hundred_times_the_usual_is_found(warnings_of, sound_orders):
    frame = sound_orders(unit_price=5.0)
    frame.loc[7, "unit_price"] = 500.0
    found = warnings_of(purchase_orders=frame)["unit_jump_price"]
    assert found.count == 1
    assert found.example == "order po7 line 1: 500 for a"
