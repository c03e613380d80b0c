"""The HTML pages, rendered on the server: what people read, and forms with which they decide.

`routes`: every address and what answers it; read first. `actions/`: the worklist, one action, decisions and notes.
`skus`, `sku_facts`, `sku/`: SKUs. `suppliers`, `supplier/`, `supplier_risk`, `supplier_files`: suppliers.
`model`, `calibration`, `monitor`: how good the champion is. `chart_images`: the charts of all pages as SVG,
`drawings`: asked for through these.
`orders/`: today's orders by supplier, line by line. `stock/`: stock that runs out, stock that lies.
`alerts/`: exceptions that rules opened, a feed and a calendar.
`changes/`: what changed since an earlier plan. `overrides/`: what people set in place of the model's numbers.
`buy/`: what a department's request can be bought as, and what to bring to which site.
`segments/`: which SKUs and suppliers deserve which care.
`spend/`: what was bought, by whom and at what price, what is to come, what is unusual.
`compare/`: offers compared before any is taken. `service/`: what a promise of service costs.
`responsible/`: shares of spend, goals and their price. `levers/`: every kind of action there is.
`ledger/`: what approved actions promised and brought. `loop/`: forecast, source, measure, adjust on one page.
`login/`: in with name and password, and out. `brief/`: what to take into a call with a supplier.
`what_if/`: what a plan would say of a SKU or a supplier if something were otherwise.
"""
