"""The ledger of actions: what approved ones promised, in which state each is, and what it brought.

`promises`: approvals as they were frozen, and rejections, from the table `decisions`; read first. `bookings`: the state
table `action_ledger`, written by plan runs. `learned`: what was decided, counted, and breaks that are known. (The
ledger of models is `database.ledger`.)
"""
