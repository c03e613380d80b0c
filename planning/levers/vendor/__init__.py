"""Levers on who is bought from.

Reading map:

- `switch_vendor.py`: every usable offer of a SKU competes with the one in use. Read first.
- `trial_order.py`: what a switch to a vendor that never delivered the SKU begins with.
- `shift_spend.py`: many small moves to a better supplier at once, or if a supplier that got worse stays so.
- `dual_source.py`: base with the slow and cheap, surge with the quick; `best_splits.py` plays the splits,
  `split_evidence.py` says what came of it.
- `contingency.py`: a second source, and what a month without the first would cost; `outages.py` plays that.
"""
