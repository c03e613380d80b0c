"""The base of all errors that a user can mend."""


class DomainError(Exception):
    """Something the user gave or keeps that cannot be used: the message names the place, the value and the fix.

    The command line prints the message without a traceback and exits with 1; the service turns it into an answer. Every
    other exception is a fault of ours.
    """


class PlanningError(DomainError):
    """Input that cannot be planned with: says the table or argument, the row, the value and the fix."""


class ConfigError(DomainError):
    """A config that cannot be used: says the file, the key and the fix."""
