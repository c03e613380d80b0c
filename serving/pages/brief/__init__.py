"""The negotiation brief of a supplier as a page that prints to one sheet or two, as JSON and as Markdown.

`brief_page`: all three.
"""
