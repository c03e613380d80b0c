"""What the service answers from, and what requests look up in it or add to it.

`served`: a champion and the latest plan run, loaded together; read first. `follower`: swaps it when the ledger moves.
`lookup`: which SKUs and suppliers of a request are known, and what is kept of them.
`lead_times`: distributions of their lead times.
`sku_table`: all planned SKUs, as lists search them. `row_index`: a SKU's or a supplier's rows of what a plan saw.
`spend_view`: spend, summed by a dimension under filters.
`supplier_orders`: order lines of a supplier: lead times, open ones with their arrival, quarters.
`service_costs`: what a promise of service costs, by supplier and category.
`ledger_view`: what approved actions promised and brought, filtered and added up.
`explanation_text`: sentences about the parts of a SKU's forecast.
`decisions`: a decision read from a form or JSON and stored; `business_day`: which day that is.
`action_notes`: a comment, whose an action is, whether it was carried out, read from a form or JSON.
"""
