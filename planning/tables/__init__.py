"""The assessment as the tables of a plan that other programs read.

Reading map:

- `plan_table.py`: one row a SKU, the plan itself. Read first.
- `reason_codes.py`, `reason_sentences.py`: its columns `codes` and `reason`.
- `stock_counts.py`: how its column `on_hand` comes about, from the last count.
- `lead_time_table.py`, `projection_table.py`, `open_orders_table.py`: one row a lane, a SKU and day, an order line.
- `order_lines_table.py`, `orders_table.py`: today's orders, one row a line and a supplier; `order_reasons.py`: why.
- `override_columns.py`: its columns on what people set, and their reason codes. `dates.py`: days from now as dates.
"""
