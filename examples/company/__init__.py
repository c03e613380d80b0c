"""The demo company's parts: its real sales, and the simulated suppliers, offers and purchasing desk.

Reading map:
- `sales.py`, `holidays.py`: real: what customers bought in 2017, and the year's holidays; read first.
- `suppliers.py`, `offers.py`: simulated: suppliers with their lead-time distributions, and who offers what; read next.
- `order_terms.py`: simulated: what suppliers ask of an order as a whole, and what a unit weighs.
- `desk.py`: simulated: the buyers who play the year, with stock and orders.
- `deliveries.py`: simulated: what becomes of an order line once it is sent.
- `procurement/`: simulated: who asked and approved, contracts, invoices, lots, supplies, budgets of departments.
- `anomalies.py`: unusual purchases planted into a company's tables; rests on `planting_ground.py`.
"""
