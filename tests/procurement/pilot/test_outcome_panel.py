import numpy as np
import pandas as pd
import pytest

from features.contract.tables import DataError
from procurement.pilot.outcome_panel import (
    COUNTED,
    NOT_AFTER,
    NOT_BEFORE,
    TOO_FEW,
    outcome_panel,
    why_left_out,
    window_means,
)

NAN = np.nan


def rows(*cells: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=["unit", "ds", "y"]).astype({"ds": "datetime64[ns]"})


def test_rows_become_a_matrix_whatever_their_order() -> None:
    frame = rows(("b", "2026-01-05", 3), ("a", "2026-01-12", 2), ("a", "2026-01-05", 1))
    panel = outcome_panel(frame)
    assert panel.units.tolist() == ["a", "b"]
    assert panel.ds.tolist() == sorted(panel.ds.tolist())
    np.testing.assert_array_equal(panel.y, [[1, 2], [3, NAN]])
    np.testing.assert_array_equal(
        panel.of(np.array(["b", "nobody", "a"], object)), [[3, NAN], [NAN] * 2, [1, 2]]
    )


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (rows(("a", "2026-01-05", 1), ("a", "2026-01-05", 2)), "a has two rows at 2026-01-05"),
        (rows(("a", "2026-01-05", np.inf)), "y of a at .* is infinite"),
        (rows((None, "2026-01-05", 1)), "a row without unit or ds"),
        (rows(("a", "2026-01-05", 1)).drop(columns="y"), "no column y"),
    ],
)
def test_what_cannot_be_laid_out_is_said(frame: pd.DataFrame, says: str) -> None:
    with pytest.raises(DataError, match=says):
        outcome_panel(frame)


def test_without_missing_periods_it_is_the_mean() -> None:
    np.testing.assert_allclose(window_means(np.array([[1.0, 3.0], [0.0, 0.0]])), [2, 0])


def test_a_unit_not_seen_in_high_season_is_not_low() -> None:
    y = np.array([[10.0, 20.0], [5.0, NAN], [NAN, NAN]])
    np.testing.assert_allclose(window_means(y), [15, 7.5, NAN], rtol=1e-3)


def test_outcomes_below_zero_are_completed_by_difference() -> None:
    np.testing.assert_allclose(window_means(np.array([[-1.0, 1.0], [4.0, NAN]])), [0, 5], atol=0.02)


def test_a_period_that_nobody_has_and_units_of_zeros_do_no_harm() -> None:
    y = np.array([[2.0, NAN, 4.0], [0.0, NAN, NAN], [1.0, NAN, 2.0]])
    np.testing.assert_allclose(window_means(y), [3, 0, 1.5], rtol=1e-6)
    np.testing.assert_allclose(window_means(np.array([[0.0, NAN]])), [0])
    assert window_means(np.zeros((0, 3))).shape == (0,)


def test_half_the_periods_of_both_windows_must_be_known() -> None:
    known = np.array([[1.0, NAN], [NAN, NAN], [1.0, 1.0], [1.0, 1.0]])
    after = np.array([[1.0, NAN, 1.0], [1.0, 1.0, 1.0], [NAN, NAN, NAN], [NAN, NAN, 1.0]])
    assert why_left_out(known, after).tolist() == [COUNTED, NOT_BEFORE, NOT_AFTER, TOO_FEW]
