"""What files tell of how people were drawn: population sizes that hold for a stratum, and are not below the sample."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.ledger import Ledger
from vigie.collect.sheet import Sheet
from vigie.errors import Problem


def with_sizes(sheet: Sheet, ledger: Ledger) -> Sheet:
    """The sheet with each stratum's population size in all its rows; what contradicts itself is a fatal problem."""
    size, stratum = sheet.person["fpc"], pc.fill_null(sheet.person["stratum"], "")
    if size.null_count == len(size):
        return sheet
    unit = pc.coalesce(sheet.person["cluster"], sheet.respondent)
    table = pa.table({"stratum": stratum, "size": size, "unit": unit}).group_by("stratum")
    found = table.aggregate([("size", "min"), ("size", "max"), ("unit", "count_distinct")])
    fractions = pc.less_equal(pc.max(size), 1.0).as_py()
    for row in found.to_pylist():
        message = _wrong(row, fractions=fractions)
        if message:
            hint = "`fpc:` is one number for each stratum: its clusters (or people) in the population, or their share."
            ledger.fatal.append(Problem("design", message, hint, sheet.shown[0]))
    at = pc.index_in(stratum, found["stratum"].combine_chunks())
    return replace(sheet, person=sheet.person | {"fpc": found["size_max"].combine_chunks().take(at)})


def _wrong(row: dict[str, object], *, fractions: bool) -> str:
    low, high, units = row["size_min"], row["size_max"], row["unit_count_distinct"]
    name = f'The stratum "{row["stratum"]}"' if row["stratum"] else "The sample"
    if not (isinstance(low, float) and isinstance(high, float) and isinstance(units, int)):
        return f"{name} has no population size."
    if high - low > 1e-9 * high:
        return f"{name} has several population sizes, {low:g} and {high:g} among them."
    if not fractions and high < units:
        return f"{name} has {units:,} sampling units in the sample, and {high:g} in the population."
    return ""
