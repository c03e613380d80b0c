"""What acting on the forecasts costs: past replenishment cycles replayed with out-of-sample forecasts.

`decision_terms`: holding and shortage costs, lead times and review period that decisions are priced by; read first.
`replay_inputs`: the past cycles and the forecasts to replay; `cycle_costs`: the cost of each, and of two models.
`learn_order_rules`: order rules calibrated on the replay.
`champion_challenger`: whether the challenger becomes champion; read last.
"""
