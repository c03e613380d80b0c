"""The loop page: forecast, source, measure, adjust, and what the next training will know.

`loop_page`: the page.
"""
