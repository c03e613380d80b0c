"""Levers on how a supplier performs.

Reading map:

- `improve_supplier.py`: an improvement plan where a scorecard has fallen. Read first.
- `fallen_measures.py`: which measures have fallen, with certainty, and until when a plan about them stays open.
"""
