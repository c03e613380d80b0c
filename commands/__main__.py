"""`python -m commands` is `purvey`."""

from commands.app import main

main()
