import numpy as np
import pandas as pd
import pytest
from entered_overrides import DAY, IDS, USUAL, WEEK, held
from normal_forecast import MONDAY

from features.contract.tables import empty_table
from planning.overrides.override_tables import together


def test_a_category_s_override_is_in_force_for_its_skus_alone():
    found = held({"kind": "forecast", "category": "c", "factor": 2})
    np.testing.assert_array_equal(found.periods, np.repeat([[0], [0], [-1]], 4, axis=1))
    assert found.scopes[0].tolist() == [0, 1]
    assert found.of_skus["unique_id"].tolist() == IDS[:2].tolist()


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (0, 6, [0, -1, -1, -1]),
        (6, 7, [0, 0, -1, -1]),
        (7, 7, [-1, 0, -1, -1]),
        (13, 13, [-1, 0, -1, -1]),
        (None, 7, [0, 0, -1, -1]),
        (21, None, [-1, -1, -1, 0]),
        (-9, -1, [-1, -1, -1, -1]),
    ],
)
def test_it_is_in_force_in_all_periods_that_hold_one_of_its_days(first, last, expected):
    days = {
        name: pd.NaT if day is None else MONDAY + day * DAY
        for name, day in (("from", first), ("until", last))
    }
    found = held({"kind": "forecast", "unique_id": IDS[0], "factor": 2, **days})
    assert found.periods[0].tolist() == expected
    assert found.given["status"].tolist() == ["over" if max(expected) < 0 else "used"]


def test_a_sku_s_own_goes_first_and_only_where_both_are_meant():
    found = held(
        {"kind": "forecast", "unique_id": IDS[0], "factor": 3, "until": MONDAY, "created": MONDAY - WEEK},
        {"kind": "forecast", "category": "c", "factor": 2},
    )
    assert found.periods[0].tolist() == [0, 1, 1, 1]
    assert found.given["skus"].tolist() == [1, 2]
    assert found.given["status"].tolist() == ["used", "used"]
    own = found.of_skus.set_index("override_id").loc["0"]
    assert own["beats"] == "that of Ann for category c (forecast × 2)"


def test_of_two_of_one_day_the_one_entered_last_goes_first():
    rows = [{"kind": "hold", "unique_id": IDS[0], "hold_until": MONDAY + n * WEEK} for n in (3, 2)]
    found = held(*rows)
    assert found.of_skus["override_id"].tolist() == ["1"]
    assert found.given["status"].tolist() == ["beaten", "used"]
    newest = held(rows[0] | {"created": MONDAY + DAY}, rows[1])
    assert newest.of_skus["override_id"].tolist() == ["0"]


def test_a_newer_forecast_of_the_same_periods_beats_the_older_and_says_so():
    found = held(*({"kind": "forecast", "unique_id": IDS[0], "factor": factor} for factor in (2, 3)))
    assert found.given["status"].tolist() == ["beaten", "used"]
    assert found.given["says"].tolist() == [f"that of Ann for {IDS[0]} (forecast × 3) goes before it", ""]


def test_kinds_do_not_compete():
    found = held(
        {"kind": "hold", "unique_id": IDS[0], "hold_until": MONDAY + WEEK},
        {"kind": "quantity", "unique_id": IDS[0], "quantity": 5},
        {"kind": "service_level", "unique_id": IDS[0], "service_level": 0.9},
    )
    assert found.given["status"].tolist() == ["used"] * 3
    assert (found.of_skus["beats"] == "").all()
    assert found.of_skus["value"].fillna(0).tolist() == [0, 5, 0.9]


@pytest.mark.parametrize(("days", "status"), [(-1, "used"), (0, "done"), (1, "done")])
def test_a_quantity_is_done_when_an_order_was_placed_from_its_day_on(days, status):
    orders = pd.DataFrame({"unique_id": [IDS[0]], "ordered_at": [MONDAY + days * DAY]})
    found = held({"kind": "quantity", "unique_id": IDS[0], "quantity": 5}, orders=orders)
    assert found.given["status"].tolist() == [status]
    assert len(found.of_skus) == (status == "used")


@pytest.mark.parametrize(
    ("row", "days", "status"),
    [
        ({"expires": MONDAY + WEEK}, 7, "used"),
        ({"expires": MONDAY + WEEK}, 8, "expired"),
        ({"hold_until": MONDAY + WEEK}, 6, "used"),
        ({"hold_until": MONDAY + WEEK}, 7, "over"),
        ({"unique_id": "nobody"}, 0, "nowhere"),
    ],
)
def test_what_became_of_each_is_said(row, days, status):
    usual = {"kind": "hold", "unique_id": IDS[0], "hold_until": MONDAY + 5 * WEEK}
    found = held(usual | row, as_of=MONDAY + days * DAY)
    assert found.given["status"].tolist() == [status]


def test_overrides_of_the_table_keep_one_name():
    rows = pd.DataFrame([USUAL | {"kind": "hold", "unique_id": "a", "hold_until": MONDAY}])
    table = rows.reindex(columns=empty_table("overrides").columns)
    first, again = (together(table, empty_table("overrides")) for _ in range(2))
    other = together(table.assign(author="Bob"), empty_table("overrides"))
    assert first["override_id"].tolist() == again["override_id"].tolist()
    assert first["override_id"].tolist() != other["override_id"].tolist()
    assert together(table.assign(override_id="mine"), empty_table("overrides"))["override_id"].tolist() == [
        "mine"
    ]
