"""What changed since an earlier plan, and why: each reorder point's, order's and action's change, split into causes.

Reading map:

- `plan_changes.py`: the table of what changed between two plans. Read first; `plan_record.py` is what it needs of a
  plan, `decision_basis.py` the part of that which is kept for it.
- `causes.py`: the causes, by their names. `split_by_cause.py`: parts that sum to the change, as causes are replaced one
  after the other, there and back.
- `mixed_plans.py`: reorder point and order where some causes are those of the one plan and some of the other;
  `mixed_demand.py` its lead-time demand.
- `action_changes.py`: sourcing actions that appeared, went, or are worth more or less.
- `change_sentences.py`: what changed in a sentence.
"""
