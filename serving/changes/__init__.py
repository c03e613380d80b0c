"""What changed since an earlier plan, as pages and API ask for it.

`compared_plans`: the comparison with the plan before, or with another one that is kept; read first. `change_rows`: its
rows as they are filtered, summed up and told.
"""
