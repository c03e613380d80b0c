"""Whether a champion still forecasts as well as its backtest said, and whether to retrain.

`demand_scores`, `lead_time_scores`: scores of forecasts against what came; read first. `naive_benchmark`: what losses
are scaled by and compared with; `backtest_scores`: the same scores for the training's rolling origins.
`error_series`, `error_model`: the scores as one independent error per period.
`cusum`, `cusum_charts`: the control charts over those errors.
`retrain_signal`, `report`: whether to retrain, in a sentence, and the report of `purvey monitor`; read last.
"""
