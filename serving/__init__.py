"""How Purvey is asked: the typed API for planning systems, JSON resources, and pages for planners and procurement.

`service`: the BentoML service, its four typed calls; read first. `worker`: what a worker's process holds and answers
with. `app`: resources and pages as one Starlette app. `run`: the process; `supervised`: its workers end with it;
`settled_memory`: what stays is not looked through for garbage.
`state/`: what is served now. `http/`: limits, errors. `admission/`: how much work a process takes on. `precomputed/`:
what is worked out once for a plan. `metrics/`: what is counted. `identity/`: who is asking, and whether they may.
`alerts/`: exceptions that rules opened.
`changes/`: what changed since an earlier plan. `plan_runs/`: what an earlier one said. `orders/`: purchase orders, from
proposal to export. `overrides/`: what people set in place of the model's numbers. `what_if/`: what a plan would say
otherwise. `service_jobs/`: large asks, worked on apart. `api/`: the JSON API. `rendering/`: what pages share. `pages/`:
the pages themselves, their charts and downloads.
"""
