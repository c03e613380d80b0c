"""Sourcing levers on terms, vendors, rhythm and ownership: each priced as the difference of two played years.

Reading map:

- `lever_catalog.py`: every lever there is, by its kind: what it is called, what carrying it out takes. Read first.
- `lever_lines.py`: what a lever changes, SKU by SKU: the lines behind its actions, and its result.
- `bundles.py`: one talk with a supplier about several SKUs.
- `lever_plays.py`: years of lanes as they are and as lines would have them, on the same luck; read next.
"""
