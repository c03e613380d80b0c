import numpy as np
import pandas as pd
import pytest

from benchmarks.demand.critical_difference import (
    alike,
    critical_difference,
    losses_by_block,
    mean_ranks,
    rank_chart,
    rank_lines,
)


def row(contender, cutoff, sql, kind="period"):
    return {"kind": kind, "group": cutoff, "contender": contender, "sql": sql}


def test_losses_are_laid_out_by_data_set_and_cutoff_where_all_have_one():
    rows = [
        row("a", "cutoff 1", 0.1),
        row("b", "cutoff 1", 0.2),
        row("a", "cutoff 2", 0.3),
        row("a", "all", 9.0),
    ]
    losses = losses_by_block({"x": rows, "y": [row("a", "cutoff 1", 0.5), row("b", "cutoff 1", 0.4)]})
    assert losses.to_dict("index") == {"x cutoff 1": {"a": 0.1, "b": 0.2}, "y cutoff 1": {"a": 0.5, "b": 0.4}}


def test_the_smaller_loss_has_the_smaller_rank():
    losses = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [2.0, 1.0, 3.0], "c": [0.5, 0.4, 9.0]})
    assert mean_ranks(losses).to_dict() == pytest.approx({"c": 5 / 3, "a": 2.1666667, "b": 2.1666667})


@pytest.mark.parametrize(("contenders", "q"), [(2, 1.960), (5, 2.728), (10, 3.164)])
def test_the_critical_difference_is_that_of_the_tables(contenders, q):
    assert critical_difference(contenders, 20) == pytest.approx(
        q * np.sqrt(contenders * (contenders + 1) / 120), rel=1e-3
    )


def test_groups_are_as_long_as_the_difference_allows():
    assert alike(pd.Series([1.0, 1.5, 3.0, 3.2]), 1.0) == [(0, 1), (2, 3)]
    assert alike(pd.Series([1.0, 1.8, 2.6]), 1.0) == [(0, 1), (1, 2)]
    assert alike(pd.Series([1.0, 3.0]), 1.0) == []


def test_who_cannot_be_told_from_the_best_is_said_and_drawn():
    rng = np.random.default_rng(0)
    losses = pd.DataFrame({"good": rng.random(30), "as good": rng.random(30), "bad": rng.random(30) + 2})
    lines = list(rank_lines(losses))
    assert sum("not told from the best" in line for line in lines) == 1
    assert "bad" in lines[-1]
    texts = [text.get_text() for text in rank_chart(losses).axes[0].texts]
    assert len(texts) == 3
    assert texts[-1].startswith("bad")
