"""Segments: which SKUs and suppliers deserve which care, by value, forecastability and risk, and who deviates from it.

Reading map:
- `sku_segments.py`: A, B, C by value, X, Y, Z by forecast error, and how dependable the supplier is; read first.
- `segment_policy.py`: what each class asks for, where purchases deviate from it, and what effort goes into each.
- `supplier_segments.py`: strategic, leverage, bottleneck and routine suppliers; `treatments.py`: what fits each.
"""
