import numpy as np

from features.demand.feature_rows.prefix_sums import PrefixSums


def test_means_leave_unknown_periods_out():
    sums = PrefixSums.of(np.array([[1.0, np.nan, 5.0]]))
    zero = np.zeros(1, int)
    assert sums.mean(zero, zero, zero + 3)[0] == 3.0
    assert np.isnan(sums.mean(zero, zero + 1, zero + 2)[0])
