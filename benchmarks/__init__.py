"""What every number in the README comes from: each benchmark is a command, `python -m benchmarks.NAME`.

Reading map:
- `demand/`, `lead_times/`, `scms/`: forecasts of demand and of lead times beside what a user would pick instead.
- `small/`: companies of 1 to 50 SKUs, drawn from those data sets.
- `vn2/`, `stock/`, `cycle_service.py`: what decisions cost, the stock they need, and whether promised service is kept.
- `decisions/`: the judge of decisions: what is promised beside brute force, and beside what really came.
- `spend/`: what is planted into spend and found, and spend to come beside what came.
- `orders/`: a supplier's order as one beside each line alone, played for a year.
- `simulation_speed.py`, `speed/`: seconds of simulated policies beside stockcast, and of whole commands.
- `pages.py`: seconds of every page at 100,000 SKUs and actions, `grown_spend.py` and five million order lines.
- `stockouts.py`, `changes/`, `vendors.py`: censored demand, changed suppliers, a worked example.
- `crash/`: processes killed at any moment of a company's day: nothing lost, nothing twice, nothing torn.
- `api_conformance/`: the API called by its own description, thousands of times.
- `dirty/`: a data directory made dirty in thousands of ways: each ends in a plan or in a sentence.
- `pilot.py`: pilots of a known effect: whether the interval holds it, and the computed power is what is found.
- `browser.py`, `screenshots.py`: the system's Chromium, and the pictures in the README taken with it.
- `same_files.py`: two runs compared bit for bit; `raw_data.py`: where the data sets lie.
"""
