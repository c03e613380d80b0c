"""The HTML pages, rendered on the server: what people read, and forms with which they decide.

`routes`: every address and what answers it; read first. `worklist`, `action`: recommended actions and decisions.
`skus`, `sku_facts`: SKUs. `suppliers`, `supplier_orders`, `supplier_risk`, `supplier_files`: suppliers.
`model`, `calibration`, `monitor`: how good the champion is. `chart_images`: the charts of all pages as SVG.
"""
