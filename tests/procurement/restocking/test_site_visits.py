import numpy as np
import pandas as pd
import pytest
from purchases import day, table
from scipy.stats import nbinom, poisson

from procurement.restocking.site_visits import RESTOCK, VISITS, restock_bins, site_visits

AS_OF = pd.Timestamp("2024-12-30")


def bin_row(**more):
    row = {"site": "north", "bin": "1", "unique_id": "a", "counted_at": AS_OF, "count": 5, "capacity": 100}
    return row | more


def weekly(units, unique_id="a", site="north"):
    """Usage of the weeks before the day, the last one first."""
    return [
        {"unique_id": unique_id, "site": site, "ds": AS_OF - pd.Timedelta(weeks=n + 1), "quantity": each}
        for n, each in enumerate(units)
    ]


def restock(bins, usage, **more):
    return restock_bins(table("bins", bins), table("usage", usage), AS_OF, **more)


STEADY = weekly([7] * 10)


def test_a_bin_is_filled_up_to_what_lasts_until_the_visit_after():
    row = restock([bin_row()], STEADY).iloc[0]
    assert row["used_a_day"] == pytest.approx(1.0)
    assert row["bring"] == poisson.ppf(0.95, 14) - 5
    assert row["lasts_days"] == pytest.approx(poisson.ppf(0.95, 14))
    assert row["empty_chance"] == pytest.approx(poisson.sf(4, 14))


def test_scattered_usage_needs_more_than_steady_usage():
    scattered = weekly([0, 14] * 5)
    steady, wide = (restock([bin_row()], usage).iloc[0] for usage in (STEADY, scattered))
    assert wide["used_a_day"] == pytest.approx(steady["used_a_day"])
    assert wide["bring"] > steady["bring"]
    mean, variance = 14.0, 2 * 49.0
    p = mean / variance
    assert wide["bring"] == nbinom.ppf(0.95, mean * p / (1 - p), p) - 5


def test_what_was_used_since_the_count_is_gone_by_now():
    row = restock([bin_row(counted_at=AS_OF - pd.Timedelta(days=3))], STEADY).iloc[0]
    assert row["left_at_visit"] == pytest.approx(2.0)
    long_ago = restock([bin_row(counted_at=day("01-01"))], STEADY).iloc[0]
    assert long_ago["left_at_visit"] == 0.0


def test_no_more_is_brought_than_fits():
    row = restock([bin_row(capacity=12)], STEADY).iloc[0]
    assert row["bring"] == 7
    assert row["short_of_room"]
    full = restock([bin_row(capacity=12, count=12)], STEADY).iloc[0]
    assert full["bring"] == 0
    open_bin = restock([bin_row(capacity=None)], STEADY).iloc[0]
    assert open_bin["bring"] == poisson.ppf(0.95, 14) - 5
    assert not open_bin["short_of_room"]


def test_two_bins_share_the_usage_by_their_capacity():
    rows = restock([bin_row(), bin_row(bin="2", capacity=300)], STEADY)
    assert rows["used_a_day"].tolist() == pytest.approx([0.25, 0.75])
    even = restock([bin_row(), bin_row(bin="2", capacity=None)], STEADY)
    assert even["used_a_day"].tolist() == pytest.approx([0.5, 0.5])


def test_only_the_last_count_of_a_bin_counts():
    rows = restock([bin_row(count=50, counted_at=AS_OF - pd.Timedelta(days=9)), bin_row(count=4)], STEADY)
    assert rows["count"].tolist() == [4.0]


def test_usage_elsewhere_or_later_says_nothing():
    later = {"unique_id": "a", "site": "north", "ds": AS_OF + pd.Timedelta(days=7), "quantity": 999}
    other = [*weekly([70] * 10, site="south"), later]
    row = restock([bin_row()], [*STEADY, *other]).iloc[0]
    assert row["used_a_day"] == pytest.approx(1.0)
    unused = restock([bin_row(unique_id="b")], STEADY).iloc[0]
    assert (unused["used_a_day"], unused["bring"], unused["empty_chance"]) == (0.0, 0.0, 0.0)
    assert np.isinf(unused["lasts_days"])


def test_a_visit_bundles_all_bins_of_a_site_and_goes_where_it_is_urgent_first():
    usage = [*STEADY, *weekly([7] * 10, "b"), *weekly([7] * 10, site="south")]
    bins = [
        bin_row(count=1), bin_row(bin="2", unique_id="b", count=18), bin_row(site="south", count=30),
        bin_row(site="east", count=0),
    ]  # fmt: skip
    visits = site_visits(restock(bins, usage), AS_OF)
    assert visits["site"].tolist() == ["north"]  # south has enough, nothing is used in the east
    north = visits.iloc[0]
    assert (north["bins"], north["skus"], north["urgent_bins"]) == (2, 2, 1)
    assert north["visit_on"] == AS_OF
    assert list(visits) == list(VISITS)


def test_a_visit_that_is_not_urgent_waits_until_half_is_used_up():
    visits = site_visits(restock([bin_row(count=19)], STEADY, level=0.99), AS_OF)
    assert visits["visit_on"].tolist() == [AS_OF + pd.Timedelta(days=9)]


def test_sites_that_report_on_other_days_do_not_shorten_the_period():
    elsewhere = [
        {"unique_id": "a", "site": f"s{n}", "ds": AS_OF - pd.Timedelta(days=7 * week + n), "quantity": 7}
        for n in range(1, 7)
        for week in range(10)
    ]
    row = restock([bin_row()], [*STEADY, *elsewhere]).iloc[0]
    assert row["used_a_day"] == pytest.approx(1.0)
    assert row["bring"] == poisson.ppf(0.95, 14) - 5


def test_without_bins_there_is_nothing_to_bring():
    assert list(restock([], STEADY)) == list(RESTOCK)
    assert site_visits(restock([], STEADY), AS_OF).empty
