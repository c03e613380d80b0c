"""What the OpenAPI descriptions of all resources share.

`completed`: what holds for every operation, added in one place; read first. `links`: from an answer to what it leads
to. `shapes`: schemas made of the code's own models and dataclasses. `parameters`: query parameters that many have.
`typed_calls`: the four calls of planning systems.
"""
