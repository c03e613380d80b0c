"""What if a supplier's terms, a target or demand were otherwise: what a plan would say then, beside what it says now.

Reading map: `change.py`, what is asked about; `changed_inputs.py` and `changed_lead_times.py`, put in place of what is;
`outcomes.py`, what an assessment comes to, SKU by SKU; `play_change.py`, both assessed and compared. Read that first.
"""
