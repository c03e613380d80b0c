"""Segments in the JSON API: `GET /v1/segments/{view}`.

`segments_answer`: the request and its answer; read first. `openapi_segments`: the description of it.
"""
