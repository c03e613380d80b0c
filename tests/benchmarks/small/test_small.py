import numpy as np
import pandas as pd
import pytest
from panels import panel_of

from benchmarks.small import companies
from benchmarks.small.companies import PEERS, SIZES, draw, part, score
from benchmarks.small.report import report_lines


@pytest.fixture
def made(monkeypatch):
    """A data set of thirty SKUs that sell some ten a month, by way of the demand benchmark's; one never sold."""
    rng = np.random.default_rng(0)
    y = rng.poisson(rng.uniform(5, 20, (30, 1)), (30, 60)).astype(float)
    y[4] = 0.0
    panel = panel_of(y, "MS", "2019-01-01")
    monkeypatch.setattr(companies, "_panel", lambda name: (panel, panel.known_demand))
    return panel


def test_companies_of_all_sizes_are_drawn_the_same_way_twice(made):
    drawn = draw(["auto_parts", "m1_monthly"], 16, seed=3)
    assert drawn == draw(["auto_parts", "m1_monthly"], 16, seed=3)
    assert drawn != draw(["auto_parts", "m1_monthly"], 16, seed=4)
    assert {len(each.skus) for each in drawn} == {min(size, 29) for size in SIZES}
    assert not [each for each in drawn if 4 in each.skus], "a SKU that never sold says nothing"
    for each in drawn:
        assert len(set(each.skus)) == len(each.skus)


def test_a_part_of_a_panel_knows_nothing_of_the_others(made):
    some = part(made, np.array([3, 7]))
    assert list(some.unique_ids) == ["s03", "s07"]
    assert (some.y == made.y[[3, 7]]).all()


def test_a_company_is_scored_beside_its_peers(made):
    company = draw(["m1_monthly"], 8, seed=0)[1]
    scores = score(company)
    assert set(scores["contender"]) == {"Purvey", *PEERS}
    assert (scores["sql"] > 0).all()
    lines = list(report_lines(pd.concat([scores, scores.assign(number=99, sql=scores["sql"] * 2)])))
    assert lines[0].startswith("2 companies")
    row = next(line for line in lines if "all companies" in line)
    ours, own = (scores.set_index("contender").loc[name, "sql"] for name in ("Purvey", "own quantiles"))
    of_own = lines[next(i for i, line in enumerate(lines) if line == "against own quantiles") + 1]
    assert f"{ours / own - 1:+9.1%}" in of_own
    assert "%" in row
