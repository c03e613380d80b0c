"""Logging in with name and password, out again, and changing one's own password.

`login_page`: the page with the form, and what its two forms do. `password_page`: the page to change one's password.
"""
