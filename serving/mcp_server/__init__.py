"""The answers of the API for assistants, by the Model Context Protocol: read only, with its own key and limits.

`tools`: what can be asked; read first. `call_limits`: how much, and how often. `caller_key`: who may. `server`: the
protocol, by the official SDK, which is the extra `mcp`.
"""
