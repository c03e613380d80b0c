import pandas as pd
import pytest

from procurement.alerts.measured_rate import RATES, measured_rate

NOW = pd.Timestamp("2026-03-30")


def exceptions(*rows):
    frame = pd.DataFrame(rows, columns=["rule", "state", "days_ago", "is_closed"])
    opened = NOW - pd.to_timedelta(frame["days_ago"], unit="D")
    return frame.assign(opened_at=opened, closed_at=NOW).assign(
        closed_at=lambda table: table["closed_at"].where(table["is_closed"].astype(bool), pd.NaT)
    )


def test_a_rate_is_counted_from_the_first_exception_of_any_rule_on():
    table = measured_rate(
        exceptions(("a", "open", 28, False), ("a", "dismissed", 1, True), ("b", "closed", 3, True)), NOW
    ).set_index("rule")
    assert table.loc["a", "a_week"] == pytest.approx(2 / 4)
    assert table.loc["b", "a_week"] == pytest.approx(1 / 4)
    assert table.loc["a", ["opened", "standing", "judged", "dismissed"]].tolist() == [2, 1, 1, 1]
    assert table["dismissed_share"].to_dict() == {"a": 0.5, "b": 0.0}


def test_what_is_older_than_thirteen_weeks_counts_as_standing_only():
    table = measured_rate(exceptions(("a", "open", 92, False), ("a", "acknowledged", 90, False)), NOW)
    row = table.iloc[0]
    assert (row["opened"], row["standing"], row["judged"]) == (1, 2, 1)
    assert row["a_week"] == pytest.approx(1 / 13)


def test_a_first_day_is_a_week():
    assert measured_rate(exceptions(("a", "open", 0, False)), NOW)["a_week"].tolist() == [1.0]


def test_without_exceptions_there_is_no_rate():
    empty = exceptions(("a", "open", 0, False))[:0]
    assert measured_rate(empty, NOW).columns.tolist() == list(RATES)
    assert len(measured_rate(empty, NOW)) == 0
