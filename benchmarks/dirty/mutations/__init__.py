"""Mutations: what people, exports and spreadsheets do to tables. Each says in words what it did.

Reading map:
- `draw.py`: all mutations by name, and the draw of one to three of them for a directory; read first.
- `cells.py`, `dates.py`, `keys.py`, `business.py`: what stands in the rows.
- `headers.py`, `files.py`, `column_types.py`: how it is written.
- `planners.py`: what planners and buyers write beside their ERP's tables.
- `configs.py`: the YAML file beside it.
"""
