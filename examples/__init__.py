"""Public data sets and the demo company, each turned into a data directory by `python -m examples.NAME`.

Reading map:
- `demo.py`: the demo company, real demand and simulated suppliers; its parts are in `company/`; read first.
- `vn2.py`, `scms.py`: the VN2 inventory game, and the SCMS delivery history with its lead times.
- `online_retail.py`, `orange_juice.py`: two data sets of demand only.
- `files.py`: what all of them share: finding and reading raw files, and the command line.
"""
