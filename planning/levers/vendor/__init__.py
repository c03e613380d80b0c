"""Levers on who is bought from.

Reading map:

- `switch_vendor.py`: every usable offer of a SKU competes with the one in use.
"""
