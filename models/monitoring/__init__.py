"""Whether a model still forecasts as well as its backtest said: scores by period, sequential tests, the report."""
