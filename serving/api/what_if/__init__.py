"""What if, in the JSON API: `GET /v1/what-if`.

`what_if_answer`: the request and its answer; read first. `openapi_what_if`: the description of it.
"""
