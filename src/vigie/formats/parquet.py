"""Parquet: typed columns become the text that a CSV file would hold.

Whole numbers lose their ".0", truths are "true" and "false", days and times are ISO text on the clock of their time
zone, durations are seconds, lists are joined by "|", fields of structures are columns of their own ("place.city").
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.errors import VigieError, failure
from vigie.formats.tables import RawTable, Reading, settle

CELLS = 200_000_000  # all columns are held as text; a few bytes may claim any number of rows
DEEPEST = 5  # structures within structures
BETWEEN = "|"


def read(path: Path, data: bytes, reading: Reading, *, shown: str) -> RawTable:  # noqa: ARG001 - as every format
    """Read a Parquet file; see `vigie.formats.tables.read_table`. Rows are counted from 1; no row holds headers."""
    file = _guarded(lambda: pq.ParquetFile(pa.BufferReader(data)), shown)
    if file.metadata.num_rows * max(file.metadata.num_columns, 1) > CELLS:
        message = f"The file says that it holds {file.metadata.num_rows:,} rows of {file.metadata.num_columns} columns."
        raise failure("file-too-large", message, "Take out the columns that no import reads.", file=shown)
    table = _guarded(lambda: _flat(file.read()), shown)
    if not table.num_columns:
        raise failure("file-unreadable", "The file has no columns.", "Export it again.", file=shown)
    columns = [
        _guarded(lambda column=column: pa.chunked_array([_text(column)]), shown, name)
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    names, settled = settle(table.column_names, columns, first_row=1, shown=shown)
    return RawTable(path, shown, names, settled, 1)


def _guarded(call: Any, shown: str, column: str = "") -> Any:
    """The reader's answer, or a problem: what a damaged file makes it raise is not one kind of exception."""
    try:
        return call()
    except (VigieError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - Arrow raises OSError, ValueError, NotImplementedError and others
        reason = (str(error) or type(error).__name__).splitlines()[0][:200].rstrip(". ")
    what = f'Column "{column[:60]}"' if column else "The Parquet file"
    raise failure("file-unreadable", f"{what} cannot be read: {reason}.", "Export it again, or as CSV.", file=shown)


def _flat(table: pa.Table) -> pa.Table:
    """With the fields of structures as columns."""
    for _ in range(DEEPEST):
        if not any(pa.types.is_struct(kind) for kind in table.schema.types):
            break
        table = table.flatten()
    table.validate(full=True)  # a damaged file may decode to offsets that lead nowhere, or to text that is none
    return table


def _text(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as text, null where nothing stands."""
    one = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(one, pa.ChunkedArray):  # more text than one array holds
        raise OverflowError("it holds more than 2 GiB of text")
    kind = one.type
    if pa.types.is_dictionary(kind):
        return _text(one.dictionary).take(one.indices)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return _joined(one)
    if pa.types.is_floating(kind):
        wide = one.cast(pa.float64()) if pa.types.is_float16(kind) else one
        return _whole(pc.if_else(pc.is_finite(wide), wide, pa.scalar(None, wide.type)).cast(pa.string()))
    if pa.types.is_decimal(kind):
        return _whole(one.cast(pa.string()))
    if pa.types.is_timestamp(kind):
        return _moment(pc.local_timestamp(one) if kind.tz else one)
    if pa.types.is_date(kind):
        return one.cast(pa.date32(), safe=False).cast(pa.string())
    if pa.types.is_time(kind):
        return pc.replace_substring_regex(one.cast(pa.string()), r"\.0+$", "")
    if pa.types.is_duration(kind):
        seconds = pc.divide(one.cast(pa.int64()).cast(pa.float64()), _PER_SECOND[kind.unit])
        return _whole(seconds.cast(pa.string()))
    return one.cast(pa.string())


_PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}


def _whole(text: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(text, r"^(-?\d+)\.0+$", r"\1")


def _moment(moments: pa.Array) -> pa.Array:
    """ISO text, without a time at midnight, without a fraction where there is none."""
    text = pc.replace_substring_regex(moments.cast(pa.string()), r"\.0+$", "")
    return pc.replace_substring_regex(text, " 00:00:00$", "")


def _joined(lists: pa.Array) -> pa.Array:
    """Each list as its members with a bar between; an empty list is an empty cell."""
    values = pc.fill_null(_text(pc.list_flatten(lists)), "")
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    offsets = pa.array(np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int32))
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, values), BETWEEN)
    return pc.if_else(lists.is_valid(), joined, pa.scalar(None, pa.string()))
