import pandas as pd
import pytest
from order_requests import TODAY, add_run, approving, ask, proposal

from database import plan_runs
from database.purchase_orders.change_order import change_order
from database.purchase_orders.export_file import ExportRequest, FileContent, export_file
from database.purchase_orders.order_list import order_book, order_with_events
from database.purchase_orders.sightings import placed_lines
from database.purchase_orders.transitions import LineEdit, edit_lines, reopen
from planning.placed_orders import Sightings


def nothing(order) -> FileContent:
    return FileContent("x.csv", "text/csv", b"")


@pytest.fixture
def order(engine, run):
    made, _ = change_order(engine, ask(proposal(run), what="approve"), approving)
    export_file(engine, ExportRequest((made.order_id,), "csv", "ada", TODAY), nothing)
    return order_with_events(engine, made.order_id)[0]


def shown(order, *rows: tuple) -> pd.DataFrame:
    columns = ["line", "unique_id", "erp_order_id", "erp_quantity", "erp_received", "erp_open"]
    return pd.DataFrame(rows, columns=columns).assign(order_id=order.order_id)


BOTH = ((1, "a", "4711", 40.0, 0.0, True), (2, "b", "4711", 10.0, 0.0, True))


def test_placed_lines_are_those_of_orders_that_may_be_still_to_come(engine, run, order):
    draft = edit_lines, [LineEdit("d", 1.0, {})]
    change_order(engine, ask(proposal(run, "other", c=1.0), x=1), lambda _, o: draft[0](o, draft[1]))
    frame = placed_lines(engine)
    assert frame["unique_id"].tolist() == ["a", "b"]
    assert frame["ordered_on"].tolist() == [pd.Timestamp(TODAY)] * 2
    assert frame.loc[0, ["order_id", "line", "quantity", "status"]].tolist() == [
        order.order_id,
        1,
        50.0,
        "exported",
    ]
    assert frame["erp_quantity"].isna().all()


def test_without_orders_there_are_no_placed_lines_and_their_types_hold(engine):
    frame = placed_lines(engine)
    assert frame.empty
    assert frame["ordered_on"].dtype == "datetime64[ns]"


def test_a_dropped_line_is_not_placed(engine, run):
    edited, _ = change_order(
        engine, ask(proposal(run), a=0), lambda _, o: edit_lines(o, [LineEdit("a", 0.0, {})])
    )
    change_order(engine, ask(edited.order_id, seen=1, what="approve"), approving)
    assert placed_lines(engine)["unique_id"].tolist() == ["b"]


def test_a_run_that_counted_an_order_proposes_its_skus_anew(engine, run, order):
    assert set(order_book(engine, run).answered) == {"a", "b"}
    newer = add_run(engine, Sightings((order.order_id,)))
    assert order_book(engine, newer).answered == {}
    after, events = order_with_events(engine, order.order_id)
    assert (after.counted_run, after.version, after.status) == (newer, order.version, "exported")
    assert events[0].kind == "exported"


def test_what_the_erp_shows_is_kept_with_the_run_and_another_quantity_is_said_once(engine, order):
    sightings = Sightings((order.order_id,), shown(order, *BOTH), {order.order_id: "confirmed"})
    add_run(engine, sightings)
    after, events = order_with_events(engine, order.order_id)
    assert (after.status, after.version, after.received_at) == ("confirmed", order.version + 1, None)
    assert after.confirmed_at is not None
    assert [(each.erp_order_id, each.erp_quantity) for each in after.lines] == [
        ("4711", 40.0),
        ("4711", 10.0),
    ]
    assert [(event.kind, event.who) for event in events[:2]] == [
        ("confirmed", "plan run"),
        ("differs", "plan run"),
    ]
    assert events[1].facts == {"unique_id": "a", "ordered": 50.0, "shown": 40.0, "erp_order_id": "4711"}
    add_run(engine, sightings)
    again, more = order_with_events(engine, order.order_id)
    assert (again.version, len(more)) == (after.version, len(events))


def test_a_received_order_is_confirmed_too_and_watched_no_longer(engine, order):
    rows = [(*row[:4], row[3], False) for row in BOTH]
    add_run(engine, Sightings((order.order_id,), shown(order, *rows), {order.order_id: "received"}))
    after = order_with_events(engine, order.order_id)[0]
    assert after.status == "received"
    assert after.received_at == after.confirmed_at is not None
    assert after.lines[0].erp_received == 40.0
    assert placed_lines(engine).empty
    assert order_book(engine, add_run(engine)).answered == {}


def test_an_order_that_was_reopened_while_the_run_was_made_stays_a_draft(engine, run):
    made, _ = change_order(engine, ask(proposal(run), what="approve"), approving)
    change_order(engine, ask(made.order_id, seen=1, what="reopen"), lambda _, o: reopen(o))
    add_run(engine, Sightings((made.order_id,), shown(made, *BOTH), {made.order_id: "confirmed"}))
    after = order_with_events(engine, made.order_id)[0]
    assert (after.status, after.lines[0].erp_order_id) == ("draft", None)


def test_a_run_that_fails_records_nothing_of_what_it_found_out(engine, order):
    entry = plan_runs.PlanRunEntry("b" * 64, TODAY, source="data", folder="plans/1", facts={})
    sightings = Sightings((order.order_id,), shown(order, *BOTH), {order.order_id: "confirmed"})
    with (
        pytest.raises(OSError, match="full"),
        plan_runs.record_plan_run(
            engine, entry, actions=pd.DataFrame({"action_id": []}), sightings=sightings
        ),
    ):
        raise OSError("full")
    assert order_with_events(engine, order.order_id)[0] == order
