"""Sourcing levers on terms, vendors, rhythm and ownership: each priced as the difference of two played years.

Reading map:

- `lever_catalog.py`: every lever there is, by its kind: what it is called, what carrying it out takes. Read first.
- `yearly_levers.py`: those that pay every year, and which of them a plan prices.
- `lever_lines.py`: what a lever changes, SKU by SKU: the lines behind its actions, and its result.
- `bundles.py`: one talk with a supplier about several SKUs.
- `supplier_talk.py`: one talk with a supplier about what holds for all that is bought there.
- `lever_plays.py`: years of lanes as they are and as lines would have them, on the same luck; read next.
- `moves.py`: SKUs that could be bought elsewhere, and what a year of each would cost more or less.
- `term_worth.py`: what one step better of each term of a supplier is worth a year.
- `payments.py`: later payment at what money costs; `orders_a_year.py`: how often is ordered.
"""
