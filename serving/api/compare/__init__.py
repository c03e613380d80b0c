"""Offers compared, in the JSON API: `POST /v1/sourcing/compare`; nothing is stored.

`compare_request`: what may be asked; read first. `compare_answer`: the play and its answer, for the API and the page.
`openapi_compare`: the description of it.
"""
