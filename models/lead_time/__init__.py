"""Lead-time models: distributions of supplier lead times learned from purchase orders, open ones as censored.

Reading map:
`forecaster.py`: `LeadTimeForecaster`, the mixture in a bundle; read first. `members/`: the distributions it mixes.
`fitted_mixture.py`: these with weights and spread. `repromised.py`: new promises of open orders.
`evaluation/`: backtests that choose weights, half-lives and spread. `evidence.py`: when a gain is more than chance.
`calendar/`: weekdays and shutdowns that cost time. `changes/`: suppliers that have changed, and forgetting.
`shared_delay.py`, `demand_correlation.py`: orders late together, and when demand is high.
`partial_deliveries.py`, `imputation.py`: orders delivered in parts, not fully known.
`exact_days.py`: suppliers that always take as long.
`never_comers.py`: the share of orders that never come: cancelled, closed short, forgotten.
`snapshots.py`: order lines as known on an earlier day. `recency.py`, `order_lines.py`: how much old ones weigh, and
lines of one order.
"""
