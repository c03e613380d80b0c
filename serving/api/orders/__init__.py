"""Purchase orders in the JSON API: `/v1/orders`.

`order_requests`: the shapes of requests; read first. `order_routes`: what answers each. `order_documents`: orders as
JSON documents; `joint_answer`: joint orders of the SKUs that `/v1/plan` is asked for. `openapi_orders`: the description
of all this.
"""
