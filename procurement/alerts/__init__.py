"""Alerts: which findings of a plan run become exceptions, and when these close again.

Frames in, frames out. A finding is what a plan run shows; an exception is what somebody has to look at.

Reading map:
- `rules.py`: the kinds of rules and their thresholds; read first.
- `evaluate.py`: from a plan run's tables the findings of each rule. What it measures: `order_measures.py`,
  `supplier_measures.py`, `money_measures.py`, `upkeep_measures.py`; `plan_facts.py`: what they know besides tables;
  `measures_in_words.py`: the sentence and page of each.
- `hysteresis.py`: findings and standing exceptions → what opens, stays and closes.
- `measured_rate.py`: how often a rule opened, and how often people called that false.
- `calendar_events.py`: days to remember: order-by days, reviews, contracts, snoozed decisions.
"""
