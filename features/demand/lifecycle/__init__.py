"""The life cycle of SKUs: successors that take over a history, relaunches that begin one anew.

`succession`: pairs of replaced SKU and successor, as `items.replaces` gives them; read first
`relaunch`: when a SKU came back after a pause
`adjusted_history`: the panel as models see it, with joint histories and without what was before a relaunch
`phase_out`: which part of a successor's joint forecast still falls to the SKU it replaces
"""
