"""HTTP around every route, API and pages alike: limits, errors, security headers, who is asking.

`problems`: every error a caller sees, as problem+json; read first. `guard`: the middleware with the limits.
`framework_errors`: errors of BentoML, Starlette and pydantic turned into problems.
`not_found`: the page that people see where nothing is.
`visitor_name`: who decides. `access`: where a form comes from and leads back to. `query_parameters`: those of a
resource, read strictly.
`security_headers`, `json_encoding`: what every answer is sent with.
"""
