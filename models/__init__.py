"""What is learned: demand distributions and lead-time distributions, and whether they still hold.

Reading map:
`protocols.py`: what a demand forecaster, a lead-time model and their members can do; read first.
`estimator.py`: the base of all.
`demand/`: forecasts of demand by SKU and group. `lead_time/`: distributions of lead time by order line.
`monitoring/`: how the forecasts of the champion came out, and when to train again.
"""
