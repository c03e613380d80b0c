"""Data quality: which rows of the tables are good, and what in them should not be believed.

`check`: `check_tables`, the whole data check in order, and `check_result`, what it found; read these first
`read_table`, `table_check`: a table being checked; by `row_rules`, `offer_rules`, `cross_checks`, `as_of_date`,
`unit_of_measure`, `override_rules`
`order_status`: what order lines' status says of them, in the words of ERP systems
`configured_columns`: whether the columns that a config names as covariates can be such
`identifiers/`: ids with characters that nobody sees, or spelled in more ways than one
`periods/`: which demand periods there are, and which of them are over
`warnings`: data that keep the rules but look wrong
`conversion/`: offers in packs and money in other currencies, brought into the company's own units
`switched_off`, `fingerprint`: what missing data switch off; hashes of tables and panel
"""
