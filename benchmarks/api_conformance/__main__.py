"""Call a home's service by its own description: `python -m benchmarks.api_conformance --home DIR`."""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.api_conformance.schemathesis_run import run_schemathesis
from benchmarks.api_conformance.served_copy import served_copy


def main() -> None:
    """Serve a copy of a home, call it, and print what schemathesis found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--home", type=Path, required=True, help="a home with a champion and a plan; it is copied"
    )
    parser.add_argument("--examples", type=int, default=100, help="generated calls of an operation at most")
    parser.add_argument("--seed", type=int, help="the same calls each time; none: others each time")
    parser.add_argument("--seconds", type=int, help="after which no new calls are generated")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, served_copy(options.home, Path(name)) as served:
        found = run_schemathesis(
            served, Path(name), examples=options.examples, seed=options.seed, seconds=options.seconds
        )
    print(found.text)
    print(f"{found.calls:,} calls, {found.failures} failures")
    sys.exit(int(found.failures > 0))


if __name__ == "__main__":
    main()
