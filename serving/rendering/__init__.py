"""How pages and downloads are put together: what every page has in common, and files.

`layout`: what stands around every page, and pages of a long list; read first.
`templates`: the Jinja environment over `serving/templates`, with the filters of `configs.formats`.
`listing`: lists sorted by a header, in pages, with downloads.
`icalendar`, `rss`: days as a calendar file, entries as a feed.
`spreadsheets`: tables as CSV and Excel files in which no cell is a formula.
"""
