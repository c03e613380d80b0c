"""HTTP around every route, API and pages alike: limits, errors, security headers, who is asking.

`problems`: every error a caller sees, as problem+json; read first. `guard`: the middleware with the limits.
`framework_errors`: errors of BentoML, Starlette and pydantic turned into problems.
`access`: the visitor's name, the origin of a form. `security_headers`, `json_encoding`: what every answer is sent with.
"""
