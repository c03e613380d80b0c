import numpy as np
import pandas as pd
import pytest

from planning.overrides.override_tables import no_kept_forecasts, shaped_as
from planning.overrides.value_added import value_added


def kept(*rows: tuple[str, float, float, float, float]) -> pd.DataFrame:
    """Kept forecasts: author, overridden mean, model's mean, what came, usual demand."""
    names = ["author", "mean", "model_mean", "actual", "scale"]
    return shaped_as(pd.DataFrame(rows, columns=names), no_kept_forecasts())


ROWS = kept(
    ("ann", 20, 10, 18, 10),
    ("ann", 30, 40, 36, 20),
    ("ann", 99, 10, np.nan, 10),
    ("bob", 5, 10, 10, 0),
)


def test_errors_of_people_stand_beside_the_model_s():
    ann, bob = value_added(ROWS, ["author"]).to_dict("records")
    assert (ann["author"], ann["n"]) == ("ann", 2)
    assert (ann["mae"], ann["model_mae"]) == (4, 6)
    assert (ann["bias"], ann["model_bias"]) == (-2, -2)
    assert ann["scaled_error"] == pytest.approx(np.sqrt((0.2**2 + 0.3**2) / 2))
    assert ann["model_scaled_error"] == pytest.approx(np.sqrt((0.8**2 + 0.2**2) / 2))
    assert ann["value_added"] == pytest.approx(1 / 3)
    assert bob["n"] == 1
    assert np.isnan(bob["scaled_error"])  # no usual demand to scale by
    assert np.isnan(bob["value_added"])  # the model made no error


def test_all_together_is_one_row_of_what_is_known():
    table = value_added(ROWS)
    assert table["n"].tolist() == [3]
    assert table["mae"].item() == pytest.approx(13 / 3)
    assert "all" not in table


def test_nothing_known_is_no_row():
    assert value_added(kept(("ann", 1, 2, np.nan, 3)), ["author"]).empty
