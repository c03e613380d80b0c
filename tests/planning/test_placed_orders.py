import numpy as np
import pandas as pd
import pytest

from configs.sourcing import OrdersConfig
from planning.placed_orders import (
    as_open_orders,
    sight_orders,
    sighting_sentences,
    unseen_lines,
    with_answered_today,
)

AS_OF = pd.Timestamp("2026-03-04")
EXPORTED = pd.Timestamp("2026-03-02")
CONFIG = OrdersConfig()
FIRST, SECOND = "PV-2026-000001", "PV-2026-000002"


def placed(**more) -> pd.DataFrame:
    """An exported order of 50 a and 10 b from acme."""
    frame = pd.DataFrame(
        {
            "order_id": FIRST, "line": [1, 2], "supplier_id": "acme", "unique_id": ["a", "b"],
            "quantity": [50.0, 10.0], "unit_price": 2.5, "status": "exported", "order_on": EXPORTED,
            "ordered_on": EXPORTED, "awaited_from": EXPORTED, "due": pd.Timestamp("2026-03-16"),
            "proposed_due": pd.Timestamp("2026-03-16"), "known_before": [(), ()], "erp_order_id": None,
            "erp_quantity": np.nan,
        }
    )  # fmt: skip
    return frame.assign(**more)


def erp(*rows: tuple, **more) -> pd.DataFrame:
    """Order history of the ERP: order_id, unique_id, units, reference."""
    frame = pd.DataFrame(list(rows), columns=["order_id", "unique_id", "quantity_ordered", "reference"])
    return frame.assign(
        **{
            "line": [str(k) for k in range(len(frame))], "supplier_id": "acme",
            "ordered_at": EXPORTED, "quantity_received": 0.0, "is_open": True, "never_came": 0.0, **more,
        }
    )  # fmt: skip


def sight(ours: pd.DataFrame, theirs: pd.DataFrame, as_of: pd.Timestamp = AS_OF, config=CONFIG):
    return sight_orders(ours, theirs, as_of=as_of, config=config)


def shown(sightings) -> dict:
    return {row.unique_id: (row.erp_order_id, row.erp_quantity) for row in sightings.lines.itertuples()}


BOTH = (("4711", "a", 50.0, FIRST), ("4711", "b", 10.0, FIRST))


def test_what_the_erp_does_not_show_is_on_order():
    found = sight(placed(), erp())
    assert (found.counted, found.status, len(found.lines)) == ((FIRST,), {}, 0)
    assert unseen_lines(placed(), found)["unique_id"].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    "theirs",
    [
        erp(*BOTH),
        erp(*BOTH, supplier_id="elsewhere"),
        erp(*BOTH, ordered_at=pd.Timestamp("2026-01-01")),
        erp(("4711", "a", 50.0, f"{FIRST}-1"), ("4711", "b", 10.0, f"{FIRST}-2")),
        erp((FIRST, "a", 50.0, None), (FIRST, "b", 10.0, None)),
        erp(("4711", "a", 30.0, FIRST), ("4711", "a", 20.0, FIRST), ("4711", "b", 10.0, FIRST)),
    ],
    ids=["reference", "other supplier", "other day", "by line", "own id", "split"],
)
def test_an_order_is_found_by_our_id_wherever_it_stands(theirs):
    found = sight(placed(), theirs)
    assert {sku: units for sku, (_, units) in shown(found).items()} == {"a": 50.0, "b": 10.0}
    assert found.status == {FIRST: "confirmed"}
    assert unseen_lines(placed(), found).empty
    assert sighting_sentences(placed(), found) == []


@pytest.mark.parametrize(("days", "is_found"), [(-5, True), (-6, False), (5, True), (6, False)])
def test_without_our_id_it_is_found_by_supplier_sku_and_a_day_nearby(days, is_found):
    day = EXPORTED + pd.Timedelta(days=days)
    found = sight(placed(), erp(("4711", "a", 50.0, None), ("4711", "b", 10.0, None), ordered_at=day))
    assert (found.status == {FIRST: "confirmed"}) == is_found
    assert len(unseen_lines(placed(), found)) == (0 if is_found else 2)


