"""What a promise of service costs, in the JSON API: `GET /v1/service-cost`.

`service_cost_answer`: the request and its answer; read first. `openapi_service_cost`: the description of it.
"""
