"""The ledger of actions: what approved ones promised, in which state each is, and what it brought.

`promises`: approvals as they were frozen, and rejections, from the table `decisions`; read first. `bookings`: the state
table `action_ledger`, written by plan runs. `learned`: what was decided, counted, breaks that are known, and suppliers
on an improvement plan. (The ledger of models is `database.ledger`.)
"""
