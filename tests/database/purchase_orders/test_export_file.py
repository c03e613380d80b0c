import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from order_requests import TODAY, approving, ask, proposal
from sqlalchemy.exc import DatabaseError

from database.engine import write_transaction
from database.purchase_orders.change_order import change_order
from database.purchase_orders.export_file import ExportRequest, FileContent, export_file
from database.purchase_orders.order_list import order_with_events
from database.purchase_orders.records import OrderChangedError, OrderError, OrderStateError
from database.schema import purchase_order_events, purchase_order_files


@pytest.fixture
def order(engine, run):
    return change_order(engine, ask(proposal(run), what="approve"), approving)[0]


class Maker:
    """Makes another content each time, and counts."""

    def __init__(self) -> None:
        self.lock, self.made = threading.Lock(), 0

    def __call__(self, orders) -> FileContent:
        order = orders[0]
        with self.lock:
            self.made += 1
            return FileContent(f"{order.order_id}.csv", "text/csv", f"{order.goods} {self.made}".encode())


def exporting(order, form="csv", **more) -> ExportRequest:
    return ExportRequest((order.order_id,), form, "ada", TODAY, **more)


def test_a_hundred_exports_at_once_are_one_content_and_one_effect(make_engine, engine, order):
    make, engines = Maker(), [make_engine() for _ in range(4)]
    with ThreadPoolExecutor(100) as pool:
        files = list(pool.map(lambda k: export_file(engines[k % 4], exporting(order), make), range(100)))
    assert make.made == 1
    assert {file.content for file in files} == {b"150.0 1"}
    assert {file.sha256 for file in files} == {hashlib.sha256(b"150.0 1").hexdigest()}
    assert sum(not file.again for file in files) == 1
    after, events = order_with_events(engine, order.order_id)
    assert (after.status, after.version) == ("exported", order.version + 1)
    assert [event.kind for event in events] == ["exported", "approved", "created"]


def test_an_export_says_who_and_when_and_is_waited_for_from_that_day(engine, order):
    export_file(engine, exporting(order), Maker())
    after, events = order_with_events(engine, order.order_id)
    assert (after.exported_by, after.ordered_on, after.awaited_from) == ("ada", TODAY, TODAY)
    assert after.exported_at is not None
    kept = {"file": "csv", "sha256": hashlib.sha256(b"150.0 1").hexdigest()}
    assert events[0].facts == {"form": "csv", "goods": 150.0, "lines": 2} | kept


def test_asked_again_the_file_is_the_same_and_says_so(engine, order):
    make = Maker()
    first, again = (export_file(engine, exporting(order, seen=order.version), make) for _ in range(2))
    assert (first.content, first.at, first.who) == (again.content, again.at, again.who)
    assert (first.again, again.again) == (False, True)


def test_another_format_is_another_file_of_the_same_export(engine, order):
    export_file(engine, exporting(order), Maker())
    before = order_with_events(engine, order.order_id)[0]
    other = export_file(engine, exporting(order, "odoo.csv"), Maker())
    after, events = order_with_events(engine, order.order_id)
    assert not other.again
    assert after == before
    assert events[0].facts["again"] is True


def test_an_export_that_dies_half_way_has_done_nothing_and_can_be_asked_for_again(engine, order):
    def dies(_):
        raise RuntimeError("no space left")

    with pytest.raises(RuntimeError, match="no space"):
        export_file(engine, exporting(order), dies)
    assert order_with_events(engine, order.order_id)[0] == order
    assert export_file(engine, exporting(order), Maker()).content == b"150.0 1"


def test_only_what_is_approved_is_exported_and_in_the_version_that_was_seen(engine, run, order):
    draft, _ = change_order(engine, ask(proposal(run, "other", c=1.0), what="x"), lambda _, o: (o, []))
    with pytest.raises(OrderStateError, match="is draft and cannot be exported; approve it first"):
        export_file(engine, exporting(draft), Maker())
    with pytest.raises(OrderChangedError, match="you saw version 7"):
        export_file(engine, exporting(order, seen=7), Maker())
    with pytest.raises(OrderError, match="who"):
        export_file(engine, ExportRequest((order.order_id,), "csv", "", TODAY), Maker())


@pytest.mark.parametrize("table", [purchase_order_files, purchase_order_events])
def test_the_database_refuses_to_rewrite_what_was_exported_or_done(engine, order, table):
    export_file(engine, exporting(order), Maker())
    for statement in (table.delete(), table.update().values(who="eve")):
        with pytest.raises(DatabaseError, match="append-only"), write_transaction(engine) as connection:
            connection.execute(statement)


@pytest.fixture
def orders(engine, run, order):
    """The order, and two of other suppliers."""
    others = [ask(proposal(run, name, **{name[:1]: 5.0}), what="approve") for name in ("kurz", "lang")]
    return [order, *(change_order(engine, other, approving)[0] for other in others)]


def exporting_all(orders, form="csv") -> ExportRequest:
    return ExportRequest(tuple(order.order_id for order in orders), form, "ada", TODAY)


def statuses(engine, orders) -> list[str]:
    return [order_with_events(engine, order.order_id)[0].status for order in orders]


def test_of_sets_of_orders_that_overlap_asked_for_at_once_one_is_exported_whole(make_engine, engine, orders):
    class Together(Maker):
        def __call__(self, orders) -> FileContent:
            super().__call__(orders)
            return FileContent("all.csv", "text/csv", " ".join(order.order_id for order in orders).encode())

    make, engines = Together(), [make_engine() for _ in range(4)]

    def export(k: int):
        try:
            return export_file(
                engines[k % 4], exporting_all(orders[:2] if k % 2 else orders[1:]), make
            ).content
        except OrderStateError as error:
            return str(error)

    with ThreadPoolExecutor(40) as pool:
        found = set(pool.map(export, range(40)))
    assert make.made == 1
    (content,) = (each for each in found if isinstance(each, bytes))
    assert all("nothing was exported" in refused for refused in found - {content})
    exported = [order.order_id in content.decode() for order in orders]
    assert sum(exported) == 2
    assert statuses(engine, orders) == ["exported" if done else "approved" for done in exported]


def test_where_the_file_of_several_cannot_be_made_none_is_exported(engine, orders):
    def fails(_orders):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        export_file(engine, exporting_all(orders), fails)
    assert statuses(engine, orders) == ["approved"] * 3
    assert not export_file(engine, exporting_all(orders[::-1]), Maker()).again
    assert export_file(engine, exporting_all(orders), Maker()).again
    assert statuses(engine, orders) == ["exported"] * 3


def test_a_draft_keeps_the_orders_it_is_ticked_with_from_being_exported(engine, run, orders):
    draft = change_order(
        engine, ask(proposal(run, "drei", z=3.0), what="comment"), lambda _, order: (order, [])
    )[0]
    with pytest.raises(OrderStateError, match=f"{draft.order_id} is draft, and only approved orders"):
        export_file(engine, exporting_all([*orders, draft]), Maker())
    assert statuses(engine, orders) == ["approved"] * 3
    with pytest.raises(OrderError, match="no order is named"):
        exporting_all([])


def test_each_form_of_several_orders_fits_its_column(orders):
    assert len(exporting_all(orders, "frepple.json").stored_form) <= purchase_order_files.c.form.type.length
    assert exporting_all(orders).stored_form == exporting_all([*orders, *orders[::-1]]).stored_form
    assert exporting_all(orders).stored_form != exporting_all(orders[:2]).stored_form
    assert exporting_all(orders[:1]).stored_form == "csv"
