"""What happens from today's state on, played: the plan as it is, made again at each review, and a thing done otherwise.

Reading map:
`ahead_play.py`: SKUs played from today on, and what that costs; read first.
`best_changes.py`: the set of things done otherwise that saves most for each SKU.
`last_lot.py`: today's orders without lots that are not worth it.
`changes.py`: the things that can be done otherwise: an open order changed, something ordered today.
`spend_ahead.py`: what the orders of the coming months will cost.
`open_lines.py`: open orders in a play, when they arrive and how far the plan counts on them at each review.
"""
