"""The demand backtest: forecasts from rolling origins, what demand then was, and what the ensemble learns from it.

Reading map:
`rolling_origins.py`: which past periods are forecast from; read first.
`origin_forecasts.py`: what members forecast from each origin, beside the demand that followed.
`ensemble_weights.py`: weights of the members per demand class, from their errors.
`cross_calibration.py`: distributions of each window, calibrated on the other windows.
`demand_backtest.py`: `DemandBacktest`, the result by date; `sku_summary.py`: its bias and error per SKU.
"""
