import numpy as np
import pandas as pd
import pytest

from features.demand.feature_rows.demand_features import DemandFeatures
from features.demand.feature_rows.feature_families import feature_family
from features.demand.panel import Panel

H = 4


@pytest.mark.parametrize(("freq", "season"), [("W-MON", 52), ("MS", 12), ("D", 7)])
def test_every_feature_that_a_panel_can_have_belongs_to_a_family(freq, season):
    rng = np.random.default_rng(0)
    shape = (4, 130 + H)
    panel = Panel(
        unique_ids=np.array(list("abcd"), object),
        ds=pd.date_range("2022-01-03", periods=130, freq=freq).to_numpy(),
        freq=freq,
        y=rng.poisson(4, (4, 130)).astype(float),
        in_stock=np.ones((4, 130), bool),
        static=pd.DataFrame({"category": list("xxyy"), "description": list("abcd")}),
        covariates={"price": rng.uniform(1, 2, shape), "traffic": rng.uniform(0, 9, shape)},
        known=("price",),
        events={"fair": np.ones(shape)},
    )
    features = DemandFeatures(season, H).learn(panel)
    i, k = np.repeat(np.arange(4), H), np.tile(np.arange(1, H + 1), 4)
    names = list(features.rows(features.prepare(panel), i, np.full(len(i), 130), k))
    families = {name: feature_family(name) for name in names}
    assert [name for name, found in families.items() if found == "other"] == []
    assert set(families.values()) == {"level", "season", "covariate", "event"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lag_1", "level"),
        ("group_8", "level"),
        ("group_season", "season"),
        ("growth_1", "season"),
        ("covariate('season_discount', 'ahead')", "covariate"),
        ("season_discount_ahead", "season"),
        ("event_fair", "event"),
        ("moon_phase", "other"),
    ],
)
def test_a_feature_belongs_to_what_it_tells_of(name, expected):
    assert feature_family(name) == expected


def test_in_bundles_from_before_a_covariates_feature_begins_with_its_name():
    assert feature_family("season_discount_ahead", {"season_discount"}) == "covariate"
