"""What one worker on one core serves: `python -m benchmarks.service --home DIR [--only throughput overload soak]`.

The home, with a champion and a plan, is copied; `purvey serve` runs on its copy on a free port of this machine, its one
worker pinned to one core, and the load comes from another. `starlette` asks bare Starlette with orjson for the same
bytes on the same core. Run it with nothing else on the machine.
"""

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from benchmarks.service import overload, soak, throughput
from benchmarks.service.asks import asks
from benchmarks.service.served_home import cores, served

PARTS = ("throughput", "overload", "soak", "starlette")
FLOODED = ("/v1/forecast, 20 SKUs", "/v1/plan, 20 SKUs", "/v1/plan, 1 SKU with stock of its own")


def main() -> None:
    """Measure the parts, print them, and write a table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.add_argument(
        "--home", type=Path, required=True, help="PURVEY_HOME with a champion and a plan; copied"
    )
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS)
    )
    parser.add_argument("--seconds", type=float, default=10.0, help="of each kind of request")
    parser.add_argument("--flood", type=float, default=60.0, help="seconds of overload")
    parser.add_argument("--soak", type=float, default=600.0, help="seconds of the soak")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the tables there, as Markdown")
    given = parser.parse_args()
    server_core, load_core = cores()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(given.home, home)
        all_asks = asks(home)
        if load_core is not None:
            os.sched_setaffinity(0, {load_core})
        tables = []
        with served(home, core=server_core) as server:
            if {"throughput", "starlette"} & set(given.only):
                found = throughput.measure_throughput(
                    server, all_asks, seconds=given.seconds, core=server_core, bare="starlette" in given.only
                )
                tables.append(markdown(throughput.HEAD, [each.row for each in found]))
            if "overload" in given.only:
                flooded = [ask for ask in all_asks if ask.name in FLOODED]
                floods = [overload.measure_overload(server.port, ask, seconds=given.flood) for ask in flooded]
                tables.append(markdown(overload.HEAD, [each.row for each in floods]))
            if "soak" in given.only:
                soaked = soak.measure_soak(server, all_asks, seconds=given.soak)
                tables.append(markdown(soak.HEAD, [soaked.row]))
    text = "\n\n".join(tables)
    print(text)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
