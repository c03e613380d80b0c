"""What tables say in other units than the company's, brought into its own: one SKU's unit, one currency.

`purchase_units`: offers in the supplier's unit (packs of 10), and the rules for them
`currencies`: money in other currencies, and the rules for it; rests on `exchange_rates`, the rate of a day
"""
