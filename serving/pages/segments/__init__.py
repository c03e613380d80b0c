"""The page of segments. `segments_page`: SKUs, suppliers, deviations from policy, effort by class, and their files."""
