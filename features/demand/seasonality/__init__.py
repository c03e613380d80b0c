"""Seasonality: the position of a period in its season, and the seasonal profiles of SKUs.

Reading map:
`positions.py`: which week, month or weekday a period is.
`profile.py`: `season_factors` of a panel, and the profiles behind them, which SKUs share; read first.
`own_season.py`: how far a SKU's own season is kept beside the one that it shares.
"""
