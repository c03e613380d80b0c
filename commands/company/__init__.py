"""What is said of a company's raw tables, before any model.

`assess`: the baseline report, where stock and service stand and where the money lies
"""
