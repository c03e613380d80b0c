"""Benchmark of decisions: the VN2 inventory game, Purvey beside rules that others would play.

Reading map:
- `__main__.py`: the command: past windows, four or many; read first.
- `game.py`: the rules of the game, its stock and its costs; read next.
- `purvey_player.py`, `lightgbm_peer.py`, `strong_lightgbm.py`, `peers.py`: how each contender orders.
- `starting_stock.py`: the stock that all of them start from.
"""