def test_another_supplier_or_sku_nearby_is_another_order():
    theirs = erp(("4711", "a", 50.0, None), supplier_id="elsewhere")
    assert shown(sight(placed(), theirs)) == {}
    assert shown(sight(placed(), erp(("4711", "c", 50.0, None)))) == {}


def test_an_order_that_was_there_before_ours_was_made_is_none_of_ours():
    theirs = erp(("4711", "a", 50.0, None))
    assert shown(sight(placed(known_before=[("4711",), ()]), theirs)) == {}


def test_an_order_that_names_another_of_ours_is_not_taken_for_this_one():
    assert shown(sight(placed(), erp(("4711", "a", 50.0, SECOND)))) == {}


def test_another_quantity_is_the_same_order_and_both_numbers_are_said():
    for reference in (FIRST, None):
        found = sight(placed(), erp(("4711", "a", 40.0, reference), ("4711", "b", 10.0, reference)))
        assert shown(found)["a"] == ("4711", 40.0)
        assert sighting_sentences(placed(), found) == [
            f"{FIRST}, a: ordered 50, the ERP system shows 40 in its order 4711; its number counts"
        ]


def test_what_was_said_once_is_not_said_again():
    seen = placed(erp_order_id="4711", erp_quantity=[40.0, 10.0], status="confirmed")
    found = sight(seen, erp(("4711", "a", 40.0, None), ("4711", "b", 10.0, None)))
    assert (shown(found)["a"], found.status) == (("4711", 40.0), {})
    assert sighting_sentences(seen, found) == []
    fewer = sight(seen, erp(("4711", "a", 30.0, None), ("4711", "b", 10.0, None)))
    assert "ordered 50, the ERP system shows 30" in sighting_sentences(seen, fewer)[0]


def test_the_same_quantity_goes_first_then_the_nearer_day():
    two = pd.concat([placed(), placed(order_id=SECOND, quantity=[70.0, 10.0])], ignore_index=True)
    days = [EXPORTED, EXPORTED + pd.Timedelta(days=3), EXPORTED + pd.Timedelta(days=1)]
    theirs = erp(("1", "a", 70.0, None), ("2", "a", 50.0, None), ("3", "a", 55.0, None), ordered_at=days)
    found = sight(two, theirs).lines
    of_a = found[found["unique_id"] == "a"]
    assert dict(zip(of_a["order_id"], of_a["erp_order_id"], strict=True)) == {FIRST: "2", SECOND: "1"}


def test_one_order_of_the_erp_is_found_for_one_line_only():
    two = pd.concat([placed(), placed(order_id=SECOND)], ignore_index=True)
    found = sight(two, erp(("1", "a", 50.0, None)))
    assert found.lines["order_id"].tolist() == [FIRST]
    assert len(unseen_lines(two, found)) == 3


def test_a_line_found_before_is_the_erps_alone_even_when_its_table_forgets_it():
    seen = placed(erp_order_id="4711", erp_quantity=[50.0, 10.0], status="confirmed")
    found = sight(seen, erp())
    assert unseen_lines(seen, found).empty
    assert found.status == {}


def test_an_order_that_is_shown_in_part_counts_for_the_rest():
    found = sight(placed(), erp(BOTH[0]))
    assert unseen_lines(placed(), found)["unique_id"].tolist() == ["b"]
    assert found.status == {}


@pytest.mark.parametrize(("days", "status"), [(6, {}), (7, {FIRST: "missing"})])
def test_an_exported_order_that_never_shows_up_is_missing_and_counts_all_the_same(days, status):
    found = sight(placed(), erp(BOTH[0]), EXPORTED + pd.Timedelta(days=days))
    assert found.status == status
    assert unseen_lines(placed(), found)["unique_id"].tolist() == ["b"]
    assert len(sighting_sentences(placed(), found)) == len(status)


