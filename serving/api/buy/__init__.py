"""Guided buying and restocking in the JSON API: `GET /v1/buy`, `GET /v1/restock`.

`buy_answer`: the requests and their answers; read first. `openapi_buy`: the description of them.
"""
