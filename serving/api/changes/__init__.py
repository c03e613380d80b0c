"""What changed since an earlier plan, in the JSON API: `/v1/changes`.

`changes_answer`: the request and its answer; read first. `openapi_changes`: the description of it.
"""
