"""Logging in with name and password, and out again.

`login_page`: the page with the form, and what its two forms do.
"""
