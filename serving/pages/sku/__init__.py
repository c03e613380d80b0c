"""Parts of the page of one SKU, and the list of all SKUs.

`sku_list`: all SKUs, sorted, searched and as files. `offers_table`: what each offer asks and costs.
`stock_ahead`: stock without and with what is ordered today. `seasons`: the year's profile, last year, ABC and XYZ.
`past_forecasts`: how good the SKU's forecasts were.
"""
