"""Whether a change pays: the system is tried on some SKUs or suppliers, and measured against a matched hold-out.

Reading map:
- `matched_groups.py`: who is in the pilot and who in the hold-out; `nearest_pairs.py` matches, `group_balance.py` shows
  how alike the groups are; read first.
- `pilot_power.py`: how many pairs for how long; `placebo_pilots.py` plays pilots on the past that changed nothing.
- `pilot_effect.py`: the effect by difference in differences; `parallel_trends.py` looks before the start and at every
  period; `pilot_statement.py` says it in sentences.
- `outcome_panel.py`, `paired_outcomes.py`, `pair_differences.py`, `cluster_robust.py`: the outcome by unit and period,
  which units count, what each pair says, and the pairs' mean with its standard error; read when a figure surprises.
"""
