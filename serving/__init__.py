"""How Purvey is asked: the typed API for planning systems, JSON resources, and pages for planners and procurement.

`service`: the BentoML service, its four typed calls; read first. `app`: resources and pages as one Starlette app.
`run`: the server's process. `state/`: what is served now. `http/`: limits, errors, who is asking.
`changes/`: what changed since an earlier plan. `orders/`: purchase orders, from proposal to export.
`overrides/`: what people set in place of the model's numbers. `what_if/`: what a plan would say otherwise.
`api/`: the JSON API. `rendering/`: what pages share. `pages/`: the pages themselves, their charts and downloads.
"""
