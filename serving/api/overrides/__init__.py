"""The JSON API of overrides: listed, entered, ended, and what they added to the forecast's value.

`override_routes`: what answers each resource; read first. `openapi_overrides`: their description.
"""
