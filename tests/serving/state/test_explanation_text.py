import pandas as pd
import pytest

from serving.state.explanation_text import highlights, period_sentence


def row(**parts):
    days = {"ds": pd.Timestamp("2023-12-04"), "end": pd.Timestamp("2023-12-11")}
    return pd.Series({**days, "mean": sum(parts.values()), **parts})


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            {"level": 9.8, "trend": 0.01, "season": 1.9, "shelf_price": -0.7},
            "11.0 units in the week of 4 Dec 2023: level 9.8, season +1.9, shelf price −0.7.",
        ),
        (
            {"level": 900.2, "promotion": 350.4},
            "1,251 units in the week of 4 Dec 2023: level 900, promotion +350.",
        ),
        ({"level": 0.05, "season": 0.02}, "0.07 units in the week of 4 Dec 2023: level 0.05, season +0.02."),
    ],
)
def test_a_sentence_names_the_parts_that_matter_the_largest_first(parts, expected):
    assert period_sentence(row(**parts)) == expected


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        ("2024-02-01", "2024-02-02", "on 1 Feb 2024"),
        ("2024-02-01", "2024-03-01", "in February 2024"),
        ("2024-01-01", "2024-04-01", "from 1 Jan 2024 to 31 Mar 2024"),
    ],
)
def test_a_period_is_called_as_people_call_it(start, end, name):
    period = pd.Series({"ds": pd.Timestamp(start), "end": pd.Timestamp(end), "mean": 2.0, "level": 2.0})
    assert period_sentence(period) == f"2.0 units {name}: level 2.0."


def test_the_period_that_differs_most_is_highlighted_besides_the_first():
    quiet, loud = row(level=10.0, promotion=0.0), row(level=10.0, promotion=8.0)
    assert len(highlights(pd.DataFrame([quiet, quiet]))) == 1
    sentences = highlights(pd.DataFrame([quiet, quiet, loud]))
    assert [("promotion" in text) for text in sentences] == [False, True]
