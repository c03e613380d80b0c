from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.demand.feature_rows.covariate_features import covariate_feature
from features.demand.feature_rows.demand_features import DemandFeatures
from features.demand.panel import Panel

H = 4


@pytest.fixture
def panel():
    rng = np.random.default_rng(0)
    y = rng.poisson(4, (6, 80)).astype(float)
    y[0, :50] = np.nan
    static = pd.DataFrame({"category": list("xxyyzz"), "description": list("abcdef")})
    ds = pd.date_range("2022-01-03", periods=80, freq="W-MON").to_numpy()
    price = rng.uniform(1, 2, (6, 80 + H))
    fair = np.broadcast_to((np.arange(80 + H) % 9 == 0).astype(float), (6, 80 + H))
    return Panel(
        unique_ids=np.array(list("abcdef"), object),
        ds=ds,
        freq="W-MON",
        y=y,
        in_stock=rng.random((6, 80)) > 0.1,
        static=static,
        covariates={"price": price, "traffic": rng.uniform(0, 9, (6, 80 + H))},
        known=("price",),
        events={"fair": fair},
    )


def rows(panel, features, seen):
    i, k = np.repeat(np.arange(6), H), np.tile(np.arange(1, H + 1), 6)
    return features.rows(features.prepare(panel), i, np.full(len(i), seen), k)


def test_training_and_forecasting_see_the_same_features(panel):
    features = DemandFeatures(52, H).learn(panel)
    for seen in (30, 60, 75):
        in_training, at_request = rows(panel, features, seen), rows(panel.until(seen), features, seen)
        assert list(in_training) == list(at_request)
        for name, values in in_training.items():
            np.testing.assert_allclose(values, at_request[name], rtol=1e-9, err_msg=name)


def test_no_feature_looks_past_its_origin(panel):
    later = np.arange(80)[None, :] >= 60
    traffic = panel.covariates["traffic"] + 100 * (np.arange(80 + H) >= 60)
    changed = replace(
        panel,
        y=np.where(later, 999.0, panel.y),
        in_stock=np.where(later, True, panel.in_stock),
        covariates=panel.covariates | {"traffic": traffic},
    )
    features = DemandFeatures(52, H).learn(panel)
    before, after = rows(panel, features, 60), rows(changed, features, 60)
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name], err_msg=name)


def test_the_price_of_the_period_ahead_is_seen_where_it_is_known(panel):
    features = DemandFeatures(52, H).learn(panel)
    seen = rows(panel, features, 60)
    np.testing.assert_allclose(
        seen[covariate_feature("price", ("ahead",))].reshape(6, H), panel.covariates["price"][:, 60 : 60 + H]
    )
    assert covariate_feature("traffic", ("ahead",)) not in seen
    np.testing.assert_array_equal(seen["event_fair"].reshape(6, H)[0], panel.events["fair"][0, 60 : 60 + H])


def test_categories_keep_their_code_when_the_items_change(panel):
    features = DemandFeatures(52, H).learn(panel)
    codes = rows(panel, features, 60)["static_category"].reshape(6, H)[:, 0]
    changed = replace(panel, static=panel.static.assign(category=["z", "x", "new", "y", "z", "x"]))
    again = rows(changed, features, 60)["static_category"].reshape(6, H)[:, 0]
    assert codes.tolist() == [0, 0, 1, 1, 2, 2]
    assert again.tolist() == [2, 0, -1, 1, 2, 0]


INSIDE = (
    "static",
    "event",
    "season",
    "all",
    "lag",
    "level",
    "price_ahead",
    "covariate('price'",
    "around",
    "k",
)
"""Names that features inside have, begin with, or would have of another covariate."""


def test_covariates_and_columns_may_be_called_as_features_inside_are(panel):
    renamed = {name: f"x{place}" for place, name in enumerate(("price", *INSIDE))}
    values = dict.fromkeys(INSIDE, panel.covariates["traffic"]) | {"price": panel.covariates["price"]}
    static = panel.static.assign(**dict.fromkeys(["all", "usual", "change"], panel.static["category"]))
    events = {"usual": panel.events["fair"]}
    odd = replace(panel, covariates=values, known=("price", "price_ahead"), static=static, events=events)
    plain = replace(
        odd,
        covariates={renamed[name]: value for name, value in values.items()},
        known=("x0", renamed["price_ahead"]),
    )
    of_odd, of_plain = (list(rows(p, DemandFeatures(52, H).learn(p), 60).values()) for p in (odd, plain))
    assert len(of_odd) == len(of_plain)
    for one, other in zip(of_odd, of_plain, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_bundle_from_before_finds_its_features_by_their_plain_names(panel):
    features = DemandFeatures(52, H).learn(panel)
    before = {name: value for name, value in features.to_json().items() if name != "plain_names"}
    old = rows(panel, DemandFeatures(52, H).from_json(before), 60)
    new = rows(panel, DemandFeatures(52, H).from_json(features.to_json()), 60)
    np.testing.assert_array_equal(old["price_ahead"], new[covariate_feature("price", ("ahead",))])
    np.testing.assert_array_equal(old["price_around_all"], new[covariate_feature("price", ("around", None))])
