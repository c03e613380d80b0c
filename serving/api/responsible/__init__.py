"""Responsible purchasing in the JSON API: `GET /v1/responsible`.

`responsible_answer`: the request and its answer; read first. `openapi_responsible`: the description of it.
"""
