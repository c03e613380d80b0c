"""The fuzz run: a company's directory made dirty in thousands of ways, each to end in a plan or in a sentence.

Reading map:
- `__main__.py`: the command; read first. `play.py`: one directory through check, plan and training.
- `clean_company.py`: the cut of the demo and its champion.
- `dirty_company.py`, `dirty_table.py`, `table_files.py`: the company being made dirty, and what each cell means.
- `mutations/`: what is done to it.
- `outcome.py`, `report.py`: what came of it, and how it is printed.
- `judge_reading.py`, `judge_plan.py`, `judge_neighbours.py`: rows, plans, and SKUs that nothing touched.
"""
