"""Demand models: several members, weighted by demand class, with calibrated demand distributions around their mean.

Reading map:
`forecaster.py`: `DemandForecaster`, which fits, forecasts, saves and loads everything below; read first.
`members/` forecast expected demand; `distributions/` turn expected demand into quantiles; read next.
`member_forecasts.py`: what all members forecast at a panel's end, and what the distributions around it depend on.
`backtest/`: rolling origins, from which member weights and distributions are learned out of sample.
`later_demand.py`: what is expected in the year after the horizon, by season and level.
`cold_start.py`, `reason_codes.py`: SKUs with little past borrow from their category, and every forecast says why.
`groups/`: forecasts of categories and stores; `attribution/`: what a forecast is made of. Both build on the rest.
"""
