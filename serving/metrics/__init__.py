"""What the service counts of itself, for Prometheus at `/metrics`: as many series as there are routes, never more.

`instruments`: what is counted; read first. `request_metrics`: the middleware that counts requests by their route, and
the one behind the gate that shows what was counted.
"""
