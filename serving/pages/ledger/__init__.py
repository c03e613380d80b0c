"""The ledger page: what approved actions promised and what they brought.

`ledger_page`: the page; read first. `ledger_files`: its downloads. `ledger_chart`: promised beside realised.
"""
