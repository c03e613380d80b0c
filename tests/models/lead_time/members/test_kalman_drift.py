"""Drift paths follow suppliers that move through time."""

import numpy as np

from models.lead_time.members.kalman_drift import smooth_drift


def test_a_path_follows_what_moves_and_ignores_what_does_not() -> None:
    random = np.random.default_rng(1)
    truth = np.stack([np.linspace(-0.4, 0.4, 60), np.zeros(60)])
    seen = truth + 0.1 * random.standard_normal(truth.shape)
    paths = smooth_drift(seen, np.full(truth.shape, 100.0), 7.0)
    assert np.abs(paths.mean[0] - truth[0]).max() < 0.12
    assert np.abs(paths.mean[1]).max() < 0.06


def test_without_news_a_path_comes_back_and_its_variance_grows() -> None:
    precision = np.zeros((1, 200))
    precision[:, :50] = 100.0
    paths = smooth_drift(np.linspace(0.0, 0.8, 200)[None, :], precision, 7.0)
    assert abs(paths.mean[0, -1]) < abs(paths.mean[0, 49])
    assert paths.variance[0, -1] > 4 * paths.variance[0, 25]
