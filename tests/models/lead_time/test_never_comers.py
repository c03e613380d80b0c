"""How many order lines never come, learned from those cancelled, closed short or forgotten."""

import numpy as np
import pandas as pd
import pytest

from features.orders.beyond_experience import beyond_experience
from models.lead_time.never_comers import NeverComers, censored_at_closing

TODAY = pd.Timestamp("2025-01-01")


def history(*lines: dict[str, object]) -> pd.DataFrame:
    """Order lines of the last days (recency weights are about 1), each by default received after 14 days."""
    rows = [
        {"supplier_id": "s", "age": np.nan, "lead_time": 14.0, "is_open": False, "never_came": 0.0,
         "closed_after": np.nan, **line}
        for line in lines
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    duration = frame["age"].where(frame["is_open"], frame["lead_time"])
    return frame.assign(duration=duration, ordered_at=TODAY - pd.to_timedelta(duration.fillna(14.0), "D"))


CAME: dict[str, object] = {}
CANCELLED: dict[str, object] = {"lead_time": np.nan, "never_came": 1.0}
NEVER_WEIGHS_LESS = 1e9  # half-life in days: all lines weigh the same


def shares(orders: pd.DataFrame, *suppliers: str) -> list[float]:
    model = NeverComers(NEVER_WEIGHS_LESS).fit(orders, beyond_experience(orders))
    return model.chance(pd.DataFrame({"supplier_id": suppliers})).share.tolist()


def test_the_share_of_a_supplier_is_shrunk_to_that_of_all_and_that_to_one_in_a_hundred() -> None:
    orders = history(*[CAME] * 90, *[CANCELLED] * 10, *[CAME | {"supplier_id": "t"}] * 100)
    of_all = (10 + 0.5) / (200 + 50)
    expected = [(10 + 10 * of_all) / 110, 10 * of_all / 110, of_all]
    assert shares(orders, "s", "t", "new") == pytest.approx(expected)


def test_a_line_closed_short_counts_as_far_as_it_fell_short() -> None:
    orders = history(*[CAME] * 9, CAME | {"never_came": 0.4})
    assert shares(orders, "new") == pytest.approx([(0.4 + 0.5) / (10 + 50)])


def test_open_lines_count_only_far_beyond_experience() -> None:
    young, old = (CAME | {"lead_time": np.nan, "is_open": True, "age": age} for age in (40.0, 400.0))
    assert shares(history(*[CAME] * 10, young), "new") == pytest.approx([0.5 / 60])
    assert shares(history(*[CAME] * 10, old), "new") == pytest.approx([1.5 / 61])


def test_the_share_is_never_nothing() -> None:
    assert shares(history(*[CAME] * 5000), "s") == [0.002]


def test_a_longer_lead_time_than_all_is_likelier_where_few_were_seen() -> None:
    orders = history(*[CAME] * 9, *[CAME | {"supplier_id": "t"}] * 200)
    chance = (
        NeverComers()
        .fit(orders, beyond_experience(orders))
        .chance(pd.DataFrame({"supplier_id": ["new", "s", "t"]}))
    )
    assert chance.beyond.tolist() == pytest.approx([1.0, 0.1, 0.02])
    assert not chance.learned


def test_what_was_learned_is_kept_and_an_old_bundle_knows_nothing(tmp_path) -> None:
    orders = history(*[CAME] * 9, CANCELLED)
    model = NeverComers().fit(orders, beyond_experience(orders))
    model.save(tmp_path / "new")
    rows = pd.DataFrame({"supplier_id": ["s", "unknown"]})
    found, expected = NeverComers.load(tmp_path / "new").chance(rows), model.chance(rows)
    assert found.learned
    np.testing.assert_array_equal([found.share, found.beyond], [expected.share, expected.beyond])
    old = NeverComers.load(tmp_path).chance(rows)
    assert (old.share.tolist(), old.beyond.tolist(), old.learned) == ([0.01, 0.01], [1.0, 1.0], False)


def test_a_history_without_any_order_is_learned_from() -> None:
    none = history(CAME).iloc[:0]
    assert shares(none, "s") == [0.01]
    assert shares(history(CANCELLED), "new") == pytest.approx([1.5 / 51])


def test_a_line_cancelled_within_experience_is_censored_and_a_later_one_tells_nothing() -> None:
    orders = history(CAME, CANCELLED | {"closed_after": 9.0}, CANCELLED | {"closed_after": 30.0})
    found = censored_at_closing(orders)
    assert found["is_open"].tolist() == [False, True, False]
    np.testing.assert_array_equal(found["duration"], [14, 9, np.nan])
    np.testing.assert_array_equal(found["age"], [np.nan, 9, np.nan])
    longest = censored_at_closing(history(CAME, CANCELLED | {"closed_after": 14.0}))
    assert longest["is_open"].tolist() == [False, True]  # it may have come the next day
