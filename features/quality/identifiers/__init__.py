"""Ids that cannot be believed: with characters that nobody sees, or spelled in more ways than one.

`id_rules`: ids that are quarantined, for what is in them
`spelling`: what two spellings of one id have in common, and how they differ
"""
