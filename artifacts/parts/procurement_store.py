"""What procurement asks of a plan run, kept beside its snapshot: the spend cube, and tables by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa

from artifacts.plan_manifest import FIX, SnapshotError
from procurement.spend.spend_cube import SpendCube
from procurement.spend.spend_lines import no_spend_lines

FOLDER = "procurement"
CUBE = "spend_lines.arrow"
INPUTS = "inputs"


@dataclass(frozen=True)
class Procurement:
    """What procurement asks of a plan run.

    Attributes
    ----------
    spend : all order lines as spend
    tables : name → table, as `jobs.plan_procurement` makes them; a plan run from before lacks what it did not have
    inputs : what is looked up beside them: contracts, stock_by_site
    """

    spend: SpendCube = field(default_factory=lambda: SpendCube.of(no_spend_lines()))
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    inputs: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables; without rows and columns where the plan run does not have it."""
        return self.tables.get(name, pd.DataFrame())

    def of_inputs(self, name: str) -> pd.DataFrame:
        """One of the inputs, which every plan run has that has any."""
        return self.inputs[name]


def write_procurement(procurement: Procurement, folder: Path) -> None:
    """Write what procurement asks to `folder`/procurement: the cube as an Arrow file that can be mapped to memory."""
    target = folder / FOLDER
    target.mkdir()
    with (
        pa.OSFile(str(target / CUBE), "wb") as file,
        pa.ipc.new_file(file, procurement.spend.table.schema) as writer,
    ):
        writer.write_table(procurement.spend.table)
    (target / INPUTS).mkdir()
    for place, tables in ((target, procurement.tables), (target / INPUTS, procurement.inputs)):
        for name, table in tables.items():
            table.to_parquet(place / f"{name}.parquet", index=False)


def read_procurement(folder: Path) -> Procurement | None:
    """Read what `write_procurement` wrote; None where a plan run from before has nothing of it.

    The lines stay on disk and are mapped to memory: several workers share them.

    Raises
    ------
    SnapshotError
        When a file is damaged.
    """
    source = folder / FOLDER
    if not (source / CUBE).exists():
        return None
    try:
        cube = SpendCube(pa.ipc.open_file(pa.memory_map(str(source / CUBE))).read_all())
        tables, inputs = (
            {path.stem: pd.read_parquet(path) for path in sorted(place.glob("*.parquet"))}
            for place in (source, source / INPUTS)
        )
    except (OSError, ValueError) as error:  # pyarrow's errors are ValueErrors
        raise SnapshotError(f"{source}: not readable ({error}); {FIX}") from None
    return Procurement(cube, tables, inputs)
