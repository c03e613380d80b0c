"""Demand distributions around an expected demand: calibrated on past errors, blended with boosted quantiles.

Reading map:
`spread_inputs.py`: what the width of a distribution depends on (volatility, class, unknown level); read first.
`calibration.py`: quantiles of a period's or a sum's demand from the errors of past forecasts; read next.
`spread_regression.py`: the regression of the size of these errors; `own_spread.py`: how far a SKU's own errors count.
`own_errors.py`: normals around SKUs' own trends, which distributions move toward as far as backtests bear it out.
`quantile_boosting.py`: LightGBM quantiles; `quantile_blend.py`: how far calibrated quantiles move toward them.
"""
