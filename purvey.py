"""The command line: one verb per job, importing only what its verb needs."""


def main() -> None:
    """Run the command line."""
