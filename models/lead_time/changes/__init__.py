"""Changes of suppliers' lead times: detected by control charts on ranks, and followed by forgetting older orders.

Reading map:
`detect.py`: state, date and size of each supplier's change; read first. `mix_adjusted.py`: the lead times it watches.
`control_charts.py`: CUSUMs and flags with hysteresis. `rank_likelihoods.py`: how likely a rank is under a change.
`cusum_limits.py`: how high a chart may climb for a stated rate of false alarms.
`forgetting.py`: how much orders from before a change still count in a forecast.
"""
