"""Exceptions in the JSON API: `GET /v1/exceptions`, `POST /v1/exceptions/{exception_id}`.

`exceptions_answer`: the requests and their answers; read first. `openapi_exceptions`: the description of them.
"""
