"""The page of what changed since an earlier plan, and its downloads.

`changes_page`: the page, read first. `change_bars`: parts of a change as bars. `change_files`: CSV and Excel files.
"""