def test_what_is_only_approved_is_not_missing_and_a_missing_one_is_said_each_time():
    late = EXPORTED + pd.Timedelta(days=30)
    only_approved = placed(status="approved", ordered_on=pd.NaT, awaited_from=pd.NaT)
    assert sight(only_approved, erp(), late).status == {}
    missing = placed(status="missing")
    found = sight(missing, erp(), late)
    assert found.status == {}
    assert "exported 2026-03-02 and not all in purchase_orders yet" in sighting_sentences(missing, found)[0]
    assert sight(missing, erp(*BOTH), late).status == {FIRST: "confirmed"}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"is_open": [True, False], "quantity_received": [0.0, 10.0]}, "confirmed"),
        ({"is_open": False, "quantity_received": [50.0, 10.0]}, "received"),
        ({"is_open": False, "quantity_received": np.nan}, "received"),
        ({"is_open": False, "quantity_received": np.nan, "never_came": 1.0}, "withdrawn"),
        ({"is_open": False, "quantity_received": 0.0, "never_came": 1.0}, "withdrawn"),
    ],
)
def test_an_order_ends_as_the_erp_says(more, status):
    assert sight(placed(), erp(*BOTH, **more)).status == {FIRST: status}


def test_open_lines_age_from_their_export_and_wait_for_their_day():
    history = pd.DataFrame(
        {
            "order_id": ["x"], "line": ["1"], "supplier_id": ["acme"], "unique_id": ["z"], "category": ["c"],
            "ordered_at": [EXPORTED], "promised_at": [pd.NaT], "quantity_ordered": [1.0], "quantity_received": [1.0],
            "quantity_open": [0.0], "unit_price": [1.0], "lead_time": [3.0], "age": [np.nan], "is_open": [False],
            "duration": [3.0], "contract_days": [np.nan], "expedited": [False], "never_came": [0.0],
        }
    )  # fmt: skip
    lines = placed().assign(category="c", contract_days=14.0)
    rows = as_open_orders(lines, history, AS_OF)
    assert (rows.dtypes == history.dtypes).all()
    assert rows["quantity_open"].tolist() == [50.0, 10.0]
    assert rows["age"].tolist() == [2.0, 2.0]
    assert rows["is_open"].all()
    assert rows["line"].tolist() == ["1", "2"]
    later = lines.assign(
        ordered_on=pd.NaT,
        order_on=AS_OF + pd.Timedelta(days=3),
        due=[pd.Timestamp("2026-03-20"), lines["due"][1]],
    )
    waiting = as_open_orders(later, history, AS_OF)
    assert waiting["age"].tolist() == [0.0, 0.0]
    assert waiting["agreed_later"].tolist() == [7.0, 3.0]
    ahead = lines.assign(ordered_on=AS_OF + pd.Timedelta(days=9))  # planned as of an earlier day
    assert as_open_orders(ahead, history, AS_OF)["age"].tolist() == [0.0, 0.0]


def test_the_days_nearby_and_until_missing_are_the_configs():
    config = OrdersConfig(match_days=0.0, unseen_after_days=1.0)
    near = erp(
        *[(order, sku, units, None) for order, sku, units, _ in BOTH],
        ordered_at=EXPORTED + pd.Timedelta(days=1),
    )
    assert sight(placed(), near, config=config).status == {FIRST: "missing"}


def test_nothing_placed_is_nothing_sighted():
    assert sight(placed().iloc[:0], erp(*BOTH)).counted == ()


def test_lines_approved_on_todays_plan_are_marked_also_where_the_erp_shows_them():
    ours = placed(planned_on=[AS_OF, AS_OF])
    theirs = erp(("4711", "a", 50.0, FIRST), ("4711", "c", 9.0, None), ("12", "b", 10.0, None))
    history = pd.concat([theirs, pd.DataFrame({"order_id": [FIRST], "unique_id": ["b"]})])

    def marked(ours, found):
        orders = with_answered_today(history, ours, found, AS_OF + pd.Timedelta(hours=5))
        return orders["answered_today"].tolist() if "answered_today" in orders else None

    assert marked(ours, sight(ours, theirs.head(2))) == [True, False, False, True]
    assert marked(ours, sight(ours, erp())) == [False, False, False, True]
    older = placed(planned_on=[AS_OF - pd.Timedelta(days=1)] * 2)
    assert marked(older, sight(older, theirs.head(2))) is None
