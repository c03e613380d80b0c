"""The ledger of actions in the JSON API: `GET /v1/ledger`.

`ledger_answer`: the request and its answer; read first. `openapi_ledger`: the description of it.
"""
