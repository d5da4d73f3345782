"""What every reader of a column of text needs."""

from __future__ import annotations

from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

Column: TypeAlias = pa.Array | pa.ChunkedArray


def flat(column: Column) -> pa.Array:
    """The column as one array of text."""
    one = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return one if one.type == pa.string() else one.cast(pa.string())


def distinct(column: Column) -> tuple[pa.Array, pa.Array]:
    """The texts of a column, each once, and where each cell finds its own (null: nowhere).

    A column of answers holds a handful of texts however many people gave them: each is read once.
    """
    encoded = flat(column).dictionary_encode()
    return encoded.dictionary, encoded.indices


def trimmed(column: Column) -> pa.Array:
    """The column without white space around, null where nothing is left."""
    text = pc.utf8_trim_whitespace(flat(column))
    return where(pc.not_equal(text, ""), text, None)


def where(condition: pa.Array, then: Any, otherwise: Any) -> pa.Array:
    """`then` where the condition holds, else `otherwise`; a condition that is null does not hold."""
    other = pa.scalar(None, then.type) if otherwise is None else otherwise
    return pc.if_else(pc.fill_null(condition, False), then, other)


def failed(text: pa.Array, values: pa.Array) -> pa.Array:
    """Which cells are filled and yet have no value."""
    return pc.and_(text.is_valid(), values.is_null())


def hit(found: pa.Array, at: pa.Array) -> pa.Array:
    """What was found out about the distinct texts, cell by cell; false of an empty cell."""
    return pc.fill_null(found.take(at), False)
