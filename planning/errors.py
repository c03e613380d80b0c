"""What planning refuses."""


class PlanningError(ValueError):
    """Input that cannot be planned with: says the table or argument, the row, the value and the fix."""
