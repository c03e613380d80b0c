"""What approved actions brought: their states, found in the data, and their worth, played on what really came.

Reading map:
`promise.py`: what is frozen when somebody approves; read first. `action_basis.py`, `lane_basis.py`: what it is played
by. `agreed_terms.py`: own numbers in the place of those proposed. `what_came.py`: demand, orders, stock and offers of a
later day. `effects.py`, `line_effects.py`: evidence; `action_states.py`: agreed, in effect, realised or lapsed.
`replay.py`: one SKU without and with the action; `opening.py`, `lane_replay.py`: its first morning and its days.
`book_actions.py`: all of it together. `realised_factors.py`: what levers bring of what they promise.
`rejected_often.py`: what is not proposed again.
"""
