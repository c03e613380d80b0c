"""What is known about suppliers, from orders, offers and a plan run: frames in, frames out.

Reading map:
- `scorecard.py`: rates, lead times, prices and rank of every supplier; read first.
- `scorecard_lines.py`, `confidence_intervals.py`: what each order line adds to the scorecard, and how sure a rate is.
- `recent_rates.py`: the last months beside those before.
- `risk.py`, `internal_delay.py`: SKUs where poor supply meets high consumption, days lost inside the company.
- `report.py`: all of it in one report for pages, files and API; read next.
"""
