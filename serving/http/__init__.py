"""HTTP around every route, API and pages alike: errors, security headers, who is asking.

`problems`: every error a caller sees, as problem+json; read first.
`framework_errors`: errors of BentoML, Starlette and pydantic turned into problems.
`whole_body`: a body that a middleware read, handed on. `body_fields`: one with a flood of fields is refused.
`not_found`: the page that people see where nothing is.
`person`: who asks, as `serving.identity` has found out. `way_back`: where a form leads back to.
`query_parameters`: those of a resource, read strictly. `request_ids`: each request has one.
`paging`: lists in pages by cursor. `idempotency`: a change that is sent again has one effect and one answer.
`security_headers`, `stale_header`, `json_encoding`: what every answer is sent with.
"""
