"""What was bought: every order line with whose it was, what it cost against contract and market, and what is odd.

Reading map:
- `spend_lines.py`: order lines with department, site, contract and market price, invoices; read first.
- `agreements.py`: which contract holds for a line, and whether another supplier has one.
- `spend_cube.py`: millions of lines, summed by any dimension under any filter in a few milliseconds.
- `spend_outlook.py`: spend by month with what is to come, and what becomes of each budget.
- `unusual_spend.py`: what is odd in the lines, by rule, with its chance; on `robust_scores.py` and `order_patterns.py`.
- `paper_trail.py`: what approvals and invoices show: doubled, above the order, by nobody, by oneself, split.
"""
