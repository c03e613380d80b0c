"""How good the forecasts were at past cutoffs: backtests, accuracy by group, metrics of a run.

`backtest_frames`: forecasts beside outcomes, the layout of the files; read first. `backtest`: the job of
`purvey backtest`, with `demand_backtest` and `lead_time_backtest`. `demand_evaluation`: all figures of a training's.
`demand_accuracy`, `lead_time_accuracy`: losses, bias and coverage by SKU, class, supplier and step; `seasonal_naive`:
the loss to beat. `metrics`: the same figures under the names MLflow shows. `sku_backtest`: those of a SKU's page.
`member_comparison`: the ensemble against each of its members; `paired_interval`: whether a difference is chance.
"""
