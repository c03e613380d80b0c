"""The SKUs of the current plan in the JSON API: `GET /v1/skus`.

`skus_answer`: the request and its answer; read first. `openapi_skus`: the description of it.
"""
