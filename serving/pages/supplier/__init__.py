"""Parts of the pages of suppliers.

`supplier_list`: all suppliers, sorted by the headers of their scorecards. `lead_time_changes`: who has changed lately.
"""
