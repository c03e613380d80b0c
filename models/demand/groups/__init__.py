"""Demand of groups of SKUs (a category, a store, all): means that add up, distributions of the summed demand.

Reading map:
`grouping.py`: which SKUs make up which group, and sums over them; read first.
`group_forecast.py`: `GroupForecast`, the result.
`group_totals.py`: the backtest's forecasts and demand summed by group.
`group_calibration.py`: `GroupCalibration`, learned from these totals; it forecasts groups from a forecast of SKUs.
`common_error.py`: what the forecasts of all SKUs miss alike, by the spread of their total.
`typical_error.py`: what groups without a past of their own err by.
"""
