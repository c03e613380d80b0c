"""The JSON API of recommended actions: listed, decided about one by one or together, and noted on.

`action_routes`: actions and notes on them; read first. `decision_routes`: decisions.
`earlier_recommendations`: what an earlier plan run recommended. `openapi_actions`: their
description.
"""
