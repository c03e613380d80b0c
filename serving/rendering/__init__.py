"""How pages and downloads are put together: what every page has in common, numbers as people read them, files.

`layout`: what stands around every page, and pages of a long list; read first.
`templates`: the Jinja environment over `serving/templates`; `formats`: its filters for numbers, shares and days.
`spreadsheets`: tables as CSV and Excel files in which no cell is a formula.
"""
