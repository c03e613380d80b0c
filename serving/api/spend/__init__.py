"""Spend in the JSON API: `GET /v1/spend`, `/v1/spend/outlook`, `/v1/spend/unusual`.

`spend_answer`: the requests and their answers; read first. `openapi_spend`: the description of them.
"""
