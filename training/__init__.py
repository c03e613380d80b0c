"""How it is learned: config, pipeline, backtest, tracking in MLflow and promotion."""
