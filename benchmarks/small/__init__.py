"""Small companies of one to fifty SKUs, drawn from the demand benchmark's data sets.

Reading map: `companies.py`, how they are drawn and forecast; `report.py`, what came of it; `__main__.py`, the command.
"""
