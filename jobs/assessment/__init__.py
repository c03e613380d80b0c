"""The page of the baseline assessment: one self-contained HTML file, and the same numbers as JSON.

Reading map:
- `report_document.py`: the assessment as plain data, which both are made from; read first.
- `report_page.py`: the page, by the template `report.html`; `report_charts.py`: its charts.
"""
