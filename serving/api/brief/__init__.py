"""The negotiation brief in the JSON API: `GET /v1/suppliers/{supplier_id}/brief`.

`brief_answer`: the route; read first. `openapi_brief`: the description of it.
"""
