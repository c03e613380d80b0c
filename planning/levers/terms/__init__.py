"""Levers on the terms of the supplier that is bought from.

Reading map:

- `lower_moq.py`: an MOQ of the lot that costs least; `moq_talks.py`: one talk with a supplier about several.
"""
