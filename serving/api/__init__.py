"""The JSON API `/v1`: shapes of requests and answers, the answers, and the routes of its resources.

`request_schemas`, `answer_schemas`: the shapes, read first. `routes`: resources and what answers each.
`forecast_answer`, `lead_time_answers`, `plan_answer` (with `plan_overrides`, what a request brings), `groups_answer`,
`explanation_answer`, `suppliers_answer`: from a request to its document; `answer_format`: what they share.
`actions/`: recommended actions, decisions, notes. `changes/`: what changed since an earlier plan. `orders/`: purchase
orders. `overrides/`: what people set in place of the model's numbers. `what_if/`: what a plan would say otherwise.
`compare/`: offers compared before any is taken. `service/`: what a promise of service costs.
`alerts/`: exceptions that rules opened.
`jobs/`: large asks, fetched when they are done. `skus/`: SKUs of the plan. `brief/`: what to take into a call with a
supplier.
`responsible/`: shares of spend, goals and their price. `ledger/`: what approved actions promised and brought.
`openapi`, `openapi_suppliers`, `description/`: the description of all this.
"""
