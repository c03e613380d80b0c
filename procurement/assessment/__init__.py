"""The baseline report from raw tables, before any model: where stock and service stand, and where the money lies.

Reading map:
- `baseline.py`: all findings as of a day, the five numbers that matter, three next steps; read first.
  `finding.py`: what a finding, a figure and its range are.
- `company_facts.py`: what all findings rest on, derived once; by `sku_facts.py`, and `kaplan_meier.py` for lead times.
- The findings, in the order of the report: `stockouts.py`, `stock_held.py`, `safety_stock_held.py`, `lead_times.py`,
  `spend_summary.py`, `segments.py`, `data_trust_cost.py` (what a single defect costs: `warning_costs.py`), `levers.py`.
"""
