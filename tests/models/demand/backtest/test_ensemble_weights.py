import numpy as np

from models.demand.backtest.ensemble_weights import apply_ensemble_weights, member_weights, simplex_minimum


def test_the_better_member_gets_more_and_the_other_is_not_dropped_lightly():
    rng = np.random.default_rng(0)
    y = rng.poisson(10, (4, 200, 3)).astype(float)
    good, bad = y + rng.normal(0, 1, y.shape), y + rng.normal(0, 2, y.shape)
    kind = np.full((4, 200), "smooth", object)
    weights = member_weights(y, {"good": good, "bad": bad}, kind, np.full((4, 200), 10.0))["smooth"]
    assert 0.6 < weights[0] < 0.9
    np.testing.assert_allclose(weights.sum(), 1.0)


def test_a_class_without_evidence_gets_equal_weights():
    y = np.full((1, 2, 3), np.nan)
    weights = member_weights(y, {"a": y, "b": y}, np.full((1, 2), "lumpy", object), np.ones((1, 2)))
    np.testing.assert_array_equal(weights["lumpy"], [0.5, 0.5])


def test_members_without_a_forecast_for_a_class_get_no_weight_in_it():
    rng = np.random.default_rng(0)
    y = rng.poisson(10, (2, 50, 3)).astype(float)
    missing = np.full(y.shape, np.nan)
    kind = np.full((2, 50), "smooth", object)
    weights = member_weights(y, {"a": y + 1, "missing": missing, "b": y - 1}, kind, np.ones((2, 50)))[
        "smooth"
    ]
    np.testing.assert_allclose(weights, [0.5, 0.0, 0.5], atol=1e-3)


def test_the_minimum_on_the_simplex_is_that_of_two_independent_errors():
    weights = simplex_minimum(np.diag([1.0, 3.0]), ridge=0.0, usual=np.array([0.5, 0.5]))
    np.testing.assert_allclose(weights, [0.75, 0.25], atol=1e-4)


def test_forecasts_are_combined_by_class_over_members_that_have_one():
    members = {"a": np.array([[2.0], [2.0], [2.0]]), "b": np.array([[4.0], [4.0], [np.nan]])}
    weights = {c: np.array([0.5, 0.5]) for c in ("smooth", "erratic", "intermittent", "short", "dead")}
    weights["lumpy"] = np.array([0.0, 1.0])
    kinds = np.array(["smooth", "lumpy", "smooth"], object)
    np.testing.assert_allclose(apply_ensemble_weights(members, weights, kinds), [[3.0], [4.0], [2.0]])


def test_skus_on_which_all_members_agree_teach_no_weights() -> None:
    y = np.concatenate([np.tile([8.0, 12.0], (1, 20, 5)), np.full((1, 20, 10), 70.0)], axis=1)
    good, bad = np.where(y == 70, 70, 10.0), np.where(y == 70, 70, 16.0)
    sparse = np.where(y == 70, 70, np.nan)  # a member of intermittent SKUs, which speaks of steady ones alone
    weights = member_weights(
        y,
        {"good": good, "bad": bad, "sparse": sparse},
        np.full((1, 40), "smooth", object),
        np.full((1, 40), 10.0),
    )["smooth"]
    assert weights[2] == 0
    assert weights[0] > weights[1] + 0.3
