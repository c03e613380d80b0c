"""Data quality: which rows of the tables are good, and what in them should not be believed.

`check`: `check_tables`, the whole data check in order, and `check_result`, what it found; read these first
`read_table`, `table_check`: a table being checked; by `row_rules`, `cross_checks`, `as_of_date`, `unit_of_measure`
`warnings`: data that keep the rules but look wrong
`switched_off`, `fingerprint`: what missing data switch off; hashes of tables and panel
"""
