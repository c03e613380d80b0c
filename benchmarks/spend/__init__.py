"""Spend judged on the demo company: what is planted and found, and the range of spend to come against a played year.

Reading map: `__main__.py`: the tables; read first. `planted.py`: anomalies planted into the company, found and missed.
`played_ahead.py`: the plan played forward on what really came, beside the range that it had promised.
"""
