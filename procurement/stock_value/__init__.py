"""What the stock is worth by FIFO, LIFO and moving average, what it earned, how old it is, and what it costs to carry.

Reading map:
- `movements.py`: what came in and went out of each SKU, and what was there before, from the contract's tables.
  `write_offs.py` dates what came and is neither sold nor there.
- `cost_layers.py`: stock value and cost of goods sold by each method from these movements; read first.
  `movement_order.py` checks and sorts them, `cost_layer_kernel.py` is the compiled loop.
- `lots.py`: lots on hand in place of the layers that the movements leave.
- `gross_profit.py`: revenue, cost of goods sold and gross profit by SKU, category and month, the methods side by side.
- `ageing.py`: value and units by age; lots that will not have sold by their expiry.
- `turnover.py`: days of cover and stock turnover by SKU, category, supplier and site.
- `carrying_cost.py`: what holding the stock costs a year, by its parts.
- `tied_up.py`: what safety stock, cycle stock, excess and pipeline tie up; `steadier_suppliers.py`: and would with
  suppliers as good as the best quarter of them.
- `stock_report.py`: all of it for a plan run, a row a SKU; `stock_sums.py`: summed by category and supplier.
"""
